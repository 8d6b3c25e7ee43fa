/**
 * The forms of a record for writing, laid beside the one for reading: `<Schema>Create`, `<Schema>Update`, and `<Schema>Write`
 * for what stands inside of others. Read-only members are in none of them.
 */
import {
  type ApiDocument,
  type EntityDescription,
  mayCreate,
  mayUpdate,
  type OpenApi31,
  type Schema,
} from "../Description.ts"
import { isObject } from "../internal/json.ts"
import { furtherOf, propertiesOf, type Schemas } from "../internal/properties.ts"
import { eachReference, mapChildren, refTo, schemaOf } from "../internal/schemas.ts"

/** Undefined for what is not done with the record. */
export interface Names {
  readonly create: string | undefined
  readonly update: string | undefined
}

export interface Variants {
  readonly document: OpenApi31
  /** By the name of the schema for reading; none where the entity is read-only. */
  readonly names: ReadonlyMap<string, Names>
  /** Schemas that are for writing alone. */
  readonly written: ReadonlySet<string>
}

const hasReadOnly = (schema: Schema): boolean => {
  let found = false
  const visit = (one: Schema): Schema => {
    found ||= Object.values(one.properties ?? {}).some((property) => property.readOnly === true)
    return mapChildren(one, visit)
  }
  visit(schema)
  return found
}

const targetsOf = (schema: Schema): ReadonlySet<string> => {
  const found = new Set<string>()
  // What is read-only is left out, and so is what only it leads to.
  const visit = (one: Schema): Schema => {
    if (one.readOnly === true) return one
    const target = one.$ref === undefined ? undefined : schemaOf(one.$ref)
    if (target !== undefined) found.add(target)
    return mapChildren(one, visit)
  }
  visit(schema)
  return found
}

/** Schemas that hold something read-only, themselves or in what they refer to. */
const differing = (schemas: Schemas): ReadonlySet<string> => {
  const users = new Map<string, Array<string>>()
  for (const [name, schema] of Object.entries(schemas)) {
    for (const target of targetsOf(schema)) users.set(target, [...(users.get(target) ?? []), name])
  }
  const found = new Set<string>()
  const waiting = Object.keys(schemas).filter((name) => hasReadOnly(schemas[name] ?? {}))
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue
    found.add(name)
    waiting.push(...(users.get(name) ?? []))
  }
  return found
}

/** A name that no schema has yet. */
const free = (schemas: Schemas, wanted: string): string => {
  let name = wanted
  while (schemas[name] !== undefined) name += "_"
  return name
}

class Maker {
  readonly made: { [name: string]: Schema } = {}
  readonly #schemas: Schemas
  readonly #differing: ReadonlySet<string>
  readonly #writeNames = new Map<string, string>()
  readonly #waiting: Array<string> = []

  constructor(schemas: Schemas) {
    this.#schemas = schemas
    this.#differing = differing(schemas)
  }

  /** The schema as it is written; the same where nothing in it is read-only. */
  written(schema: Schema): Schema {
    const target = schema.$ref === undefined ? undefined : schemaOf(schema.$ref)
    if (target !== undefined) return { ...schema, ...refTo(this.nameOf(target)) }
    const { properties, required, ...rest } = schema
    const left = Object.entries(properties ?? {}).filter(([, property]) => property.readOnly !== true)
    const needed = required?.filter((member) => left.some(([name]) => name === member)) ?? []
    const own = properties === undefined ? schema : { ...rest, properties: Object.fromEntries(left) }
    const whole = mapChildren(own, (child) => this.written(child))
    return properties === undefined || needed.length === 0 ? whole : { ...whole, required: needed }
  }

  /** The schema by which something is written: its own, or that without what is read-only. */
  nameOf(name: string): string {
    return this.#differing.has(name) ? this.#write(name) : name
  }

  #write(name: string): string {
    const known = this.#writeNames.get(name)
    if (known !== undefined) return known
    const own = free(this.#schemas, `${name}Write`)
    this.#writeNames.set(name, own)
    this.#waiting.push(name)
    return own
  }

