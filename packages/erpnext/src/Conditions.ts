/**
 * Conditions for lists. They travel as JSON, so that no value can change the question; names of fields and the order are
 * read by the server as SQL, and only plain names pass here.
 */
import { shape } from "@mortise/core/ConnectorError"
import * as Json from "@mortise/core/Json"

/** Operators of v15. v16 has no `previous` and `next`, and takes `regex` beside these. */
export type Operator =
  | "="
  | "!="
  | ">"
  | "<"
  | ">="
  | "<="
  | "like"
  | "not like"
  | "in"
  | "not in"
  | "is"
  | "between"
  | "descendants of"
  | "ancestors of"

type Scalar = string | number | null | Json.JsonNumber
export type Value = Scalar | ReadonlyArray<Scalar>

/** On a field of the doctype, or of another table: a child doctype, or `Dynamic Link`. */
export type Condition<F extends string = string> =
  | readonly [field: F, operator: Operator, value: Value]
  | readonly [doctype: string, field: string, operator: Operator, value: Value]

export type Direction = "asc" | "desc"
export type Order<F extends string = string> = readonly [field: F, direction: Direction]

const NAME = /^[a-z_][a-z0-9_]*$/i

const column = (name: string): string => {
  if (!NAME.test(name)) throw new TypeError(`no name of a field: ${shape(name)}`)
  return name
}

const DOCTYPE = /^[\p{L}\p{N}][\p{L}\p{N} _-]*$/u

const checked = (condition: Condition): Condition => {
  if (condition.length === 3) {
    column(condition[0])
    return condition
  }
  if (!DOCTYPE.test(condition[0])) throw new TypeError(`no name of a doctype: ${shape(condition[0])}`)
  column(condition[1])
  return condition
}

/** As they travel in a body; undefined where there are none. */
export const plain = (conditions: ReadonlyArray<Condition> | undefined): Array<unknown> | undefined =>
  conditions === undefined || conditions.length === 0 ? undefined : conditions.map(checked)

/** As they travel in an address. */
export const encode = (conditions: ReadonlyArray<Condition> | undefined): string | undefined => {
  const list = plain(conditions)
  return list === undefined ? undefined : Json.stringify(list)
}

export const plainFields = (names: ReadonlyArray<string>): ReadonlyArray<string> => names.map(column)

export const fields = (names: ReadonlyArray<string>): string => Json.stringify(plainFields(names))

/** Each with its direction: without one v16 sorts the other way round in one of its two APIs. */
export const order = (by: ReadonlyArray<Order> | undefined): string | undefined =>
  by === undefined || by.length === 0
    ? undefined
    : by.map(([name, way]) => `${column(name)} ${direction(way)}`).join(", ")

const direction = (way: Direction): Direction => (way === "desc" ? "desc" : "asc")
