/**
 * How one canonical field stands in HubSpot's properties. A field knows the properties that it needs, how its encoded
 * JSON form is read from them and how it is written. All values of HubSpot's are text; empty and null are "nothing".
 */
import type * as Connector from "@mortise/core/Connector"
import * as Decimal from "@mortise/core/Decimal"
import * as Option from "effect/Option"

export type Props = Readonly<Record<string, string | null | undefined>>
export type Writes = Readonly<Record<string, string>>

/** By which rule two texts of a property are the same value. */
export type Kind = "text" | "number" | "date" | "dateTime" | "boolean" | "folded"

export interface Property {
  readonly name: string
  readonly kind: Kind
  /** Set for those that we declare ourselves. */
  readonly own?: Omit<Connector.Declaration, "entity" | "name">
}

/** What fields of a portal depend on. */
export interface Context {
  readonly companyCurrency: string | undefined
  /** The type by which the portal defines a property. */
  readonly typeOf: (property: string) => string | undefined
  /** `won`, `lost` or `open`, from the pipelines' metadata. */
  readonly stage: (pipeline: string | undefined, stage: string) => "won" | "lost" | "open" | undefined
}

/** A value that HubSpot has no place for. */
export class Refused {
  readonly message: string
  constructor(message: string) {
    this.message = message
  }
}

export interface Field {
  readonly properties: ReadonlyArray<Property>
  /** The encoded form; undefined when HubSpot does not tell. */
  readonly decode: (props: Props, context: Context) => unknown
  /** Absent: the field is only read. `null` clears. */
  readonly encode?: (value: unknown, context: Context) => Writes | Refused
  /** Cannot be set to nothing. */
  readonly notClearable?: true
}

/** `undefined` is not told, `null` is empty. */
export const value = (props: Props, name: string): string | null | undefined => {
  const found = props[name]
  return found === undefined ? undefined : found === "" ? null : found
}

const own = (
  name: string,
  kind: Kind,
  label: string,
  type: Connector.Declaration["type"],
  more: Partial<Connector.Declaration> = {},
): Property => ({ name, kind, own: { label, type, ...more } })

export const property = (name: string, kind: Kind = "text"): Property => ({ name, kind })
export const ownText = (name: string, label: string): Property => own(name, "text", label, "text")
export const ownNumber = (name: string, label: string): Property => own(name, "number", label, "number")
export const ownDate = (name: string, label: string): Property => own(name, "date", label, "date")
export const ownDateTime = (name: string, label: string): Property => own(name, "dateTime", label, "dateTime")
export const ownFlag = (name: string, label: string): Property => own(name, "boolean", label, "boolean")
export const ownChoice = (name: string, label: string, choices: ReadonlyArray<string>): Property =>
  own(name, "text", label, "choice", { choices })

/** `12.50` and `12.5` are one number. Text that is none stays what it is, so that reading it fails by name. */
const plain = (text: string): string =>
  Option.match(Decimal.parse(text), { onNone: () => text, onSome: (parsed) => Decimal.format(parsed) })

/** An instant in HubSpot's form, from ISO or from milliseconds since the epoch. */
const instant = (text: string): string => {
  const millis = /^-?\d+$/.test(text) ? Number(text) : Date.parse(text)
  return Number.isNaN(millis) ? text : new Date(millis).toISOString()
}

const day = (text: string): string => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? text : instant(text).slice(0, 10))

/** The one form of a value by which two texts are compared. */
export const normal = (kind: Kind, text: string | null | undefined): string => {
  if (text === null || text === undefined || text === "") return ""
  switch (kind) {
    case "number":
      return plain(text)
    case "date":
      return day(text)
    case "dateTime":
      return instant(text)
    case "boolean":
      return text.toLowerCase()
    case "folded":
      return text.trim().toLowerCase()
    default:
      return text
  }
}

