/**
 * Fields outside the contract, named `View.Field`. In a record they are plain JSON: texts, booleans, and decimals as text
 * without needless zeros. Only those that the options name with their type are read or written.
 */
import type { Issue } from "@mortise/core/ConnectorError"
import { shape } from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import * as Option from "effect/Option"
import type { CustomFields, CustomType } from "../Config.ts"
import { attempt, type Codec, type Read, type Wrapped } from "../Wrapping.ts"

type Plain = string | boolean
type Views = { readonly [view: string]: { readonly [field: string]: Wrapped } | undefined }

const split = (name: string): readonly [view: string, field: string] => {
  const [view = "", field = ""] = name.split(".")
  return [view, field]
}

export const wrapped = (custom: unknown, name: string): Wrapped => {
  const [view, field] = split(name)
  return (custom as Views | null | undefined)?.[view]?.[field]
}

const readAs = (codec: Codec, type: CustomType, value: Wrapped): Read<Plain> => {
  if (type === "Boolean") return codec.boolean(value)
  if (type !== "Decimal") return codec.text(value)
  const decimal = codec.decimal(value)
  return decimal === undefined || decimal === null ? decimal : Decimal.format(decimal)
}

/** What the record holds of these fields; undefined when it was told of none. */
export const read = (
  codec: Codec,
  custom: unknown,
  fields: CustomFields,
  at: { readonly path: ReadonlyArray<string>; readonly issues: Array<Issue> },
): { readonly [name: string]: Plain | null } | undefined => {
  if (typeof custom !== "object" || custom === null) return undefined
  const out: { [name: string]: Plain | null } = {}
  for (const [name, type] of Object.entries(fields)) {
    const value = attempt(at.issues, [...at.path, ...split(name)], () => readAs(codec, type, wrapped(custom, name)))
    if (value !== undefined) out[name] = value
  }
  return Object.keys(out).length === 0 ? undefined : out
}

const decimalOf = (value: unknown): Decimal.Decimal | undefined =>
  typeof value === "string" ? Option.getOrUndefined(Decimal.parse(value)) : undefined

const faultOf = (type: CustomType | undefined, value: unknown): string | undefined => {
  if (type === undefined) return "is not among the configured fields; name it with its type in `custom`"
  if (value === null) return type === "String" ? undefined : "cannot be cleared; only texts can"
  const fits =
    type === "Boolean"
      ? typeof value === "boolean"
      : type === "Decimal"
        ? decimalOf(value) !== undefined
        : typeof value === "string"
  return fits ? undefined : `is no ${type} (${shape(value)})`
}

/** What cannot be written of a patch's own fields. */
export const faults = (values: { readonly [name: string]: unknown }, fields: CustomFields): ReadonlyArray<Issue> =>
  Object.entries(values).flatMap(([name, value]) => {
    const fault = value === undefined ? undefined : faultOf(fields[name], value)
    return fault === undefined ? [] : [{ path: ["custom", name], message: fault }]
  })

/** As `read` would give it back, for comparing. */
export const normal = (values: { readonly [name: string]: unknown }, fields: CustomFields) =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const decimal = fields[name] === "Decimal" ? decimalOf(value) : undefined
      return [name, decimal === undefined ? value : Decimal.format(decimal)]
    }),
  )

/** The member `custom` of a body. Each field is sent with its type: the schema demands it. */
export const body = (values: { readonly [name: string]: unknown }, fields: CustomFields) => {
  const out: { [view: string]: { [field: string]: unknown } } = {}
  for (const [name, value] of Object.entries(values)) {
    const type = fields[name]
    if (type === undefined || value === undefined) continue
    const [view, field] = split(name)
    const decimal = type === "Decimal" ? decimalOf(value) : undefined
    const sent = decimal === undefined ? (value ?? "") : Decimal.toJson(decimal)
    out[view] = { ...out[view], [field]: { type: `Custom${type}Field`, value: sent } }
  }
  return out
}
