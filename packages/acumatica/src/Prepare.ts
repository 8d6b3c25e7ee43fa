/**
 * The fields that we own. The built-in reference fields are there in every tenant; a user-defined field is made by an
 * administrator on the form and cannot be made over the API, so it is verified here and nothing is changed.
 */

import type { Declaration, Prepared } from "@mortise/core/Connector"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import * as Identity from "./Identity.ts"
import type { Context } from "./internal/Context.ts"
import { served } from "./internal/served.ts"
import type { Settings } from "./Settings.ts"
import type { Resource } from "./Versions.ts"

const TYPES: Readonly<Record<string, Declaration["type"]>> = {
  String: "text",
  Guid: "text",
  Decimal: "number",
  Int: "number",
  Boolean: "boolean",
  DateTime: "dateTime",
}

/** What the configuration relies on: the field that carries the key of contacts, and the tenant's own fields. */
export const declarations = (settings: Settings): ReadonlyArray<Declaration> => {
  const carrier = Identity.carrier(settings, "Contact")
  const key: ReadonlyArray<Declaration> =
    carrier?.type === "custom"
      ? [{ entity: "Contact", name: carrier.viewAndField, type: "text", label: "External key", unique: false }]
      : []
  const own = Object.entries(settings.custom).flatMap(([entity, fields]) =>
    Object.entries(fields ?? {}).map(([name, type]) => ({
      entity,
      name,
      type: TYPES[type] ?? ("text" as const),
      label: name,
    })),
  )
  return [...key, ...own]
}

type Custom = { readonly [view: string]: { readonly [field: string]: { readonly type?: string } } | undefined }

const fieldOf = (custom: Custom, name: string) => {
  const [view = "", field = ""] = name.split(".")
  return custom[view]?.[field]
}

const verdict = (declaration: Declaration, found: { readonly type?: string } | undefined): Prepared => {
  if (found === undefined) {
    const message = `the form has no field ${declaration.name}; an administrator adds it, it cannot be made over the API`
    return { declaration, result: "unsupported", message }
  }
  const type = TYPES[/^Custom(\w+)Field$/.exec(found.type ?? "")?.[1] ?? "String"]
  if (type === declaration.type || (type === "dateTime" && declaration.type === "date"))
    return { declaration, result: "present" }
  return {
    declaration,
    result: "mismatch",
    message: `${declaration.name} is ${type ?? "unknown"}, not ${declaration.type}`,
  }
}

/** Fields of the tenant on a form, as `$adHocSchema` shows them. */
const customOf = (context: Context, resource: Resource): Effect.Effect<Custom, ConnectorError> =>
  Effect.map(context.records.schema(resource), (schema) => (schema.custom ?? {}) as Custom)

export const prepare =
  (context: Context) =>
  (
    wanted: ReadonlyArray<Declaration> = declarations(context.settings),
  ): Effect.Effect<ReadonlyArray<Prepared>, ConnectorError> =>
    Effect.gen(function* () {
      const forms: Readonly<Record<string, ReadonlyArray<Resource> | undefined>> = served(context.settings)
      const schemas = new Map<Resource, Custom>()
      const results: Array<Prepared> = []
      for (const declaration of wanted) {
        const resources = forms[declaration.entity]
        if (resources === undefined) {
          results.push({
            declaration,
            result: "unsupported",
            message: `${declaration.entity} is no entity of this connector`,
          })
          continue
        }
        for (const resource of resources)
          if (!schemas.has(resource)) schemas.set(resource, yield* customOf(context, resource))
        const found = resources.map((resource) => fieldOf(schemas.get(resource) ?? {}, declaration.name))
        results.push(
          verdict(
            declaration,
            found.find((field) => field !== undefined),
          ),
        )
      }
      return results
    })
