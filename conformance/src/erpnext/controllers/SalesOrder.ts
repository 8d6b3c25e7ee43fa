/** Sales orders: one uncancelled order a customer and purchase order number, unless Selling Settings allow more. */
import * as Amount from "../Amount.ts"
import { type Columns, type Doc, decimal, docstatus, given, isSet, nameOf, rows, text } from "../Doc.ts"
import * as Documents from "../Documents.ts"
import { crash, refusedByApp } from "../Errors.ts"
import * as Links from "../Links.ts"
import type { Site } from "../Site.ts"
import type { Controller } from "./Controller.ts"
import * as Selling from "./Selling.ts"
import * as Totals from "./Totals.ts"

const refuseSecondOrder = (site: Site, doc: Doc): void => {
  const number = text(doc.columns, "po_no")
  if (number === "" || site.on("Selling Settings", "allow_against_multiple_purchase_orders")) return
  for (const other of site.store.find("Sales Order", "po_no", number)) {
    const same =
      text(other.columns, "customer") === text(doc.columns, "customer") &&
      nameOf(other) !== nameOf(doc) &&
      docstatus(other) < 2
    if (same) {
      const settings = `<a href="${site.origin}/app/selling-settings/Selling%20Settings">Selling Settings</a>`
      throw refusedByApp(
        `<strong>${nameOf(other)}</strong> stands for the purchase order <strong>${number}</strong> of this customer; ${settings} may allow several`,
      )
    }
  }
}

/** Rows without a day take the order's; the order's own is the latest of its rows, whatever was sent. */
const deliveryDates = (doc: Doc): void => {
  const { columns } = doc
  if (text(columns, "order_type") !== "Sales" || isSet(columns, "skip_delivery_note")) return
  const list = rows(doc, "items")
  const latest = list.map((line) => text(line, "delivery_date")).reduce((a, b) => (a > b ? a : b), "")
  if (latest !== "") columns["delivery_date"] = latest
  if (!given(columns, "delivery_date")) throw refusedByApp("A delivery date is needed")
  for (const line of list) {
    if (!given(line, "delivery_date")) line["delivery_date"] = columns["delivery_date"] ?? null
    if (text(columns, "transaction_date") > text(line, "delivery_date"))
      throw refusedByApp("The delivery date is to be after the date of the order")
  }
}

const lines = (doc: Doc): void => {
  const list = rows(doc, "items")
  if (list.length === 0)
    throw crash("TypeError", "unsupported operand type(s) for *: 'NoneType' and 'float'", { app: true })
  for (const line of list) {
    line["transaction_date"] = doc.columns["transaction_date"] ?? null
    // Only what is held in stock can be reserved.
    line["reserve_stock"] = 0
  }
}

const profit = (site: Site, doc: Doc): void => {
  for (const line of rows(doc, "items")) {
    const item = site.get("Item", text(line, "item_code"))?.columns ?? {}
    line["is_stock_item"] = item["is_stock_item"] ?? 0
    line["valuation_rate"] = item["valuation_rate"] ?? Amount.ZERO
    line["gross_profit"] = Amount.round(
      Amount.subtract(
        decimal(line, "base_amount"),
        Amount.multiply(decimal(line, "valuation_rate"), decimal(line, "stock_qty")),
      ),
      2,
    )
  }
}

/** The status of a submitted order follows from what was delivered and billed. */
const statusOf = (columns: Columns): string => {
  const delivered =
    isSet(columns, "skip_delivery_note") || Amount.compare(decimal(columns, "per_delivered"), "100") >= 0
  const billed = Amount.compare(decimal(columns, "per_billed"), "100") >= 0
  if (delivered) return billed ? "Completed" : "To Bill"
  return billed ? "To Deliver" : "To Deliver and Bill"
}

const share = (percent: string, none: string, some: string, all: string): string =>
  Amount.isZero(percent) ? none : Amount.compare(percent, "100") < 0 ? some : all

/** What submitted invoices took of the order, written past its form; its stamp moves. */
export const countBilled = (site: Site, name: string): void => {
  const order = site.get("Sales Order", name)
  if (order === undefined) return
  const billed = new Map<string, string>()
  for (const invoice of site.store.find("Sales Invoice", "items.sales_order", name)) {
    if (docstatus(invoice) !== 1) continue
    for (const line of rows(invoice, "items")) {
      if (line["sales_order"] !== name) continue
      const detail = text(line, "so_detail")
      billed.set(detail, Amount.sum(billed.get(detail) ?? Amount.ZERO, decimal(line, "amount")))
    }
  }
  const list = rows(order, "items").map((line) => ({
    ...line,
    billed_amt: billed.get(text(line, "name")) ?? Amount.ZERO,
  }))
  const total = Amount.sum(...list.map((line) => decimal(line, "amount")))
  const taken = Amount.sum(...list.map((line) => line.billed_amt))
  const per = Amount.round(Amount.multiply(Amount.divide(taken, total), "100"), 6)
  const closed = text(order.columns, "status") === "Closed"
  site.store.put({ ...order, tables: { ...order.tables, items: list } })
  Documents.setColumns(site, "Sales Order", name, {
    per_billed: per,
    billing_status: share(per, "Not Billed", "Partly Billed", "Fully Billed"),
    ...(closed ? {} : { status: statusOf({ ...order.columns, per_billed: per }) }),
  })
}

/** Closes an order, or opens a closed one again. */
export const updateStatus = (site: Site, name: string, status: string): void => {
  const order = Documents.find(site, "Sales Order", name)
  if (docstatus(order) !== 1) throw refusedByApp(`Sales Order ${name} is not submitted`)
  Documents.setColumns(site, "Sales Order", name, { status: status === "Draft" ? statusOf(order.columns) : status })
}

export const controller: Controller = {
  beforeDefaults: (site, { columns }) => {
    if (!given(columns, "company")) columns["company"] = Selling.defaultCompany(site)
    delete columns["status"]
  },
  validate: ({ action, doc, site }) => {
    if (action === "change") {
      refuseSecondOrder(site, doc)
      deliveryDates(doc)
      return
    }
    lines(doc)
    deliveryDates(doc)
    Selling.prepare(site, doc, { date: "transaction_date", books: false })
    refuseSecondOrder(site, doc)
    Totals.compute(site, doc)
    profit(site, doc)
    const date = text(doc.columns, "transaction_date")
    Totals.schedule(doc, Selling.terms(site, doc.columns, date, date))
    // Inserted submitted, it stays a draft by its status, for good.
    doc.columns["status"] = action === "submit" ? statusOf(doc.columns) : "Draft"
  },
  beforeCancel: (site, doc) => {
    if (text(doc.columns, "status") === "Closed")
      throw refusedByApp("A closed order is opened again before it is cancelled")
    Links.refuseCancel(site, "Sales Order", nameOf(doc))
  },
  afterCancel: ({ doc }) => {
    doc.columns["status"] = "Cancelled"
  },
}
