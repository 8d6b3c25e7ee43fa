/**
 * The kinds of records: what shares a sequence of ids and a namespace of external ids, how documents are numbered, and
 * what a query calls them. Oracle: help on external ids, sections N3436356 and N3433806.
 */
export type Group = "entities" | "items" | "transactions" | "lists"

export interface TypeDef {
  readonly name: string
  readonly group: Group
  /** Field of the number that people see, and what stands before it. */
  readonly number?: { readonly field: string; readonly prefix: string }
  /** What `transaction.type` says, and what stands before the status in words. */
  readonly code?: string
  readonly label: string
  /** `item.itemtype` and `item.subtype`. */
  readonly item?: { readonly type: string; readonly subtype?: string }
}

export const TYPES: ReadonlyArray<TypeDef> = [
  { name: "customer", group: "entities", label: "Customer", number: { field: "entityId", prefix: "CUST" } },
  { name: "contact", group: "entities", label: "Contact" },
  { name: "employee", group: "entities", label: "Employee" },
  { name: "inventoryItem", group: "items", label: "Inventory Item", item: { type: "InvtPart" } },
  {
    name: "nonInventorySaleItem",
    group: "items",
    label: "Non-inventory Item",
    item: { type: "NonInvtPart", subtype: "Sale" },
  },
  { name: "serviceSaleItem", group: "items", label: "Service", item: { type: "Service", subtype: "Sale" } },
  {
    name: "salesOrder",
    group: "transactions",
    label: "Sales Order",
    code: "SalesOrd",
    number: { field: "tranId", prefix: "SO" },
  },
  {
    name: "invoice",
    group: "transactions",
    label: "Invoice",
    code: "CustInvc",
    number: { field: "tranId", prefix: "INV" },
  },
  {
    name: "creditMemo",
    group: "transactions",
    label: "Credit Memo",
    code: "CustCred",
    number: { field: "tranId", prefix: "CM" },
  },
  {
    name: "customerPayment",
    group: "transactions",
    label: "Customer Payment",
    code: "CustPymt",
    number: { field: "tranId", prefix: "PYMT" },
  },
  {
    name: "customerRefund",
    group: "transactions",
    label: "Customer Refund",
    code: "CustRfnd",
    number: { field: "tranId", prefix: "RFND" },
  },
  ...[
    "account",
    "accountingPeriod",
    "classification",
    "contactCategory",
    "contactRole",
    "currency",
    "customerCategory",
    "customerStatus",
    "department",
    "location",
    "priceLevel",
    "subsidiary",
    "taxSchedule",
    "term",
    "unitsType",
  ].map((name): TypeDef => ({ name, group: "lists", label: name })),
]

const byName: ReadonlyMap<string, TypeDef> = new Map(TYPES.map((one) => [one.name, one]))

export const find = (name: string): TypeDef | undefined => byName.get(name)

export const get = (name: string): TypeDef => {
  const found = byName.get(name)
  if (found === undefined) throw new RangeError(`no record type ${name}`)
  return found
}

/** Records of a list have ids of their own; those of a group share them. */
export const tableOf = (name: string): string => {
  const { group } = get(name)
  return group === "lists" ? name : group
}

/** What a reference may point to, where the description only says that it points to something. */
const UNTYPED: Readonly<Record<string, string>> = {
  createdFrom: "transactions",
  doc: "transactions",
  orderDoc: "transactions",
  role: "contactRole",
  kitItem: "items",
  discountItem: "items",
  employee: "entities",
}

/** The table of a reference by the name of its schema and its own; undefined where the world keeps none. */
export const targetOf = (schema: string, member: string): string | undefined => {
  const known = byName.get(schema)
  if (known !== undefined) return tableOf(schema)
  return UNTYPED[schema] ?? UNTYPED[member]
}
