/** Conditions by key, and how many of them fit into one address. */
import * as Filter from "../Filter.ts"
import { KEYS_PER_QUESTION, QUERY_LENGTH } from "../Limits.ts"
import { keys, type Part, type Resource } from "../Sets.ts"
import type { Question } from "./records.ts"

const literal = ({ type }: Part, value: string): Filter.Literal =>
  (type === "text" ? Filter.text(value) : type === "date" ? Filter.instant(value) : Filter.number(value)) ??
  Filter.text(value)

/** The record of these key values. */
export const isKey = (resource: Resource, values: ReadonlyArray<string>): Filter.Filter =>
  Filter.all(
    ...keys[resource].map((part, index) => Filter.compare(part.name, "eq", literal(part, values[index] ?? ""))),
  ) as Filter.Filter

/** A star in a key would find others beside it; such a record is read by its address. */
export const isExact = (values: ReadonlyArray<string>): boolean => values.every(Filter.isExact)

/** The records behind these key values, in the order of the whole key. */
export const afterKey = (resource: Resource, values: ReadonlyArray<string>): Filter.Filter => {
  const parts = keys[resource]
  const alternatives = parts.map((part, index) =>
    Filter.all(
      ...parts
        .slice(0, index)
        .map((before, at) => Filter.compare(before.name, "eq", literal(before, values[at] ?? ""))),
      Filter.compare(part.name, "gt", literal(part, values[index] ?? "")),
    ),
  ) as [Filter.Filter, ...ReadonlyArray<Filter.Filter>]
  return Filter.any(...alternatives)
}

export const orderBy = (resource: Resource): ReadonlyArray<string> => keys[resource].map(({ name }) => `${name} asc`)

const encoded = (text: string): number => encodeURIComponent(text).length + " or ".length * 3

/** What a question takes of an address, beside its conditions. */
export const lengthOf = ({ expand = [], select = [] }: Question): number =>
  encodeURIComponent(`$select=${select}&$expand=${expand}&$filter=&$top=1000&cross-company=true`).length

/** Cuts conditions so that a question with so much beside them fits into an address. */
export const fitting = (
  conditions: ReadonlyArray<Filter.Filter>,
  beside: number,
): ReadonlyArray<readonly [Filter.Filter, ...ReadonlyArray<Filter.Filter>]> => {
  const parts: Array<[Filter.Filter, ...Array<Filter.Filter>]> = []
  let room = 0
  for (const condition of conditions) {
    const last = parts.at(-1)
    const size = encoded(condition)
    if (last === undefined || size > room || last.length === KEYS_PER_QUESTION) {
      parts.push([condition])
      room = QUERY_LENGTH - beside - size
    } else {
      last.push(condition)
      room -= size
    }
  }
  return parts
}