const single = (
  of: Property,
  read: (text: string) => unknown,
  write: (json: unknown, context: Context) => string | Refused,
): Field => ({
  properties: [of],
  decode: (props) => {
    const found = value(props, of.name)
    return typeof found === "string" ? read(found) : found
  },
  encode: (json, context) => {
    const text = json === null ? "" : write(json, context)
    return text instanceof Refused ? text : { [of.name]: text }
  },
})

export const text = (of: Property): Field => single(of, (found) => found, String)

export const decimal = (of: Property): Field => single(of, plain, (json) => plain(String(json)))

/** A whole number that is one in JSON too. */
export const whole = (of: Property): Field =>
  single(
    of,
    (found) => (Number.isInteger(Number(found)) ? Number(found) : found),
    (json) => String(json),
  )

/** A day; where the portal keeps it as an instant, midnight in UTC stands for it. */
export const date = (of: Property): Field =>
  single(of, day, (json, context) =>
    context.typeOf(of.name) === "datetime" ? `${String(json)}T00:00:00.000Z` : String(json),
  )

export const dateTime = (of: Property): Field => single(of, instant, (json) => instant(String(json)))

export const flag = (of: Property): Field =>
  single(
    of,
    (found) => (found === "true" ? true : found === "false" ? false : found),
    (json) => (json === true ? "true" : "false"),
  )

/** A word of ours beside the word of the vendor's, each in a property. */
export const coded = (code: Property, raw: Property): Field => ({
  properties: [code, raw],
  decode: (props) => {
    const word = value(props, code.name)
    if (typeof word !== "string") return word
    const theirs = value(props, raw.name)
    return { code: word, ...(typeof theirs === "string" ? { raw: theirs } : {}) }
  },
  encode: (json) => {
    const { code: word = "", raw: theirs = "" } = (json ?? {}) as { readonly code?: string; readonly raw?: string }
    return { [code.name]: word, [raw.name]: theirs }
  },
})

/** An amount with its currency, each in a property. */
export const money = (amount: Property, currency: Property): Field => ({
  properties: [amount, currency],
  decode: (props) => {
    const [sum, unit] = [value(props, amount.name), value(props, currency.name)]
    if (typeof sum !== "string" || typeof unit !== "string") return sum === undefined ? undefined : null
    return { amount: plain(sum), currency: unit }
  },
  encode: (json) => {
    if (json === null) return { [amount.name]: "", [currency.name]: "" }
    const sum = json as { readonly amount: string; readonly currency: string }
    return { [amount.name]: plain(sum.amount), [currency.name]: sum.currency }
  },
})

/** Plain JSON as text, for lists and references that HubSpot has no property type for. */
export const json = (of: Property): Field =>
  single(
    of,
    (found) => {
      try {
        return JSON.parse(found)
      } catch {
        return found
      }
    },
    (inner) => JSON.stringify(inner),
  )

/** Several fields of HubSpot's as one object of ours; a member that is nothing is left out. */
export const struct = (members: { readonly [member: string]: Field }): Field => ({
  properties: Object.values(members).flatMap((member) => member.properties),
  decode: (props, context) => {
    const entries = Object.entries(members).map(([name, member]) => [name, member.decode(props, context)] as const)
    if (entries.every(([, inner]) => inner === undefined)) return undefined
    const known = entries.filter(([, inner]) => inner !== undefined && inner !== null)
    return known.length === 0 ? null : Object.fromEntries(known)
  },
  encode: (outer, context) => {
    const writes: Record<string, string> = {}
    for (const [name, member] of Object.entries(members)) {
      const inner = outer === null ? null : ((outer as { readonly [key: string]: unknown })[name] ?? null)
      const written = member.encode?.(inner, context) ?? {}
      if (written instanceof Refused) return written
      Object.assign(writes, written)
    }
    return writes
  },
})

/** As it is, but never set to nothing. */
export const needed = (field: Field): Field => ({ ...field, notClearable: true })

/** As it is, but only read. */
export const readOnly = ({ decode, properties }: Field): Field => ({ decode, properties })
