/**
 * Conditions of SuiteQL. Values come from outside and are untrusted: every one is bound to a `?`, none is written into the
 * text; and a name is taken only when it is one. So no value can change the question.
 */
import { shape } from "@mortise/core/ConnectorError"

/** A condition as text, with the values of its parameters in order. Only this module makes one. */
export interface Filter {
  readonly text: string
  readonly params: ReadonlyArray<string | number>
}

const NAME = /^[a-z][a-z0-9_]*$/

/** A column or table by its name; throws for anything else, for names are the program's or the configuration's. */
export const name = (text: string): string => {
  if (NAME.test(text)) return text
  throw new TypeError(`no name of a column: ${shape(text)}`)
}

/** What stamps are compared and shown in: nothing of a day or a second is lost. */
export const STAMP_MASK = "YYYY-MM-DD HH24:MI:SS"
export const DAY_MASK = "YYYY-MM-DD"

type Comparison = "=" | "<>" | ">" | ">=" | "<" | "<="

export const compare = (column: string, comparison: Comparison, value: string): Filter => ({
  text: `${name(column)} ${comparison} ?`,
  params: [value],
})

export const equals = (column: string, value: string): Filter => compare(column, "=", value)

/** Without regard to case, which is how external ids, numbers and emails are the same. */
export const same = (column: string, value: string): Filter => ({
  text: `LOWER(${name(column)}) = ?`,
  params: [value.toLowerCase()],
})

/** NetSuite: ids are integers, and bound as such; a text that is none is found nowhere. */
export const isId = (id: string): boolean => /^\d{1,15}$/.test(id)

/** One of these ids; at most `Limits.ARGUMENTS` of them, and at least one. */
export const ids = (column: string, values: ReadonlyArray<string>): Filter => ({
  text: `${name(column)} IN (${list(values)})`,
  params: values.map(Number),
})

export const id = (column: string, value: string): Filter => ({ text: `${name(column)} = ?`, params: [Number(value)] })

/** Ids count up; as numbers, or 10 would lie before 9. */
export const after = (column: string, value: string): Filter => ({
  text: `${name(column)} > ?`,
  params: [Number(value)],
})

const list = (values: ReadonlyArray<string>): string => values.map(() => "?").join(", ")

/** One of the values; at most `Limits.ARGUMENTS` of them, and at least one. */
export const oneOf = (column: string, values: ReadonlyArray<string>): Filter => ({
  text: `${name(column)} IN (${list(values)})`,
  params: values,
})

/** One of the values, without regard to case. */
export const sameAsOne = (column: string, values: ReadonlyArray<string>): Filter => ({
  text: `LOWER(${name(column)}) IN (${list(values)})`,
  params: values.map((value) => value.toLowerCase()),
})

/** There is no value. */
export const absent = (column: string): Filter => ({ text: `${name(column)} IS NULL`, params: [] })

/** Greater than nothing: an amount that is left. */
export const some = (column: string): Filter => ({ text: `${name(column)} > ?`, params: [0] })

/** A point in time as the account shows it, see `internal/Zone`. */
export const stamped = (column: string, comparison: Comparison, local: string): Filter => ({
  text: `${name(column)} ${comparison} TO_TIMESTAMP(?, '${STAMP_MASK}')`,
  params: [local],
})

export const dated = (column: string, comparison: Comparison, day: string): Filter => ({
  text: `${name(column)} ${comparison} TO_DATE(?, '${DAY_MASK}')`,
  params: [day],
})

/** One of what another table has in a column, in the rows that a condition finds. */
export const within = (
  column: string,
  among: { readonly from: string; readonly column: string; readonly where: Filter },
): Filter => ({
  text: `${name(column)} IN (SELECT ${name(among.column)} FROM ${name(among.from)} WHERE ${among.where.text})`,
  params: among.where.params,
})

const join = (word: "AND" | "OR", parts: ReadonlyArray<Filter>): Filter => ({
  text: parts.map(({ text }) => (/ (?:AND|OR) /.test(text) ? `(${text})` : text)).join(` ${word} `),
  params: parts.flatMap(({ params }) => params),
})

/** All hold. Absent ones are left out; none at all gives undefined. */
export const all = (...parts: ReadonlyArray<Filter | undefined>): Filter | undefined => {
  const present = parts.filter((part) => part !== undefined)
  return present.length === 0 ? undefined : join("AND", present)
}

/** One holds. */
export const any = (parts: ReadonlyArray<Filter>): Filter => join("OR", parts)
