/**
 * Invoice: invoices and credit memos, which are one table of a query. Written are invoices alone, and only where the
 * account has them approved: then a new one is a draft that waits, and nothing here approves, sends or voids it.
 *
 * Requests for N invoices: as for orders, and one for every 200 documents for the orders that they bill. The sweep of
 * payments asks for each page of those that changed, for what they pay, and for the invoices.
 */
import { ConnectorError, Unsupported } from "@mortise/core/ConnectorError"
import { Invoice } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import type * as Core from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import * as Filter from "../Filter.ts"
import { definedBody, pointer, ref } from "../internal/body.ts"
import * as document from "../internal/document.ts"
import { type Kind, stateOf } from "../internal/invoiceState.ts"
import * as lines from "../internal/lines.ts"
import * as links from "../internal/links.ts"
import type { Facts, Mapping } from "../internal/Mapping.ts"
import { known, link, type Reader } from "../internal/Reader.ts"
import type { Encoded, EncodeFacts, Writer } from "../internal/Writer.ts"
import * as Query from "../Query.ts"
import type { Settings } from "../Settings.ts"
import * as Tables from "../Tables.ts"
import * as Values from "../Values.ts"

type E = typeof Invoice
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>

const { creditMemo, invoice } = Tables.TYPES
const ORDERS = "orders"

const kindOf = (type: string | null | undefined): Kind | undefined =>
  type === invoice ? "invoice" : type === creditMemo ? "creditNote" : undefined

const shapeOf = ({ invoices }: Settings, kind: Kind | undefined): lines.Shape => ({
  keyField: invoices?.lineKeyField,
  negated: kind !== "creditNote",
})

/** What is owed of an invoice; of a credit, what is left of it. */
const balanceOf = (reader: Reader, kind: Kind | undefined) =>
  document.magnitude(reader.decimal(kind === "creditNote" ? "foreignpaymentamountunused" : "foreignamountunpaid"))

/** The order of a document that bills one. */
const orderOf = (reader: Reader): Rec["order"] | undefined => {
  const rows = reader.part(ORDERS)
  if (rows === undefined) return undefined
  const orders = [...new Set(rows.flatMap((row) => links.before(row) ?? []))]
  const [only] = orders
  return orders.length === 1 && only !== undefined ? { id: only } : undefined
}

const decode = (reader: Reader, facts: Facts): Partial<Rec> => {
  const kind = kindOf(reader.text("type"))
  const [amount, dueDate] = [document.magnitude(reader.decimal("foreigntotal")), reader.day("duedate")]
  const balance = balanceOf(reader, kind)
  const { state, stateAsOf } = stateOf(
    { status: document.statusOf(reader), voided: reader.boolean("voided"), amount, balance, dueDate, kind },
    facts,
  )
  return known({
    kind,
    number: reader.text("tranid"),
    account: link(reader.text("entity")),
    order: orderOf(reader),
    date: reader.day("trandate"),
    dueDate,
    description: reader.text("memo"),
    customerReference: reader.text("otherrefnum"),
    currency: document.currencyOf(reader, facts),
    base: document.baseOf(reader, facts),
    lines: lines.decode(reader, shapeOf(facts.settings, kind)),
    totals: document.totalsOf(reader),
    balance,
    state,
    stateAsOf,
  }) as Partial<Rec>
}

const BALANCE = [Query.plain("foreignamountunpaid"), Query.plain("foreignpaymentamountunused")]
const STATE = {
  columns: [...document.STATUS, ...BALANCE, Query.plain("voided"), Query.plain("foreigntotal"), Query.day("duedate")],
}

