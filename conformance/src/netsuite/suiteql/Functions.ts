/** The functions of queries that integrations use. */
import * as Decimal from "@mortise/core/Decimal"
import * as BigDecimal from "effect/BigDecimal"
import * as Amount from "../Amount.ts"
import type { Knobs } from "../Knobs.ts"
import * as Zone from "../Zone.ts"
import * as Masks from "./Masks.ts"
import { decimalOf, Exact, Moment, numeric, Unfit, type Value } from "./Values.ts"

export interface Setting {
  readonly knobs: Knobs
  /** Now on the wall clock of the query's zone. */
  readonly wall: number
}

/** Oracle shows what lies between -1 and 1 without the zero before the point. */
const pointed = (value: Decimal.Decimal): string => Decimal.format(value).replace(/^(-?)0\./, "$1.")

/** A value as it stands in an answer: text, days in the user's own format. */
export const textOf = (value: Value, { knobs }: Setting): string | null => {
  if (value === null || typeof value === "string") return value
  if (value instanceof Exact) return pointed(value.value)
  if (value instanceof Moment) return Zone.show(new Date(value.wall).toISOString().slice(0, 10), knobs.dateFormat)
  return String(value)
}

type Fn = (args: ReadonlyArray<Value>, setting: Setting) => Value

const mapped =
  (of: (text: string) => Value): Fn =>
  ([value = null], setting) => {
    const text = textOf(value, setting)
    return text === null ? null : of(text)
  }

const toMoment =
  (timed: boolean): Fn =>
  ([value = null, mask = null], setting) => {
    if (value instanceof Moment) return value
    const text = textOf(value, setting)
    if (text === null) return null
    if (typeof mask === "string") return Masks.parse(text, mask, timed)
    const wall = Zone.parseLocal(text, setting.knobs.dateFormat)
    if (wall === undefined) throw new Unfit("Unparseable date")
    return new Moment(wall, timed)
  }

const toChar: Fn = ([value = null, mask = null], setting) =>
  value instanceof Moment && typeof mask === "string" ? Masks.format(value, mask) : textOf(value, setting)

const DAY = 86_400_000

const truncated: Fn = ([value = null]) => {
  if (value instanceof Moment) return new Moment(Math.floor(value.wall / DAY) * DAY, false)
  return value === null ? null : new Exact(BigDecimal.truncate(decimalOf(value), 0))
}

const rounded: Fn = ([value = null, digits = 0], setting) =>
  value === null ? null : numericText(Amount.round(Decimal.format(decimalOf(value)), Number(textOf(digits, setting))))

const numericText = (text: string): Value => numeric(text)

const substring: Fn = ([value = null, from = null, length], setting) => {
  const text = textOf(value, setting)
  if (text === null || from === null) return null
  const start = Number(textOf(from, setting))
  const at = start > 0 ? start - 1 : Math.max(0, text.length + start)
  return (
    text.slice(at, length === undefined || length === null ? undefined : at + Number(textOf(length, setting))) || null
  )
}

const firstOf: Fn = (args) => args.find((one) => one !== null) ?? null

export const FUNCTIONS: Readonly<Record<string, Fn>> = {
  UPPER: mapped((text) => text.toUpperCase()),
  LOWER: mapped((text) => text.toLowerCase()),
  TRIM: mapped((text) => text.trim() || null),
  LENGTH: mapped((text) => text.length),
  TO_NUMBER: mapped((text) => new Exact(decimalOf(text))),
  TO_CHAR: toChar,
  TO_DATE: toMoment(false),
  TO_TIMESTAMP: toMoment(true),
  TRUNC: truncated,
  ROUND: rounded,
  ABS: ([value = null]) => (value === null ? null : new Exact(BigDecimal.abs(decimalOf(value)))),
  SUBSTR: substring,
  NVL: firstOf,
  COALESCE: firstOf,
  CONCAT: (args, setting) => args.map((one) => textOf(one, setting) ?? "").join("") || null,
}
