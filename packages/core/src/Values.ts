/**
 * The small values that entities are made of: dates, instants, currencies, countries, money, references.
 */
import * as Schema from "effect/Schema"
import { Decimal } from "./Decimal.ts"

const isCalendarDate = (text: string): boolean => {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  if (match === null) return false
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])]
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

/** A calendar day without a time and without a zone, `2026-11-20`. It never becomes an instant. */
export const LocalDate = Schema.String.check(
  Schema.makeFilter((text: string) => isCalendarDate(text) || "expected a calendar day as YYYY-MM-DD"),
).pipe(Schema.brand("LocalDate"))
export type LocalDate = typeof LocalDate.Type

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z$/

/** A point in time, ISO 8601 in UTC with `Z`, up to nanoseconds. Two instants of one precision compare as text. */
export const Instant = Schema.String.check(
  Schema.makeFilter(
    (text: string) =>
      // `Date.parse` alone takes the 30th of February for the 2nd of March.
      (INSTANT.test(text) && isCalendarDate(text.slice(0, 10)) && !Number.isNaN(Date.parse(text))) ||
      "expected an instant as YYYY-MM-DDTHH:MM:SS.sssZ",
  ),
).pipe(Schema.brand("Instant"))
export type Instant = typeof Instant.Type

/** ISO 4217 code in capitals. */
export const Currency = Schema.String.check(Schema.isPattern(/^[A-Z]{3}$/))
export type Currency = typeof Currency.Type

/** ISO 3166-1 alpha-2 code in capitals. */
export const Country = Schema.String.check(Schema.isPattern(/^[A-Z]{2}$/))
export type Country = typeof Country.Type

/** An exact amount with its currency. */
export const Money = Schema.Struct({ amount: Decimal, currency: Currency })
export type Money = typeof Money.Type

/** Of a patch, a member that is absent stays as it is and one that is `null` is cleared, as with whole fields. */
export const Address = Schema.Struct({
  lines: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.String))),
  city: Schema.optionalKey(Schema.NullOr(Schema.String)),
  region: Schema.optionalKey(Schema.NullOr(Schema.String)),
  postalCode: Schema.optionalKey(Schema.NullOr(Schema.String)),
  country: Schema.optionalKey(Schema.NullOr(Country)),
})
export type Address = typeof Address.Type

/**
 * Points to another record of the same system: by its `id`, by our external `key`, or by the number that the business
 * knows it by. A port that reads fills `id` and what else it knows; a port that writes resolves in the order id, key,
 * number.
 */
export const Reference = Schema.Struct({
  id: Schema.optionalKey(Schema.String),
  key: Schema.optionalKey(Schema.String),
  number: Schema.optionalKey(Schema.String),
})
export type Reference = typeof Reference.Type

/** A word of ours beside the word that the vendor used. A word that nobody mapped is `other`, with `raw` kept. */
export const coded = <const Words extends ReadonlyArray<string>>(words: Words) =>
  Schema.Struct({ code: Schema.Literals([...words, "other"]), raw: Schema.optionalKey(Schema.String) })
