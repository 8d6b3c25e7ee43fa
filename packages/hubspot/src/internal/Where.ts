/** Conditions of a reading as filters of a search. HubSpot: guide "Search the CRM". */
import { type ConnectorError, Unsupported } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import * as Limits from "../Limits.ts"
import type * as Mapping from "./Mapping.ts"
import type { Filter } from "./Records.ts"
import type * as Session from "./Session.ts"

interface Condition {
  readonly field: string
  readonly is: string | boolean | ReadonlyArray<string>
}

/** A group holds 6 filters at most; the reading itself needs up to 2. */
const MOST = 4

/** Characters of the conditions in the body of a search, which also holds an order and a place to go on from. */
const LONGEST = Limits.SEARCH_BODY - 1_000

const unsupported = (message: string): Unsupported =>
  new Unsupported({ feature: "where", message, mend: "read without the condition and sift the records" })

/** HubSpot: IN on text looks for lower-case values; options keep their case. */
const within = (propertyName: string, values: ReadonlyArray<string>, type: string | undefined): Filter => ({
  propertyName,
  operator: "IN",
  values: type === "enumeration" ? [...values] : values.map((value) => value.toLowerCase()),
})

const won = (is: boolean): ReadonlyArray<Filter> => [
  { propertyName: "hs_is_closed_won", operator: "EQ", value: String(is) },
]
const lost = (is: boolean): ReadonlyArray<Filter> =>
  is
    ? [
        { propertyName: "hs_is_closed", operator: "EQ", value: "true" },
        { propertyName: "hs_is_closed_won", operator: "NEQ", value: "true" },
      ]
    : [{ propertyName: "hs_is_closed", operator: "NEQ", value: "true" }]

const filtersOf = (mapping: Mapping.Any, condition: Condition, type: string | undefined) => {
  const { field, is } = condition
  if (mapping.type === "deals" && typeof is === "boolean") {
    if (field === "won") return won(is)
    if (field === "lost") return lost(is)
  }
  const properties = mapping.fields[field]?.properties ?? []
  const [property] = properties
  if (property === undefined || properties.length !== 1) {
    return unsupported(`${mapping.entity.name}.${field} cannot be searched by`)
  }
  if (Array.isArray(is) && is.length === 0) {
    return unsupported(`${mapping.entity.name}.${field} is asked to be one of no values`)
  }
  if (Array.isArray(is)) return [within(property.name, is, type)]
  return [{ propertyName: property.name, operator: "EQ" as const, value: String(is) }]
}

/** All conditions together, or why they cannot be asked. */
export const filters = Effect.fnUntraced(function* (
  session: Session.Session,
  mapping: Mapping.Any,
  conditions: ReadonlyArray<Condition>,
): Effect.fn.Return<ReadonlyArray<Filter> | Unsupported, ConnectorError> {
  if (conditions.length === 0) return []
  const definitions = yield* session.catalog.properties(mapping.type)
  const all: Array<Filter> = []
  for (const condition of conditions) {
    const name = mapping.fields[condition.field]?.properties[0]?.name
    const found = filtersOf(mapping, condition, name === undefined ? undefined : definitions.get(name)?.type)
    if (found instanceof Unsupported) return found
    all.push(...found)
  }
  if (all.length > MOST) return unsupported("HubSpot takes 6 filters in a group, of which the reading needs 2")
  if (JSON.stringify(all).length > LONGEST) {
    return unsupported(`HubSpot takes ${Limits.SEARCH_BODY} characters in a search; the conditions leave no room in it`)
  }
  return all
})
