/** A write in HubSpot's terms: properties, associations, labels and lines that a canonical patch asks for. */
import type * as BatchUpsert from "@mortise/core/BatchUpsert"
import { Invalid, type Issue, type Reason, shape, Unsupported } from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import type * as Entity from "@mortise/core/Entity"
import * as BigDecimal from "effect/BigDecimal"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Line from "../ports/Line.ts"
import type { Definitions } from "./Catalog.ts"
import * as Fields from "./Fields.ts"
import * as Mapping from "./Mapping.ts"
import type { Ref } from "./References.ts"

export interface WantedLink {
  readonly field: string
  readonly link: Mapping.Link
  /** None: the association is to go. */
  readonly refs: ReadonlyArray<Ref>
}

export interface WantedLine {
  readonly key: string
  readonly writes: Fields.Writes
  /** `null` clears; undefined leaves the product alone. */
  readonly product: Ref | null | undefined
}

export interface Draft<E extends Entity.Any = Entity.Any> {
  readonly item: BatchUpsert.Item<E>
  readonly trace: string
  readonly key: string | undefined
  readonly writes: Fields.Writes
  readonly late: Fields.Writes
  readonly links: ReadonlyArray<WantedLink>
  /** Labels on the association with a company: those that are to be there, and those that are not. */
  readonly labels: ReadonlyArray<{ readonly label: Mapping.Label; readonly on: boolean }>
  readonly lines: ReadonlyArray<WantedLine> | undefined
}

type Loose = { readonly [field: string]: unknown }

const invalid = (path: ReadonlyArray<string>, message: string): Invalid =>
  new Invalid({ message: `${path.join(".")}: ${message}`, issues: [{ path, message }] })

/** A property that the portal does not have, ours or the tenant's, or one that cannot be written. */
const undefinedProperty = (
  mapping: Mapping.Any,
  definitions: Definitions,
  name: string,
  custom: boolean,
): Reason | undefined => {
  const definition = definitions.get(name)
  if (definition !== undefined) {
    return definition.modificationMetadata?.readOnlyValue === true || definition.calculated === true
      ? invalid([name], "this property is read-only in HubSpot")
      : undefined
  }
  if (custom) return invalid(["custom", name], "the portal has no such property")
  return new Unsupported({
    feature: `${mapping.type}.${name}`,
    message: `the portal has no property ${name} on ${mapping.type}`,
    mend: "run prepare(), or leave the field out",
  })
}

/** The tenant's own value as text; undefined for what HubSpot has no form for. */
const customText = (value: unknown): string | undefined => {
  if (value === null) return ""
  if (typeof value === "string") return value
  if (typeof value === "boolean") return String(value)
  if (typeof value === "number") return Number.isFinite(value) ? String(value) : undefined
  if (BigDecimal.isBigDecimal(value)) return Decimal.format(value)
  return Array.isArray(value) && value.every((each) => typeof each === "string") ? value.join(";") : undefined
}

const customWrites = (mapping: Mapping.Any, custom: Loose): Fields.Writes | Invalid => {
  const mapped = Mapping.properties(mapping)
  const writes: Record<string, string> = {}
  for (const [name, value] of Object.entries(custom)) {
    if (value === undefined) continue
    if (mapped.has(name)) return invalid(["custom", name], "this property belongs to a field; write the field")
    const text = customText(value)
    if (text === undefined) return invalid(["custom", name], `HubSpot has no form for ${shape(value)}`)
    writes[name] = text
  }
  return writes
}

const asRefs = (link: Mapping.Link, value: unknown): ReadonlyArray<Ref> => {
  if (value === null || value === undefined) return []
  const picked = link.pick === undefined ? value : link.pick(value)
  return (Array.isArray(picked) ? picked : [picked]) as ReadonlyArray<Ref>
}

