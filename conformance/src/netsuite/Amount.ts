/** Arithmetic on amounts that are kept as decimal text. */
import * as Decimal from "@mortise/core/Decimal"
import * as BigDecimal from "effect/BigDecimal"
import * as Option from "effect/Option"

export const ZERO = "0"

export const of = (text: string): Decimal.Decimal =>
  Option.getOrElse(Decimal.parse(text === "" ? ZERO : text), () => Decimal.make(ZERO))

export const isDecimal = (text: string): boolean => Option.isSome(Decimal.parse(text))

export const sum = (amounts: ReadonlyArray<string>): string =>
  Decimal.format(amounts.reduce((total, one) => BigDecimal.sum(total, of(one)), of(ZERO)))

export const subtract = (from: string, ...amounts: ReadonlyArray<string>): string =>
  Decimal.format(amounts.reduce((left, one) => BigDecimal.subtract(left, of(one)), of(from)))

export const round = (amount: string, digits: number): string =>
  Decimal.format(BigDecimal.round(of(amount), { scale: digits, mode: "half-from-zero" }))

export const multiply = (a: string, b: string, digits: number): string =>
  round(Decimal.format(BigDecimal.multiply(of(a), of(b))), digits)

/** Undefined for a division by nothing. */
export const divide = (a: string, b: string, digits: number): string | undefined =>
  Option.getOrUndefined(
    Option.map(BigDecimal.divide(of(a), of(b)), (quotient) => round(Decimal.format(quotient), digits)),
  )

export const negate = (amount: string): string => subtract(ZERO, amount)

/** Up to fifteen characters a JavaScript number orders exactly; more go the long way. */
export const compare = (a: string, b: string): number =>
  a.length <= 15 && b.length <= 15 ? Number(a) - Number(b) : BigDecimal.Order(of(a), of(b))

export const isZero = (amount: string): boolean => compare(amount === "" ? ZERO : amount, ZERO) === 0