export const mapping = (settings: Settings): Mapping<E> => ({
  entity: Invoice,
  table: "transaction",
  where: Filter.oneOf("type", [invoice, creditMemo]),
  always: [Query.plain("type")],
  members: {
    kind: document.plain("type"),
    number: document.plain("tranid"),
    account: document.plain("entity"),
    order: { part: ORDERS },
    date: { columns: [Query.day("trandate")] },
    dueDate: { columns: [Query.day("duedate")] },
    description: document.plain("memo"),
    customerReference: document.plain("otherrefnum"),
    currency: document.plain("currency"),
    base: document.plain("exchangerate"),
    lines: { part: lines.PART },
    totals: document.plain("foreigntotal"),
    balance: { columns: BALANCE },
    state: STATE,
    stateAsOf: STATE,
  },
  parts: { [lines.PART]: lines.part(settings.invoices?.lineKeyField), [ORDERS]: links.part(Tables.LINKS.billed) },
  typeOf: (reader) => (reader.text("type") === invoice ? "invoice" : undefined),
  decode,
})

const encode = (patch: Patch, facts: EncodeFacts): Encoded => {
  if (patch.kind === "creditNote")
    return { issues: [{ path: ["kind"], message: "credit memos are only read: NetSuite has no draft of one" }] }
  const currency = document.currencyBody(patch.currency, facts)
  if (currency.issues !== undefined) return currency
  const item = lines.encode(patch.lines, shapeOf(facts.settings, "invoice"), facts)
  if (item?.issues !== undefined) return item
  const { account, date, dueDate } = patch
  const day = (value: Core.LocalDate | null | undefined) => (value ? Values.day(value) : undefined)
  return {
    body: definedBody({
      entity: account ? ref(facts.idOf("Account", account)) : undefined,
      tranDate: day(date),
      dueDate: day(dueDate),
      memo: patch.description,
      otherRefNum: patch.customerReference,
      ...currency.body,
      ...item?.body,
    }),
    replace: item?.replace ?? [],
  }
}

const released = () =>
  new ConnectorError({
    system: "netsuite",
    operation: "netsuite.Invoice.upsert",
    reason: new Unsupported({
      message: "the invoice is no draft any more; only invoices that wait for approval are written",
      feature: "releasedDocument",
      mend: "correct it in the ERP",
    }),
  })

/** What was approved is the ERP's alone. */
const guard = (_: unknown, { codes, existing, settings }: EncodeFacts): Effect.Effect<void, ConnectorError> => {
  if (existing === undefined) return Effect.void
  const { state } = decode(existing, { settings, codes, today: "9999-12-31" as Core.LocalDate })
  return state?.code === "draft" ? Effect.void : Effect.fail(released())
}

/** NetSuite: the state of approval in which a document waits and posts nothing. */
const PENDING = { id: "1" }

export const writer: Writer<E> = {
  writable: ["kind", "account", "date", "dueDate", "description", "customerReference", "currency", "lines"],
  notClearable: ["kind", "account", "date", "dueDate", "currency", "lines"],
  fixed: ["kind"],
  pointers: ({ account, lines: wanted }) => [...pointer("account", "Account", account), ...lines.pointers(wanted)],
  typeFor: () => "invoice",
  initial: (_, { settings: { defaults, subsidiary } }) => ({
    body: definedBody({ ...defaults?.Invoice, subsidiary: ref(subsidiary), approvalStatus: PENDING }),
  }),
  encode,
  natural: { number: "tranid" },
  guard,
  mismade: ({ state }) =>
    state?.code === "draft"
      ? undefined
      : "the account took the invoice without waiting for approval, although it is configured to; it is in the ledger",
}

export const absent = (settings: Settings): NonNullable<Features.Features<E>["absent"]> => ({
  company: "the CRM's",
  contact: "a document has contact data, not a reference to a contact",
  deal: "the CRM's",
  discount: "a discount is an item of its own, of the document or of a line",
  sent: "kept as messages of a document, which are not read",
  viewed: "not kept",
  "write.creditNote": "NetSuite has no draft of a credit memo",
  "write.order": "an invoice of an order is made by billing the order in NetSuite",
  ...(settings.invoices?.approvalRouting === true
    ? {}
    : {
        creates:
          "an invoice is in the ledger at once unless the account has invoices approved (`invoices.approvalRouting`)",
      }),
})
