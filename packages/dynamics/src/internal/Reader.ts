/** Reads the fields of one record on the wire, names them in issues, and never lets one bad field hide the others. */
import { type Issue, shape } from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import type { Address } from "@mortise/core/Entities"
import * as Json from "@mortise/core/Json"
import type { Instant, LocalDate } from "@mortise/core/Values"
import * as Option from "effect/Option"
import { dayOf } from "../Values.ts"

/** Undefined: not told. Null: told to be empty. */
export type Read<A> = A | null | undefined

type Name<T> = keyof T & string

export interface Reader<T> {
  /** An empty text is how the service writes that there is none. */
  readonly text: (name: Name<T>) => Read<string>
  /** The text as it stands, empty as well. */
  readonly raw: (name: Name<T>) => string | undefined
  readonly decimal: (name: Name<T>) => Read<Decimal.Decimal>
  readonly integer: (name: Name<T>) => Read<number>
  readonly flag: (name: Name<T>) => Read<boolean>
  readonly day: (name: Name<T>) => Read<LocalDate>
  readonly instant: (name: Name<T>) => Read<Instant>
  /** The record that a navigation leads to; undefined when it was not expanded, null when there is none. */
  readonly link: <L>(name: Name<T>) => Reader<L> | null | undefined
  /** The records that a navigation leads to; undefined when it was not expanded. */
  readonly lines: <L>(name: Name<T>) => ReadonlyArray<Reader<L>> | undefined
  readonly etag: string | undefined
  readonly wire: { readonly [name: string]: unknown }
  readonly issues: Array<Issue>
}

const decimalOf = (value: unknown): Decimal.Decimal | undefined =>
  value instanceof Json.JsonNumber ? Option.getOrUndefined(Decimal.parse(value)) : undefined

const INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,7})?)(Z|[+-]\d{2}:\d{2})$/

/** Instants are told in UTC; another offset is turned into it. */
const instantOf = (text: string): Instant | undefined => {
  const [, time, offset] = INSTANT.exec(text) ?? []
  if (time === undefined || Number.isNaN(Date.parse(text))) return undefined
  return (offset === "Z" ? text : new Date(text).toISOString()) as Instant
}

export const make = <T>(wire: unknown, path: ReadonlyArray<string> = [], issues: Array<Issue> = []): Reader<T> => {
  const members = (wire ?? {}) as { readonly [name: string]: unknown }
  const refuse = (name: string, expected: string): undefined => {
    issues.push({ path: [...path, name], message: `expected ${expected}, found ${shape(members[name])}` })
    return undefined
  }
  const value = <A>(expected: string, decode: (value: unknown) => Read<A>) => {
    return (name: string): Read<A> => {
      const found = members[name]
      if (found === undefined || found === null) return found
      const decoded = decode(found)
      return decoded === undefined ? refuse(name, expected) : decoded
    }
  }
  const text = value("text", (found) => (typeof found === "string" ? found || null : undefined))
  const link = (name: string): Reader<unknown> | null | undefined => {
    const found = members[name]
    if (found === undefined || found === null) return found
    return typeof found === "object" ? make(found, [...path, name], issues) : refuse(name, "a record")
  }
  const lines = (name: string): ReadonlyArray<Reader<unknown>> | undefined => {
    const found = members[name]
    if (found === undefined) return undefined
    if (!Array.isArray(found)) return refuse(name, "a list of records")
    return found.map((each: unknown, index) => make(each, [...path, name, String(index)], issues))
  }
  const etag = members["@odata.etag"]
  const reader = {
    text,
    raw: (name: string) => (typeof members[name] === "string" ? members[name] : undefined),
    decimal: value("a number", decimalOf),
    integer: value("a whole number", (found) => {
      const text = found instanceof Json.JsonNumber ? found.text : ""
      return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
    }),
    flag: value("Yes or No", (found) => (found === "Yes" ? true : found === "No" ? false : undefined)),
    day: value("a date", (found) => {
      if (typeof found !== "string" || instantOf(found) === undefined) return undefined
      return dayOf(found) ?? null
    }),
    instant: value("an instant", (found) => {
      if (typeof found !== "string") return undefined
      return found.startsWith("1900-01-01T") ? null : instantOf(found)
    }),
    link,
    lines,
    etag: typeof etag === "string" ? etag : undefined,
    wire: members,
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

/** The names of an address's fields; the sets write the state and the country in more than one way. */
export interface AddressNames {
  readonly street: string
  readonly city: string
  readonly state: string
  readonly zip: string
  readonly iso: string
  readonly country: string
}

export const namesOf = (names: AddressNames): ReadonlyArray<string> => Object.values(names)

const linesOf = (street: Read<string>): ReadonlyArray<string> | null | undefined => {
  if (street === undefined || street === null) return street
  const lines = street.split(/\r?\n/)
  while (lines.at(-1) === "") lines.pop()
  return lines.length === 0 ? null : lines
}

/** An address. A country without a code of two letters is left unknown rather than guessed. */
export const address = <T>(
  reader: Reader<T>,
  names: AddressNames,
  countries: { readonly [iso: string]: string } = {},
): Address | undefined => {
  const text = (name: string) => reader.text(name as Name<T>)
  const [street, city, region, postalCode] = [names.street, names.city, names.state, names.zip].map(text)
  const [iso, country] = [text(names.iso), text(names.country)]
  if ([street, city, region, postalCode, iso, country].every((each) => each === undefined)) return undefined
  const own = Object.entries(countries).find(([, id]) => id === country)?.[0]
  const code = [own, iso, country].find((each) => typeof each === "string" && /^[A-Za-z]{2}$/.test(each))
  const none = !iso && !country ? null : undefined
  return known({ lines: linesOf(street), city, region, postalCode, country: code?.toUpperCase() ?? none }) as Address
}
