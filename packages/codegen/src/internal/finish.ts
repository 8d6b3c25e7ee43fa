/** From what a reader found to the description: facts of the vendor are laid over it, once and for all formats. */
import type { ApiDocument, CustomField, EntityDescription, OpenApi31, Origin, Schema, System } from "../Description.ts"
import type { EntityFacts, Facts } from "../facts/Facts.ts"
import { entityFacts, factsOf } from "../facts/index.ts"
import { customField } from "./custom.ts"
import type { Draft, EntityDraft } from "./Draft.ts"
import { isObject } from "./json.ts"
import { isNavigation, propertiesOf, requiredOf, type Schemas } from "./properties.ts"
import { mapDeep, mapRoots, mapValues, schemaOf } from "./schemas.ts"

const decimals = (schema: Schema): Schema =>
  schema.type === "number" || (Array.isArray(schema.type) && schema.type.includes("number"))
    ? { ...schema, format: "decimal" }
    : schema

const union = (...lists: ReadonlyArray<ReadonlyArray<string> | undefined>): ReadonlyArray<string> => [
  ...new Set(lists.flatMap((list) => list ?? [])),
]

/** Marks members as read-only where they stand: in the schema itself or in one that it is made of. */
const lock = (schemas: { [name: string]: Schema }, name: string, members: ReadonlySet<string>): void => {
  const seen = new Set<string>()
  const mark = (schema: Schema): Schema => {
    const target = schema.$ref === undefined ? undefined : schemaOf(schema.$ref)
    if (target !== undefined) visit(target)
    const properties =
      schema.properties === undefined
        ? {}
        : {
            properties: mapValues(schema.properties, (property, member) =>
              members.has(member) ? { ...property, readOnly: true } : property,
            ),
          }
    return { ...schema, ...properties, ...(schema.allOf === undefined ? {} : { allOf: schema.allOf.map(mark) }) }
  }
  const visit = (target: string): void => {
    const schema = schemas[target]
    if (schema === undefined || seen.has(target)) return
    seen.add(target)
    schemas[target] = mark(schema)
  }
  visit(name)
}

/** Members of the vendor's own on each record, wherever records stand. */
const lockEverywhere = (schemas: { [name: string]: Schema }, members: ReadonlySet<string>): void => {
  if (members.size > 0) for (const name of Object.keys(schemas)) lock(schemas, name, members)
}

/** What the vendor's own list of fields does not have; nothing where there is no such list. */
const ownFields = (
  entity: string,
  { standard }: Facts,
  schemas: Schemas,
  properties: ReadonlyArray<readonly [string, Schema]>,
): ReadonlyArray<CustomField> | undefined => {
  const known = standard !== undefined && Object.hasOwn(standard, entity) ? standard[entity]?.split(" ") : undefined
  return known === undefined
    ? undefined
    : properties.filter(([name]) => !known.includes(name)).map(([name, schema]) => customField(name, schema, schemas))
}

const rights = (
  { creatable = true, updatable = true, writable = true }: EntityDraft,
  { readModel }: EntityFacts,
): Pick<EntityDescription, "creatable" | "updatable" | "writable"> => {
  if (readModel === true || !writable || !(creatable || updatable)) return { writable: false }
  return { writable, ...(creatable ? {} : { creatable }), ...(updatable ? {} : { updatable }) }
}

const describe = (draft: EntityDraft, facts: Facts, schemas: Schemas): EntityDescription => {
  const known = entityFacts(facts, draft.name)
  const properties = propertiesOf(schemas, draft.schema)
  const has = (member: string) => properties.has(member)
  const plain = [...properties].filter(([, property]) => !isNavigation(property))
  const readOnly = plain.filter(([, property]) => property.readOnly === true).map(([member]) => member)
  const keys = (known.keys ?? draft.keys ?? []).filter(has)
  const numbered = union(draft.numberSequenceKeys, known.numbered).filter((key) => keys.includes(key))
  const described = draft.requiredOnCreate ?? [...requiredOf(schemas, draft.createSchema ?? draft.schema)]
  const custom = draft.custom ?? ownFields(draft.name, facts, schemas, plain)
  const required = union(described, known.required?.filter(has))
  return {
    name: draft.name,
    paths: draft.paths ?? [],
    schema: draft.schema,
    ...(draft.createSchema === undefined ? {} : { createSchema: draft.createSchema }),
    ...(draft.updateSchema === undefined ? {} : { updateSchema: draft.updateSchema }),
    keys,
    numberSequenceKeys: numbered,
    requiredOnCreate:
      draft.creatable === false
        ? []
        : required.filter((member) => !readOnly.includes(member) && !numbered.includes(member)),
    readOnly,
    createOnly: union(draft.createOnly, known.createOnly?.filter(has), facts.keysInBody ? [] : keys).filter(
      (member) => !readOnly.includes(member),
    ),
    updateOnly: draft.updateOnly ?? [],
    ...rights(draft, known),
    navigation: draft.navigation ?? [],
    custom: custom ?? [],
    ...(custom === undefined ? { isCustomUnknown: true } : {}),
  }
}

/** Where a source of custom fields was read, an entity that stands in none of it has none. */
const settled = (entities: ReadonlyArray<EntityDescription>): ReadonlyArray<EntityDescription> =>
  entities.every(({ isCustomUnknown }) => isCustomUnknown === true)
    ? entities
    : entities.map(({ isCustomUnknown: _unknown, ...entity }) => entity)

const WRITES: ReadonlySet<string> = new Set(["put", "post", "patch", "delete"])

/** The collection or one record of it; not what can be done with a record. */
const isRecordPath = (template: string, collection: string): boolean =>
  template.startsWith(collection) && /^(?:\([^/]*\)|\/\{\w+\})?$/.test(template.slice(collection.length))

/** Without the ways to write what only the vendor's own work writes. */
const withoutWrites = (paths: OpenApi31["paths"], collections: ReadonlyArray<string>): OpenApi31["paths"] =>
  mapValues(paths, (item, template) =>
    isObject(item) && collections.some((collection) => isRecordPath(template, collection))
      ? Object.fromEntries(Object.entries(item).filter(([method]) => !WRITES.has(method)))
      : item,
  )

export const finish = (system: System, draft: Draft, origin: Origin): ApiDocument => {
  const facts = factsOf(system)
  const exact = (document: OpenApi31): OpenApi31 =>
    facts.numbers === "decimal" ? mapRoots(document, (schema) => mapDeep(schema, decimals)) : document
  const openapi31 = exact(draft.openapi31)
  const schemas: { [name: string]: Schema } = { ...openapi31.components.schemas }
  lockEverywhere(schemas, new Set(facts.readOnly))
  for (const entity of draft.entities) {
    lock(schemas, entity.schema, new Set(union(entity.readOnly, entityFacts(facts, entity.name).readOnly)))
  }
  const entities = settled(draft.entities.map((entity) => describe(entity, facts, schemas)))
  const readModels = draft.entities.filter(({ name }) => entityFacts(facts, name).readModel === true)
  const paths = withoutWrites(
    openapi31.paths,
    readModels.flatMap((entity) => entity.paths ?? []),
  )
  return {
    system,
    openapi31: { ...openapi31, paths, components: { ...openapi31.components, schemas } },
    entities: [...entities].sort((a, b) => (a.name < b.name ? -1 : 1)),
    source: origin,
  }
}
