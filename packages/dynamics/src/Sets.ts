/**
 * The entity sets that the connector reads and writes. A set's name follows from nothing, so each is written down; the
 * ones that exist in more than one version can be chosen for an environment that lacks the default.
 */
import type { Entities } from "./Client.ts"

/** Sets whose rows are records of a port. */
export type Resource =
  | "CustomersV3"
  | "ContactPersons"
  | "ReleasedProductsV2"
  | "SalesOrderHeadersV2"
  | "SalesInvoiceHeadersV2"
  | "FreeTextInvoiceHeaders"
  | "CustTransactions"

/** Sets of lines. */
export type LineSet = "SalesOrderLines" | "FreeTextInvoiceLines"

/** The rows of a set, as they are read. */
export type Wire<R extends keyof Entities> = Entities[R]["read"]

/** The sets of an environment, where it has them in another version. The fields in use are the same. */
export interface Sets {
  /** Of the default `SalesOrderHeadersV2`. */
  readonly SalesOrderHeadersV2: "SalesOrderHeadersV2" | "SalesOrderHeadersV3"
}

/** What a part of a key is on the wire. */
export interface Part {
  readonly name: string
  readonly type: "text" | "integer" | "decimal" | "date"
}

const text = (name: string): Part => ({ name, type: "text" })

/** The parts of each key behind the company, in the order of the vendor. */
export const keys: { readonly [S in Resource | LineSet]: readonly [Part, ...ReadonlyArray<Part>] } = {
  CustomersV3: [text("CustomerAccount")],
  ContactPersons: [text("ContactPersonId")],
  ReleasedProductsV2: [text("ItemNumber")],
  SalesOrderHeadersV2: [text("SalesOrderNumber")],
  SalesInvoiceHeadersV2: [text("InvoiceNumber"), { name: "InvoiceDate", type: "date" }, text("LedgerVoucher")],
  FreeTextInvoiceHeaders: [{ name: "InvoiceIdentifier", type: "integer" }],
  CustTransactions: [{ name: "SysRecId", type: "integer" }],
  SalesOrderLines: [text("InventoryLotId")],
  FreeTextInvoiceLines: [
    { name: "LineNumber", type: "decimal" },
    { name: "ParentRecId", type: "integer" },
  ],
}

/** The read sets with a stamp behind those without one, and the field that holds our key there. */
export const stamps = {
  CustomersV3: { set: "CustTableBiEntities", key: "AccountNum" },
  ReleasedProductsV2: { set: "InventTableBiEntities", key: "ItemId" },
  SalesOrderHeadersV2: { set: "SalesTableBiEntities", key: "SalesId" },
} as const
export type Stamped = keyof typeof stamps
export const STAMP = "SysModifiedDateTime"

/** The set's name in this environment. */
export const named = (sets: Partial<Sets> | undefined, set: string): string =>
  (sets as { readonly [set: string]: string } | undefined)?.[set] ?? set
