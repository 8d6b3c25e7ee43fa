/**
 * Whether a record already holds what is to be written. Only what is supplied is looked at: members that the writer does
 * not name may be anything. Amounts are compared as numbers, so 12.5 and 12.50 are the same.
 */
import * as BigDecimal from "effect/BigDecimal"

type Members = { readonly [name: string]: unknown }

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ""

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

/** Members of a line that are not ours to compare: what the ERP computes, what names the line. */
const NOT_COMPARED = new Set(["net", "id", "key"])

/** Members of a line for which the item has a value of its own: without one of ours, its own stands. */
const DEFAULTED = new Set(["description", "unit", "unitPrice"])

const supplied = (line: Keyed): Members =>
  Object.fromEntries(
    Object.entries(line).filter(([name, value]) => !NOT_COMPARED.has(name) && !(value === null && DEFAULTED.has(name))),
  )

/** Lines are a set matched by key; where the account has no field for their keys, by place. */
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

/** Without regard to case, as NetSuite compares numbers of items and entities. */
export const sameText = (wanted: unknown, found: unknown): boolean =>
  typeof wanted === "string" && typeof found === "string"
    ? wanted.trim().toLowerCase() === found.trim().toLowerCase()
    : covers(wanted, found)
