/** What can be called on the sets of an OData service, in the paths of OpenAPI. */
import type { Schema } from "../Description.ts"
import { isObject, type JsonObject, objectsOf, textOf } from "../internal/json.ts"
import { refTo, withoutNull } from "../internal/schemas.ts"
import { type EntitySet, type Model, typed } from "./Csdl.ts"

/** Marks what can be done with a record, which may give or take records of other entities. */
const OPERATION = "x-mortise-operation"

type Parameter = { readonly [member: string]: unknown }

const query = (name: string, schema: Schema): Parameter => ({ name, in: "query", schema })
const TEXT: Schema = { type: "string" }
const COUNT: Schema = { type: "integer", format: "int32", minimum: 0 }

const CROSS_COMPANY = query("cross-company", { type: "boolean" })
const IF_MATCH: Parameter = { name: "If-Match", in: "header", schema: TEXT }

/** Rows of one company are kept apart from those of another by `dataAreaId`. */
const isByCompany = (set: EntitySet): boolean => set.keys.includes("dataAreaId")

const shaping = (set: EntitySet): ReadonlyArray<Parameter> => [
  query("$select", TEXT),
  query("$expand", TEXT),
  ...(isByCompany(set) ? [CROSS_COMPANY] : []),
]

const listing = (set: EntitySet): ReadonlyArray<Parameter> => [
  query("$filter", TEXT),
  query("$orderby", TEXT),
  query("$top", COUNT),
  query("$skip", COUNT),
  query("$count", { type: "boolean" }),
  ...shaping(set),
]

const content = (schema: Schema) => ({ content: { "application/json": { schema } } })
const answer = (description: string, schema?: Schema) => ({
  description,
  ...(schema === undefined ? {} : content(schema)),
})

const FAILURES = { default: answer("Refused or failed.", refTo("ODataError")) }

const writing = (set: EntitySet): ReadonlyArray<Parameter> => (isByCompany(set) ? [CROSS_COMPANY] : [])

const isAllowed = (set: EntitySet, restriction: string, flag: string): boolean => {
  const found = set.member[`@Org.OData.Capabilities.V1.${restriction}`]
  const isLocked = set.type.body["@Microsoft.Dynamics.OData.Core.V1.IsReadOnly"] === true
  return !isLocked && !(isObject(found) && found[flag] === false)
}

const collection = (set: EntitySet) => {
  const record = refTo(set.type.schemaName)
  const rows: Schema = {
    type: "object",
    required: ["value"],
    properties: {
      "@odata.context": TEXT,
      "@odata.count": { type: "integer", format: "int64" },
      "@odata.nextLink": TEXT,
      value: { type: "array", items: record },
    },
  }
  const create = {
    operationId: `${set.name}_create`,
    parameters: writing(set),
    requestBody: { required: true, ...content(record) },
    responses: { "201": answer("The record as it now stands.", record), ...FAILURES },
  }
  return {
    get: {
      operationId: `${set.name}_list`,
      parameters: listing(set),
      responses: { "200": answer("A page of records.", rows), ...FAILURES },
    },
    ...(isAllowed(set, "InsertRestrictions", "Insertable") ? { post: create } : {}),
  }
}

const record = (set: EntitySet, keys: ReadonlyArray<Parameter>) => {
  const body = refTo(set.type.schemaName)
  const update = {
    operationId: `${set.name}_update`,
    parameters: [IF_MATCH, ...writing(set)],
    requestBody: { required: true, ...content(body) },
    responses: { "200": answer("The record as it now stands.", body), "204": answer("Written."), ...FAILURES },
  }
  const remove = {
    operationId: `${set.name}_delete`,
    parameters: [IF_MATCH, ...writing(set)],
    responses: { "204": answer("Deleted."), ...FAILURES },
  }
  return {
    ...(keys.length === 0 ? {} : { parameters: keys }),
    get: {
      operationId: `${set.name}_get`,
      parameters: shaping(set),
      responses: { "200": answer("The record.", body), ...FAILURES },
    },
    ...(isAllowed(set, "UpdateRestrictions", "Updatable") ? { patch: update } : {}),
    ...(set.many && isAllowed(set, "DeleteRestrictions", "Deletable") ? { delete: remove } : {}),
  }
}

/** Texts stand in quotes, members of an enumeration with its name before them; all else is bare. */
const literal = (model: Model, member: JsonObject, key: string): string => {
  const type = textOf(member["$Type"]) ?? "Edm.String"
  const isEnum = model.types.get(type)?.body["$Kind"] === "EnumType"
  if (isEnum) return `${type}'{${key}}'`
  return type === "Edm.String" ? `'{${key}}'` : `{${key}}`
}

