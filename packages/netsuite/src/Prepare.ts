/**
 * The fields that we own. The record API makes no fields: an administrator makes them, and here they are verified against
 * the account's catalogue, and nothing is changed.
 */

import type { Declaration, Prepared } from "@mortise/core/Connector"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import type { CustomType, EntityName } from "./Config.ts"
import type { Context } from "./internal/Context.ts"
import type { Body, RecordType } from "./internal/Records.ts"
import type { Settings } from "./Settings.ts"

const TYPES: { readonly [T in CustomType]: Declaration["type"] } = {
  text: "text",
  decimal: "number",
  integer: "number",
  boolean: "boolean",
  date: "date",
  reference: "choice",
}

/** The record type whose catalogue shows the fields of an entity. */
const RECORDS: { readonly [E in EntityName]: RecordType } = {
  Account: "customer",
  Contact: "contact",
  Product: "nonInventorySaleItem",
  Order: "salesOrder",
  Invoice: "invoice",
  Payment: "invoice",
}

const text = (entity: string, name: string, label: string): Declaration => ({ entity, name, type: "text", label })

/** What the configuration relies on: fields that carry keys, and the account's own. */
export const declarations = (settings: Settings): ReadonlyArray<Declaration> => {
  const keys = Object.entries(settings.keyFields).flatMap(([entity, name]) =>
    name === undefined ? [] : [text(entity, name, "External key")],
  )
  const own = Object.entries(settings.custom).flatMap(([entity, fields]) =>
    Object.entries(fields ?? {}).map(([name, type]) => ({ entity, name, type: TYPES[type], label: name })),
  )
  const lines = (
    [
      ["Order", settings.orders],
      ["Invoice", settings.invoices],
    ] as const
  ).flatMap(([entity, part]) =>
    part?.lineKeyField === undefined ? [] : [text(entity, part.lineKeyField, "Key of a line")],
  )
  return [...keys, ...own, ...lines]
}

interface Described {
  readonly type?: unknown
  readonly format?: unknown
  readonly $ref?: unknown
  readonly properties?: unknown
}

const typeOf = ({ $ref, format, properties, type }: Described): Declaration["type"] => {
  if ($ref !== undefined || properties !== undefined) return "choice"
  const types = Array.isArray(type) ? type : [type]
  if (types.includes("boolean")) return "boolean"
  if (types.includes("number") || types.includes("integer")) return "number"
  if (format === "date") return "date"
  return format === "date-time" ? "dateTime" : "text"
}

const verdict = (declaration: Declaration, found: Described | undefined): Prepared => {
  if (found === undefined) {
    const message = `the account has no field ${declaration.name}, or the role may not see it; an administrator makes it`
    return { declaration, result: "unsupported", message }
  }
  const type = typeOf(found)
  if (type === declaration.type) return { declaration, result: "present" }
  return { declaration, result: "mismatch", message: `${declaration.name} is ${type}, not ${declaration.type}` }
}

/** Members of a record type in the account; those of its lines are asked for as such. */
const membersOf = (context: Context, { entity, name }: Declaration): Effect.Effect<Body, ConnectorError> => {
  const type = RECORDS[entity as EntityName]
  return context.records.members(name.startsWith("custcol") ? `${type}-itemElement` : type)
}

/**
 * Fields of payments are body fields of all transactions, and the catalogue of payments is not read; they are looked for on
 * the invoice.
 */
export const prepare =
  (context: Context) =>
  (
    wanted: ReadonlyArray<Declaration> = declarations(context.settings),
  ): Effect.Effect<ReadonlyArray<Prepared>, ConnectorError> =>
    Effect.gen(function* () {
      const catalogues = new Map<string, Body>()
      const results: Array<Prepared> = []
      for (const declaration of wanted) {
        if (RECORDS[declaration.entity as EntityName] === undefined) {
          const message = `${declaration.entity} is no entity of this connector`
          results.push({ declaration, result: "unsupported", message })
          continue
        }
        const name = `${declaration.entity} ${declaration.name.startsWith("custcol")}`
        if (!catalogues.has(name)) catalogues.set(name, yield* membersOf(context, declaration))
        results.push(verdict(declaration, catalogues.get(name)?.[declaration.name] as Described | undefined))
      }
      return results
    })
