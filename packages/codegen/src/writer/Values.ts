/** Names for values that JSON has no type for, so that a date is not taken for a text and a price not for a float. */
import ts from "typescript"
import type { Schema } from "../Description.ts"

interface Brand {
  readonly name: string
  readonly text: string
  readonly base: "string" | "number"
}

/** By type and format. */
const BRANDS: { readonly [typeAndFormat: string]: Brand } = {
  "integer int64": {
    name: "Int64",
    base: "number",
    text: "A whole number of up to 64 bits, which a JavaScript number holds exactly only up to 2^53.",
  },
  "integer ax-time": { name: "AxTime", base: "number", text: "Seconds since midnight." },
  "number decimal": {
    name: "Decimal",
    base: "number",
    text: "An amount, a price or a quantity with all its digits.",
  },
  "string ax-date": {
    name: "AxDate",
    base: "string",
    text: "A day, written as noon in UTC: `2026-11-20T12:00:00Z`; `1900-01-01T12:00:00Z` is none. It is no instant.",
  },
  "string date": { name: "LocalDate", base: "string", text: "A day without a time and without a zone: `2026-11-20`." },
  "string date-time": {
    name: "DateTime",
    base: "string",
    text: "A point in time with its offset: `2026-11-20T08:30:00Z`.",
  },
  "string decimal": {
    name: "DecimalText",
    base: "string",
    text: "A decimal number as text, with all its digits: `12.50`.",
  },
  "string int64": { name: "Int64Text", base: "string", text: "A whole number as text." },
  "string site-date-time": {
    name: "SiteDateTime",
    base: "string",
    text: "A point in time by the wall clock of the site, without offset: `2026-11-20 08:30:00.123456`.",
  },
  "string time": { name: "LocalTime", base: "string", text: "A time of day: `08:30:00`." },
}

export type Numbers = "native" | "exact"

export const brandOf = ({ format, type }: Schema): string | undefined => BRANDS[`${String(type)} ${format ?? ""}`]?.name

/**
 * A brand where the schema has one, the exact number where numbers keep their text; else whatever it is anyway. What a program
 * writes may be a plain number all the same: it has no more digits than it shows.
 */
export const nodeFor = (
  schema: Schema,
  numbers: Numbers,
  { isWritten, used }: { readonly isWritten: boolean; readonly used: Set<string> },
): ts.TypeNode | undefined => {
  if (schema.enum !== undefined || schema["const"] !== undefined || typeof schema.type !== "string") return undefined
  const brand = brandOf(schema)
  if (brand !== undefined) {
    used.add(brand)
    return ts.factory.createTypeReferenceNode(brand)
  }
  const isNumber = schema.type === "number" || schema.type === "integer"
  if (!isNumber || numbers === "native") return undefined
  used.add("JsonNumber")
  const exact = ts.factory.createTypeReferenceNode("JsonNumber")
  const plain = ts.factory.createKeywordTypeNode(ts.SyntaxKind.NumberKeyword)
  return isWritten ? ts.factory.createUnionTypeNode([exact, plain]) : exact
}

const HEAD = `/**
 * Keeps values of one form apart that mean different things; Effect's brands are the same, so that both go together. A value
 * that a program makes itself is cast: \`"2026-11-20" as LocalDate\`.
 */
interface Brand<in out Name extends string> {
  readonly "~effect/Brand": { readonly [K in Name]: Name }
}
`

const EXACT = `
/** A JSON number by its text, as the exact parser of \`@mortise/core/Json\` gives it. */
export interface JsonNumber {
  readonly _tag: "JsonNumber"
  readonly text: string
}
`

const baseOf = ({ base }: Brand, numbers: Numbers): string =>
  base === "number" && numbers === "exact" ? "JsonNumber" : base

/** All names that there are, sorted; those that a file needs it imports. */
export const names = (numbers: Numbers): ReadonlyArray<string> => {
  const all = Object.values(BRANDS).map(({ name }) => name)
  return [...all, ...(numbers === "exact" ? ["JsonNumber"] : [])].sort()
}

/** The module that declares them. */
export const module = (numbers: Numbers): string => {
  const sorted = [...Object.values(BRANDS)].sort((a, b) => (a.name < b.name ? -1 : 1))
  const types = sorted.map(
    (brand) => `/** ${brand.text} */\nexport type ${brand.name} = ${baseOf(brand, numbers)} & Brand<"${brand.name}">`,
  )
  return `${HEAD}${numbers === "exact" ? EXACT : ""}\n${types.join("\n\n")}\n`
}

/** An import of the names that are used. */
export const importOf = (used: ReadonlySet<string>): string =>
  used.size === 0 ? "" : `import type { ${[...used].sort().join(", ")} } from "./values.js"\n\n`

/** The names that stand in a text of types, as types: not in its comments, texts and names of members. */
export const usedIn = (types: string): ReadonlySet<string> => {
  const bare = types.replaceAll(/"(?:[^"\\]|\\.)*"|\/\*[\s\S]*?\*\/|[\w$]+\??:/g, " ")
  return new Set(names("native").filter((name) => new RegExp(`\\b${name}\\b`).test(bare)))
}
