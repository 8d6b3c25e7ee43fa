/**
 * NetSuite's metadata catalog, which an account serves per role: OpenAPI 3.0 of the chosen records, or one schema of JSON
 * Schema draft 06 for each of them.
 */
import type { CustomField, OpenApi31, Schema } from "../Description.ts"
import { customField } from "../internal/custom.ts"
import { type Draft, type EntityDraft, emptyDocument } from "../internal/Draft.ts"
import { fail, quoted } from "../internal/fail.ts"
import { isObject, type Json, type JsonObject } from "../internal/json.ts"
import { modern } from "../internal/modern.ts"
import { propertiesOf, type Schemas } from "../internal/properties.ts"
import { isStructureless, mapChildren, mapValues, refTo, schemaOf } from "../internal/schemas.ts"
import * as Structure from "../internal/structure.ts"
import { CATALOG, isRecordName, nameOf, referred } from "./NetSuiteNames.ts"

const NS_LINK: Schema = {
  type: "object",
  properties: { rel: { type: "string", readOnly: true }, href: { type: "string", readOnly: true } },
}

const NS_RESOURCE: Schema = {
  type: "object",
  properties: {
    id: { type: "string" },
    refName: { type: "string" },
    externalId: { type: "string" },
    links: { type: "array", items: refTo("nsLink"), readOnly: true },
  },
}

/** Custom fields are called so in the catalog; their prefixes are reserved. */
const CUSTOM_PREFIX = /^cust(?:entity|body|col|item|record|event)[_\d]/

const isCustom = (name: string, schema: Schema): boolean =>
  schema["x-ns-custom-field"] === true || CUSTOM_PREFIX.test(name)

const customOf = (schemas: Schemas, record: string): ReadonlyArray<CustomField> =>
  [...propertiesOf(schemas, record)]
    .filter(([name, schema]) => isCustom(name, schema))
    .map(([name, schema]) => customField(name, schema, schemas))

/** A field that refers to a record holds its id and name, not the record. */
const asReferences = (schema: Schema, records: ReadonlySet<string>): Schema => {
  const target = schema.$ref === undefined ? undefined : schemaOf(schema.$ref)
  if (target !== undefined && records.has(target))
    return { ...schema, ...refTo("nsResource"), "x-mortise-target": target }
  return mapChildren(schema, (child) => asReferences(child, records))
}

const isListOf = (name: string): boolean => /^[^-]+Collection$/.test(name)

const entity = (schemas: Schemas, name: string, path: string | undefined): EntityDraft => ({
  name,
  schema: name,
  ...(path === undefined ? {} : { paths: [path] }),
  keys: ["id"],
  readOnly: ["id", "refName"].filter((member) => propertiesOf(schemas, name).has(member)),
  custom: customOf(schemas, name),
})

/** Makes of a document in OpenAPI the records that it is about. */
export const ofOpenApi = (draft: Draft): Draft => {
  const given = draft.openapi31.components.schemas
  const named = Object.keys(given).filter(isRecordName)
  const isPath = (name: string): boolean => draft.openapi31.paths[`/${name}`] !== undefined
  const withPath = named.filter(isPath)
  // What has a path is served, however little is said of it.
  const described = withPath.length > 0 ? withPath : named.filter((name) => !isStructureless(given[name] ?? {}))
  const all = new Set(named)
  const schemas: { [name: string]: Schema } = {
    nsLink: NS_LINK,
    nsResource: NS_RESOURCE,
    // The list of a record holds records; in all other places a record is meant, not held.
    ...mapValues(given, (schema, name) =>
      isListOf(name) ? schema : mapChildren(schema, (child) => asReferences(child, all)),
    ),
  }
  const used = draft.entities.filter(({ name }) => name !== "metadata-catalog" && !all.has(name))
  return {
    ...draft,
    openapi31: { ...draft.openapi31, components: { ...draft.openapi31.components, schemas } },
    entities: [...described.map((name) => entity(schemas, name, isPath(name) ? `/${name}` : undefined)), ...used],
  }
}

/** References of the catalog lead to its own addresses. */
const located = (node: Json): Json => {
  if (Array.isArray(node)) return node.map((each) => located(each as Json))
  if (!isObject(node)) return node
  const out: { [member: string]: Json } = {}
  for (const [member, value] of Object.entries(node)) {
    const name = member === "$ref" && typeof value === "string" ? CATALOG.exec(value)?.[1] : undefined
    out[member] = name === undefined ? located(value) : (refTo(name).$ref as string)
  }
  return out
}

/** Whether this is the schema of one record, as `application/schema+json` gives it. */
export const isSchema = (parsed: Json): boolean =>
  isObject(parsed) &&
  isObject(parsed["properties"]) &&
  (/json-schema|hyper-schema/.test(String(parsed["$schema"] ?? "")) || "x-ns-filterable" in parsed)

