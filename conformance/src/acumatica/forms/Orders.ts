/** Sales orders (SO301000). */
import { STATUS } from "../Labels.ts"
import * as Money from "../Money.ts"
import { type Doc, flag, lines, link, text } from "../Record.ts"
import { type Form, fill } from "./Form.ts"
import * as Lines from "./Lines.ts"

const COLUMNS: Lines.LineColumns = {
  quantity: "OrderQty",
  description: "LineDescription",
  branch: "Branch",
  itemRequired: true,
}

const FINAL: ReadonlySet<string> = new Set([STATUS.canceled, STATUS.completed])

const status = (doc: Doc, customer: Doc | undefined): string => {
  if (FINAL.has(text(doc, "Status"))) return text(doc, "Status")
  if (flag(doc, "Hold")) return STATUS.onHold
  return customer !== undefined && text(customer, "Status") === STATUS.creditHold ? STATUS.creditHold : STATUS.open
}

export const form: Form = {
  derived: new Set([
    "Status",
    "OrderTotal",
    "OrderedQty",
    "NoteID",
    "LastModifiedDateTime",
    "CreatedDateTime",
    "BaseCurrencyID",
    "CreditHold",
    "Approved",
  ]),
  derivedInLines: new Set(["Amount", "ExtendedPrice", "OpenQty", "UnbilledAmount", "QtyOnShipments", "LineNbr"]),
  lengths: { ExternalRef: 40, CustomerOrder: 40 },
  open: (doc, context) => {
    Object.assign(doc.fields, {
      OrderType: "SO",
      Hold: context.knobs.holdOnEntry,
      Date: context.today,
      RequestedOn: context.today,
      BaseCurrencyID: context.tenant.baseCurrency,
      Branch: context.branch,
      LocationID: "MAIN",
      TaxTotal: Money.ZERO,
    })
  },
  close: (edit) => {
    const { doc } = edit
    const customer = Lines.customerOf(edit)
    Lines.currency(edit, customer)
    const net = Lines.close(edit, COLUMNS)
    for (const line of lines(doc, "Details")) {
      line.fields["OpenQty"] = text(line, "OrderQty")
      line.fields["UnbilledAmount"] = text(line, "Amount")
    }
    fill(doc, "TaxTotal", Money.ZERO)
    const totals = link(doc, "Totals")
    Object.assign(totals.fields, { LineTotalAmount: net, TaxTotal: text(doc, "TaxTotal") })
    doc.fields["OrderTotal"] = Money.sum([net, text(doc, "TaxTotal"), text(totals, "Freight")])
    doc.fields["OrderedQty"] = Money.sum(lines(doc, "Details").map((line) => text(line, "OrderQty")))
    doc.fields["Status"] = status(doc, customer)
    doc.fields["CreditHold"] = doc.fields["Status"] === STATUS.creditHold
    fill(link(doc, "FinancialSettings"), "Terms", customer === undefined ? "30D" : text(customer, "Terms"))
  },
  keeps: (doc) =>
    text(doc, "Status") === STATUS.completed ? "The order is completed and cannot be deleted." : undefined,
}
