/**
 * The site's own fields. They are found in its doctypes, and are read and written as the generated types have them: texts,
 * checks as 0 and 1, numbers with all their digits.
 */
import { type Issue, shape } from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import { JsonNumber } from "@mortise/core/Json"
import * as Option from "effect/Option"
import type { Settings } from "../Settings.ts"
import type { FieldMeta, Fields } from "./Catalog.ts"
import type { Doc } from "./Doc.ts"

const NUMBERS = new Set(["Int", "Long Int", "Float", "Currency", "Percent", "Rating", "Duration"])

/** Tables are documents of their own, and a password shows stars. */
const NOT_PLAIN = new Set(["Table", "Table MultiSelect", "Password"])

/** The site's own fields of an entity, without those that are ours. */
export const fieldsOf = (settings: Settings, entity: string, fields: Fields): Fields => {
  const wanted = settings.custom[entity]
  return new Map(
    [...fields].filter(
      ([name, field]) =>
        field.custom &&
        !NOT_PLAIN.has(field.type) &&
        name !== settings.keyField &&
        name !== settings.lineKeyField &&
        (wanted === undefined || wanted.includes(name)),
    ),
  )
}

const decimalOf = (value: unknown): Decimal.Decimal | undefined =>
  typeof value === "string" || value instanceof JsonNumber ? Option.getOrUndefined(Decimal.parse(value)) : undefined

/** One value in one form, whatever form it was sent in: `12.50` and `12.5` are one number. */
const plain = (field: FieldMeta, value: unknown): unknown => {
  if (value === undefined || value === null || value === "") return null
  if (field.type === "Check") return String(value) === "1" || value === true ? 1 : 0
  const decimal = NUMBERS.has(field.type) ? decimalOf(typeof value === "number" ? String(value) : value) : undefined
  return decimal === undefined ? value : Decimal.toJson(decimal)
}

export const read = (doc: Doc, fields: Fields): { readonly [name: string]: unknown } | undefined =>
  fields.size === 0
    ? undefined
    : Object.fromEntries([...fields].map(([name, field]) => [name, plain(field, doc[name])]))

const faultOf = (field: FieldMeta | undefined, value: unknown): string | undefined => {
  if (field === undefined) return "is no field of the site's own that this connector writes"
  if (field.readOnly) return "is read-only on this site"
  if (value === null) return undefined
  const fits =
    field.type === "Check"
      ? value === 0 || value === 1
      : NUMBERS.has(field.type)
        ? decimalOf(value) !== undefined
        : typeof value === "string"
  return fits ? undefined : `is no ${field.type} (${shape(value)})`
}

/** What cannot be written of a patch's own fields. */
export const faults = (values: { readonly [name: string]: unknown }, fields: Fields): ReadonlyArray<Issue> =>
  Object.entries(values).flatMap(([name, value]) => {
    const fault = value === undefined ? undefined : faultOf(fields.get(name), value)
    return fault === undefined ? [] : [{ path: ["custom", name], message: fault }]
  })

/** As {@link read} would give them back, for comparing and for sending. */
export const normal = (values: { readonly [name: string]: unknown }, fields: Fields) =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const field = fields.get(name)
      return field === undefined || value === undefined ? [] : [[name, plain(field, value)]]
    }),
  )
