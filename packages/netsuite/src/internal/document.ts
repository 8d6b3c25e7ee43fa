/** What orders, invoices and payments have in common. */

import type { Decimal } from "@mortise/core/Decimal"
import * as BigDecimal from "effect/BigDecimal"
import * as Query from "../Query.ts"
import { ref } from "./body.ts"
import type { Facts, Members } from "./Mapping.ts"
import { known, type Read, type Reader } from "./Reader.ts"
import type { Encoded, EncodeFacts } from "./Writer.ts"
import type { Status } from "./words.ts"

export const plain = (...names: ReadonlyArray<string>): Members => ({ columns: names.map((name) => Query.plain(name)) })

/** The letter of a status and its label. */
export const STATUS = [Query.plain("status"), Query.label("status", "statusname")]

export const statusOf = (reader: Reader): Status => ({
  letter: reader.text("status"),
  label: reader.text("statusname"),
})

/** An account with one currency has no column for it. */
export const currencyOf = (reader: Reader, { codes, settings }: Facts): string | null | undefined => {
  const id = reader.text("currency")
  return id === undefined ? settings.baseCurrency : id === null ? null : codes.currency(id)
}

/** Amounts are told without a sign: what kind a document is says who owes whom. */
export const magnitude = (value: Read<Decimal>): Read<Decimal> =>
  value === undefined || value === null ? value : BigDecimal.abs(value)

/** The company's own currency and the rate; OneWorld has a currency for each subsidiary, which is configured. */
export const baseOf = (reader: Reader, { codes, settings }: Facts) => {
  const currency = settings.baseCurrency ?? (settings.subsidiary === undefined ? codes.base : undefined)
  const rate = reader.decimal("exchangerate")
  return currency === undefined || rate === undefined || rate === null ? undefined : { currency, rate }
}

export const totalsOf = (reader: Reader) => {
  const gross = magnitude(reader.decimal("foreigntotal"))
  return gross === undefined ? undefined : gross === null ? null : known({ gross })
}

/** The currency of a new document; one that the account does not have is told. */
export const currencyBody = (currency: string | null | undefined, { codes, settings }: EncodeFacts): Encoded => {
  if (currency === undefined || currency === null) return { body: {} }
  const id = codes.currencyId(currency)
  if (id !== undefined) return { body: { currency: ref(id) } }
  return currency === settings.baseCurrency
    ? { body: {} }
    : { issues: [{ path: ["currency"], message: `the account has no currency ${currency}` }] }
}