  /** Makes what was named so far, and what that names: one after the other, however long the chain of records. */
  finish(): Schemas {
    for (let name = this.#waiting.pop(); name !== undefined; name = this.#waiting.pop()) {
      this.made[this.#write(name)] = this.written(this.#schemas[name] ?? {})
    }
    return this.made
  }

  /** One flat record with the members that may be written at this time; a choice of records stays one. */
  flat(entity: EntityDescription, leftOut: ReadonlyArray<string>, required: ReadonlyArray<string>): Schema {
    const whole = this.#schemas[entity.schema] ?? {}
    if (whole.oneOf !== undefined || whole.anyOf !== undefined) return this.written(whole)
    const kept = [...propertiesOf(this.#schemas, entity.schema)].filter(
      ([name, property]) => property.readOnly !== true && !leftOut.includes(name),
    )
    const properties = Object.fromEntries(kept.map(([name, property]) => [name, this.written(property)]))
    const needed = required.filter((name) => properties[name] !== undefined)
    const further = furtherOf(this.#schemas, entity.schema)
    return {
      type: "object",
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [
          name,
          needed.includes(name) ? filled(property) : property,
        ]),
      ),
      ...(needed.length === 0 ? {} : { required: needed }),
      ...(further === undefined ? {} : { additionalProperties: further }),
    }
  }
}

/** What a create needs cannot be null. */
const filled = (schema: Schema): Schema => {
  if (Array.isArray(schema.type)) {
    const types = schema.type.filter((type) => type !== "null")
    const [only] = types
    const members = schema.enum === undefined ? {} : { enum: schema.enum.filter((member) => member !== null) }
    return { ...schema, type: types.length === 1 && only !== undefined ? only : types, ...members }
  }
  const rest = schema.anyOf?.filter(({ type }) => type !== "null")
  if (rest === undefined || rest.length === schema.anyOf?.length) return schema
  const [only] = rest
  const { anyOf: _anyOf, ...beside } = schema
  return rest.length === 1 && only !== undefined ? { ...beside, ...only } : { ...schema, anyOf: rest }
}

const METHODS = ["put", "post", "patch", "delete"] as const

/** A body with the form that its method takes. */
const bodies = (node: unknown, form: (schema: Schema) => Schema): unknown => {
  if (!isObject(node) || !isObject(node["content"])) return node
  const content = Object.fromEntries(
    Object.entries(node["content"]).map(([type, media]) => {
      const schema = isObject(media) ? media["schema"] : undefined
      return [type, isObject(media) && isObject(schema) ? { ...media, schema: form(schema as Schema) } : media]
    }),
  )
  return { ...node, content }
}

const pathsWith = (document: OpenApi31, formOf: (method: string) => (schema: Schema) => Schema): OpenApi31["paths"] =>
  Object.fromEntries(
    Object.entries(document.paths).map(([template, item]) => {
      if (!isObject(item)) return [template, item]
      const changed: { [member: string]: unknown } = { ...item }
      for (const method of METHODS) {
        const operation = changed[method]
        if (isObject(operation) && "requestBody" in operation) {
          changed[method] = { ...operation, requestBody: bodies(operation["requestBody"], formOf(method)) }
        }
      }
      return [template, changed]
    }),
  )

const isUsed = (document: OpenApi31): ReadonlySet<string> => {
  const used = new Set<string>()
  eachReference(document, (reference) => used.add(schemaOf(reference) ?? reference))
  return used
}

export const of = ({ entities, openapi31 }: ApiDocument): Variants => {
  const { schemas } = openapi31.components
  const maker = new Maker(schemas)
  const names = new Map<string, Names>()
  const forms: { [name: string]: Schema } = {}
  const createForm = (entity: EntityDescription): string => {
    if (entity.createSchema !== undefined) return maker.nameOf(entity.createSchema)
    const name = free(schemas, `${entity.schema}Create`)
    forms[name] = maker.flat(entity, entity.updateOnly, entity.requiredOnCreate)
    return name
  }
  const updateForm = (entity: EntityDescription): string => {
    if (entity.updateSchema !== undefined) return maker.nameOf(entity.updateSchema)
    const name = free(schemas, `${entity.schema}Update`)
    forms[name] = maker.flat(entity, entity.createOnly, [])
    return name
  }
  for (const entity of entities) {
    const { create, update } = names.get(entity.schema) ?? {}
    names.set(entity.schema, {
      create: create ?? (mayCreate(entity) ? createForm(entity) : undefined),
      update: update ?? (mayUpdate(entity) ? updateForm(entity) : undefined),
    })
  }
  const formOf = (method: string) => (schema: Schema) => {
    const target = schema.$ref === undefined ? undefined : schemaOf(schema.$ref)
    const own = target === undefined ? undefined : names.get(target)?.[method === "post" ? "create" : "update"]
    return own === undefined ? maker.written(schema) : { ...schema, ...refTo(own) }
  }
  const paths = pathsWith(openapi31, formOf)
  const { requestBodies } = openapi31.components
  const shared = Object.entries(requestBodies ?? {}).map(
    ([name, body]) => [name, bodies(body, (schema) => maker.written(schema))] as const,
  )
  const made = maker.finish()
  const document: OpenApi31 = {
    ...openapi31,
    paths,
    components: {
      ...openapi31.components,
      ...(shared.length === 0 ? {} : { requestBodies: Object.fromEntries(shared) }),
      schemas: { ...schemas, ...made, ...forms },
    },
  }
  const written = new Set([...Object.keys(made), ...Object.keys(forms)])
  return { document: withoutOrphans(document, names, made), names, written }
}

/** Forms for writing that nothing refers to after all. */
const withoutOrphans = (document: OpenApi31, names: ReadonlyMap<string, Names>, made: Schemas): OpenApi31 => {
  const used = isUsed(document)
  const forms = new Set([...names.values()].flatMap(({ create, update }) => [create, update]))
  const kept = Object.entries(document.components.schemas).filter(
    ([name]) => made[name] === undefined || used.has(name) || forms.has(name),
  )
  return { ...document, components: { ...document.components, schemas: Object.fromEntries(kept) } }
}
