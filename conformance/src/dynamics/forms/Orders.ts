/** Sales orders and their lines. An order is open from its first line on; there is no draft of it. */
import * as Money from "../Money.ts"
import { type Doc, text } from "../Record.ts"
import { nameOf } from "../View.ts"
import { language } from "./Customers.ts"
import * as Form from "./Form.ts"
import * as Rounding from "./Rounding.ts"

const customerOf = (field: string, label: string): Form.Related => ({
  field,
  label,
  table: "customers",
  column: "CustomerAccount",
  tableLabel: "Customers",
})

const ORDERING = customerOf("OrderingCustomerAccountNumber", "Customer account")
const INVOICED = customerOf("InvoiceCustomerAccountNumber", "Invoice account")
const CURRENCY: Form.Related = {
  field: "CurrencyCode",
  label: "Currency",
  table: "Currencies",
  column: "CurrencyCode",
  tableLabel: "Currencies",
}

const ADDRESS = ["Street", "City", "ZipCode", "CountryRegionId", "CountryRegionISOCode", "LocationId"] as const

/** An order takes a copy of the customer's address, which later edits of the customer leave alone. */
const copyAddress = (doc: Doc, customer: Doc): void => {
  for (const prefix of ["Delivery", "Invoice"] as const) {
    for (const part of ADDRESS) Form.otherwise(doc, `${prefix}Address${part}`, text(customer, `Address${part}`))
    Form.otherwise(doc, `${prefix}AddressStateId`, text(customer, "AddressState"))
  }
  Form.otherwise(doc, "DeliveryAddressName", nameOf(customer))
}

const fromCustomer = (context: Form.Context, doc: Doc, customer: Doc): void => {
  const account = text(customer, "CustomerAccount")
  Form.otherwise(doc, "InvoiceCustomerAccountNumber", text(customer, "InvoiceAccount") || account)
  Form.otherwise(doc, "CurrencyCode", text(customer, "SalesCurrencyCode"))
  Form.otherwise(doc, "LanguageId", text(customer, "LanguageId"))
  Form.otherwise(doc, "SalesOrderName", nameOf(customer))
  Form.otherwise(doc, "PaymentTermsName", text(customer, "PaymentTerms"))
  Form.otherwise(doc, "DefaultShippingSiteId", text(customer, "SiteId"))
  Form.otherwise(doc, "DefaultShippingWarehouseId", text(customer, "WarehouseId"))
  Form.otherwise(doc, "DefaultLedgerDimensionDisplayValue", text(customer, "DefaultDimensionDisplayValue"))
  copyAddress(doc, customer)
  const hold = text(customer, "OnHoldStatus")
  if (hold === "All" || hold === "Invoice") Form.warn(context, `The customer ${account} is on hold`)
}

const isClosed = (order: Doc): boolean => ["Invoiced", "Canceled"].includes(text(order, "SalesOrderStatus"))

export const orders: Form.Form = {
  locked: [
    "SalesOrderStatus",
    "SalesOrderProcessingStatus",
    "OrderCreationDateTime",
    "AreTotalsCalculated",
    "OrderTotalAmount",
  ],
  create: (entry, context) => {
    const { doc } = entry
    Form.mustBeFilled(context, doc, "OrderingCustomerAccountNumber", "Customer account")
    Form.number(context, entry, { field: "SalesOrderNumber", label: "Sales order", table: "orders" })
    const customer = Form.related(context, doc, ORDERING)
    if (customer !== undefined) fromCustomer(context, doc, customer)
    Form.related(context, doc, INVOICED)
    Form.related(context, doc, CURRENCY)
    doc.fields["LanguageId"] = language(text(doc, "LanguageId"))
    Form.otherwise(doc, "CustomerPostingProfileId", "GEN")
    Form.otherwise(doc, "RequestedReceiptDate", context.today)
    Form.otherwise(doc, "RequestedShippingDate", context.today)
    doc.fields["OrderCreationDateTime"] = context.now
    doc.fields["SalesOrderStatus"] = "None"
    doc.fields["SalesOrderProcessingStatus"] = "Active"
    doc.fields["AreTotalsCalculated"] = "No"
    doc.fields["OrderTotalAmount"] = "0"
  },
  update: ({ before, doc }, context) => {
    if (before !== undefined && isClosed(before))
      Form.warn(context, "The sales order has been invoiced and cannot be changed")
    Form.related(context, doc, ORDERING)
    Form.related(context, doc, INVOICED)
    Form.related(context, doc, CURRENCY)
  },
  remove: (order, context) => {
    if (isClosed(order)) Form.warn(context, "The sales order has been invoiced and cannot be deleted")
    else for (const line of linesOf(context, order)) context.world.drop("orderLines", line)
  },
}

export const linesOf = (context: Form.Context, order: Doc): ReadonlyArray<Doc> =>
  context.world
    .table("orderLines")
    .latestWhere("SalesOrderNumber", text(order, "SalesOrderNumber"))
    .filter((line) => line.company === order.company)

const ITEM: Form.Related = {
  field: "ItemNumber",
  label: "Item number",
  table: "products",
  column: "ItemNumber",
  tableLabel: "Items",
}

const orderOf = (context: Form.Context, line: Doc): Doc | undefined =>
  Form.related(context, line, {
    field: "SalesOrderNumber",
    label: "Sales order",
    table: "orders",
    column: "SalesOrderNumber",
    tableLabel: "Sales orders",
  })

