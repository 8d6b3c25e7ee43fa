/**
 * Whether a record already holds what is to be written. Only what is supplied is looked at: members that the writer does
 * not name may be anything. Amounts are compared as numbers, so 12.5 and 12.50 are the same.
 */
import * as BigDecimal from "effect/BigDecimal"

type Members = { readonly [name: string]: unknown }

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ""

/** Members of a line that the form computes. */
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

const coversList = (wanted: ReadonlyArray<unknown>, found: unknown): boolean =>
  Array.isArray(found) && found.length === wanted.length && wanted.every((each, index) => covers(each, found[index]))

interface Keyed {
  readonly key: string
}

const supplied = (line: Keyed): Members =>
  Object.fromEntries(Object.entries(line).filter(([name]) => !DERIVED.has(name) && name !== "key"))

/** Lines are a set matched by key; where the form carries none, by place. */
export const coversLines = (wanted: unknown, found: unknown): boolean => {
  if (!Array.isArray(wanted) || !Array.isArray(found)) return covers(wanted, found)
  const lines = wanted as ReadonlyArray<Keyed>
  const there = found as ReadonlyArray<Keyed>
  if (lines.length !== there.length) return false
  const byKey = there.some((line) => !line.key.startsWith("#"))
  return lines.every((line, index) =>
    covers(supplied(line), byKey ? there.find((each) => each.key === line.key) : there[index]),
  )
}

/** What a payment pays is a set by invoice. */
export const coversApplied = (wanted: unknown, found: unknown): boolean => {
  type Applied = { readonly invoice: { readonly id?: string }; readonly amount: BigDecimal.BigDecimal }
  if (!Array.isArray(wanted) || !Array.isArray(found)) return covers(wanted, found)
  const there = found as ReadonlyArray<Applied>
  return (
    wanted.length === there.length &&
    (wanted as ReadonlyArray<Applied>).every(({ amount, invoice }) =>
      covers(amount, there.find((each) => each.invoice.id === invoice.id)?.amount),
    )
  )
}
