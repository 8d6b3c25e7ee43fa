/**
 * Types the values of a query's row back: what comes is text, `T` and `F`, and nothing where there is no value. It names
 * what it cannot read in issues, and never lets one bad value hide the others.
 */
import { type Issue, shape } from "@mortise/core/ConnectorError"
import type * as Decimals from "@mortise/core/Decimal"
import type { Address } from "@mortise/core/Entities"
import type { CustomFields } from "../Config.ts"
import * as custom from "./custom.ts"
import { numeral } from "./numeral.ts"
import type { Row } from "./Records.ts"

/** Absent: it was not asked for, or the account does not have it. Null: there is no value. */
export type Read<A> = A | null | undefined

export interface Reader {
  readonly text: (column: string) => Read<string>
  readonly decimal: (column: string) => Read<Decimals.Decimal>
  readonly integer: (column: string) => Read<number>
  readonly boolean: (column: string) => Read<boolean>
  readonly day: (column: string) => Read<string>
  /** The rows of another table that belong to this record; undefined when they were not asked for. */
  readonly part: (name: string) => ReadonlyArray<Reader> | undefined
  readonly custom: (fields: CustomFields) => custom.Own | undefined
  readonly issues: Array<Issue>
}

export type Parts = { readonly [part: string]: ReadonlyArray<Reader> | undefined }

const DAY = /^\d{4}-\d{2}-\d{2}$/

const DECODERS = {
  text: (text: string): string | undefined => text,
  decimal: numeral,
  integer: (text: string): number | undefined => {
    const value = Number(text)
    return /^-?\d+(?:\.0+)?$/.test(text.trim()) && Number.isSafeInteger(value) ? value : undefined
  },
  boolean: (text: string): boolean | undefined =>
    text === "T" || text === "true" ? true : text === "F" || text === "false" ? false : undefined,
  day: (text: string): string | undefined => (DAY.test(text) ? text : undefined),
}

const EXPECTED: { readonly [K in keyof typeof DECODERS]: string } = {
  text: "text",
  decimal: "a decimal number",
  integer: "a whole number",
  boolean: "T or F",
  day: "a day as YYYY-MM-DD",
}

export const make = (
  row: Row,
  asked: ReadonlySet<string>,
  parts: Parts = {},
  path: ReadonlyArray<string> = [],
  issues: Array<Issue> = [],
): Reader => {
  const raw = (column: string): Read<string> => {
    if (!asked.has(column)) return undefined
    // Oracle keeps no empty text: it is no value.
    return row[column] || null
  }
  const value =
    <A>(kind: keyof typeof DECODERS, decode: (text: string) => A | undefined) =>
    (column: string): Read<A> => {
      const text = raw(column)
      if (text === undefined || text === null) return text
      const read = decode(text)
      if (read === undefined)
        issues.push({ path: [...path, column], message: `expected ${EXPECTED[kind]}, found ${shape(text)}` })
      return read
    }
  return {
    text: value("text", DECODERS.text),
    decimal: value("decimal", DECODERS.decimal),
    integer: value("integer", DECODERS.integer),
    boolean: value("boolean", DECODERS.boolean),
    day: value("day", DECODERS.day),
    part: (name) => parts[name],
    custom: (fields) => {
      const out: { [name: string]: unknown } = {}
      for (const [name, type] of Object.entries(fields)) {
        const text = raw(name)
        if (text === undefined) continue
        const read = text === null ? null : custom.read(type, text)
        if (read === undefined)
          issues.push({ path: [...path, "custom", name], message: `is no ${type} (${shape(text)})` })
        else out[name] = read
      }
      return Object.keys(out).length === 0 ? undefined : out
    },
    issues,
  }
}

/** The members that are known; those that were not told stay out. */
export const known = <T extends { readonly [name: string]: unknown }>(
  members: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } => {
  const entries = Object.entries(members).filter(([, member]) => member !== undefined)
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> }
}

/** A record that is pointed to. */
export const link = (
  id: Read<string>,
  number?: Read<string>,
): Read<{ readonly id: string; readonly number?: string }> =>
  id === undefined || id === null ? id : { id, ...(typeof number === "string" ? { number } : {}) }

const linesOf = (reader: Reader): ReadonlyArray<string> | null | undefined => {
  const lines = ["addr1", "addr2", "addr3"].map((column) => reader.text(column))
  if (lines.every((line) => line === undefined)) return undefined
  const texts = lines.map((line) => line ?? "")
  while (texts.at(-1) === "") texts.pop()
  return texts.length === 0 ? null : texts
}

/** An address. NetSuite has countries of its own beside those of ISO 3166; these are left unknown rather than guessed. */
export const address = (reader: Reader): typeof Address.Type => {
  const country = reader.text("country")
  const isCode = typeof country === "string" && /^[A-Za-z]{2}$/.test(country)
  return known({
    lines: linesOf(reader),
    city: reader.text("city"),
    region: reader.text("state"),
    postalCode: reader.text("zip"),
    country: isCode ? country.toUpperCase() : country === null ? null : undefined,
  }) as typeof Address.Type
}
