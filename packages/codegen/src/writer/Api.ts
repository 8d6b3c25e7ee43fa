/** The paths and schemas of a document as TypeScript, by `openapi-typescript`. */
import {
  astToString,
  type OpenAPI3,
  type OpenAPITSOptions,
  resolveRef,
  scanDiscriminators,
  transformSchema,
} from "openapi-typescript"
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

type Transform = NonNullable<OpenAPITSOptions["transform"]>

/**
 * The settings of `openapi-typescript`, without its check and its bundling: both are done, and its walk along references
 * ends in a full stack where records refer to each other by the thousand.
 */
const context = (document: OpenAPI3, transform: Transform): Parameters<typeof transformSchema>[1] => ({
  additionalProperties: false,
  alphabetize: true,
  arrayLength: false,
  conditionalEnums: false,
  dedupeEnums: false,
  defaultNonNullable: false,
  discriminators: scanDiscriminators(document, { silent: true }),
  emptyObjectsUnknown: false,
  enum: false,
  enumValues: false,
  excludeDeprecated: false,
  exportType: false,
  generatePathParams: false,
  immutable: false,
  injectFooter: [],
  makePathsEnum: false,
  pathParamsAsTypes: false,
  postTransform: undefined,
  propertiesRequiredByDefault: false,
  readWriteMarkers: false,
  // Nothing of it is read once a document is whole.
  redoc: undefined as never,
  resolve: ($ref) => resolveRef(document, $ref, { silent: true }),
  rootTypes: false,
  rootTypesKeepCasing: false,
  rootTypesNoSchemaPrefix: false,
  silent: true,
  transform,
  transformProperty: undefined,
})

/** `written` are the schemas that are for writing alone. */
export const module = (document: OpenApi31, numbers: Values.Numbers, written: ReadonlySet<string>): string => {
  const used = new Set<string>()
  // A discriminator is written into the schemas that it tells apart, so that the copy is not ours.
  const own = structuredClone(withOwnIds(document)) as unknown as OpenAPI3
  const nodes = transformSchema(
    own,
    context(own, (schema, { path }) =>
      isWire(path)
        ? Values.nodeFor(schema as Schema, numbers, { isWritten: written.has(schemaAt(path) ?? ""), used })
        : undefined,
    ),
  )
  return Values.importOf(used) + astToString(nodes)
}
