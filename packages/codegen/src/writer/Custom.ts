/**
 * The tenant's own fields by the entities of the connector, as its type parameter: `HubSpot.make<Custom>(...)`; and what the
 * connector has to be told to read and write them.
 */
import type { ApiDocument, CustomField, EntityDescription, System } from "../Description.ts"
import { entityFacts, factsOf } from "../facts/index.ts"
import { key, typeOf } from "./types.ts"
import * as Values from "./Values.ts"

/** Under the name that the connector serves it by; two entities of the vendor may be served as one. */
const servedAs = (system: System, { name }: EntityDescription): string =>
  entityFacts(factsOf(system), name).servedAs ?? name

/** By entity; those are left out of which nothing is known. */
type Fields = ReadonlyMap<string, ReadonlyArray<CustomField>>

const byEntity = ({ entities, system }: ApiDocument): Fields => {
  const found = new Map<string, Array<CustomField>>()
  for (const entity of entities) {
    if (entity.isCustomUnknown === true) continue
    const name = servedAs(system, entity)
    const fields = found.get(name) ?? []
    for (const field of entity.custom) if (!fields.some((other) => same(other, field))) fields.push(field)
    found.set(name, fields)
  }
  return new Map(
    [...found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, fields]) => [name, fields.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))]),
  )
}

const same = (a: CustomField, b: CustomField): boolean => a.name === b.name && typeOf(a.schema) === typeOf(b.schema)

/** Fields of one name, which two entities may have typed differently. */
const typeOfAll = (fields: ReadonlyArray<CustomField>): string =>
  [...new Set(fields.map(({ schema }) => typeOf(schema)))].join(" | ")

const grouped = (fields: ReadonlyArray<CustomField>): ReadonlyMap<string, ReadonlyArray<CustomField>> =>
  new Map(fields.map(({ name }) => [name, fields.filter((other) => other.name === name)]))

const members = (fields: ReadonlyArray<CustomField>): string => {
  // An empty object type would take anything.
  if (fields.length === 0) return "{ readonly [field: string]: never }"
  const lines = [...grouped(fields)].map(([name, all]) => `    readonly ${key(name)}: ${typeOfAll(all)}\n`)
  const locked = [...grouped(fields)]
    .filter(([, all]) => all.every(({ readOnly }) => readOnly))
    .map(([name]) => JSON.stringify(name))
  const note =
    locked.length === 0 ? "" : `    /** Read and never written. */\n    readonly "~readOnly"?: ${locked.join(" | ")}\n`
  return `{\n${lines.join("")}${note}  }`
}

/** How the connector for Dynamics is told of a field: by what its value is on the wire. */
const dynamicsType = ({ schema }: CustomField): string => {
  const { format } = schema
  if (schema.enum !== undefined || schema.anyOf !== undefined) return "Enum"
  if (format === "decimal") return "Decimal"
  if (format === "int64") return "Int"
  if (format === "ax-date") return "Date"
  return format === "date-time" ? "DateTime" : "String"
}

/** What NetSuite is told of a field, by its schema; a field of another kind is not read by its queries. */
const kindOf = ({ schema }: CustomField): string | undefined => {
  const types = [schema.type ?? []].flat().filter((type) => type !== "null")
  if (schema.format === "decimal") return "decimal"
  if (schema.format === "int64") return "integer"
  if (types.includes("boolean")) return "boolean"
  if (types.includes("string"))
    return schema.format === "date" ? "date" : schema.format === "date-time" ? undefined : "text"
  return "reference"
}

/** The word by which a connector is told of a field; undefined for one that it is not told of. */
const wordFor = (system: System, field: CustomField): string | undefined => {
  if (system === "netsuite") return kindOf(field)
  return system === "dynamics" ? dynamicsType(field) : (field.wireType ?? "String")
}

const WITH_TYPES: ReadonlySet<System> = new Set(["acumatica", "dynamics", "netsuite"])

/** HubSpot is told names, the others names with their types, but for ERPNext, which finds them by itself. */
const told = (system: System, fields: Fields): string | undefined => {
  // The connector knows its own entities and no others.
  const served = new Set(Object.values(factsOf(system).entities).map((facts) => facts.servedAs ?? ""))
  const rows = (of: (fields: ReadonlyArray<CustomField>) => string): string =>
    [...fields]
      .filter(([name, own]) => own.length > 0 && served.has(name))
      .map(([name, own]) => `  ${key(name)}: ${of(own)},\n`)
      .join("")
  if (system === "hubspot") {
    return rows((own) => `[${[...grouped(own).keys()].map((name) => JSON.stringify(name)).join(", ")}]`)
  }
  if (!WITH_TYPES.has(system)) return undefined
  const pairs = (own: ReadonlyArray<CustomField>) =>
    [...grouped(own)].flatMap(([name, [field]]) => {
      const word = field === undefined ? undefined : wordFor(system, field)
      return word === undefined ? [] : [`${JSON.stringify(name)}: ${JSON.stringify(word)}`]
    })
  return rows((own) => `{ ${pairs(own).join(", ")} }`)
}

export const module = (document: ApiDocument): string => {
  const fields = byEntity(document)
  const rows = [...fields].map(([name, own]) => `  readonly ${key(name)}: ${members(own)}\n`).join("")
  const rest = "  readonly [entity: string]: { readonly [field: string]: unknown }\n"
  const type = `/** The tenant's own fields; every other entity has whatever it has. */\nexport interface Custom {\n${rows}${rest}}\n`
  const config = told(document.system, fields)
  const value =
    config === undefined
      ? ""
      : `\n/** For the connector's option \`custom\`: which of them it reads and writes. */\nexport const custom = {\n${config}} as const\n`
  return Values.importOf(Values.usedIn(type)) + type + value
}
