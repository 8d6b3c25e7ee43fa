/** The paths and schemas of a document as TypeScript, by `openapi-typescript`. */
import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript"
import type { OpenApi31, Schema } from "../Description.ts"
import { isObject } from "../internal/json.ts"
import { fromPointerPart } from "../internal/schemas.ts"
import * as Values from "./Values.ts"

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

/** A name that survives in a reference; some vendors put the whole path into it. */
const plainId = (id: string): string => id.replaceAll(/[^\w.$-]+/g, "_")

/** Several descriptions together may name two operations alike; the later ones get a number. */
const withOwnIds = (document: OpenApi31): OpenApi31 => {
  const seen = new Set<string>()
  const own = (operation: unknown): unknown => {
    if (!isObject(operation) || typeof operation["operationId"] !== "string") return operation
    const wanted = plainId(operation["operationId"])
    let id = wanted
    for (let count = 2; seen.has(id); count++) id = `${wanted}_${count}`
    seen.add(id)
    return { ...operation, operationId: id }
  }
  const paths = Object.entries(document.paths).map(([template, item]) => {
    if (!isObject(item)) return [template, item] as const
    const members = Object.entries(item).map(([member, value]) => [
      member,
      METHODS.includes(member) ? own(value) : value,
    ])
    return [template, Object.fromEntries(members)] as const
  })
  return { ...document, paths: Object.fromEntries(paths) }
}

/** What is sent and answered has the vendor's forms; parameters are ours and stay plain. */
const isWire = (path: string | undefined): boolean =>
  path !== undefined &&
  (path.startsWith("#/components/schemas/") || /\/(?:responses|requestBody|requestBodies)\//.test(path))

/** The component that a path of the document leads through. */
const schemaAt = (path: string | undefined): string | undefined => {
  const part = /^#\/components\/schemas\/([^/]+)/.exec(path ?? "")?.[1]
  return part === undefined ? undefined : fromPointerPart(part)
}

/** `written` are the schemas that are for writing alone. */
export const module = async (
  document: OpenApi31,
  numbers: Values.Numbers,
  written: ReadonlySet<string>,
): Promise<string> => {
  const used = new Set<string>()
  const nodes = await openapiTS(withOwnIds(document) as unknown as OpenAPI3, {
    alphabetize: true,
    defaultNonNullable: false,
    silent: true,
    transform: (schema, { path }) =>
      isWire(path)
        ? Values.nodeFor(schema as Schema, numbers, { isWritten: written.has(schemaAt(path) ?? ""), used })
        : undefined,
  })
  return Values.importOf(used) + astToString(nodes)
}
