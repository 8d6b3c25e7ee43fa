/** The entities that the twin serves: form, keys, numbering, data views and what a list cannot optimize. */

export type StoreName = "accounts" | "contacts" | "stockItems" | "nonStockItems" | "orders" | "receivables" | "payments"

export interface EntityDef {
  readonly name: string
  readonly store: StoreName
  /** The form; a long operation blocks it. */
  readonly screen: string
  readonly graph: string
  /** The record's name in error texts. */
  readonly title: string
  /** Members that make the key, in the order of the form. */
  readonly keys: ReadonlyArray<string>
  /** What the form opens a key column with. */
  readonly keyDefaults?: Readonly<Record<string, string>>
  /** The member that numbering fills, and what its numbers begin with. */
  readonly numbered: { readonly member: string; readonly prefix: string; readonly digits: number }
  /** Data view of each member; the first is for members that are not named. */
  readonly views: { readonly of: string; readonly members: Readonly<Record<string, string>> }
  /** Members whose view a list cannot optimize, as delivered; a knob adds to them. */
  readonly nonOptimizable: ReadonlyArray<string>
}

const document = (members: Readonly<Record<string, string>> = {}) => ({ of: "Document", members })

export const ENTITIES: ReadonlyArray<EntityDef> = [
  {
    name: "Customer",
    store: "accounts",
    screen: "AR303000",
    graph: "PX.Objects.AR.CustomerMaint",
    title: "Customer",
    keys: ["CustomerID"],
    numbered: { member: "CustomerID", prefix: "C", digits: 6 },
    views: {
      of: "CurrentCustomer",
      members: {
        CustomerID: "BAccount",
        CustomerName: "BAccount",
        AccountRef: "BAccount",
        Status: "BAccount",
        NoteID: "BAccount",
        Email: "DefContact",
        MainContact: "DefContact",
        BillingContact: "BillContact",
        ShippingContact: "DefLocationContact",
      },
    },
    nonOptimizable: [],
  },
  {
    name: "BusinessAccount",
    store: "accounts",
    screen: "CR303000",
    graph: "PX.Objects.CR.BusinessAccountMaint",
    title: "Business Account",
    keys: ["BusinessAccountID"],
    numbered: { member: "BusinessAccountID", prefix: "C", digits: 6 },
    views: { of: "BAccount", members: { MainContact: "DefContact", MainAddress: "DefAddress" } },
    nonOptimizable: [],
  },
  {
    name: "Contact",
    store: "contacts",
    screen: "CR302000",
    graph: "PX.Objects.CR.ContactMaint",
    title: "Contact",
    keys: ["ContactID"],
    numbered: { member: "ContactID", prefix: "", digits: 6 },
    views: {
      of: "ContactCurrent",
      members: { ContactID: "Contact", LastModifiedDateTime: "Contact", NoteID: "Contact", Address: "AddressCurrent" },
    },
    nonOptimizable: [],
  },
  {
    name: "StockItem",
    store: "stockItems",
    screen: "IN202500",
    graph: "PX.Objects.IN.InventoryItemMaint",
    title: "Inventory Item",
    keys: ["InventoryID"],
    numbered: { member: "InventoryID", prefix: "", digits: 8 },
    views: {
      of: "Item",
      members: { DefaultPrice: "ItemSettings", CurySpecificPrice: "CurySettings_InventoryItem" },
    },
    nonOptimizable: ["WarehouseDetails"],
  },
  {
    name: "NonStockItem",
    store: "nonStockItems",
    screen: "IN202000",
    graph: "PX.Objects.IN.NonStockItemMaint",
    title: "Inventory Item",
    keys: ["InventoryID"],
    numbered: { member: "InventoryID", prefix: "", digits: 8 },
    views: {
      of: "Item",
      members: { DefaultPrice: "ItemSettings", CurySpecificPrice: "CurySettings_InventoryItem" },
    },
    nonOptimizable: [],
  },
  {
    name: "SalesOrder",
    store: "orders",
    screen: "SO301000",
    graph: "PX.Objects.SO.SOOrderEntry",
    title: "Sales Order",
    keys: ["OrderType", "OrderNbr"],
    keyDefaults: { OrderType: "SO" },
    numbered: { member: "OrderNbr", prefix: "SO", digits: 6 },
    views: document({ BaseCurrencyID: "currencyinfo" }),
    nonOptimizable: [],
  },
  {
    name: "SalesInvoice",
    store: "receivables",
    screen: "SO303000",
    graph: "PX.Objects.SO.SOInvoiceEntry",
    title: "SO Invoice",
    keys: ["Type", "ReferenceNbr"],
    keyDefaults: { Type: "Invoice" },
    numbered: { member: "ReferenceNbr", prefix: "INV", digits: 6 },
    views: document(),
    nonOptimizable: [],
  },
  {
    name: "Invoice",
    store: "receivables",
    screen: "AR301000",
    graph: "PX.Objects.AR.ARInvoiceEntry",
    title: "AR Document",
    keys: ["Type", "ReferenceNbr"],
    keyDefaults: { Type: "Invoice" },
    numbered: { member: "ReferenceNbr", prefix: "AR", digits: 6 },
    views: document(),
    nonOptimizable: [],
  },
  {
    name: "Payment",
    store: "payments",
    screen: "AR302000",
    graph: "PX.Objects.AR.ARPaymentEntry",
    title: "Payment",
    keys: ["Type", "ReferenceNbr"],
    keyDefaults: { Type: "Payment" },
    numbered: { member: "ReferenceNbr", prefix: "", digits: 6 },
    views: document(),
    nonOptimizable: ["ApplicationHistory"],
  },
]

export const STORES: ReadonlyArray<StoreName> = [
  "accounts",
  "contacts",
  "stockItems",
  "nonStockItems",
  "orders",
  "receivables",
  "payments",
]

/** Names are taken in exact case: whether the vendor folds them is not known. */
export const find = (name: string): EntityDef | undefined => ENTITIES.find((one) => one.name === name)

export const byName = (name: string): EntityDef => {
  const found = find(name)
  if (found === undefined) throw new RangeError(`the twin has no entity ${name}`)
  return found
}

/** Columns of the key, which are those of the store whatever the entity calls them. */
export const keyColumns = (store: StoreName): ReadonlyArray<string> => {
  if (store === "accounts") return ["CustomerID"]
  if (store === "contacts") return ["ContactID"]
  if (store === "orders") return ["OrderType", "OrderNbr"]
  if (store === "receivables" || store === "payments") return ["Type", "ReferenceNbr"]
  return ["InventoryID"]
}

/** Members of a detail line by which a line without an id is found again. */
export const LINE_KEYS: Readonly<Record<string, ReadonlyArray<string>>> = {
  SalesOrderDetail: ["LineNbr"],
  SalesInvoiceDetail: ["LineNbr"],
  InvoiceDetail: ["LineNbr"],
  AttributeValue: ["AttributeID"],
  AttributeDetail: ["Attribute"],
  NonStockItemAttribute: ["Attribute"],
  CustomerContact: ["ContactID"],
  PaymentDetail: ["DocType", "ReferenceNbr"],
  PaymentOrderDetail: ["OrderType", "OrderNbr"],
}
