/**
 * Whether a record already holds what is to be written. Only what is supplied is looked at: members that the writer does
 * not name may be anything. Amounts are compared as numbers, so 12.5 and 12.50 are the same; null, absent and empty are
 * the same too. Systems differ in what they take for the same text, and in what they make of a line by themselves.
 */
import * as BigDecimal from "effect/BigDecimal"
import { JsonNumber } from "./Json.ts"

/** Whether what is found already says what is wanted. */
export type Comparison = (wanted: unknown, found: unknown) => boolean

type Members = { readonly [name: string]: unknown }

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === ""

/** A comparison by a system's own idea of texts that are the same. */
export const by = (isSame: (wanted: string, found: string) => boolean): Comparison => {
  const covers: Comparison = (wanted, found) => {
    if (isEmpty(wanted)) return isEmpty(found)
    if (BigDecimal.isBigDecimal(wanted)) return BigDecimal.isBigDecimal(found) && BigDecimal.equals(wanted, found)
    if (wanted instanceof JsonNumber) return found instanceof JsonNumber && wanted.text === found.text
    if (typeof wanted === "string") return typeof found === "string" && isSame(wanted, found)
    if (Array.isArray(wanted)) return coversList(wanted, found)
    if (typeof wanted === "object") {
      const members = Object.entries(wanted as Members).filter(([, member]) => member !== undefined)
      return members.every(([name, member]) => covers(member, (found as Members | null | undefined)?.[name]))
    }
    return wanted === found
  }
  const coversList = (wanted: ReadonlyArray<unknown>, found: unknown): boolean =>
    Array.isArray(found) && found.length === wanted.length && wanted.every((each, index) => covers(each, found[index]))
  return covers
}

/** Texts are compared as they stand. */
export const exactly: Comparison = by((wanted, found) => wanted === found)

/** Texts are compared without blanks at their end, which most databases drop. */
export const covers: Comparison = by((wanted, found) => wanted.trimEnd() === found.trimEnd())

/** For keys, codes and numbers, which most databases compare without regard to case or blanks at the end. */
export const sameText: Comparison = (wanted, found) =>
  typeof wanted === "string" && typeof found === "string"
    ? wanted.trimEnd().toLowerCase() === found.trimEnd().toLowerCase()
    : covers(wanted, found)

/** What a system makes of the lines of a document by itself. */
export interface LineOptions {
  /** Members for which it has a value of its own: without one of ours, its own stands. */
  readonly defaulted: ReadonlyArray<string>
  /** True where it may show the percentage that a given amount of discount comes to: then the net tells. */
  readonly turnsDiscounts?: boolean
  /** How the members of a line are compared, if not by `covers`. */
  readonly comparison?: Comparison
}

interface Keyed {
  readonly key: string
}

/** Members of a line that the system computes, or that name the line. */
const NOT_COMPARED: ReadonlySet<string> = new Set(["net", "id", "key"])

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

/** Whether the net is what the amount leaves of the price; undefined where the discount is shown as an amount, or no price. */
const isNetOf = (discount: unknown, found: Priced | undefined): boolean | undefined => {
  const amount = amountOf(discount)
  const { net, quantity, unitPrice } = found ?? {}
  if (amount === undefined || amountOf(found?.discount) !== undefined || !net || !quantity || !unitPrice)
    return undefined
  return BigDecimal.equals(net, BigDecimal.subtract(BigDecimal.multiply(quantity, unitPrice), amount))
}

/** Lines are a set matched by key; where those found have no keys of ours, by place. */
export const lines = ({ comparison = covers, defaulted, turnsDiscounts = false }: LineOptions): Comparison => {
  const standing = new Set(defaulted)
  const supplied = (line: Keyed): Members =>
    Object.fromEntries(
      Object.entries(line).filter(
        ([name, value]) => !NOT_COMPARED.has(name) && !(value === null && standing.has(name)),
      ),
    )

  const coversLine = (wanted: Keyed, found: Keyed | undefined): boolean => {
    const { discount, ...rest } = supplied(wanted)
    if (!comparison(rest, found)) return false
    if (discount === undefined) return true
    const priced = found as Priced | undefined
    return (turnsDiscounts ? isNetOf(discount, priced) : undefined) ?? comparison(discount, priced?.discount)
  }

  return (wanted, found) => {
    if (!Array.isArray(wanted) || !Array.isArray(found)) return comparison(wanted, found)
    const own = wanted as ReadonlyArray<Keyed>
    const there = found as ReadonlyArray<Keyed>
    if (own.length !== there.length) return false
    const byKey = there.some((line) => !line.key.startsWith("#"))
    return own.every((line, index) =>
      coversLine(line, byKey ? there.find((each) => each.key === line.key) : there[index]),
    )
  }
}