/** Price is for so many units; a discount of an amount is for one of those. */
const amountOf = (context: Form.Context, line: Doc): string => {
  const price = Money.subtract(text(line, "SalesPrice") || "0", text(line, "LineDiscountAmount") || "0")
  const gross = Money.multiply(price, text(line, "OrderedSalesQuantity") || "0")
  const per = text(line, "SalesPriceQuantity") || "1"
  const whole = Money.isZero(per) ? gross : Money.divide(gross, per)
  const percent = Money.subtract("100", text(line, "LineDiscountPercentage") || "0")
  return Rounding.round(context, Money.divide(Money.multiply(whole, percent), "100"), text(line, "CurrencyCode"))
}

const PRICING = [
  "SalesPrice",
  "OrderedSalesQuantity",
  "SalesPriceQuantity",
  "LineDiscountAmount",
  "LineDiscountPercentage",
]

const fromItem = (context: Form.Context, line: Doc, item: Doc): void => {
  const product = Form.find(context, "sharedProducts", "ProductNumber", text(item, "ProductNumber"))
  Form.otherwise(
    line,
    "LineDescription",
    product === undefined ? text(item, "SearchName") : text(product, "ProductName"),
  )
  Form.otherwise(line, "SalesUnitSymbol", text(item, "SalesUnitSymbol"))
  if (line.fields["SalesPrice"] === undefined) line.fields["SalesPrice"] = text(item, "SalesPrice") || "0"
}

const greatest = (lines: ReadonlyArray<Doc>, field: string): number =>
  Math.max(0, ...lines.map((line) => Number(line.fields[field] ?? "0")))

const place = (context: Form.Context, line: Doc, order: Doc): void => {
  const others = linesOf(context, order)
  line.fields["LineCreationSequenceNumber"] = String(greatest(others, "LineCreationSequenceNumber") + 1)
  if (Money.isZero(text(line, "LineNumber"))) line.fields["LineNumber"] = String(greatest(others, "LineNumber") + 1)
  Form.otherwise(line, "ShippingSiteId", text(order, "DefaultShippingSiteId"))
  Form.otherwise(line, "ShippingWarehouseId", text(order, "DefaultShippingWarehouseId"))
  line.fields["CurrencyCode"] = text(order, "CurrencyCode")
  Form.otherwise(line, "RequestedReceiptDate", text(order, "RequestedReceiptDate"))
  Form.otherwise(line, "RequestedShippingDate", text(order, "RequestedShippingDate"))
}

const needsSite = (context: Form.Context, line: Doc): void => {
  if (!context.knobs.siteMandatory) return
  if (text(line, "ShippingSiteId") !== "" || text(line, "ShippingWarehouseId") !== "") return
  context.issues.push(["Warning", "Inventory dimension Site is mandatory and must consequently be specified."])
  context.issues.push(["Error", "Update has been canceled."])
}

/** The header shows what its lines are at; its ETag stays, for the row of another table moved. */
const restate = (context: Form.Context, order: Doc, open: boolean): void => {
  const status = open ? "Backorder" : "None"
  if (text(order, "SalesOrderStatus") === status || isClosed(order)) return
  context.world.save("orders", { ...order, fields: { ...order.fields, SalesOrderStatus: status } })
}

export const lines: Form.Form = {
  locked: ["SalesOrderLineStatus", "LineCreationSequenceNumber"],
  create: ({ doc, sent }, context) => {
    Form.mustBeFilled(context, doc, "SalesOrderNumber", "Sales order")
    Form.mustBeFilled(context, doc, "ItemNumber", "Item number")
    const order = orderOf(context, doc)
    const item = Form.related(context, doc, ITEM)
    if (order !== undefined) place(context, doc, order)
    if (order !== undefined && isClosed(order))
      Form.warn(context, "The sales order has been invoiced and cannot be changed")
    if (item !== undefined) fromItem(context, doc, item)
    doc.fields["OrderedSalesQuantity"] ??= "1"
    doc.fields["SalesPriceQuantity"] ??= "1"
    needsSite(context, doc)
    doc.fields["InventoryLotId"] = Form.next(context, { field: "InventoryLotId", label: "Lot ID", table: "orderLines" })
    doc.fields["SalesOrderLineStatus"] = "Backorder"
    if (!sent.has("LineAmount")) doc.fields["LineAmount"] = amountOf(context, doc)
  },
  update: ({ doc, sent }, context) => {
    const order = orderOf(context, doc)
    Form.related(context, doc, ITEM)
    needsSite(context, doc)
    if (order !== undefined && isClosed(order))
      Form.warn(context, "The sales order has been invoiced and cannot be changed")
    if (!sent.has("LineAmount") && PRICING.some((name) => sent.has(name)))
      doc.fields["LineAmount"] = amountOf(context, doc)
  },
  remove: (line, context) => {
    const order = orderOf(context, line)
    if (order === undefined) return
    if (isClosed(order)) Form.warn(context, "The sales order has been invoiced and cannot be changed")
    else if (linesOf(context, order).length === 1) restate(context, order, false)
  },
  saved: ({ before, doc }, context) => {
    const order = before === undefined ? orderOf(context, doc) : undefined
    if (order !== undefined) restate(context, order, true)
  },
}
