/** What members a type has in an endpoint version, read from the catalog, and where the world keeps each of them. */
import { TYPES as ITEMS } from "./catalog/Items.ts"
import { TYPES as ORDERS } from "./catalog/Orders.ts"
import { TYPES as PARTIES } from "./catalog/Parties.ts"
import { TYPES as RECEIVABLES } from "./catalog/Receivables.ts"

export type Scalar =
  | "String"
  | "Decimal"
  | "Int"
  | "Short"
  | "Byte"
  | "Long"
  | "Boolean"
  | "DateTime"
  | "Guid"
  | "StringSingleSelect"

interface MemberBase {
  readonly name: string
  /** Name of the column, link or detail list in the world; a dotted one walks through links. */
  readonly source: string
}

export interface ScalarMember extends MemberBase {
  readonly kind: "scalar"
  readonly type: Scalar
  /** A date without a time, shown as midnight. */
  readonly dateOnly: boolean
  /** The flag is the opposite of the kept one: `SameAsMain` up to version 18, `Override` since. */
  readonly inverted: boolean
}

export interface NestedMember extends MemberBase {
  readonly kind: "link" | "rows"
  readonly type: string
}

export type Member = ScalarMember | NestedMember
export type Shape = ReadonlyMap<string, Member>

export interface Shapes {
  /** `version` as in the address, `24.200.001`. An unknown type has no members. */
  readonly of: (type: string, version: string) => Shape
}

const CATALOG: Readonly<Record<string, string>> = { ...PARTIES, ...ITEMS, ...ORDERS, ...RECEIVABLES }

const SCALARS: ReadonlySet<string> = new Set<Scalar>([
  "String",
  "Decimal",
  "Int",
  "Short",
  "Byte",
  "Long",
  "Boolean",
  "DateTime",
  "Guid",
  "StringSingleSelect",
])

/** Columns and links that are shown under another name than they are kept. */
const SOURCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Customer: {
    BillingContactSameAsMain: "BillingContactOverride",
    BillingAddressSameAsMain: "BillingAddressOverride",
    ShippingContactSameAsMain: "ShippingContactOverride",
    ShippingAddressSameAsMain: "ShippingAddressOverride",
  },
  Contact: { AddressIsSameAsInAccount: "OverrideAccountAddress" },
  BusinessAccount: {
    BusinessAccountID: "CustomerID",
    Name: "CustomerName",
    ClassID: "CustomerClass",
    MainAddress: "MainContact.Address",
    ShippingAddress: "ShippingContact.Address",
  },
  AttributeDetail: { Attribute: "AttributeID" },
  NonStockItemAttribute: { Attribute: "AttributeID" },
  BusinessAccountMainContact: { Web: "WebSite" },
  StockItem: { LastModified: "LastModifiedDateTime" },
  NonStockItem: { BaseUnit: "BaseUOM", SalesUnit: "SalesUOM", PurchaseUnit: "PurchaseUOM" },
  SalesOrder: { LastModified: "LastModifiedDateTime", CreatedDate: "CreatedDateTime" },
  SalesInvoice: {
    Currency: "CurrencyID",
    LastModifiedDate: "LastModifiedDateTime",
    CreatedDate: "CreatedDateTime",
  },
  Invoice: { Customer: "CustomerID" },
  InvoiceDetail: { Branch: "BranchID", Subaccount: "SubAccount", TransactionDescription: "TransactionDescr" },
}

const INVERTED: ReadonlySet<string> = new Set([
  "BillingContactSameAsMain",
  "BillingAddressSameAsMain",
  "ShippingContactSameAsMain",
  "ShippingAddressSameAsMain",
  "AddressIsSameAsInAccount",
])

const INSTANT = /LastModified|^Created|ActivityDateTime|IncomingActivity|OutgoingActivity/

const ENTRY = /^(\w+)(?::(\w+)(\[\])?)?(?:@(\d*)(?:-(\d+))?)?$/

const present = (release: number, from: string | undefined, to: string | undefined): boolean =>
  release >= Number(from ?? "") && (to === undefined || release <= Number(to))

const parseMember = (owner: string, entry: string, release: number): Member | undefined => {
  const match = ENTRY.exec(entry)
  if (match === null) throw new Error(`catalog entry ${entry} of ${owner}`)
  const [, name = "", type = "String", many, from, to] = match
  if (!present(release, from, to)) return undefined
  const source = SOURCES[owner]?.[name] ?? name
  if (!SCALARS.has(type)) return { kind: many === undefined ? "link" : "rows", name, type, source }
  const dateOnly = type === "DateTime" && !INSTANT.test(name)
  return { kind: "scalar", name, type: type as Scalar, source, dateOnly, inverted: INVERTED.has(name) }
}

const parse = (type: string, version: string): Shape => {
  const release = Number(version.split(".")[0])
  const members = new Map<string, Member>()
  for (const entry of (CATALOG[type] ?? "").split(/\s+/)) {
    const member = entry === "" ? undefined : parseMember(type, entry, release)
    if (member !== undefined) members.set(member.name, member)
  }
  return members
}

export const make = (): Shapes => {
  const known = new Map<string, Shape>()
  return {
    of: (type, version) => {
      const name = `${version} ${type}`
      const shape = known.get(name) ?? parse(type, version)
      known.set(name, shape)
      return shape
    },
  }
}
