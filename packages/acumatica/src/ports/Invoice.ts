/**
 * Invoice: SalesInvoice (SO303000) and the ledger's Invoice (AR301000), one document once; see decision 0010. Documents
 * that order management made are read from the first form, which knows their currency; all others from the second.
 *
 * Requests for N invoices: reading asks both forms for every page. A fresh read by id asks SalesInvoice first and the
 * ledger for what is not there. The sweep of payments reads each payment that changed, and the invoices that it names.
 * A new invoice is a draft on hold and stays one: nothing here releases, voids or sends.
 */
import { Invoice } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import type { Wire } from "../Client.ts"
import * as Identity from "../Identity.ts"
import { kindOf, stateOf } from "../internal/invoiceState.ts"
import * as lines from "../internal/lines.ts"
import type { Facts, Mapping } from "../internal/Mapping.ts"
import { known, type Reader } from "../internal/Reader.ts"
import * as Keys from "../Keys.ts"
import type { Settings } from "../Settings.ts"
import { has } from "../Versions.ts"

type E = typeof Invoice
type Rec = Entity.Record<E>

export const salesShape = ({ version }: Settings): lines.LineMembers => ({
  detail: "SalesInvoiceDetail",
  quantity: "Qty",
  description: "TransactionDescr",
  percent: true,
  externalRef: has(version, "SalesInvoiceDetail.ExternalRef"),
  manualPrice: has(version, "SalesInvoiceDetail.ManualPrice"),
  amount: true,
})

export const ledgerShape: lines.LineMembers = {
  detail: "InvoiceDetail",
  quantity: "Qty",
  description: "TransactionDescription",
  percent: false,
  externalRef: false,
  manualPrice: false,
  amount: true,
}

/** The ledger form's currency, which its contract leaves out. */
export const LEDGER_CURRENCY = "Document.CuryID"

/** What stands in a reference field that may also carry our key: our own key is nobody's reference. */
const reference = (text: string | null | undefined): string | null | undefined =>
  text !== undefined && text !== null && Identity.isOurs(text) ? null : text

const link = (id: string | null | undefined) => (id === undefined || id === null ? id : { id, number: id })

/** What both forms have under the same names. */
const shared = (reader: Reader<Wire["SalesInvoice"]> | Reader<Wire["Invoice"]>, facts: Facts): Partial<Rec> => {
  const same = reader as Reader<Wire["SalesInvoice"]>
  const type = same.code("Type")
  const kind = kindOf(type, facts.settings)
  const [amount, balance, dueDate] = [same.decimal("Amount"), same.decimal("Balance"), same.day("DueDate")]
  const { state, stateAsOf } = stateOf(
    { status: same.text("Status"), hold: same.boolean("Hold"), amount, balance, dueDate, kind },
    facts,
  )
  return known({
    kind,
    number: same.text("ReferenceNbr"),
    date: same.day("Date"),
    dueDate,
    description: same.text("Description"),
    customerReference: reference(same.text("CustomerOrder")),
    balance,
    state,
    stateAsOf,
  }) as Partial<Rec>
}

/** The order of a document whose lines all come from one. */
const orderOf = (reader: Reader<Wire["SalesInvoice"]>): Rec["order"] | undefined => {
  const details = reader.lines("Details")
  if (details === undefined) return undefined
  const orders = new Map<string, string>()
  for (const line of details) {
    const [type, number] = [line.text("OrderType"), line.text("OrderNbr")]
    if (type && number) orders.set(Keys.join([type, number]), number)
  }
  const [only] = orders
  return orders.size === 1 && only !== undefined ? { id: only[0], number: only[1] } : undefined
}

const STATE = ["Status", "Hold", "Amount", "Balance", "DueDate", "Type"]

const common = {
  kind: ["Type"],
  number: ["ReferenceNbr"],
  date: ["Date"],
  dueDate: ["DueDate"],
  description: ["Description"],
  customerReference: ["CustomerOrder"],
  balance: ["Balance"],
  state: STATE,
  stateAsOf: STATE,
}

const salesTotals = ({ version }: Settings): ReadonlyArray<string> =>
  has(version, "SalesInvoice.DetailTotal") ? ["Amount", "DetailTotal", "TaxTotal", "FreightPrice"] : ["Amount"]

export const sales = (settings: Settings): Mapping<E, "SalesInvoice"> => {
  const carrier = Identity.carrier(settings, "SalesInvoice")
  const shape = salesShape(settings)
  return {
    entity: Invoice,
    resource: "SalesInvoice",
    members: {
      ...common,
      account: ["CustomerID"],
      currency: ["Currency"],
      order: ["Details/OrderType", "Details/OrderNbr"],
      lines: lines.members(shape),
      totals: salesTotals(settings),
    },
    oneByOne: [],
    ...(carrier === undefined ? {} : { carrier }),
    decode: (reader, facts) => {
      const totals = known({
        net: reader.decimal("DetailTotal") ?? undefined,
        tax: reader.decimal("TaxTotal") ?? undefined,
        freight: reader.decimal("FreightPrice") ?? undefined,
        gross: reader.decimal("Amount") ?? undefined,
      })
      return {
        ...shared(reader, facts),
        ...known({
          account: link(reader.text("CustomerID")),
          currency: reader.text("Currency"),
          order: orderOf(reader),
          lines: lines.decode(reader.lines("Details"), shape),
          totals: Object.keys(totals).length === 0 ? undefined : totals,
        }),
      } as Partial<Rec>
    },
  }
}

export const ledger = (settings: Settings): Mapping<E, "Invoice"> => {
  const carrier = Identity.carrier(settings, "Invoice")
  return {
    entity: Invoice,
    resource: "Invoice",
    members: {
      ...common,
      account: ["Customer"],
      ...(settings.invoices?.customCurrency === true ? { currency: [`$custom/${LEDGER_CURRENCY}`] } : {}),
      lines: lines.members(ledgerShape),
      totals: ["Amount", "TaxTotal"],
    },
    oneByOne: [],
    ...(carrier === undefined ? {} : { carrier }),
    decode: (reader, facts) => {
      const totals = known({
        tax: reader.decimal("TaxTotal") ?? undefined,
        gross: reader.decimal("Amount") ?? undefined,
      })
      const currency = reader.custom({ [LEDGER_CURRENCY]: "String" })?.[LEDGER_CURRENCY]
      return {
        ...shared(reader, facts),
        ...known({
          account: link(reader.text("Customer")),
          currency: typeof currency === "string" ? currency : undefined,
          lines: lines.decode(reader.lines("Details"), ledgerShape),
          totals: Object.keys(totals).length === 0 ? undefined : totals,
        }),
      } as Partial<Rec>
    },
  }
}

export const absent: Features.Features<E>["absent"] = {
  company: "the CRM's",
  contact: "a document has contact data, not a reference to a contact",
  deal: "the CRM's",
  base: "the contract has neither rate nor base amount of a document",
  sent: "not in the contract",
  viewed: "not in the contract",
}
