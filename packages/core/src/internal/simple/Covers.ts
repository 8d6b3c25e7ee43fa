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
  if (Array.isArray(wanted)) return coversList(wanted, found)
  if (typeof wanted === "object") {
    const members = Object.entries(wanted as Members).filter(([, member]) => member !== undefined)
    return members.every(([name, member]) => covers(member, (found as Members | null | undefined)?.[name]))
  }
  return wanted === found
}

const coversList = (wanted: ReadonlyArray<unknown>, found: unknown): boolean =>
  Array.isArray(found) && found.length === wanted.length && wanted.every((each, index) => covers(each, found[index]))
