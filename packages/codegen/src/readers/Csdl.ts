/// <reference path="../odata-csdl.d.ts" />
/** CSDL XML, as OData services serve it at `$metadata`. It is cut to the asked sets first and then read with `odata-csdl`. */
import csdl from "odata-csdl"
import type { Navigation, Schema } from "../Description.ts"
import { type Draft, type EntityDraft, emptyDocument } from "../internal/Draft.ts"
import { fail } from "../internal/fail.ts"
import { checkWhole, type Document } from "../internal/files.ts"
import { isObject, type Json, type JsonObject, textOf } from "../internal/json.ts"
import { orNull, refTo } from "../internal/schemas.ts"
import * as CsdlCut from "./CsdlCut.ts"
import * as CsdlIndex from "./CsdlIndex.ts"
import * as CsdlNames from "./CsdlNames.ts"
import * as CsdlPaths from "./CsdlPaths.ts"
import * as edm from "./edm.ts"

const AX = "@Microsoft.Dynamics.OData.Core.V1."
const CORE = "@Org.OData.Core.V1."

/** A type of the document, with the name that its schema gets. */
export interface Type {
  readonly qualified: string
  readonly schemaName: string
  readonly body: JsonObject
}

export interface Model {
  readonly types: ReadonlyMap<string, Type>
  readonly container: JsonObject
  /** Finance & Operations: only its own annotations say what may be written. */
  readonly isFinanceAndOperations: boolean
  readonly operations: ReadonlyArray<{ readonly qualified: string; readonly overload: JsonObject }>
}

const isType = (body: Json): body is JsonObject =>
  isObject(body) && ["EntityType", "ComplexType", "EnumType", "TypeDefinition"].includes(textOf(body["$Kind"]) ?? "")

const modelOf = (parsed: JsonObject): Model => {
  const found: Array<{ readonly namespace: string; readonly name: string; readonly body: JsonObject }> = []
  const operations: Array<{ readonly qualified: string; readonly overload: JsonObject }> = []
  let container: JsonObject = {}
  for (const [namespace, schema] of Object.entries(parsed)) {
    if (namespace.startsWith("$") || !isObject(schema)) continue
    for (const [name, body] of Object.entries(schema)) {
      if (isType(body)) found.push({ namespace, name, body })
      else if (Array.isArray(body))
        for (const overload of body)
          operations.push({ qualified: `${namespace}.${name}`, overload: overload as JsonObject })
      else if (isObject(body) && body["$Kind"] === "EntityContainer") container = body
    }
  }
  const names = new Map<string, number>()
  for (const { name } of found) names.set(name, (names.get(name) ?? 0) + 1)
  const types = found.map(({ body, name, namespace }) => {
    const qualified = `${namespace}.${name}`
    return [qualified, { qualified, schemaName: names.get(name) === 1 ? name : qualified, body }] as const
  })
  const isFinanceAndOperations = found.some(({ namespace }) => namespace === "Microsoft.Dynamics.DataEntities")
  return { types: new Map(types), container, isFinanceAndOperations, operations }
}

const membersOf = (body: JsonObject): ReadonlyArray<readonly [string, JsonObject]> =>
  Object.entries(body).flatMap(([name, member]) =>
    name.startsWith("$") || name.startsWith("@") || !isObject(member) ? [] : [[name, member] as const],
  )

const isNavigation = (member: JsonObject): boolean => member["$Kind"] === "NavigationProperty"

/** The schema of a value of this type, whatever its nullability. */
const valueSchema = (model: Model, type: string): Schema => {
  const declared = model.types.get(type)
  return declared === undefined ? (edm.primitive(type) ?? {}) : refTo(declared.schemaName)
}

/** A property, parameter or answer: its type, many of it or one, with null where that is allowed. */
export const typed = (model: Model, member: JsonObject): Schema => {
  const type = textOf(member["$Type"]) ?? "Edm.String"
  const bare = edm.axType(valueSchema(model, type), textOf(member[`${AX}AXType`]))
  const length = member["$MaxLength"]
  const value = typeof length === "number" && bare.type === "string" ? { ...bare, maxLength: length } : bare
  if (member["$Collection"] === true)
    return { type: "array", items: member["$Nullable"] === true ? orNull(value) : value }
  return member["$Nullable"] === true ? orNull(value) : value
}

