/** Filters of a search as predicates. HubSpot: guide "Search the CRM". */
import * as Errors from "./Errors.ts"
import type { Call } from "./Hub.ts"
import type { ObjectType } from "./ObjectTypes.ts"
import { propertyOf } from "./RecordView.ts"
import { typeOf } from "./Request.ts"
import type { SearchIndex } from "./SearchIndex.ts"
import type { PropertyDefinition, StoredRecord } from "./State.ts"
import { parseInstant } from "./Values.ts"

export interface Filter {
  readonly propertyName: string
  readonly operator: string
  readonly value?: string
  readonly values?: ReadonlyArray<string>
  readonly highValue?: string
}

export type Predicate = (record: StoredRecord) => boolean

type Comparable = number | string

/** Text is compared without regard to case, options with it, numbers and stamps by size. */
const comparable = (definition: PropertyDefinition): ((text: string) => Comparable | undefined) => {
  switch (definition.type) {
    case "number":
      return (text) => (text.trim() === "" || Number.isNaN(Number(text)) ? undefined : Number(text))
    case "date":
    case "datetime":
      return parseInstant
    case "enumeration":
      return (text) => text
    default:
      return (text) => text.toLowerCase()
  }
}

const needValue = (filter: Filter, value: string | undefined, member = "value"): string => {
  if (value === undefined) throw Errors.validation(`${filter.operator} on ${filter.propertyName} needs ${member}.`)
  return value
}

const parsed = (filter: Filter, parse: (text: string) => Comparable | undefined, value: string): Comparable => {
  const result = parse(value)
  if (result === undefined) throw Errors.validation(`${value} is no value of ${filter.propertyName}.`)
  return result
}

/** Tokens of letters and digits; `*` in the filter stands for any run of characters. */
const tokenMatcher = (value: string): ((text: string) => boolean) => {
  const tokens = (text: string) =>
    text
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((one) => one !== "")
  const patterns = value
    .toLowerCase()
    .split(/[^\p{L}\p{N}*]+/u)
    .filter((one) => one !== "")
    .map((one) => new RegExp(`^${one.replaceAll("*", ".*")}$`, "u"))
  return (text) => {
    const found = tokens(text)
    return patterns.every((pattern) => found.some((token) => pattern.test(token)))
  }
}

const COMPARE: Readonly<Record<string, (a: Comparable, b: Comparable) => boolean>> = {
  LT: (a, b) => a < b,
  LTE: (a, b) => a <= b,
  GT: (a, b) => a > b,
  GTE: (a, b) => a >= b,
}

/** IN on text looks the stored value up in lower case: a value sent in upper case is never found. */
const membership = (filter: Filter, definition: PropertyDefinition) => {
  const parse = comparable(definition)
  if (filter.values === undefined) throw Errors.validation(`${filter.operator} on ${filter.propertyName} needs values.`)
  const textual = definition.type === "string" || definition.type === "phone_number"
  const wanted = new Set(filter.values.map((one) => (textual ? one : parsed(filter, parse, one))))
  return (text: string | undefined) => text !== undefined && wanted.has(parse(text) as Comparable)
}

const test = (filter: Filter, definition: PropertyDefinition): ((text: string | undefined) => boolean) => {
  const parse = comparable(definition)
  const { operator } = filter
  switch (operator) {
    case "HAS_PROPERTY":
      return (text) => text !== undefined
    case "NOT_HAS_PROPERTY":
      return (text) => text === undefined
    case "EQ":
    case "NEQ": {
      const wanted = parsed(filter, parse, needValue(filter, filter.value))
      return (text) => (text !== undefined && parse(text) === wanted) === (operator === "EQ")
    }
    case "IN":
      return membership(filter, definition)
    case "NOT_IN": {
      const within = membership(filter, definition)
      return (text) => !within(text)
    }
    case "BETWEEN": {
      const low = parsed(filter, parse, needValue(filter, filter.value))
      const high = parsed(filter, parse, needValue(filter, filter.highValue, "highValue"))
      return (text) => {
        const value = text === undefined ? undefined : parse(text)
        return value !== undefined && value >= low && value <= high
      }
    }
    case "CONTAINS_TOKEN":
    case "NOT_CONTAINS_TOKEN": {
      const matches = tokenMatcher(needValue(filter, filter.value))
      return (text) => (text !== undefined && matches(text)) === (operator === "CONTAINS_TOKEN")
    }
    default: {
      const compare = COMPARE[operator]
      if (compare === undefined) throw Errors.validation(`${operator} is no operator.`)
      const wanted = parsed(filter, parse, needValue(filter, filter.value))
      return (text) => {
        const value = text === undefined ? undefined : parse(text)
        return value !== undefined && compare(value, wanted)
      }
    }
  }
}

/** `associations.company` compares the ids of associated records. */
const byAssociation = (index: SearchIndex, type: ObjectType, filter: Filter): Predicate => {
  const name = filter.propertyName.slice("associations.".length)
  const to = typeOf({ company: "companies", contact: "contacts", deal: "deals", line_item: "line_items" }[name] ?? name)
  const wanted = filter.values ?? [needValue(filter, filter.value)]
  if (filter.operator !== "EQ" && filter.operator !== "IN") {
    throw Errors.validation(`${filter.operator} does not apply to ${filter.propertyName}.`)
  }
  return (record) => {
    const targets = index.edges.targets({ type: type.name, id: record.id }, to.name)
    return wanted.some((id) => targets.has(id))
  }
}

/** The test of a stamp on the record's own numbers, without a detour through text. */
const byStamp = (filter: Filter, read: (record: StoredRecord) => number): Predicate | undefined => {
  const compare = COMPARE[filter.operator]
  const wanted = filter.value === undefined ? undefined : parseInstant(filter.value)
  return compare === undefined || wanted === undefined ? undefined : (record) => compare(read(record), wanted)
}

const predicate = (call: Call, index: SearchIndex, type: ObjectType, filter: Filter): Predicate => {
  const { propertyName } = filter
  if (propertyName.startsWith("associations.")) return byAssociation(index, type, filter)
  const definition = call.hub.book.active(type.name, propertyName)
  if (definition === undefined) throw Errors.validation(`There is no property ${propertyName} to filter by.`)
  if (propertyName === type.modifiedProperty) {
    const fast = byStamp(filter, (record) => record.updatedAt)
    if (fast !== undefined) return fast
  }
  const passes = test(filter, definition)
  return (record) => passes(propertyOf(type, record, propertyName))
}

const MAX_GROUPS = 5
const MAX_PER_GROUP = 6
const MAX_FILTERS = 18

export type Groups = ReadonlyArray<{ readonly filters: ReadonlyArray<Filter> }>

const checkCaps = (groups: Groups): void => {
  const total = groups.reduce((sum, group) => sum + group.filters.length, 0)
  const tooMany =
    groups.length > MAX_GROUPS || total > MAX_FILTERS || groups.some((one) => one.filters.length > MAX_PER_GROUP)
  if (tooMany) {
    throw Errors.validation(
      `At most ${MAX_GROUPS} groups of ${MAX_PER_GROUP} filters, ${MAX_FILTERS} in all, are allowed.`,
    )
  }
}

/** Groups are joined by or, filters in a group by and. */
export const compile = (call: Call, index: SearchIndex, type: ObjectType, groups: Groups): Predicate => {
  checkCaps(groups)
  const compiled = groups.map((group) => group.filters.map((filter) => predicate(call, index, type, filter)))
  return compiled.length === 0 ? () => true : (record) => compiled.some((all) => all.every((passes) => passes(record)))
}
