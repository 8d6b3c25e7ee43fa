/**
 * Invoice: a Sales Invoice, named by a series; our key stands in the unique field. A return is a credit note: its quantities
 * and amounts are negative on the site and positive here. A new one is a draft and stays one: nothing here submits, cancels
 * or sends.
 *
 * Requests for N invoices: reading takes a list for every page and one for each of the two tables, lines and terms. Writing
 * as for orders.
 */

import { Invoice } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import { negate } from "../internal/amounts.ts"
import { BASE, baseOf, DISCOUNT, discountBody, discountOf, TOTALS, totalsOf } from "../internal/documents.ts"
import { guard } from "../internal/draft.ts"
import { balanceOf, COLUMNS as STATE, stateOf } from "../internal/invoiceState.ts"
import * as lines from "../internal/lines.ts"
import type { Facts, Mapping } from "../internal/Mapping.ts"
import { known, link, type Reader } from "../internal/Reader.ts"
import { definedBody, type Encoded, type EncodeFacts, type Pointer, type Writer } from "../internal/Writer.ts"
import type { Settings } from "../Settings.ts"
import * as Order from "./Order.ts"

type E = typeof Invoice
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>

/** The order of a document whose lines all come from one. */
const orderOf = (rows: ReadonlyArray<Reader>) => {
  const orders = new Set(rows.flatMap((row) => row.text("sales_order") ?? []))
  const [only] = orders
  return orders.size === 1 && only !== undefined ? link(only) : null
}

/** What the site writes where nobody wrote anything. */
const NO_REMARKS = "No Remarks"

const remarksOf = (reader: Reader): string | null => {
  const remarks = reader.text("remarks")
  return remarks === NO_REMARKS ? null : remarks
}

const decode = (reader: Reader, facts: Facts): Partial<Rec> => {
  const isReturn = reader.flag("is_return")
  const { state, stateAsOf } = stateOf(reader, facts)
  const balance = balanceOf(reader)
  return known({
    kind: isReturn ? ("creditNote" as const) : ("invoice" as const),
    number: reader.text("name"),
    account: link(reader.text("customer")),
    contact: link(reader.text("contact_person")),
    order: orderOf(reader.rows("items")),
    date: reader.text("posting_date"),
    dueDate: reader.text("due_date"),
    description: remarksOf(reader),
    customerReference: reader.text("po_no"),
    currency: reader.text("currency"),
    base: baseOf(reader, facts.currency, isReturn),
    lines: lines.decode(reader.rows("items"), facts.settings.lineKeyField, isReturn),
    discount: discountOf(reader),
    totals: totalsOf(reader, isReturn),
    balance: balance === undefined || !isReturn ? balance : negate(balance),
    state,
    stateAsOf,
  }) as Partial<Rec>
}

export const mapping = (settings: Settings): Mapping<E> => ({
  entity: Invoice,
  doctype: "Sales Invoice",
  members: {
    kind: ["is_return"],
    number: ["name"],
    account: ["customer"],
    contact: ["contact_person"],
    order: ["items/sales_order"],
    date: ["posting_date"],
    dueDate: ["due_date"],
    description: ["remarks"],
    customerReference: ["po_no"],
    currency: ["currency"],
    base: [...BASE, "is_return"],
    lines: [...lines.members(settings.lineKeyField), "is_return"],
    discount: DISCOUNT,
    totals: [...TOTALS, "is_return"],
    balance: STATE.filter((path) => !path.startsWith("payment_schedule/")),
    state: STATE,
    stateAsOf: STATE,
  },
  tables: { items: "Sales Invoice Item", payment_schedule: "Payment Schedule" },
  sides: {},
  inCompanyCurrency: ["base"],
  where: [["company", "=", settings.company]],
  decode,
})

const isReturn = ({ kind }: Patch, { existing }: EncodeFacts): boolean =>
  existing === undefined ? kind === "creditNote" : String(existing["is_return"] ?? "0") === "1"

/** The site takes the due date from the terms, and those from the due date only where there are none yet. */
const dueBody = ({ dueDate }: Patch, { existing }: EncodeFacts) => {
  if (dueDate === undefined) return {}
  return { due_date: dueDate, ...(existing === undefined ? {} : { payment_schedule: [] }) }
}

const encode = (patch: Patch, facts: EncodeFacts): Encoded => {
  const { account, contact, date } = patch
  const returns = isReturn(patch, facts)
  const made =
    patch.lines === undefined || patch.lines === null
      ? undefined
      : lines.encode({ lines: patch.lines, facts, needsProduct: false, isReturn: returns })
  if (made !== undefined && "issues" in made) return made
  return {
    body: {
      ...definedBody({
        customer: account === undefined || account === null ? undefined : facts.idOf("Account", account),
        contact_person: contact === undefined || contact === null ? contact : facts.idOf("Contact", contact),
        // A draft is dated anew at every save unless it is said that its day is meant.
        set_posting_time: date === undefined ? undefined : 1,
        posting_date: date,
        remarks: patch.description,
        po_no: patch.customerReference,
        currency: patch.currency,
        items: made?.items,
      }),
      ...dueBody(patch, facts),
      ...discountBody(patch.discount, returns),
    },
  }
}

const initial = (patch: Patch, { currency, settings }: EncodeFacts): Encoded => {
  const missing = (["account", "lines"] as const).filter((field) => patch[field] === undefined || patch[field] === null)
  if (missing.length > 0)
    return { issues: missing.map((field) => ({ path: [field], message: "is missing; a new invoice needs it" })) }
  return {
    body: {
      company: settings.company,
      currency: patch.currency ?? currency,
      ...(patch.kind === "creditNote" ? { is_return: 1 } : {}),
    },
  }
}

const pointers = (patch: Patch): ReadonlyArray<Pointer> => [
  ...Order.pointers(patch),
  ...(patch.contact === undefined || patch.contact === null
    ? []
    : [{ path: "contact", entity: "Contact" as const, reference: patch.contact }]),
]

export const writer: Writer<E> = {
  writable: [
    "kind",
    "account",
    "contact",
    "date",
    "dueDate",
    "description",
    "customerReference",
    "currency",
    "lines",
    "discount",
  ],
  notClearable: ["kind", "account", "date", "dueDate", "currency", "lines"],
  fixed: ["kind"],
  inCurrency: true,
  pointers,
  initial,
  encode,
  natural: { number: (value) => (typeof value === "string" && value !== "" ? { id: value } : undefined) },
  guard,
}

export const absent: Features.Features<E>["absent"] = {
  company: "the CRM's",
  deal: "the CRM's",
  sent: "mails are documents of their own, and a printed invoice leaves none",
  viewed: "not kept",
  "write.order": "an invoice for an order is made from the order in the ERP, which fills what links them",
  "write.totals": "computed by the site",
  "write.state": "an invoice is a draft until it is submitted, which nothing here does",
}