const isComputed = (member: JsonObject): boolean =>
  member[`${CORE}Computed`] === true || member[`${CORE}Permissions`] === "Read"

/** Who may write a property, by the annotations of Finance & Operations or by those of OData itself. */
const access = (member: JsonObject): "readOnly" | "createOnly" | "updateOnly" | "free" => {
  const [edit, create] = [member[`${AX}AllowEdit`] !== false, member[`${AX}AllowEditOnCreate`] !== false]
  if (isComputed(member) || (!edit && !create)) return "readOnly"
  if (!edit || member[`${CORE}Immutable`] === true) return "createOnly"
  return create ? "free" : "updateOnly"
}

const objectSchema = (model: Model, { body }: Type): Schema => {
  // Every row has one, whatever is selected of it.
  const isRow = body["$Kind"] === "EntityType" && body["$BaseType"] === undefined
  const properties: { [name: string]: Schema } = isRow ? { "@odata.etag": { type: "string", readOnly: true } } : {}
  for (const [name, member] of membersOf(body)) {
    if (isNavigation(member)) {
      const target = model.types.get(textOf(member["$Type"]) ?? "")
      if (target !== undefined) properties[name] = { ...asLink(typed(model, member)), readOnly: true }
      continue
    }
    const schema = typed(model, member)
    properties[name] = access(member) === "readOnly" ? { ...schema, readOnly: true } : schema
  }
  const own: Schema = {
    type: "object",
    properties,
    ...(body["$OpenType"] === true ? { additionalProperties: true } : {}),
  }
  const base = model.types.get(textOf(body["$BaseType"]) ?? "")
  return base === undefined ? own : { allOf: [refTo(base.schemaName), own] }
}

/** Marked, so that trimming can tell it from what is part of the record. */
const asLink = (schema: Schema): Schema => ({ ...schema, "x-mortise-navigation": true })

const schemaOf = (model: Model, type: Type): Schema => {
  const { body } = type
  if (body["$Kind"] === "EnumType") {
    const members = Object.keys(body).filter((name) => !name.startsWith("$") && !name.includes("@"))
    // A value with several flags is written as their names with commas between.
    if (body["$IsFlags"] === true) return { type: "string", "x-enum-flags": members }
    // One without members has those that somebody adds to it.
    return members.length === 0 ? { type: "string" } : { type: "string", enum: members }
  }
  if (body["$Kind"] === "TypeDefinition") return valueSchema(model, textOf(body["$UnderlyingType"]) ?? "Edm.String")
  return objectSchema(model, type)
}

/** The type and all that it is derived from, the type itself first. */
const lineage = (model: Model, type: Type): ReadonlyArray<Type> => {
  const line = [type]
  for (let base = model.types.get(textOf(type.body["$BaseType"]) ?? ""); base !== undefined; ) {
    if (line.includes(base)) break
    line.push(base)
    base = model.types.get(textOf(base.body["$BaseType"]) ?? "")
  }
  return line
}

const keyNames = (body: JsonObject): ReadonlyArray<string> =>
  Array.isArray(body["$Key"])
    ? body["$Key"].flatMap((key) => (typeof key === "string" ? [key] : isObject(key) ? Object.keys(key) : []))
    : []

export interface EntitySet {
  readonly name: string
  readonly type: Type
  readonly many: boolean
  readonly keys: ReadonlyArray<string>
  readonly member: JsonObject
  /** All properties of the type, those of its base types too. */
  readonly properties: ReadonlyArray<readonly [string, JsonObject]>
}

const setsOf = (model: Model): ReadonlyArray<EntitySet> =>
  membersOf(model.container).flatMap(([name, member]) => {
    const type = model.types.get(textOf(member["$Type"]) ?? "")
    if (type === undefined) return []
    const line = lineage(model, type)
    const keys = line.map(({ body }) => keyNames(body)).find((found) => found.length > 0) ?? []
    const properties = [...line].reverse().flatMap(({ body }) => membersOf(body))
    return [{ name, type, many: member["$Collection"] === true, keys, member, properties }]
  })