/** Whether this is the list of records that can be asked for. */
export const isCatalog = (parsed: Json): boolean =>
  isObject(parsed) &&
  Array.isArray(parsed["items"]) &&
  parsed["items"].some((item) => isObject(item) && typeof item["name"] === "string" && Array.isArray(item["links"]))

const json = (type: string, schema: Schema) => ({
  content: { [`application/vnd.oracle.resource+json; type=${type}`]: { schema } },
})
const ID = { name: "id", in: "path", required: true, schema: { type: "string" } }

const pathsOf = (record: string): OpenApi31["paths"] => {
  const body = { required: true, ...json("singular", refTo(record)) }
  const done = { "204": { description: "Written; the record's address is in Location." } }
  return {
    [`/${record}`]: {
      get: {
        operationId: `${record}.list`,
        responses: { "200": { description: "A page of ids.", ...json("collection", refTo(`${record}Collection`)) } },
      },
      post: { operationId: `${record}.create`, requestBody: body, responses: done },
    },
    [`/${record}/{id}`]: {
      parameters: [ID],
      get: {
        operationId: `${record}.get`,
        responses: { "200": { description: "The record.", ...json("singular", refTo(record)) } },
      },
      put: { operationId: `${record}.upsert`, requestBody: body, responses: done },
      patch: { operationId: `${record}.update`, requestBody: body, responses: done },
      delete: { operationId: `${record}.remove`, responses: { "204": { description: "Deleted." } } },
    },
  }
}

const listOf = (record: string): Schema => ({
  type: "object",
  properties: {
    links: { type: "array", items: refTo("nsLink"), readOnly: true },
    items: { type: "array", items: refTo(record) },
    totalResults: { type: "integer", format: "int64", readOnly: true },
    count: { type: "integer", format: "int64", readOnly: true },
    offset: { type: "integer", format: "int64", readOnly: true },
    hasMore: { type: "boolean", readOnly: true },
  },
})

/** The schemas by name: each file's own, and what it holds beside it where no file of its own describes that. */
const gathered = (parsed: ReadonlyArray<{ readonly name: string; readonly json: JsonObject }>): Schemas => {
  const given: { [record: string]: Schema } = {}
  const parts: { [part: string]: Schema } = {}
  const others = referred(parsed.map(({ json: one }) => one))
  for (const { json: one, name: file } of parsed) {
    Structure.schema(one, `${file}#`)
    const record = nameOf(one, file, others)
    const { $id: _id, $schema: _schema, definitions, id: _oldId, ...schema } = located(one) as JsonObject
    const own = modern(schema)
    if (given[record] !== undefined && JSON.stringify(given[record]) !== JSON.stringify(own)) {
      fail("DuplicateSchema", `${file} describes ${quoted(record)}, as another file does; only one can be meant`, file)
    }
    given[record] = own
    for (const [part, body] of Object.entries(isObject(definitions) ? definitions : {})) {
      if (isObject(body) && isStructureless(parts[part] ?? {})) parts[part] = modern(body)
    }
  }
  return { ...parts, ...given }
}

/** Reads schemas of single records together. What refers to a record that is not among them holds its id and name. */
export const read = (
  parsed: ReadonlyArray<{ readonly name: string; readonly json: JsonObject }>,
  name: string,
): Draft => {
  const given = gathered(parsed)
  const records = Object.keys(given).filter(isRecordName)
  if (records.length === 0)
    fail("NotADescription", `${name} holds parts of records and no record; ask for the records too`, name)
  const schemas: { [schema: string]: Schema } = { nsLink: NS_LINK, nsResource: NS_RESOURCE }
  for (const [record, schema] of Object.entries(given)) {
    schemas[record] = mapChildren(schema, (child) => asKnown(child, new Set(Object.keys(given)), new Set(records)))
  }
  for (const record of records) schemas[`${record}Collection`] = listOf(record)
  const paths = Object.assign({}, ...records.map(pathsOf)) as OpenApi31["paths"]
  return {
    openapi31: { ...emptyDocument(name, ""), paths, components: { schemas } },
    entities: records.map((record) => entity(schemas, record, `/${record}`)),
    origin: { format: "netsuite-schema", version: "" },
  }
}

/** References to records become references by id; a part of a record that the files do not hold may have anything in it. */
const asKnown = (schema: Schema, known: ReadonlySet<string>, records: ReadonlySet<string>): Schema => {
  const target = schema.$ref === undefined ? undefined : schemaOf(schema.$ref)
  const isOwn = target === undefined || target === "nsLink" || target === "nsResource"
  if (isOwn || (known.has(target) && !records.has(target)))
    return mapChildren(schema, (child) => asKnown(child, known, records))
  if (isRecordName(target)) return { ...schema, ...refTo("nsResource"), "x-mortise-target": target }
  const { $ref: _part, ...beside } = schema
  return { type: "object", additionalProperties: true, ...beside }
}
