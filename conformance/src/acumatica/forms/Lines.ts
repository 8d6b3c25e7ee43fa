/** What lines of orders and invoices have in common: number, item, price and amount. */
import * as Money from "../Money.ts"
import { type Doc, flag, type Row, text } from "../Record.ts"
import type { Tenant } from "../Tenant.ts"
import { cannotBeEmpty, cannotBeFound, type Edit, fill, nextLineNumber } from "./Form.ts"

export interface LineColumns {
  readonly quantity: string
  readonly description: string
  readonly branch: string
  readonly itemRequired: boolean
}

export const itemOf = (tenant: Tenant, id: string): Doc | undefined =>
  tenant.store("stockItems").findLatest([id]) ?? tenant.store("nonStockItems").findLatest([id])

const fillFromItem = (line: Row, item: Doc, columns: LineColumns): void => {
  fill(line, "UnitPrice", text(item, "DefaultPrice"))
  fill(line, columns.description, text(item, "Description"))
  fill(line, "UOM", text(item, "SalesUOM"))
  fill(line, "TaxCategory", text(item, "TaxCategory"))
}

const checkItem = (edit: Edit, line: Row, columns: LineColumns): void => {
  const id = text(line, "InventoryID")
  if (id === "") {
    if (columns.itemRequired) edit.issues.add(line, "InventoryID", cannotBeEmpty("Inventory ID"))
    return
  }
  const item = itemOf(edit.context.tenant, id)
  if (item === undefined) edit.issues.add(line, "InventoryID", cannotBeFound("Inventory ID"))
  else fillFromItem(line, item, columns)
}

/** `Amount` is always the form's: quantity by price less discount, whatever was sent. */
const compute = (line: Row, columns: LineColumns): void => {
  fill(line, columns.quantity, Money.ZERO)
  fill(line, "UnitPrice", Money.ZERO)
  const extended = Money.multiply(text(line, columns.quantity), text(line, "UnitPrice"))
  const percent = text(line, "DiscountPercent")
  if (percent !== "" && !flag(line, "ManualDiscount")) {
    line.fields["DiscountAmount"] = Money.multiply(extended, Money.multiply(percent, "0.01"))
  }
  fill(line, "DiscountAmount", Money.ZERO)
  line.fields["ExtendedPrice"] = extended
  line.fields["Amount"] = Money.subtract(extended, text(line, "DiscountAmount"))
}

/** Numbers, fills, checks and computes the lines; gives their total. */
export const close = (edit: Edit, columns: LineColumns): string => {
  const lines = edit.doc.rows["Details"] ?? []
  for (const line of lines) {
    if (text(line, "LineNbr") === "") line.fields["LineNbr"] = nextLineNumber(lines)
    checkItem(edit, line, columns)
    fill(line, columns.branch, edit.context.branch)
    compute(line, columns)
  }
  return Money.sum(lines.map((line) => text(line, "Amount")))
}

/** The customer must be there; it gives currency and terms. */
export const customerOf = (edit: Edit): Doc | undefined => {
  const { context, doc, issues } = edit
  const id = text(doc, "CustomerID")
  if (id === "") {
    issues.add(doc, "CustomerID", cannotBeEmpty("Customer"))
    return undefined
  }
  const customer = context.tenant.store("accounts").findLatest([id])
  if (customer === undefined) issues.add(doc, "CustomerID", cannotBeFound("Customer"))
  return customer
}

export const currency = (edit: Edit, customer: Doc | undefined): void => {
  const { context, doc, issues } = edit
  fill(doc, "CurrencyID", customer === undefined ? context.tenant.baseCurrency : text(customer, "CurrencyID"))
  if (!context.tenant.currencies.includes(text(doc, "CurrencyID"))) {
    issues.add(doc, "CurrencyID", cannotBeFound("Currency ID"))
  }
}
