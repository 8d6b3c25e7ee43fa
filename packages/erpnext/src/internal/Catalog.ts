/**
 * The fields that this site's doctypes have, its own among them. Asked for once for each doctype, together with its child
 * doctypes: a list that names a field which is not there is refused as a whole.
 */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import type { Client } from "../Client.ts"
import * as Operations from "../Operations.ts"

export interface FieldMeta {
  readonly name: string
  readonly type: string
  readonly options: string | undefined
  readonly unique: boolean
  readonly readOnly: boolean
  readonly custom: boolean
}

export type Fields = ReadonlyMap<string, FieldMeta>

export interface Catalog {
  /** The fields of a doctype, or of one of its child doctypes, that have a column or are tables. */
  readonly fields: (doctype: string, child?: string) => Effect.Effect<Fields, ConnectorError>
  /** What is known of a doctype is asked for again. */
  readonly forget: (doctype: string) => void
}

/** Frappe: kinds of fields that only shape the form. */
const LAYOUT = new Set(["Section Break", "Column Break", "Tab Break", "HTML", "Button", "Image", "Heading", "Fold"])

type Members = { readonly [name: string]: unknown }

const isOn = (value: unknown): boolean => value === true || String(value ?? "0") === "1"

const textAt = (members: Members, name: string): string | undefined => {
  const value = members[name]
  return typeof value === "string" && value !== "" ? value : undefined
}

const fieldOf = (members: Members): ReadonlyArray<FieldMeta> => {
  const [name, type] = [textAt(members, "fieldname"), textAt(members, "fieldtype")]
  if (name === undefined || type === undefined || LAYOUT.has(type) || isOn(members["is_virtual"])) return []
  const field = {
    name,
    type,
    options: textAt(members, "options"),
    unique: isOn(members["unique"]),
    readOnly: isOn(members["read_only"]),
    custom: isOn(members["is_custom_field"]),
  }
  return [field]
}

const fieldsOf = (doctype: Members): Fields => {
  const fields = Array.isArray(doctype["fields"]) ? (doctype["fields"] as ReadonlyArray<Members>) : []
  return new Map(fields.flatMap(fieldOf).map((field) => [field.name, field]))
}

export const make = (client: Pick<Client, "call">): Catalog => {
  const known = new Map<string, ReadonlyMap<string, Fields>>()

  const load = (doctype: string) =>
    Effect.map(
      client.call(Operations.methods.getdoctype, (api, door) =>
        api.GET("/api/method/frappe.desk.form.load.getdoctype", { ...door, params: { query: { doctype } } }),
      ),
      ({ data }) => {
        const docs = (data?.docs ?? []) as ReadonlyArray<Members>
        const found = new Map(docs.map((each) => [textAt(each, "name") ?? "", fieldsOf(each)]))
        known.set(doctype, found)
        return found as ReadonlyMap<string, Fields>
      },
    )

  return {
    fields: (doctype, child = doctype) =>
      Effect.map(
        Effect.suspend(() => {
          const found = known.get(doctype)
          return found === undefined ? load(doctype) : Effect.succeed(found)
        }),
        (found) => found.get(child) ?? new Map(),
      ),
    forget: (doctype) => void known.delete(doctype),
  }
}
