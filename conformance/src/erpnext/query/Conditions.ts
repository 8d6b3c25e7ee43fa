/** Filters as conditions, in the forms in which they may come. */
import * as Json from "@mortise/core/Json"
import { crash, invalid } from "../Errors.ts"
import type { Shape } from "../Meta.ts"
import type { Site } from "../Site.ts"
import { inTable, type Reference, reference, unknownField } from "./Columns.ts"

export interface Condition {
  readonly on: Reference
  readonly operator: string
  readonly value: string | null | ReadonlyArray<string | null>
}

export type Group = { readonly all: ReadonlyArray<Group> } | { readonly any: ReadonlyArray<Group> } | Condition

const COMMON = [
  "=",
  "!=",
  ">",
  "<",
  ">=",
  "<=",
  "like",
  "not like",
  "in",
  "not in",
  "is",
  "between",
  "timespan",
  "ancestors of",
  "descendants of",
  "not ancestors of",
  "not descendants of",
  "descendants of (inclusive)",
  "fiscal year",
]
const OLD = [...COMMON, "previous", "next"]
const NEW = [...COMMON, "regex", "=<", ", =>"]

const operators = (site: Site): ReadonlyArray<string> => (site.release.query === "new" ? NEW : OLD)

const scalar = (value: unknown): string | null => {
  if (value === null || value === undefined) return null
  if (value === true) return "1"
  if (value === false) return "0"
  return value instanceof Json.JsonNumber ? value.text : String(value)
}

const LISTS = new Set(["in", "not in", "between"])

const wanted = (operator: string, value: unknown): Condition["value"] => {
  if (Array.isArray(value)) return value.map(scalar)
  const one = scalar(value)
  return LISTS.has(operator) && one !== null ? one.split(",").map((part) => part.trim()) : one
}

const condition = (site: Site, on: Reference | undefined, name: string, given: unknown, value: unknown): Condition => {
  const operator = String(given).toLowerCase()
  if (!operators(site).includes(operator))
    throw invalid(`${operator} is no operator; there are ${operators(site).join(", ")}`)
  if (on === undefined) throw unknownField(name)
  return { on, operator, value: wanted(operator, value) }
}

const fromArray = (site: Site, shape: Shape, given: ReadonlyArray<unknown>): Condition => {
  const [first, second, third, fourth] = given
  if (given.length >= 4) {
    const on = inTable(site, shape, String(first), String(second)) ?? reference(site, shape, String(second))
    return condition(site, on, String(second), third, fourth)
  }
  if (given.length === 3) return condition(site, reference(site, shape, String(first)), String(first), second, third)
  if (given.length === 2) return condition(site, reference(site, shape, String(first)), String(first), "=", second)
  throw invalid("A filter has two to four parts")
}

const fromObject = (site: Site, shape: Shape, given: Readonly<Record<string, unknown>>): ReadonlyArray<Condition> =>
  Object.entries(given).map(([name, value]) => {
    const on = reference(site, shape, name)
    const pair = Array.isArray(value) && value.length === 2 && operators(site).includes(String(value[0]).toLowerCase())
    return pair ? condition(site, on, name, value[0], value[1]) : condition(site, on, name, "=", value)
  })

const isWord = (value: unknown): value is "and" | "or" => value === "and" || value === "or"

/** `[condition, "or", condition]` of the new engine; `and` binds as `or` does, from the left. */
const nested = (site: Site, shape: Shape, given: ReadonlyArray<unknown>): Group => {
  let group = part(site, shape, given[0])
  for (let at = 1; at + 1 < given.length; at += 2) {
    const next = part(site, shape, given[at + 1])
    group = given[at] === "or" ? { any: [group, next] } : { all: [group, next] }
  }
  return group
}

const part = (site: Site, shape: Shape, given: unknown): Group => {
  if (!Array.isArray(given)) return { all: fromObject(site, shape, given as Readonly<Record<string, unknown>>) }
  return given.some(isWord) && Array.isArray(given[0]) ? nested(site, shape, given) : fromArray(site, shape, given)
}

/** Undefined for no filters. */
export const group = (site: Site, shape: Shape, given: unknown): ReadonlyArray<Group> => {
  if (given === undefined || given === null || given === "") return []
  if (typeof given === "string") return [fromArray(site, shape, ["name", "=", given])]
  if (!Array.isArray(given)) return fromObject(site, shape, given as Readonly<Record<string, unknown>>)
  if (given.length === 0) return []
  if (site.release.query === "new" && given.some(isWord) && Array.isArray(given[0])) return [nested(site, shape, given)]
  // A list of names, or one bare condition.
  if (given.every((one) => typeof one === "string")) return fromNames(site, shape, given)
  if (!Array.isArray(given[0]) && typeof given[0] === "string") return [fromArray(site, shape, given)]
  return given.map((one) => part(site, shape, one))
}

const fromNames = (site: Site, shape: Shape, given: ReadonlyArray<unknown>): ReadonlyArray<Group> => {
  const bare = given.length <= 4 && given.length >= 3 && operators(site).includes(String(given.at(-2)).toLowerCase())
  return bare ? [fromArray(site, shape, given)] : [fromArray(site, shape, ["name", "in", given])]
}

/** JSON of a parameter. What does not parse is Python's own error. */
export const parseJson = (text: string): unknown => {
  try {
    return Json.parse(text)
  } catch {
    throw crash("JSONDecodeError", "Expecting value: line 1 column 1 (char 0)", { module: "json.decoder" })
  }
}
