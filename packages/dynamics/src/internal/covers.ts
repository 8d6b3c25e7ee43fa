/**
 * Whether a record already holds what is to be written. Only what is supplied is looked at: members that the writer does
 * not name may be anything. Amounts are compared as numbers, so 12.5 and 12.50 are the same.
 */
import * as BigDecimal from "effect/BigDecimal"

type Members = { readonly [name: string]: unknown }

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ""

/** Members of a line that the service computes. */
const DERIVED = new Set(["net", "id"])

export const covers = (wanted: unknown, found: unknown): boolean => {
  if (isEmpty(wanted)) return isEmpty(found)
  if (BigDecimal.isBigDecimal(wanted)) return BigDecimal.isBigDecimal(found) && BigDecimal.equals(wanted, found)
  if (typeof wanted === "string") return typeof found === "string" && wanted.trimEnd() === found.trimEnd()
  if (Array.isArray(wanted)) return coversList(wanted, found)
  if (typeof wanted === "object") {
    const members = Object.entries(wanted as Members).filter(([, member]) => member !== undefined)
    return members.every(([name, member]) => covers(member, (found as Members | null | undefined)?.[name]))
  }
  return wanted === found
}

/** Codes and numbers are what the database takes for the same: without regard to case. */
export const sameText = (wanted: unknown, found: unknown): boolean =>
  typeof wanted === "string" && typeof found === "string"
    ? wanted.trimEnd().toLowerCase() === found.trimEnd().toLowerCase()
    : covers(wanted, found)

const coversList = (wanted: ReadonlyArray<unknown>, found: unknown): boolean =>
  Array.isArray(found) && found.length === wanted.length && wanted.every((each, index) => covers(each, found[index]))

interface Keyed {
  readonly key: string
}

/** Members of a line for which the service has a value of its own: without one of ours, its own stands. */
const DEFAULTED = new Set(["description", "unit", "unitPrice", "product"])

const supplied = (line: Keyed): Members =>
  Object.fromEntries(
    Object.entries(line).filter(
      ([name, value]) => !DERIVED.has(name) && name !== "key" && !(value === null && DEFAULTED.has(name)),
    ),
  )

interface Priced {
  readonly quantity?: BigDecimal.BigDecimal | null
  readonly unitPrice?: BigDecimal.BigDecimal | null
  readonly net?: BigDecimal.BigDecimal | null
  readonly discount?: unknown
}

const amountOf = (discount: unknown): BigDecimal.BigDecimal | undefined => {
  const amount = (discount as { readonly amount?: unknown } | null | undefined)?.amount
  return BigDecimal.isBigDecimal(amount) ? amount : undefined
}

/** A service that is given an amount may show the percentage that it comes to: then the net tells. */
const coversDiscount = (wanted: unknown, found: Priced | undefined): boolean => {
  const amount = amountOf(wanted)
  const { net, quantity, unitPrice } = found ?? {}
  if (amount === undefined || amountOf(found?.discount) !== undefined || !net || !quantity || !unitPrice)
    return covers(wanted, found?.discount)
  return BigDecimal.equals(net, BigDecimal.subtract(BigDecimal.multiply(quantity, unitPrice), amount))
}

const coversLine = (wanted: Keyed, found: Keyed | undefined): boolean => {
  const { discount, ...rest } = supplied(wanted)
  return covers(rest, found) && (discount === undefined || coversDiscount(discount, found as Priced | undefined))
}

/** Lines are a set matched by key; where the set carries none, by place. */
export const coversLines = (wanted: unknown, found: unknown): boolean => {
  if (!Array.isArray(wanted) || !Array.isArray(found)) return covers(wanted, found)
  const lines = wanted as ReadonlyArray<Keyed>
  const there = found as ReadonlyArray<Keyed>
  if (lines.length !== there.length) return false
  const byKey = there.some((line) => !line.key.startsWith("#"))
  return lines.every((line, index) =>
    coversLine(line, byKey ? there.find((each) => each.key === line.key) : there[index]),
  )
}
