/** What the environment says of itself: `$metadata` in CSDL, and the cheap JSON of `/metadata`. */
import type { TwinReply, TwinRequest } from "../twin/Twin.ts"
import * as Errors from "./Errors.ts"
import { type Field, type Model, NAMESPACE, type SetModel } from "./Model.ts"
import * as Sets from "./Sets.ts"
import * as Values from "./Values.ts"

const CORE = "Microsoft.Dynamics.OData.Core.V1"

const AX_TYPES = { date: "Date", instant: "UtcDateTime" } as const

const annotations = (field: Field): string => {
  const flag = (term: string, on: boolean, value: boolean) =>
    on ? `<Annotation Term="${CORE}.${term}" Bool="${value}"/>` : ""
  const ax = field.kind === "date" || field.kind === "instant" ? AX_TYPES[field.kind] : undefined
  return [
    ax === undefined ? "" : `<Annotation Term="${CORE}.AXType" EnumMember="${CORE}.AXType/${ax}"/>`,
    flag("IsRequired", field.required, true),
    flag("AllowEdit", !field.editable, false),
    flag("AllowEditOnCreate", !field.givenAtCreation, false),
  ].join("")
}

const property = (field: Field): string => {
  const nullable = field.nullable ? "" : ' Nullable="false"'
  return `<Property Name="${field.name}" Type="${Values.typeName(field)}"${nullable}>${annotations(field)}</Property>`
}

const entityType = (model: Model, set: SetModel): string => {
  const keys = set.keys.map((name) => `<PropertyRef Name="${name}"/>`).join("")
  const links = [...set.links.values()].flatMap(({ many, name, target }) => {
    const type = model.find(target)?.type
    if (type === undefined) return []
    const qualified = `${NAMESPACE}.${type}`
    return [`<NavigationProperty Name="${name}" Type="${many ? `Collection(${qualified})` : qualified}"/>`]
  })
  const fields = [...set.fields.values()].map(property)
  return `<EntityType Name="${set.type}"><Key>${keys}</Key>${[...fields, ...links].join("")}</EntityType>`
}

const enumType = ([name, { members, unset }]: readonly [
  string,
  Model["enums"] extends Map<string, infer E> ? E : never,
]): string => {
  const first = unset === null ? 1 : 0
  const rows = members.map((member, place) => `<Member Name="${member}" Value="${place + first}"/>`)
  return `<EnumType Name="${name}">${rows.join("")}</EnumType>`
}

const entitySet = (model: Model, set: SetModel): string => {
  const bindings = [...set.links.values()]
    .filter(({ target }) => model.find(target) !== undefined)
    .map(({ name, target }) => `<NavigationPropertyBinding Path="${name}" Target="${target}"/>`)
  return `<EntitySet Name="${set.name}" EntityType="${NAMESPACE}.${set.type}">${bindings.join("")}</EntitySet>`
}

/** The document as the service serves it, with the tenant's own fields and without the hidden sets. */
export const csdl = (model: Model): string =>
  [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>',
    `<Schema Namespace="${NAMESPACE}" xmlns="http://docs.oasis-open.org/odata/ns/edm">`,
    ...[...model.enums].map(enumType),
    ...model.all().map((set) => entityType(model, set)),
    `<EntityContainer Name="Resources">${model
      .all()
      .map((set) => entitySet(model, set))
      .join("")}</EntityContainer>`,
    "</Schema></edmx:DataServices></edmx:Edmx>",
  ].join("\n")

const isReadOnly = (name: string): boolean => Sets.find(name)?.access === "read"

const publicProperty = (set: SetModel, field: Field) => ({
  Name: field.name,
  TypeName: Values.typeName(field),
  DataType: field.kind === "enum" ? "Enum" : Values.typeName(field).replace("Edm.", ""),
  IsKey: set.keys.includes(field.name),
  IsMandatory: field.required,
  AllowEdit: field.editable && !set.keys.includes(field.name),
  AllowEditOnCreate: field.givenAtCreation,
  IsDimension: false,
  DimensionRelation: null,
  IsDynamicDimension: false,
})

const publicEntity = (set: SetModel) => ({
  Name: set.type,
  EntitySetName: set.name,
  IsReadOnly: isReadOnly(set.name),
  ConfigurationEnabled: true,
  Properties: [...set.fields.values()].map((field) => publicProperty(set, field)),
  NavigationProperties: [...set.links.values()].map((link) => ({
    Name: link.name,
    RelatedEntity: link.target,
    RelatedRelationName: null,
    Cardinality: link.many ? "Multiple" : "Single",
    Constraints: [],
  })),
  Actions: [],
})

const dataEntity = (set: SetModel) => ({
  Name: `${set.type}Entity`,
  PublicEntityName: set.type,
  PublicCollectionName: set.name,
  DataServiceEnabled: true,
  DataManagementEnabled: true,
  IsReadOnly: isReadOnly(set.name),
})

const publicEnumeration = (model: Model, name: string) => ({
  Name: name,
  Members: model.enumeration(name).members.map((member, place) => ({ Name: member, Value: place })),
})

/** `/metadata/...`; a name in brackets asks for one. */
export const json = (model: Model, root: string, path: string, request: TwinRequest): TwinReply => {
  const [, resource = "", name] = /^(\w+)(?:\('([^']*)'\))?$/.exec(decodeURIComponent(path)) ?? []
  if (request.method !== "GET") return Errors.page(405, "Method Not Allowed")
  const context = { "@odata.context": `${root}/$metadata#${resource}` }
  const list = (value: ReadonlyArray<unknown>) => Errors.json(200, { ...context, value })
  if (resource === "PublicEntities") {
    const found = model.all().filter((set) => name === undefined || set.type === name)
    if (name === undefined) return list(found.map(publicEntity))
    return found[0] === undefined
      ? Errors.notFound(name).reply
      : Errors.json(200, { ...context, ...publicEntity(found[0]) })
  }
  if (resource === "DataEntities") return list(model.all().map(dataEntity))
  if (resource === "PublicEnumerations")
    return list([...model.enums.keys()].map((one) => publicEnumeration(model, one)))
  return Errors.notFound(resource).reply
}