const navigationOf = (set: EntitySet, sets: ReadonlyArray<EntitySet>): ReadonlyArray<Navigation> => {
  const bindings = isObject(set.member["$NavigationPropertyBinding"]) ? set.member["$NavigationPropertyBinding"] : {}
  return set.properties.flatMap(([name, member]) => {
    if (!isNavigation(member) || member["$ContainsTarget"] === true) return []
    const target =
      sets.find((other) => other.name === bindings[name]) ??
      sets.find((other) => other.type.qualified === member["$Type"])
    return target === undefined ? [] : [{ name, target: target.name, many: member["$Collection"] === true }]
  })
}

const isRequired = (model: Model, member: JsonObject): boolean => {
  if (model.isFinanceAndOperations) return member[`${AX}IsRequired`] === true
  const hasDefault = "$DefaultValue" in member || member[`${CORE}ComputedDefaultValue`] === true
  return member["$Nullable"] !== true && member["$Collection"] !== true && !hasDefault
}

const isAllowed = (set: EntitySet, restriction: string, flag: string): boolean => {
  const found = set.member[`@Org.OData.Capabilities.V1.${restriction}`]
  return !(isObject(found) && found[flag] === false)
}

const entityOf = (model: Model, set: EntitySet, sets: ReadonlyArray<EntitySet>): EntityDraft => {
  const plain = set.properties.filter(([, member]) => !isNavigation(member))
  const named = (want: ReturnType<typeof access>) =>
    plain.filter(([, member]) => access(member) === want).map(([name]) => name)
  const [readOnly, updateOnly] = [named("readOnly"), named("updateOnly")]
  const filled = set.keys.filter((key) => readOnly.includes(key) || updateOnly.includes(key))
  const isLocked = set.type.body[`${AX}IsReadOnly`] === true
  return {
    name: set.name,
    schema: set.type.schemaName,
    paths: [`/${set.name}`],
    keys: set.keys,
    numberSequenceKeys: filled,
    readOnly,
    updateOnly,
    createOnly: named("createOnly"),
    requiredOnCreate: plain
      .filter(([name, member]) => isRequired(model, member) && !readOnly.includes(name) && !updateOnly.includes(name))
      .map(([name]) => name),
    writable: !isLocked,
    creatable: isAllowed(set, "InsertRestrictions", "Insertable"),
    updatable: isAllowed(set, "UpdateRestrictions", "Updatable"),
    navigation: navigationOf(set, sets),
  }
}

const convert = (xml: string, name: string): JsonObject => {
  try {
    return CsdlNames.inFull(csdl.xml2json(xml, { annotations: false }) as JsonObject)
  } catch (error) {
    return fail(
      "NotADescription",
      `${name} is no CSDL that can be read: ${(error as Error).message.split("\n")[0]}`,
      name,
    )
  }
}

/** From CSDL in its JSON form, whichever way it came about. */
export const ofJson = (parsed: JsonObject, name: string, format: "csdl" | "fo-metadata"): Draft => {
  const model = modelOf(parsed)
  const sets = setsOf(model)
  const schemas = Object.fromEntries([...model.types.values()].map((type) => [type.schemaName, schemaOf(model, type)]))
  const { paths, schemas: shared } = CsdlPaths.of(model, sets)
  return {
    openapi31: { ...emptyDocument(name, ""), paths, components: { schemas: { ...schemas, ...shared } } },
    entities: sets.map((set) => entityOf(model, set, sets)),
    origin: { format, version: "" },
  }
}

/** Reads the sets that were asked for, or all. Of a large file only those parts are held. */
export const read = async (
  document: Document,
  names: ReadonlyArray<string> | undefined,
  missing: "fail" | "skip" = "fail",
): Promise<Draft> => {
  if (names === undefined) checkWhole(document, "wholeXml")
  const index = await CsdlIndex.index(document)
  const xml = await CsdlCut.cut(document, index, names, missing)
  return ofJson(convert(xml, document.name), document.name, "csdl")
}
