/**
 * The fields that we rely on. Fields cannot be made over the API: the ones that carry our keys are built in unless others
 * are named, and a tenant's own are made by its administrator. All of them are verified, and nothing is changed.
 */

import type { Declaration, Prepared } from "@mortise/core/Connector"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type { Pipeline } from "@mortise/core/Pipeline"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { CustomType, EntityName, KeyField } from "./Config.ts"
import * as Environment from "./Environment.ts"
import * as Identity from "./Identity.ts"
import type { Context } from "./internal/Context.ts"
import type { Resource } from "./Sets.ts"
import type { Settings } from "./Settings.ts"

/** The set behind each entity; the one that is written where there are two. */
export const SETS: { readonly [E in EntityName]: Resource } = {
  Account: "CustomersV3",
  Contact: "ContactPersons",
  Product: "ReleasedProductsV2",
  Order: "SalesOrderHeadersV2",
  Invoice: "FreeTextInvoiceHeaders",
  Payment: "CustTransactions",
}

/** The name by which declarations speak of the lines of orders, which have no port of their own. */
export const LINE = "Line"

const TYPES: { readonly [T in CustomType]: Declaration["type"] } = {
  String: "text",
  Decimal: "number",
  Int: "number",
  Enum: "choice",
  Date: "date",
  DateTime: "dateTime",
}

/** What the configuration relies on: the fields that carry keys, and the tenant's own. */
export const declarations = (settings: Settings): ReadonlyArray<Declaration> => {
  const written = ["Account", "Contact", "Order", "Invoice"] as const
  const key = (entity: string, { name }: KeyField): Declaration => ({
    entity,
    name,
    type: "text",
    label: "External key",
    unique: false,
  })
  const keys = [
    ...written.map((entity) => key(entity, Identity.carrier(settings, SETS[entity] as Identity.Written))),
    key(LINE, Identity.lineCarrier(settings)),
  ]
  const own = Object.entries(settings.custom).flatMap(([entity, fields]) =>
    Object.entries(fields ?? {}).map(([name, type]) => ({ entity, name, type: TYPES[type], label: name })),
  )
  return [...keys, ...own]
}

const DESCRIBED: { readonly [entity: string]: Environment.Described | undefined } = {
  ...SETS,
  [LINE]: "SalesOrderLines",
}

const KINDS: ReadonlyArray<readonly [RegExp, ReadonlyArray<Declaration["type"]>]> = [
  [/String$/, ["text"]],
  [/(?:Decimal|Int32|Int64|Real)$/, ["number"]],
  [/DateTimeOffset$|Date$/, ["date", "dateTime"]],
  [/(?:NoYes|Boolean)$/, ["boolean", "choice"]],
]

const fits = (found: string, wanted: Declaration["type"]): boolean => {
  const known = KINDS.find(([pattern]) => pattern.test(found))
  return known === undefined ? wanted === "choice" : known[1].includes(wanted)
}

const verdict = (declaration: Declaration, found: Environment.Field | undefined): Prepared => {
  if (found === undefined) {
    const message = `the data entity has no field ${declaration.name}; an administrator adds it and enables it for the entity, it cannot be made over the API`
    return { declaration, result: "unsupported", message }
  }
  if (!found.editable) return { declaration, result: "mismatch", message: `${declaration.name} cannot be written` }
  if (fits(found.type, declaration.type)) return { declaration, result: "present" }
  const message = `${declaration.name} is ${found.type === "" ? "of an unknown type" : found.type}, not ${declaration.type}`
  return { declaration, result: "mismatch", message }
}

export const prepare =
  ({ settings }: Context, pipeline: Pipeline) =>
  (
    wanted: ReadonlyArray<Declaration> = declarations(settings),
  ): Effect.Effect<ReadonlyArray<Prepared>, ConnectorError> =>
    Effect.gen(function* () {
      const known = new Map<Environment.Described, Option.Option<ReadonlyMap<string, Environment.Field>>>()
      const results: Array<Prepared> = []
      for (const declaration of wanted) {
        const resource = DESCRIBED[declaration.entity]
        if (resource === undefined) {
          const message = `${declaration.entity} is no entity of this connector`
          results.push({ declaration, result: "unsupported", message })
          continue
        }
        const fields = known.get(resource) ?? (yield* Environment.fields(pipeline, settings, resource))
        known.set(resource, fields)
        if (Option.isNone(fields)) {
          const message = `the environment does not describe ${resource}; nothing can be said of ${declaration.name}`
          results.push({ declaration, result: "unsupported", message })
          continue
        }
        results.push(verdict(declaration, fields.value.get(declaration.name)))
      }
      return results
    })
