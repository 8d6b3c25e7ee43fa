/**
 * A `$metadata` of the size and shape that a Finance & Operations instance serves: about 4,800 entity types, 50 MB, two
 * keys for most, strings and enums nullable, annotations on each property. Names are made up; a seed gives one file.
 */
import { createWriteStream } from "node:fs"
import { finished } from "node:stream/promises"

const NAMESPACE = "Microsoft.Dynamics.DataEntities"
const TERM = "Microsoft.Dynamics.OData.Core.V1"

/** Mulberry32: small, and the same on every machine. */
const random = (seed: number) => {
  let state = seed >>> 0
  return (below: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below)
  }
}

const PARTS = [
  "Amount",
  "Code",
  "Customer",
  "Date",
  "Default",
  "Group",
  "Item",
  "Ledger",
  "Line",
  "Name",
  "Number",
  "Order",
]

export interface Size {
  readonly entityTypes: number
  readonly enums: number
  /** Properties of a type, on average. */
  readonly properties: number
}

export const FULL: Size = { entityTypes: 4800, enums: 2038, properties: 30 }

type Random = ReturnType<typeof random>

const enumType = (index: number, below: Random): string => {
  const members = Array.from(
    { length: 2 + below(8) },
    (_, value) => `        <Member Name="Choice${value}" Value="${value}" />`,
  )
  return `      <EnumType Name="Enum${index}">\n${members.join("\n")}\n      </EnumType>\n`
}

const annotation = (term: string, value: string): string => `          <Annotation Term="${TERM}.${term}" ${value} />\n`

const axType = (name: string): string => annotation("AXType", `EnumMember="${TERM}.AXType/${name}"`)

/** Shares of the types as they are in a real instance. */
const typeOf = (
  below: Random,
  enums: number,
): { readonly edm: string; readonly ax: string; readonly nullable: boolean } => {
  const roll = below(100)
  if (roll < 55) return { edm: "Edm.String", ax: "String", nullable: true }
  if (roll < 75) return { edm: `${NAMESPACE}.Enum${below(enums)}`, ax: "Enum", nullable: true }
  if (roll < 87) return { edm: "Edm.Decimal", ax: "Real", nullable: false }
  if (roll < 93) return { edm: "Edm.DateTimeOffset", ax: below(2) === 0 ? "Date" : "UtcDateTime", nullable: false }
  return roll < 97
    ? { edm: "Edm.Int32", ax: "Int32", nullable: false }
    : { edm: "Edm.Int64", ax: "Int64", nullable: false }
}

const property = (name: string, below: Random, enums: number): string => {
  const { ax, edm, nullable } = typeOf(below, enums)
  const head = `        <Property Name="${name}" Type="${edm}"${nullable ? "" : ' Nullable="false"'}>\n`
  const flags =
    below(12) === 0 ? annotation("AllowEdit", 'Bool="false"') + annotation("AllowEditOnCreate", 'Bool="false"') : ""
  const required = below(20) === 0 ? annotation("IsRequired", 'Bool="true"') : ""
  return `${head}${axType(ax)}${annotation("LabelId", `String="@SYS${100_000 + below(90_000)}"`)}${required}${flags}        </Property>\n`
}

const entityType = (index: number, below: Random, size: Size): string => {
  const keys = ["dataAreaId", "Number"]
  const count = Math.max(3, Math.floor((size.properties * (30 + below(141))) / 100))
  const names = Array.from(
    { length: count },
    (_, at) => `${PARTS[below(PARTS.length)]}${PARTS[below(PARTS.length)]}${at}`,
  )
  const links = Array.from({ length: 1 + below(3) }, (_, at) => {
    const target = `${NAMESPACE}.Entity${below(size.entityTypes)}`
    return `        <NavigationProperty Name="Link${at}" Type="${below(2) === 0 ? target : `Collection(${target})`}" />\n`
  })
  return [
    `      <EntityType Name="Entity${index}">\n        <Key>\n`,
    ...keys.map((key) => `          <PropertyRef Name="${key}" />\n`),
    "        </Key>\n",
    ...keys.map((key) => `        <Property Name="${key}" Type="Edm.String" Nullable="false" />\n`),
    ...names.map((name) => property(name, below, size.enums)),
    ...links,
    "      </EntityType>\n",
  ].join("")
}

/** The file in pieces, each a whole number of types. */
export function* pieces(seed: number, size: Size = FULL): Generator<string> {
  const below = random(seed)
  yield '\uFEFF<?xml version="1.0" encoding="utf-8"?>\n<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">\n'
  yield `  <edmx:DataServices>\n    <Schema Namespace="${NAMESPACE}" xmlns="http://docs.oasis-open.org/odata/ns/edm">\n`
  for (let index = 0; index < size.enums; index++) yield enumType(index, below)
  for (let index = 0; index < size.entityTypes; index++) yield entityType(index, below, size)
  yield '      <EntityContainer Name="Resources">\n'
  for (let index = 0; index < size.entityTypes; index++) {
    yield `        <EntitySet Name="Entities${index}" EntityType="${NAMESPACE}.Entity${index}" />\n`
  }
  yield "      </EntityContainer>\n    </Schema>\n  </edmx:DataServices>\n</edmx:Edmx>\n"
}

/** Writes the file and tells its size in bytes. */
export const write = async (path: string, seed: number, size: Size = FULL): Promise<number> => {
  const file = createWriteStream(path)
  for (const piece of pieces(seed, size)) {
    if (!file.write(piece)) await new Promise<void>((resolve) => file.once("drain", () => resolve()))
  }
  file.end()
  await finished(file)
  return file.bytesWritten
}

/** Thirty sets, spread over the file. */
export const asked = (size: Size = FULL): ReadonlyArray<string> =>
  Array.from({ length: 30 }, (_, at) => `Entities${Math.floor((at * size.entityTypes) / 30)}`)
