/**
 * Rows of another set that belong to the rows of a page. A few keys are asked for one by one; many of them as a range,
 * which is one question where they lie close together, and given up where much else lies between them. The range is drawn
 * by our own order of texts, which may not be the server's: what it did not bring is asked for by key.
 */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import type { Entities } from "../Client.ts"
import * as Filter from "../Filter.ts"
import * as Keys from "../Keys.ts"
import { KEYS_PER_QUESTION, MAX_PAGE_SIZE } from "../Limits.ts"
import type { Wire } from "../Sets.ts"
import * as Questions from "./questions.ts"
import type { Records } from "./records.ts"

type AnySet = keyof Entities
type Name<S extends AnySet> = keyof Wire<S> & string

export interface Asked<S extends AnySet> {
  readonly set: S
  /** The field that holds the key. */
  readonly field: Name<S>
  /** The set's own key, which makes the order whole: rows of one `field` come in pages that must not overlap. */
  readonly id: Name<S>
  /** `text` unless told. */
  readonly type?: "text" | "integer"
  readonly select: ReadonlyArray<Name<S>>
  /** Further conditions, the company among them. */
  readonly filter: Filter.Filter
}

const literal = (type: "text" | "integer" | undefined, value: string): Filter.Literal =>
  (type === "integer" ? Filter.number(value) : undefined) ?? Filter.text(value)

const textOf = (value: unknown): string =>
  typeof value === "string" ? value : String((value as { readonly text?: string } | undefined)?.text ?? "")

const byText = (a: string, b: string): number => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)
const bySize = (a: string, b: string): number => (BigInt(a) < BigInt(b) ? -1 : 1)

/** Keys beyond this number are worth a range. */
const MANY = 3 * KEYS_PER_QUESTION

/** A range that holds more rows than so many for each key is not one of close neighbours. */
const SPREAD = 5

export const rowsFor = <S extends AnySet>(
  records: Records,
  { field, filter, id, select, set, type }: Asked<S>,
  keys: ReadonlyArray<string>,
): Effect.Effect<ReadonlyArray<Wire<S>>, ConnectorError> => {
  const isKey = (key: string) => (type === "integer" ? /^-?\d{1,19}$/.test(key) : key !== "" && Keys.isPlain(key))
  const wanted = [...new Set(keys.filter(isKey))]
  const cell = (row: Wire<S>, name: string) => textOf((row as { readonly [name: string]: unknown })[name])
  const keyOf = (row: Wire<S>): string => cell(row, field).toLowerCase()
  const orderBy = [...new Set([field, id])].map((name) => `${name} asc`)
  const ask = (condition: Filter.Filter) =>
    records.all(set, { select, filter: Filter.all(filter, condition) as Filter.Filter, orderBy })

  const oneByOne = (some: ReadonlyArray<string>) => {
    const conditions = some.map((key) => Filter.compare(field, "eq", literal(type, key)))
    const beside = Questions.lengthOf({ select }) + encodeURIComponent(`${filter}$orderby=${orderBy}`).length
    const asked = Effect.forEach(Questions.fitting(conditions, beside), (part) => ask(Filter.any(...part)))
    return Effect.map(asked, (found) => found.flat())
  }

  const inRange = (some: ReadonlyArray<string>) =>
    Effect.gen(function* () {
      const sorted = [...some].sort(type === "integer" ? bySize : byText)
      const range = Filter.all(
        filter,
        Filter.compare(field, "ge", literal(type, sorted[0] ?? "")),
        Filter.compare(field, "le", literal(type, sorted.at(-1) ?? "")),
      ) as Filter.Filter
      const top = Math.min(MAX_PAGE_SIZE, some.length * SPREAD)
      const answer = yield* records.list(set, { select, filter: range, orderBy, top })
      if (answer.more || answer.rows.length >= top) return yield* oneByOne(some)
      const there = new Set(answer.rows.map(keyOf))
      return [...answer.rows, ...(yield* oneByOne(some.filter((key) => !there.has(key.toLowerCase()))))]
    })

  const names = new Set(wanted.map((key) => key.toLowerCase()))
  const rows = wanted.length <= MANY ? oneByOne(wanted) : inRange(wanted)
  // A star in a key finds others beside it, a range what lies between, and a page again what moved behind it.
  return Effect.map(rows, (found) => [
    ...new Map(found.filter((row) => names.has(keyOf(row))).map((row) => [cell(row, id), row])).values(),
  ])
}
