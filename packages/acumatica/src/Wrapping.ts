/**
 * The wire form of a value. Contract 3 wraps it as `{value}`, contract 4 as `{value, error}`, contract 5 puts an object
 * of code and description into `value` where the form offers a choice. The pinned version decides, never the look of a
 * field.
 *
 * Three states stay three: a member that is not there (`undefined`: unknown), `{}` or `null` (`null`: empty), and a
 * value. Numbers are the tokens that the vendor sent and become exact decimals.
 */

import type { Issue } from "@mortise/core/ConnectorError"
import { shape } from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import * as Json from "@mortise/core/Json"
import * as Option from "effect/Option"
import type { Contract } from "./Versions.ts"

/** A wrapped value of any contract, as far as reading needs it. */
export type Wrapped = { readonly value?: unknown; readonly error?: string } | null | undefined

/** What was read: not told, empty, or a value. */
export type Read<A> = A | null | undefined

export interface Codec {
  readonly contract: Contract
  /** The text of a field; of a choice, its description. Blanks at the end are the column's, not the value's. */
  readonly text: (wrapped: Wrapped) => Read<string>
  /** The code of a choice where the contract tells code and description apart; else the same as `text`. */
  readonly code: (wrapped: Wrapped) => Read<string>
  readonly decimal: (wrapped: Wrapped) => Read<Decimal.Decimal>
  readonly integer: (wrapped: Wrapped) => Read<number>
  readonly boolean: (wrapped: Wrapped) => Read<boolean>
  /** A date without a time: the day as it stands on the wire, whatever the offset beside it. */
  readonly day: (wrapped: Wrapped) => Read<string>
  /** A point in time in UTC. A value without an offset is taken as UTC. */
  readonly instant: (wrapped: Wrapped) => Read<string>
  /** Values for the wire; a decimal is written digit by digit, `null` blanks a text. */
  readonly wrap: Wrap
}

/** Only texts can be cleared by anything that is documented, so only they take `null`. */
export interface Wrap {
  readonly text: (value: string | null) => { readonly value: string }
  readonly decimal: (value: Decimal.Decimal) => { readonly value: Json.JsonNumber }
  readonly integer: (value: number) => { readonly value: Json.JsonNumber }
  readonly boolean: (value: boolean) => { readonly value: boolean }
}

/** Thrown inside a decode only; {@link attempt} turns it into an issue with its path. */
class Misfit extends Error {
  constructor(expected: string, found: unknown) {
    super(`expected ${expected}, found ${shape(found)}`)
  }
}

const inner = (wrapped: Wrapped): unknown => {
  if (wrapped === undefined) return undefined
  if (wrapped === null) return null
  if (typeof wrapped !== "object" || Array.isArray(wrapped)) throw new Misfit("a wrapped value", wrapped)
  return wrapped.value ?? null
}

const read =
  <A>(expected: string, convert: (value: NonNullable<unknown>) => A | undefined) =>
  (wrapped: Wrapped): Read<A> => {
    const value = inner(wrapped)
    if (value === undefined || value === null || value === "") return value === undefined ? undefined : null
    const converted = convert(value)
    if (converted === undefined) throw new Misfit(expected, value)
    return converted
  }

const memberOf = (value: unknown, names: ReadonlyArray<string>): unknown => {
  if (typeof value !== "object" || value === null) return undefined
  const found = Object.entries(value).find(([name]) => names.includes(name.toLowerCase()))
  return found?.[1]
}

const plainText = (value: unknown): string | undefined => {
  if (typeof value === "string") return value.trimEnd()
  if (value instanceof Json.JsonNumber) return value.text
  return undefined
}

// The casing of the members inside a choice is not known (contract 5 was not seen on the wire): both are accepted.
const chosen =
  (names: ReadonlyArray<string>) =>
  (value: unknown): string | undefined =>
    value instanceof Json.JsonNumber ? plainText(value) : plainText(memberOf(value, names) ?? value)

const decimalOf = (value: unknown): Decimal.Decimal | undefined =>
  typeof value === "string" || value instanceof Json.JsonNumber
    ? Option.getOrUndefined(Decimal.parse(value))
    : undefined

const integerOf = (value: unknown): number | undefined => {
  const text = plainText(value)
  const parsed = text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
  return parsed !== undefined && Number.isSafeInteger(parsed) ? parsed : undefined
}

const dayOf = (value: unknown): string | undefined => {
  const match = typeof value === "string" ? /^(\d{4}-\d{2}-\d{2})(?:T.*)?$/.exec(value) : null
  return match?.[1]
}

const OFFSET = /(?:Z|[+-]\d{2}:\d{2})$/

const instantOf = (value: unknown): string | undefined => {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}/.test(value)) return undefined
  const timed = value.includes("T") ? value : `${value}T00:00:00`
  const millis = Date.parse(OFFSET.test(timed) ? timed : `${timed}Z`)
  return Number.isNaN(millis) ? undefined : new Date(millis).toISOString()
}

const wrap: Wrap = {
  text: (value) => ({ value: value ?? "" }),
  decimal: (value) => ({ value: Decimal.toJson(value) }),
  integer: (value) => ({ value: new Json.JsonNumber({ text: String(value) }) }),
  boolean: (value) => ({ value }),
}

/** The codec of a contract. */
export const codec = (contract: Contract): Codec => {
  const text = contract === 5 ? chosen(["description"]) : plainText
  const code = contract === 5 ? chosen(["id"]) : plainText
  return {
    contract,
    text: read("text", text),
    code: read("text", code),
    decimal: read("a decimal number", decimalOf),
    integer: read("a whole number", integerOf),
    boolean: read("true or false", (value) => (typeof value === "boolean" ? value : undefined)),
    day: read("a date", dayOf),
    instant: read("a date and time", instantOf),
    wrap,
  }
}

/** Runs a decode of one field; a misfit becomes an issue at `path` and the field stays unknown. */
export const attempt = <A>(issues: Array<Issue>, path: ReadonlyArray<string>, decode: () => Read<A>): Read<A> => {
  try {
    return decode()
  } catch (cause) {
    if (!(cause instanceof Misfit)) throw cause
    issues.push({ path, message: cause.message })
    return undefined
  }
}
