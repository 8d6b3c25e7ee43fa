/** How one canonical entity stands in one object type of HubSpot's: fields, references, lines, natural keys. */
import type * as Entity from "@mortise/core/Entity"
import type * as Fields from "./Fields.ts"

export type ObjectType =
  | "companies"
  | "contacts"
  | "products"
  | "deals"
  | "line_items"
  | "invoices"
  | "commerce_payments"
  | "orders"

/**
 * A field that points to records of another type, kept as associations. Type ids are directional.
 * HubSpot: guide "Associate records" v4.
 */
export interface Link {
  readonly to: ObjectType
  /** The entity of `to`, for errors and for resolving by number. */
  readonly entity: string
  /** Association type without a label, from this type to `to`. */
  readonly typeId: number
  /** Association type that marks the one primary record, where there is such a type. */
  readonly primaryTypeId?: number
  /**
   * `one`: the field is the primary record, or the only one; writing another replaces it. `adds`: a list that grows by
   * what is written; nothing that others associated is taken away. `set`: the whole list.
   */
  readonly how: "one" | "adds" | "set"
  readonly writable: boolean
  /** Where the references stand in the field's encoded value, when the field is not a reference or a list of them. */
  readonly pick?: (value: unknown) => ReadonlyArray<unknown>
  /** The field is decoded from its properties; the link is only kept up beside them. */
  readonly mirror?: true
}

/** A label on the association with a company, kept for a word in a list field. */
export interface Label {
  readonly field: string
  readonly word: string
  /** The link that the label stands on. */
  readonly on: string
  readonly typeId: number
}

/** A reference that HubSpot keeps on a linked record: the billing contact of a deal stands, labelled, on its company. */
export interface Through {
  /** The link that leads to the record in between. */
  readonly on: string
  readonly to: ObjectType
  /** The labelled type, from the record in between to `to`. */
  readonly typeId: number
}

/** A field by which a record without a key of ours may be found. */
export interface Natural {
  readonly field: string
  readonly property: string
  /** `unique`: HubSpot itself keeps the value unique, so a batch read finds it at once. Else it is searched. */
  readonly by: "unique" | "search"
  /** The case of letters counts, as it does not in domains and emails. */
  readonly exact?: true
  /** Values that say nothing about who somebody is. */
  readonly ignore?: (value: string) => boolean
}

export interface Mapping<E extends Entity.Any> {
  readonly entity: E
  readonly type: ObjectType
  /** HubSpot: guide "Search the CRM": contacts `lastmodifieddate`, all others `hs_lastmodifieddate`. */
  readonly modified: "lastmodifieddate" | "hs_lastmodifieddate"
  readonly fields: { readonly [field: string]: Fields.Field }
  readonly links: { readonly [field: string]: Link }
  /** Only read. */
  readonly through: { readonly [field: string]: Through }
  readonly labels: ReadonlyArray<Label>
  /** What a canonical field also sets, in a request of its own after lines and associations. */
  readonly late: { readonly [field: string]: Fields.Field }
  /** Association type to line items, for documents that have them. */
  readonly lines?: number
  readonly naturalKeys: ReadonlyArray<Natural>
  /** The property that a reference by number is looked up by. */
  readonly number?: string
  /** Written with every new record. */
  readonly onCreate: Fields.Writes
  /** A unique property of HubSpot's own that may carry the identity where a portal refuses ours. */
  readonly standIn?: { readonly property: string; readonly field: string; readonly always: boolean }
  /** What the port cannot do, each with the reason. */
  readonly absent: Readonly<Record<string, string>>
  /** What HubSpot derives by itself when other fields are written. */
  readonly derives: ReadonlyArray<string>
}

/** Completes a mapping. */
export const make = <E extends Entity.Any>(
  mapping: Pick<Mapping<E>, "entity" | "type" | "fields"> & Partial<Mapping<E>>,
): Mapping<E> => ({
  modified: "hs_lastmodifieddate",
  links: {},
  through: {},
  labels: [],
  naturalKeys: [],
  onCreate: {},
  late: {},
  absent: {},
  derives: [],
  ...mapping,
})

// biome-ignore lint/suspicious/noExplicitAny: the one place where a mapping of any entity is meant
export type Any = Mapping<any>

/** The fields that the mapping reads. */
export const readable = (mapping: Any): ReadonlyArray<string> => [
  ...Object.keys(mapping.fields),
  ...Object.keys(mapping.links).filter((field) => mapping.fields[field] === undefined),
  ...Object.keys(mapping.through),
  ...(mapping.lines === undefined ? [] : ["lines"]),
]

/** The fields that the mapping writes. */
export const writable = (mapping: Any): ReadonlyArray<string> => [
  ...Object.entries(mapping.fields).flatMap(([field, { encode }]) => (encode === undefined ? [] : [field])),
  ...Object.entries(mapping.links).flatMap(([field, { writable: may }]) =>
    may && mapping.fields[field] === undefined ? [field] : [],
  ),
  ...(mapping.lines === undefined ? [] : ["lines"]),
]

/** Fields that HubSpot needs a value of, and lists that only ever grow by what we write. */
export const notClearable = (mapping: Any): ReadonlyArray<string> => [
  ...Object.entries(mapping.fields).flatMap(([field, { notClearable: never }]) => (never === true ? [field] : [])),
  ...Object.entries(mapping.links).flatMap(([field, { how, writable: may }]) => (may && how === "adds" ? [field] : [])),
]

/** The properties that these fields need. */
export const propertiesOf = (mapping: Any, fields: ReadonlyArray<string>): ReadonlyArray<Fields.Property> =>
  fields.flatMap((field) => mapping.fields[field]?.properties ?? [])

/** All properties that the mapping knows, by name. */
export const properties = (mapping: Any): ReadonlyMap<string, Fields.Property> =>
  new Map(propertiesOf(mapping, Object.keys(mapping.fields)).map((each) => [each.name, each]))
