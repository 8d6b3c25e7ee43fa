/** Arithmetic on amounts that are kept as decimal text. */
import * as Decimal from "@mortise/core/Decimal"
import * as BigDecimal from "effect/BigDecimal"
import * as Option from "effect/Option"

export const ZERO = "0"

/** Digits after the point that the database keeps: decimal(21,9). */
const KEPT = 9

const of = (text: string): Decimal.Decimal => Option.getOrElse(Decimal.parse(text), () => Decimal.make(ZERO))

export const isDecimal = (text: string): boolean => Option.isSome(Decimal.parse(text))

export const sum = (...amounts: ReadonlyArray<string>): string =>
  Decimal.format(amounts.reduce((total, one) => BigDecimal.sum(total, of(one)), of(ZERO)))

export const subtract = (from: string, ...amounts: ReadonlyArray<string>): string =>
  Decimal.format(amounts.reduce((left, one) => BigDecimal.subtract(left, of(one)), of(from)))

export const multiply = (a: string, b: string): string => Decimal.format(BigDecimal.multiply(of(a), of(b)))

export const negate = (amount: string): string => subtract(ZERO, amount)

export const absolute = (amount: string): string => (amount.startsWith("-") ? negate(amount) : amount)

export const compare = (a: string, b: string): number =>
  a.length <= 15 && b.length <= 15 ? Number(a) - Number(b) : BigDecimal.Order(of(a), of(b))

export const isZero = (amount: string): boolean => compare(amount, ZERO) === 0

/** To so many places; a half goes to the even neighbour ("Banker's Rounding", the setting of new sites). */
export const round = (amount: string, places: number): string =>
  Decimal.format(BigDecimal.round(of(amount), { scale: places, mode: "half-even" }))

/** What is written plainly already, as nearly everything is. */
const PLAIN = /^(0|-?([1-9]\d*|0\.\d{0,8}[1-9]|[1-9]\d*\.\d{0,8}[1-9]))$/

/** As the database keeps it. */
export const kept = (amount: string): string =>
  PLAIN.test(amount)
    ? amount
    : (amount.split(".")[1]?.length ?? 0) <= KEPT
      ? Decimal.format(of(amount))
      : round(amount, KEPT)

/** Of a division by nought comes nought. */
export const divide = (a: string, b: string): string =>
  isZero(b) ? ZERO : Decimal.format(Option.getOrElse(BigDecimal.divide(of(a), of(b)), () => of(ZERO)))

/** What a difference of doubles gives, tail and all: some amounts are computed so and never rounded. */
export const floatDifference = (a: string, b: string): string => {
  const text = String(Number(a) - Number(b))
  return isDecimal(text) ? Decimal.format(of(text)) : subtract(a, b)
}

/** A number as the server writes a double: `300.0`. */
export const written = (amount: string): string => {
  const text = Decimal.format(of(amount))
  return text.includes(".") ? text : `${text}.0`
}
