/** Values of a query: text, whole numbers, exact decimals, and moments on the wall clock of the query's zone. */
import * as Decimal from "@mortise/core/Decimal"
import * as BigDecimal from "effect/BigDecimal"
import * as Option from "effect/Option"

/** A day, or with `timed` a point on the wall clock, as milliseconds that UTC would show so. */
export class Moment {
  readonly wall: number
  readonly timed: boolean
  constructor(wall: number, timed: boolean) {
    this.wall = wall
    this.timed = timed
  }
}

export class Exact {
  readonly value: Decimal.Decimal
  constructor(value: Decimal.Decimal) {
    this.value = value
  }
}

export type Value = null | string | number | Exact | Moment

/** Raised for what cannot be compared or computed; becomes the refusal of the query. */
export class Unfit extends Error {}

export const exact = (text: string): Value =>
  Option.match(Decimal.parse(text), { onNone: () => null, onSome: (value) => new Exact(value) })

/** A whole number that JavaScript holds exactly, or a decimal. */
export const numeric = (text: string): Value => (/^-?\d{1,15}$/.test(text) ? Number(text) : exact(text))

export const decimalOf = (value: Value): Decimal.Decimal => {
  if (value instanceof Exact) return value.value
  const text = value === null || value instanceof Moment ? "" : String(value).replace(/^(-?)\./, "$10.")
  const parsed = Decimal.parse(text)
  if (Option.isNone(parsed)) throw new Unfit("Invalid number")
  return parsed.value
}

export type ParseDay = (text: string) => number | undefined

/** Less than nothing, nothing, or more; text is compared with numbers and days as what it reads like. */
export const compare = (a: Exclude<Value, null>, b: Exclude<Value, null>, parseDay: ParseDay): number => {
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0
  if (typeof a === "number" && typeof b === "number") return a - b
  if (a instanceof Moment || b instanceof Moment) return wallOf(a, parseDay) - wallOf(b, parseDay)
  return BigDecimal.Order(decimalOf(a), decimalOf(b))
}

const wallOf = (value: Exclude<Value, null>, parseDay: ParseDay): number => {
  if (value instanceof Moment) return value.wall
  const wall = typeof value === "string" ? parseDay(value) : undefined
  if (wall === undefined) throw new Unfit("Unparseable date")
  return wall
}

/** Equal values give the same text. */
export const keyOf = (value: Value): string => {
  if (value === null) return "null"
  if (value instanceof Moment) return `m${value.wall}`
  if (typeof value === "string") return `s${value}`
  return `n${Decimal.format(decimalOf(value))}`
}

export const arithmetic = (op: string, a: Value, b: Value): Value => {
  if (a === null || b === null) return null
  if (a instanceof Moment || b instanceof Moment) return shifted(op, a, b)
  const [x, y] = [decimalOf(a), decimalOf(b)]
  switch (op) {
    case "+":
      return new Exact(BigDecimal.sum(x, y))
    case "-":
      return new Exact(BigDecimal.subtract(x, y))
    case "*":
      return new Exact(BigDecimal.multiply(x, y))
    default: {
      const quotient = BigDecimal.divide(x, y)
      if (Option.isNone(quotient)) throw new Unfit("Division by zero")
      return new Exact(quotient.value)
    }
  }
}

const DAY = 86_400_000

const shifted = (op: string, a: Value, b: Value): Value => {
  if (a instanceof Moment && b instanceof Moment && op === "-") return exact(String((a.wall - b.wall) / DAY))
  if (!(a instanceof Moment) || b instanceof Moment) throw new Unfit("Inconsistent data types")
  const days = Number(Decimal.format(decimalOf(b))) * (op === "-" ? -1 : 1)
  return new Moment(a.wall + days * DAY, a.timed)
}
