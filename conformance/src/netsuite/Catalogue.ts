/**
 * What the account says of its records: their names, and with the right media type their schemas, as the account and the
 * role have them. Nothing is required anywhere. Oracle: help, sections 1540810174, 1545126526, 1545129726.
 */
import { documents } from "../generated/netsuite.ts"
import type { TwinReply } from "../twin/Twin.ts"
import { type Call, json, may } from "./Call.ts"
import * as Custom from "./Custom.ts"
import * as Errors from "./Errors.ts"
import { VERSION } from "./Shapes.ts"
import { RECORDS } from "./Spec.ts"
import * as Types from "./Types.ts"

type Schema = { readonly [member: string]: unknown; readonly properties?: { readonly [name: string]: unknown } }

interface Described {
  readonly paths: { readonly [path: string]: unknown }
  readonly components: { readonly schemas: { readonly [name: string]: Schema }; readonly [member: string]: unknown }
}

const described = (): Described => documents[VERSION] as unknown as Described

/** Record types that the description has and the role may see. */
const names = ({ world }: Call): ReadonlyArray<string> => {
  const typed = new Set(Object.keys(described().paths).map((path) => path.split("/")[1] ?? ""))
  return [...typed].filter((name) => Types.find(name) !== undefined && may(world, name, "view"))
}

const MEDIA = ["application/swagger+json", "application/schema+json"]

const links = (origin: string, name: string) => {
  const href = `${origin}${RECORDS}/metadata-catalog/${name}`
  return [
    { rel: "canonical", href, mediaType: "application/json" },
    ...MEDIA.map((mediaType) => ({ rel: "alternate", href, mediaType })),
  ]
}

const KINDS: Readonly<Record<Custom.CustomKind, object>> = {
  text: { type: "string" },
  boolean: { type: "boolean" },
  integer: { type: "integer", format: "int64" },
  number: { type: "number", format: "double" },
  date: { type: "string", format: "date" },
  dateTime: { type: "string", format: "date-time" },
}

const propertyOf = ({ kind, label, name }: Custom.CustomField) => ({
  title: label ?? name,
  ...KINDS[kind],
  nullable: true,
  "x-ns-custom-field": true,
})

/** `type: [string, null]` as the catalogue writes it. */
const served = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(served)
  if (typeof value !== "object" || value === null) return value
  const made = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, served(one)]))
  const { type } = made
  if (!Array.isArray(type)) return made
  return { ...made, type: type.find((one) => one !== "null"), nullable: true }
}

/** `salesOrder-itemElement` belongs to `salesOrder`, and shows the fields of its lines. */
const withOwn = (call: Call, name: string, schema: Schema): Schema => {
  const type = name.replace(/-itemElement$/, "")
  const fields = Types.find(type) === undefined ? [] : Custom.fieldsOf(call.world.customFields, type, type !== name)
  const properties = Object.entries(schema.properties ?? {}).filter(
    ([one]) => one !== "subsidiary" || call.world.knobs.oneWorld,
  )
  return {
    ...schema,
    properties: Object.fromEntries([...properties, ...fields.map((one) => [one.name, propertyOf(one)] as const)]),
  }
}

const owner = (schema: string): string => schema.split("-")[0]?.replace(/Collection$/, "") ?? ""

/** Types that were not asked for are objects without members. */
const schemasOf = (call: Call, wanted: ReadonlySet<string>): { readonly [name: string]: unknown } =>
  Object.fromEntries(
    Object.entries(described().components.schemas).map(([name, schema]) => {
      const isShared = name.startsWith("ns") || name === "attachRole"
      if (isShared) return [name, served(schema)]
      if (!wanted.has(owner(name))) return [name, { type: "object" }]
      return [name, served(schema.properties === undefined ? schema : withOwn(call, name, schema))]
    }),
  )

const swagger = (call: Call, wanted: ReadonlySet<string>): TwinReply => {
  const { components, paths } = described()
  const shown = Object.entries(paths).filter(([path]) => wanted.has(path.split("/")[1] ?? ""))
  return {
    status: 200,
    headers: { "content-type": "application/swagger+json" },
    body: {
      openapi: "3.0.1",
      info: { title: "NetSuite REST Record API", version: "v1" },
      servers: [{ url: `${call.origin}${RECORDS}` }],
      paths: served(Object.fromEntries(shown)),
      components: { ...(served(components) as object), schemas: schemasOf(call, wanted) },
    },
  }
}

const schema = (call: Call, name: string): TwinReply => ({
  status: 200,
  headers: { "content-type": "application/schema+json" },
  body: {
    $schema: "http://json-schema.org/draft-06/hyper-schema#",
    ...(schemasOf(call, new Set([name]))[name] as object),
  },
})

const wantedOf = (call: Call, name: string | undefined): ReadonlyArray<string> => {
  const all = names(call)
  const select = name ?? call.request.url.searchParams.get("select")
  if (select === null || select === undefined) return all
  if (/\s/.test(select)) throw Errors.badRequest("Invalid value of the select parameter.")
  const asked = select.split(",")
  const known = new Map(all.map((one) => [one.toLowerCase(), one]))
  const unknown = asked.find((one) => !known.has(one.toLowerCase()))
  if (unknown !== undefined) throw Errors.badRequest(`Invalid record type: ${unknown}.`)
  return asked.map((one) => known.get(one.toLowerCase()) as string)
}

/** `name` is one type in the path. */
export const handle = (call: Call, name?: string): TwinReply => {
  const wanted = wantedOf(call, name)
  const accept = call.request.headers.get("accept") ?? ""
  if (accept.includes("swagger")) return swagger(call, new Set(wanted))
  const [first] = wanted
  if (accept.includes("schema") && first !== undefined && wanted.length === 1) return schema(call, first)
  return json(200, { items: wanted.map((one) => ({ name: one, links: links(call.origin, one) })) })
}
