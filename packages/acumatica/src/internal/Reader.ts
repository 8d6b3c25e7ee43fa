/** Reads the members of one record on the wire, names them in issues, and never lets one bad member hide the others. */
import type { Issue } from "@mortise/core/ConnectorError"
import type { Decimal } from "@mortise/core/Decimal"
import type { Address } from "@mortise/core/Entities"
import type { Schemas } from "../Client.ts"
import type { CustomFields } from "../Config.ts"
import { attempt, type Codec, type Read, type Wrapped } from "../Wrapping.ts"
import * as custom from "./custom.ts"

/** The names of members that are wrapped values. */
type ValueOf<T> = { [K in keyof T]-?: NonNullable<T[K]> extends { readonly value?: unknown } ? K : never }[keyof T] &
  string
type LinkOf<T> = Exclude<keyof T & string, ValueOf<T>>

export interface Reader<T> {
  readonly text: (name: ValueOf<T>) => Read<string>
  readonly code: (name: ValueOf<T>) => Read<string>
  readonly decimal: (name: ValueOf<T>) => Read<Decimal>
  readonly integer: (name: ValueOf<T>) => Read<number>
  readonly boolean: (name: ValueOf<T>) => Read<boolean>
  readonly day: (name: ValueOf<T>) => Read<string>
  readonly instant: (name: ValueOf<T>) => Read<string>
  /** A linked record; undefined when it was not expanded. */
  readonly link: <K extends LinkOf<T>>(name: K) => Reader<NonNullable<T[K]>> | undefined
  /** Detail records; undefined when they were not expanded. */
  readonly lines: <K extends LinkOf<T>>(
    name: K,
  ) => NonNullable<T[K]> extends ReadonlyArray<infer L> ? ReadonlyArray<Reader<L>> | undefined : never
  /** The vendor's id of the record. */
  readonly id: string | undefined
  readonly custom: (fields: CustomFields) => { readonly [viewAndField: string]: unknown } | undefined
  readonly issues: Array<Issue>
}

export const make = <T>(
  codec: Codec,
  wire: T,
  path: ReadonlyArray<string> = [],
  issues: Array<Issue> = [],
): Reader<T> => {
  const members = (wire ?? {}) as { readonly [name: string]: unknown }
  const value = <A>(decode: (wrapped: Wrapped) => Read<A>) => {
    return (name: string) => attempt(issues, [...path, name], () => decode(members[name] as Wrapped))
  }
  const link = (name: string): Reader<unknown> | undefined => {
    const member = members[name]
    return typeof member === "object" && member !== null && !Array.isArray(member)
      ? make(codec, member, [...path, name], issues)
      : undefined
  }
  const lines = (name: string): ReadonlyArray<Reader<unknown>> | undefined => {
    const member = members[name]
    if (!Array.isArray(member)) return undefined
    return member.map((each: unknown, index) => make(codec, each, [...path, name, String(index)], issues))
  }
  const reader = {
    text: value(codec.text),
    code: value(codec.code),
    decimal: value(codec.decimal),
    integer: value(codec.integer),
    boolean: value(codec.boolean),
    day: value(codec.day),
    instant: value(codec.instant),
    link,
    lines,
    id: typeof members["id"] === "string" ? members["id"] : undefined,
    custom: (fields: CustomFields) =>
      custom.read(codec, members["custom"], fields, { path: [...path, "custom"], issues }),
    issues,
  }
  return reader as unknown as Reader<T>
}

/** The members that are known; those that were not told stay out. */
export const known = <T extends { readonly [name: string]: unknown }>(
  members: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } => {
  const entries = Object.entries(members).filter(([, member]) => member !== undefined)
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> }
}

/** An address. A country that is not a code of two letters is left unknown rather than guessed. */
export const address = (reader: Reader<Schemas["Address"]> | undefined): typeof Address.Type | undefined => {
  if (reader === undefined) return undefined
  const [first, second] = [reader.text("AddressLine1"), reader.text("AddressLine2")]
  const country = reader.code("Country")
  const isCode = country !== undefined && country !== null && /^[A-Za-z]{2}$/.test(country)
  return known({
    lines: first === undefined && second === undefined ? undefined : linesOf(first, second),
    city: reader.text("City"),
    region: reader.text("State"),
    postalCode: reader.text("PostalCode"),
    country: isCode ? country.toUpperCase() : country === null ? null : undefined,
  }) as typeof Address.Type
}

const linesOf = (first: Read<string>, second: Read<string>): ReadonlyArray<string> | null => {
  const lines = [first ?? "", second ?? ""]
  while (lines.at(-1) === "") lines.pop()
  return lines.length === 0 ? null : lines
}
