/**
 * What differs from one version of the endpoint to the next, as data. A connector is pinned to one version; everything
 * here is looked up by it and nothing is guessed at run time.
 *
 * Source of every entry: the API descriptions of `Default/<version>` in Acumatica/AcumaticaRESTAPIClientForCSharp and
 * the page "Comparison of Endpoints" of the integration development guide (2026 R1).
 */

export const versions = ["18.200.001", "20.200.001", "22.200.001", "23.200.001", "24.200.001", "25.200.001"] as const
export type Version = (typeof versions)[number]

/** The version whose types the connector is written against. */
export const base = "24.200.001"
export type Base = typeof base

/** The name of the system endpoint that these versions belong to. */
export const endpoint = "Default"

/** The shape of values on the wire: `{value}` (3), `{value, error}` (4), select objects (5). */
export type Contract = 3 | 4 | 5

/** The entities of the endpoint that the connector reads and writes. */
export const resources = [
  "Customer",
  "Contact",
  "SalesOrder",
  "SalesInvoice",
  "Invoice",
  "Payment",
  "StockItem",
  "NonStockItem",
] as const
export type Resource = (typeof resources)[number]

export const isVersion = (text: string): text is Version => (versions as ReadonlyArray<string>).includes(text)

/** Contract 3 left with 2023 R2; 5 comes with 26.200.001 and is prepared in `Wrapping`. */
export const contractOf = (version: Version): Contract => (version === "18.200.001" ? 3 : 4)

/** True when `version` is `first` or later. */
export const isFrom = (version: Version, first: Version): boolean =>
  versions.indexOf(version) >= versions.indexOf(first)

/** The key fields of an entity in the order of its form. */
export const keys = {
  Customer: ["CustomerID"],
  Contact: ["ContactID"],
  SalesOrder: ["OrderType", "OrderNbr"],
  SalesInvoice: ["Type", "ReferenceNbr"],
  Invoice: ["Type", "ReferenceNbr"],
  Payment: ["Type", "ReferenceNbr"],
  StockItem: ["InventoryID"],
  NonStockItem: ["InventoryID"],
} as const satisfies Readonly<Record<Resource, ReadonlyArray<string>>>

/** A fact that holds from a version on. */
type Since<A> = ReadonlyArray<readonly [from: Version, value: A]>

const at = <A>(table: Since<A>, version: Version): A | undefined =>
  table.filter(([from]) => isFrom(version, from)).at(-1)?.[1]

const modified: Readonly<Record<Resource, Since<string>>> = {
  Customer: [["18.200.001", "LastModifiedDateTime"]],
  Contact: [["18.200.001", "LastModifiedDateTime"]],
  SalesOrder: [["18.200.001", "LastModified"]],
  SalesInvoice: [["23.200.001", "LastModifiedDateTime"]],
  Invoice: [["18.200.001", "LastModifiedDateTime"]],
  Payment: [["20.200.001", "LastModifiedDateTime"]],
  StockItem: [
    ["18.200.001", "LastModified"],
    ["24.200.001", "LastModifiedDateTime"],
  ],
  NonStockItem: [["18.200.001", "LastModifiedDateTime"]],
}

/** The field that tells when a record changed; undefined where the version has none. */
export const modifiedField = (version: Version, resource: Resource): string | undefined =>
  at(modified[resource], version)

const external: Readonly<Partial<Record<Resource, Since<string>>>> = {
  Customer: [["18.200.001", "AccountRef"]],
  Contact: [["24.200.001", "ExtRefNbr"]],
  SalesOrder: [["18.200.001", "ExternalRef"]],
  SalesInvoice: [
    ["18.200.001", "CustomerOrder"],
    ["24.200.001", "ExternalRef"],
  ],
  Invoice: [["18.200.001", "CustomerOrder"]],
  Payment: [
    ["18.200.001", "PaymentRef"],
    ["22.200.001", "ExternalRef"],
  ],
}

/** The field that carries our key; undefined where the version has none (items are named by their own key). */
export const externalField = (version: Version, resource: Resource): string | undefined => {
  const table = external[resource]
  return table === undefined ? undefined : at(table, version)
}

const firstWith: Readonly<Record<string, Version>> = {
  "Customer.CreditLimit": "22.200.001",
  "Customer.CustomerCategory": "23.200.001",
  "Contact.FullName": "22.200.001",
  "Contact.ExtRefNbr": "24.200.001",
  "SalesInvoice.DetailTotal": "20.200.001",
  "SalesInvoice.TaxTotal": "20.200.001",
  "SalesInvoice.DiscountTotal": "20.200.001",
  "SalesInvoice.FreightPrice": "20.200.001",
  "SalesInvoice.ExternalRef": "24.200.001",
  "SalesInvoiceDetail.ExternalRef": "24.200.001",
  "SalesInvoiceDetail.ManualPrice": "24.200.001",
  "SalesOrderDetail.Amount": "20.200.001",
  "SalesOrderDetail.ExternalRef": "22.200.001",
  "SalesOrderDetail.ManualPrice": "22.200.001",
  "Payment.AvailableBalance": "22.200.001",
  "Payment.ExternalRef": "22.200.001",
}

/** True when the version has the member (`Entity.Member`). Only members that came after the first version are listed. */
export const has = (version: Version, member: string): boolean => {
  const first = firstWith[member]
  return first === undefined || isFrom(version, first)
}

/** PATCH never inserts; it came with 25.200.001. */
export const hasPatch = (version: Version): boolean => isFrom(version, "25.200.001")

export interface Override {
  readonly field: string
  /** The value of the flag where a part of its own is used. */
  readonly own: boolean
}

/**
 * Says that an address or contact of its own is used instead of the main one. The meaning turned round with 20.200.001:
 * `BillingContactSameAsMain: false` became `BillingContactOverride: true`.
 */
export const override = (
  version: Version,
  part: "BillingAddress" | "BillingContact" | "ShippingAddress" | "ShippingContact",
): Override =>
  isFrom(version, "20.200.001") ? { field: `${part}Override`, own: true } : { field: `${part}SameAsMain`, own: false }

/** The same for the address of a contact, which else is that of its account. */
export const accountAddressOverride = (version: Version): Override =>
  isFrom(version, "20.200.001")
    ? { field: "OverrideAccountAddress", own: true }
    : { field: "AddressIsSameAsInAccount", own: false }
