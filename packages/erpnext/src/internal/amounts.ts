/** Numbers that the site keeps as they are: nine places after the point, twelve before it, and what a double holds. */
import type { Issue } from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import type { JsonNumber } from "@mortise/core/Json"
import * as BigDecimal from "effect/BigDecimal"
import { DECIMAL_PLACES, INTEGER_DIGITS, SIGNIFICANT_DIGITS } from "../Limits.ts"

/** Why a number would come back as another one; undefined when it would not. */
export const fault = (value: Decimal.Decimal): string | undefined => {
  const text = Decimal.format(value).replace("-", "")
  const [whole = "", fraction = ""] = text.split(".")
  const digits = `${whole}${fraction}`.replace(/^0+/, "").length
  if (fraction.length > DECIMAL_PLACES) return `has more than the ${DECIMAL_PLACES} places that the site keeps`
  if (whole.length > INTEGER_DIGITS) return `has more than the ${INTEGER_DIGITS} digits that the site keeps`
  return digits > SIGNIFICANT_DIGITS
    ? `has more than the ${SIGNIFICANT_DIGITS} digits that the site computes with`
    : undefined
}

export const issue = (path: ReadonlyArray<string>, value: Decimal.Decimal | null | undefined): ReadonlyArray<Issue> => {
  const found = value === null || value === undefined ? undefined : fault(value)
  return found === undefined ? [] : [{ path, message: found }]
}

export const wire = (value: Decimal.Decimal | null | undefined): JsonNumber | null | undefined =>
  value === null || value === undefined ? value : Decimal.toJson(value)

export const ZERO = Decimal.make("0")
export const HUNDRED = Decimal.make("100")

export const isSome = (value: Decimal.Decimal | null | undefined): value is Decimal.Decimal =>
  value !== undefined && value !== null && !BigDecimal.isZero(value)

export const negate = (value: Decimal.Decimal | null): Decimal.Decimal | null =>
  value === null || BigDecimal.isZero(value) ? value : BigDecimal.negate(value)