const keyOf = (
  model: Model,
  set: EntitySet,
): { readonly text: string; readonly parameters: ReadonlyArray<Parameter> } => {
  const members = new Map(set.properties)
  const parts = set.keys.map((key) => ({ key, member: members.get(key) ?? {} }))
  const texts = parts.map(({ key, member }) => {
    const value = literal(model, member, key)
    return parts.length === 1 ? value : `${key}=${value}`
  })
  const parameters = parts.map(({ key, member }) => ({
    name: key,
    in: "path",
    required: true,
    schema: withoutNull(typed(model, member)).schema,
  }))
  return { text: `(${texts.join(",")})`, parameters }
}

const operation = (model: Model, qualified: string, overload: JsonObject) => {
  const bound = overload["$IsBound"] === true ? 1 : 0
  const parameters = objectsOf(overload["$Parameter"]).slice(bound)
  const isAction = overload["$Kind"] === "Action"
  const given = Object.fromEntries(parameters.map((each) => [String(each["$Name"]), typed(model, each)]))
  const returns = isObject(overload["$ReturnType"]) ? overload["$ReturnType"] : undefined
  const value = returns === undefined ? undefined : typed(model, returns)
  const isRecord = value?.$ref !== undefined || returns === undefined
  const schema: Schema | undefined =
    value === undefined || isRecord ? value : { type: "object", properties: { "@odata.context": TEXT, value } }
  const name = qualified.slice(qualified.lastIndexOf(".") + 1)
  const body = { requestBody: { ...content({ type: "object", properties: given }) } }
  return {
    name,
    parameters: isAction ? [] : Object.keys(given),
    item: {
      [isAction ? "post" : "get"]: {
        ...(isAction && Object.keys(given).length > 0 ? body : {}),
        ...(isAction
          ? {}
          : {
              parameters: Object.entries(given).map(([key, each]) => ({
                name: key,
                in: "path",
                required: true,
                schema: each,
              })),
            }),
        responses: {
          ...(schema === undefined ? { "204": answer("Done.") } : { "200": answer("What it gives.", schema) }),
          ...FAILURES,
        },
      },
    },
  }
}

const callOf = (name: string, parameters: ReadonlyArray<string>, isFunction: boolean): string =>
  isFunction ? `${name}(${parameters.map((each) => `${each}={${each}}`).join(",")})` : name

/** Operations that are bound to the records of a set, or to the set as a whole. */
const boundTo = (model: Model, set: EntitySet, key: ReturnType<typeof keyOf>) => {
  const paths: { [template: string]: unknown } = {}
  for (const { overload, qualified } of model.operations) {
    const [first] = objectsOf(overload["$Parameter"])
    if (overload["$IsBound"] !== true || first?.["$Type"] !== set.type.qualified) continue
    const { item, name: _name, parameters } = operation(model, qualified, overload)
    const ofAll = first["$Collection"] === true
    if (ofAll && !set.many) continue
    const at = ofAll || !set.many ? `/${set.name}` : `/${set.name}${key.text}`
    const call = callOf(qualified, parameters, overload["$Kind"] === "Function")
    const isPlain = ofAll || key.parameters.length === 0 || !set.many
    paths[`${at}/${call}`] = { [OPERATION]: true, ...(isPlain ? {} : { parameters: key.parameters }), ...item }
  }
  return paths
}

const imported = (model: Model) => {
  const paths: { [template: string]: unknown } = {}
  for (const [name, member] of Object.entries(model.container)) {
    if (!isObject(member)) continue
    const target = textOf(member["$Action"]) ?? textOf(member["$Function"])
    const found = model.operations.find(
      ({ overload, qualified }) => qualified === target && overload["$IsBound"] !== true,
    )
    if (found === undefined) continue
    const { item, parameters } = operation(model, found.qualified, found.overload)
    paths[`/${callOf(name, parameters, found.overload["$Kind"] === "Function")}`] = item
  }
  return paths
}

const ERROR: Schema = {
  type: "object",
  properties: {
    error: {
      type: "object",
      properties: {
        code: TEXT,
        message: TEXT,
        innererror: { type: "object", properties: { message: TEXT, type: TEXT, stacktrace: TEXT } },
      },
    },
  },
}

export const of = (model: Model, sets: ReadonlyArray<EntitySet>) => {
  const paths: { [template: string]: unknown } = {}
  for (const set of sets) {
    const key = keyOf(model, set)
    if (set.many) {
      paths[`/${set.name}`] = collection(set)
      if (set.keys.length > 0) paths[`/${set.name}${key.text}`] = record(set, key.parameters)
    } else paths[`/${set.name}`] = record(set, [])
    Object.assign(paths, boundTo(model, set, key))
  }
  Object.assign(paths, imported(model))
  const schemas: { readonly [name: string]: Schema } = Object.keys(paths).length === 0 ? {} : { ODataError: ERROR }
  return { paths, schemas }
}
