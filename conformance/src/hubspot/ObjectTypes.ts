/** The object types that the twin knows: names, type ids, stamps and defaults. HubSpot: guide "Using object APIs". */

export type ObjectName =
  | "contacts"
  | "companies"
  | "deals"
  | "products"
  | "line_items"
  | "invoices"
  | "commerce_payments"
  | "orders"

/** The way an operation is addressed: v3 stands for v3 objects and v4 associations alike. */
export type Family = "v1" | "v3" | "v4" | "2026-03" | "2026-09"

export interface ObjectType {
  readonly name: ObjectName
  /** `0-1` and the like. */
  readonly id: string
  /** As it stands in row types such as `deal_to_line_item`. */
  readonly singular: string
  /** As scopes spell it. */
  readonly scope: string
  readonly createdProperty: ReadonlyArray<string>
  readonly modifiedProperty: string
  /** What a read without `properties` gives. */
  readonly defaults: ReadonlyArray<string>
  /** The families whose `merge` serves this type. */
  readonly mergeable: ReadonlyArray<Family>
}

const EVERY: ReadonlyArray<Family> = ["v3", "2026-03", "2026-09"]

const commerce = {
  createdProperty: ["createdate", "hs_createdate"],
  modifiedProperty: "hs_lastmodifieddate",
  defaults: ["hs_createdate", "hs_lastmodifieddate", "hs_object_id"],
} as const

const crm = { createdProperty: ["createdate"], modifiedProperty: "hs_lastmodifieddate" } as const

const TRIO = ["createdate", "hs_lastmodifieddate", "hs_object_id"] as const

export const all: ReadonlyArray<ObjectType> = [
  {
    name: "contacts",
    id: "0-1",
    singular: "contact",
    scope: "contacts",
    createdProperty: ["createdate"],
    modifiedProperty: "lastmodifieddate",
    defaults: ["createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"],
    mergeable: EVERY,
  },
  {
    ...crm,
    name: "companies",
    id: "0-2",
    singular: "company",
    scope: "companies",
    defaults: [...TRIO, "domain", "name"],
    mergeable: EVERY,
  },
  {
    ...crm,
    name: "deals",
    id: "0-3",
    singular: "deal",
    scope: "deals",
    defaults: [...TRIO, "amount", "closedate", "dealname", "dealstage", "pipeline"],
    mergeable: EVERY,
  },
  {
    ...crm,
    name: "products",
    id: "0-7",
    singular: "product",
    scope: "products",
    defaults: [...TRIO, "name", "description", "price"],
    mergeable: ["2026-09"],
  },
  {
    ...crm,
    name: "line_items",
    id: "0-8",
    singular: "line_item",
    scope: "line_items",
    defaults: [...TRIO, "quantity", "amount", "price"],
    mergeable: ["2026-09"],
  },
  { ...commerce, name: "invoices", id: "0-53", singular: "invoice", scope: "invoices", mergeable: [] },
  {
    ...commerce,
    name: "commerce_payments",
    id: "0-101",
    singular: "commerce_payment",
    scope: "commercepayments",
    mergeable: [],
  },
  {
    ...commerce,
    name: "orders",
    id: "0-123",
    singular: "order",
    scope: "orders",
    mergeable: ["2026-03", "2026-09"],
  },
]

/** A type by its name or its type id. */
export const find = (nameOrId: string): ObjectType | undefined =>
  all.find((type) => type.name === nameOrId || type.id === nameOrId)

export const of = (name: ObjectName): ObjectType => {
  const type = find(name)
  if (type === undefined) throw new Error(`no object type ${name}`)
  return type
}

/** The key of inline associations. Observed: the words of the plural, so `line items` and not `line_items`. */
export const inlineKey = (type: ObjectType): string => type.name.replaceAll("_", " ")