const lineOf = (line: Loose, context: Fields.Context): WantedLine | Fields.Refused => {
  const writes: Record<string, string> = {}
  for (const [member, field] of Object.entries(Line.fields)) {
    const value = member === "discount" ? Line.withEach(line) : line[member]
    if (value === undefined) continue
    if (value instanceof Fields.Refused) return value
    const written = field.encode?.(value, context) ?? {}
    if (written instanceof Fields.Refused) return written
    Object.assign(writes, written)
  }
  return { key: String(line["key"]), writes, product: line["product"] as Ref | null | undefined }
}

const linesOf = (value: unknown, context: Fields.Context): ReadonlyArray<WantedLine> | Invalid => {
  const lines: Array<WantedLine> = []
  const keys = new Set<string>()
  for (const [index, line] of ((value ?? []) as ReadonlyArray<Loose>).entries()) {
    const wanted = lineOf(line, context)
    const path = ["lines", String(index)]
    if (wanted instanceof Fields.Refused) return invalid(path, wanted.message)
    if (wanted.key === "") return invalid([...path, "key"], "is empty; give each line a key that stays with it")
    if (keys.has(wanted.key)) return invalid([...path, "key"], "two lines have this key; one of them would be lost")
    keys.add(wanted.key)
    lines.push(wanted)
  }
  return lines
}

const labelsOf = (mapping: Mapping.Any, encoded: Loose): Draft["labels"] =>
  mapping.labels
    .filter(({ field }) => encoded[field] !== undefined)
    .map((label) => {
      const words = (encoded[label.field] ?? []) as ReadonlyArray<{ readonly code: string }>
      return { label, on: words.some(({ code }) => code === label.word) }
    })

interface Tools {
  readonly mapping: Mapping.Any
  readonly definitions: Definitions
  readonly context: Fields.Context
  readonly lineContext: Fields.Context
}

const fieldWrites = (
  { context }: Tools,
  fields: { readonly [field: string]: Fields.Field },
  encoded: Loose,
): Fields.Writes | Issue => {
  const writes: Record<string, string> = {}
  for (const [name, value] of Object.entries(encoded)) {
    const written = value === undefined ? undefined : fields[name]?.encode?.(value, context)
    if (written instanceof Fields.Refused) return { path: [name], message: written.message }
    Object.assign(writes, written ?? {})
  }
  return writes
}

const isIssue = (found: Fields.Writes | Issue): found is Issue => Array.isArray((found as Issue).path)

/** Turns one item into HubSpot's terms, or tells why that is impossible. */
export const make = <E extends Entity.Any>(tools: Tools, item: BatchUpsert.Item<E>): Draft<E> | Reason => {
  const { definitions, lineContext, mapping } = tools
  const result = Schema.encodeUnknownResult(mapping.entity.schema)(item.fields)
  if (Result.isFailure(result)) return invalid(["fields"], "cannot be encoded")
  const encoded = result.success as Loose
  const main = fieldWrites(tools, mapping.fields, encoded)
  const late = fieldWrites(tools, mapping.late, encoded)
  if (isIssue(main)) return invalid(main.path, main.message)
  if (isIssue(late)) return invalid(late.path, late.message)
  const custom = customWrites(mapping, (encoded["custom"] ?? {}) as Loose)
  if (custom instanceof Invalid) return custom
  for (const name of [...Object.keys(main), ...Object.keys(late), ...Object.keys(custom)]) {
    const reason = undefinedProperty(mapping, definitions, name, name in custom)
    if (reason !== undefined) return reason
  }
  const lines = encoded["lines"] === undefined ? undefined : linesOf(encoded["lines"], lineContext)
  if (lines instanceof Invalid) return lines
  return {
    item,
    trace: item.trace,
    key: item.key,
    writes: { ...main, ...custom },
    late,
    links: Object.entries(mapping.links as Mapping.Any["links"])
      .filter(([field, { writable }]) => writable && encoded[field] !== undefined)
      .map(([field, link]) => ({ field, link, refs: asRefs(link, encoded[field]) })),
    labels: labelsOf(mapping, encoded),
    lines,
  }
}
