/** Cuts a description down to the entities that are in use and to what these need. */
import * as Effect from "effect/Effect"
import type { ApiDocument, EntityDescription, OpenApi31, Schema } from "./Description.ts"
import { DescriptionError } from "./DescriptionError.ts"
import { isObject } from "./internal/json.ts"
import { notFound } from "./internal/nearest.ts"
import { isNavigation } from "./internal/properties.ts"
import { closure, keep } from "./internal/references.ts"
import { eachReference, mapDeep, mapValues, refTo, schemaOf } from "./internal/schemas.ts"

/** A schema that no path is about can be asked for too. */
const ofSchema = (document: ApiDocument, name: string): EntityDescription | undefined => {
  const schema = document.openapi31.components.schemas[name]
  if (schema === undefined || !(isObject(schema.properties) || Array.isArray(schema.allOf))) return undefined
  return {
    name,
    paths: [],
    schema: name,
    keys: [],
    numberSequenceKeys: [],
    requiredOnCreate: [],
    readOnly: [],
    createOnly: [],
    updateOnly: [],
    writable: true,
    navigation: [],
    custom: [],
    isCustomUnknown: true,
  }
}

/** Rows of a table are no documents of their own, and are asked for by the name of their doctype all the same. */
const doctypesOf = ({ openapi31 }: ApiDocument): ReadonlyArray<readonly [doctype: string, schema: string]> =>
  Object.entries(openapi31.components.schemas).flatMap(([schema, { "x-doctype": doctype }]) =>
    typeof doctype === "string" ? [[doctype, schema] as const] : [],
  )

const ofDoctype = (document: ApiDocument, wanted: string): EntityDescription | undefined => {
  const [doctype, schema] = doctypesOf(document).find(([name]) => name.toLowerCase() === wanted.toLowerCase()) ?? []
  const found = schema === undefined ? undefined : ofSchema(document, schema)
  return found === undefined || doctype === undefined ? undefined : { ...found, name: doctype }
}

/** What to do about a name that the description does not have. */
export type Missing = "fail" | "skip"

const find = (document: ApiDocument, wanted: string, missing: Missing): ReadonlyArray<EntityDescription> => {
  const { entities } = document
  const found =
    entities.find(({ name }) => name === wanted) ??
    entities.find(({ schema }) => schema === wanted) ??
    ofSchema(document, wanted) ??
    entities.find(({ name }) => name.toLowerCase() === wanted.toLowerCase()) ??
    ofDoctype(document, wanted)
  if (found !== undefined) return [found]
  if (missing === "skip") return []
  const names =
    entities.length > 0 ? entities.map(({ name }) => name) : Object.keys(document.openapi31.components.schemas)
  return notFound(wanted, [...new Set([...names, ...doctypesOf(document).map(([name]) => name)])], document.source.name)
}

const belongs = (template: string, { paths }: EntityDescription): boolean =>
  paths.some((path) => template === path || template.startsWith(`${path}/`) || template.startsWith(`${path}(`))

/** Links to entities that nobody asked for would bring in one after the other, and in the end all of them. */
const withoutLinks = (schema: Schema, gone: ReadonlySet<string>): Schema =>
  mapDeep(schema, (inner) => {
    if (inner.properties === undefined) return inner
    const left = Object.entries(inner.properties).filter(
      ([, property]) => !(isNavigation(property) && leadsTo(property, gone)),
    )
    return { ...inner, properties: Object.fromEntries(left) }
  })

/** What can be done with a record may take or give records of other entities. */
const isOperation = (item: unknown): boolean => isObject(item) && item["x-mortise-operation"] === true

const leadsTo = (property: unknown, gone: ReadonlySet<string>): boolean => {
  let found = false
  eachReference(property, (reference) => {
    found ||= gone.has(schemaOf(reference) ?? "")
  })
  return found
}

const cut = (document: ApiDocument, names: ReadonlyArray<string>, missing: Missing): ApiDocument => {
  const wanted = new Map(names.flatMap((name) => find(document, name, missing)).map((entity) => [entity.name, entity]))
  const entities = [...wanted.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  const schemasKept = new Set(entities.map(({ schema }) => schema))
  const gone = new Set(document.entities.map(({ schema }) => schema).filter((schema) => !schemasKept.has(schema)))
  const { openapi31 } = document
  const linked: OpenApi31 = {
    ...openapi31,
    components: {
      ...openapi31.components,
      schemas:
        gone.size === 0
          ? openapi31.components.schemas
          : mapValues(openapi31.components.schemas, (schema) => withoutLinks(schema, gone)),
    },
  }
  const paths = Object.fromEntries(
    Object.entries(linked.paths).filter(
      ([template, item]) =>
        entities.some((entity) => belongs(template, entity)) && !(isOperation(item) && leadsTo(item, gone)),
    ),
  )
  const roots = entities
    .flatMap(({ createSchema, schema, updateSchema }) => [schema, createSchema ?? [], updateSchema ?? []].flat())
    .map(refTo)
  return {
    ...document,
    openapi31: keep(linked, closure(linked, [paths, ...roots]), paths),
    entities: entities.map((entity) => ({
      ...entity,
      navigation: entity.navigation.filter(({ target }) => wanted.has(target)),
    })),
  }
}

/** As `to`, for use inside of this package: throws its error. */
export const toSync = (
  document: ApiDocument,
  names: ReadonlyArray<string> | undefined,
  missing: Missing = "fail",
): ApiDocument => (names === undefined ? document : cut(document, names, missing))

/** The named entities, their paths and everything that these refer to. Fails where a name is not known. */
export const to = (document: ApiDocument, names: ReadonlyArray<string>): Effect.Effect<ApiDocument, DescriptionError> =>
  Effect.suspend(() => {
    try {
      return Effect.succeed(cut(document, names, "fail"))
    } catch (error) {
      return error instanceof DescriptionError ? Effect.fail(error) : Effect.die(error)
    }
  })
