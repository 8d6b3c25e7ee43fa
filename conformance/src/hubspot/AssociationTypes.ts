/**
 * The association types that HubSpot defines, each with its reverse. HubSpot: guide "Associate records" v4. Ids are
 * directional: the reverse id in a typed request is refused.
 */
import type { ObjectName } from "./ObjectTypes.ts"

export type Kind = "default" | "primary" | "label"

export interface AssociationType {
  readonly from: ObjectName
  readonly to: ObjectName
  readonly id: number
  readonly inverse: number
  readonly kind: Kind
  readonly category: "HUBSPOT_DEFINED" | "USER_DEFINED"
  readonly name: string
  readonly label: string | null
}

type Row = readonly [from: ObjectName, to: ObjectName, id: number, inverse: number]

const DEFAULTS: ReadonlyArray<Row> = [
  ["contacts", "companies", 279, 280],
  ["deals", "contacts", 3, 4],
  ["deals", "companies", 341, 342],
  ["deals", "line_items", 19, 20],
  ["deals", "invoices", 176, 175],
  ["deals", "orders", 511, 512],
  ["invoices", "contacts", 177, 178],
  ["invoices", "companies", 179, 180],
  ["invoices", "line_items", 409, 410],
  ["invoices", "commerce_payments", 541, 542],
  ["invoices", "orders", 517, 518],
  ["commerce_payments", "contacts", 387, 388],
  ["commerce_payments", "companies", 389, 390],
  ["commerce_payments", "deals", 391, 392],
  ["commerce_payments", "line_items", 395, 396],
  ["commerce_payments", "orders", 524, 523],
  ["orders", "contacts", 507, 508],
  ["orders", "companies", 934, 935],
  ["orders", "line_items", 513, 514],
]

const both = (
  [from, to, id, inverse]: Row,
  kind: Kind,
  name: string,
  label: string | null,
  inverseLabel: string | null = label,
): ReadonlyArray<AssociationType> => [
  { from, to, id, inverse, kind, category: "HUBSPOT_DEFINED", name, label },
  { from: to, to: from, id: inverse, inverse: id, kind, category: "HUBSPOT_DEFINED", name, label: inverseLabel },
]

/** Those of every portal. */
export const standard: ReadonlyArray<AssociationType> = [
  ...DEFAULTS.flatMap((row) => both(row, "default", "", null)),
  ...both(["contacts", "companies", 1, 2], "primary", "primary", "Primary"),
  ...both(["deals", "companies", 5, 6], "primary", "primary", "Primary"),
  ...both(["contacts", "companies", 931, 930], "label", "billing_contact", "Billing Contact"),
  ...both(["companies", "companies", 13, 14], "label", "parent_child", "Child Company", "Parent Company"),
]
