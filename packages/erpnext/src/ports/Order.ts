/**
 * Order: a Sales Order, named by a series; our key stands in the unique field. A new order is a draft, and stays one until
 * somebody submits it in the ERP: `held` is the one state that it can be opened in.
 *
 * Requests for N orders: reading takes a list for every page and one for the lines. Writing as for accounts, and one look
 * for the customers and one for the items of 20 orders.
 */
import { Order } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import { coded } from "@mortise/core/Words"
import * as BigDecimal from "effect/BigDecimal"
import type { Doc } from "../internal/Doc.ts"
import { BASE, baseOf, DISCOUNT, discountBody, discountOf, TOTALS, totalsOf } from "../internal/documents.ts"
import { guard } from "../internal/draft.ts"
import * as lines from "../internal/lines.ts"
import type { Facts, Mapping } from "../internal/Mapping.ts"
import { known, link, type Reader } from "../internal/Reader.ts"
import { definedBody, type Encoded, type EncodeFacts, type Pointer, type Writer } from "../internal/Writer.ts"
import type { Settings } from "../Settings.ts"

type E = typeof Order
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>

const states = ["held", "open", "partlyFulfilled", "fulfilled", "invoiced", "cancelled"] as const

// ERPNext: the options of Sales Order.status that say the same whatever was delivered.
const STATUS = {
  Draft: "held",
  "On Hold": "held",
  "To Bill": "fulfilled",
  Completed: "invoiced",
  Cancelled: "cancelled",
}

const isSome = (value: BigDecimal.BigDecimal | null): boolean => value !== null && BigDecimal.isPositive(value)

/** Of an order that something is still to be delivered of. */
const underWay = (reader: Reader): "open" | "partlyFulfilled" =>
  isSome(reader.decimal("per_delivered")) ? "partlyFulfilled" : "open"

const UNDER_WAY = new Set(["To Deliver and Bill", "To Deliver", "To Pay"])

/** An order that was made submitted keeps the status of a draft: whether it is one, only `docstatus` tells. */
const stateOf = (reader: Reader, settings: Settings): Rec["state"] => {
  const raw = reader.text("status") ?? ""
  const docstatus = String(reader.raw("docstatus") ?? "0")
  if (docstatus === "0") return { code: "held", raw }
  if (docstatus === "2") return { code: "cancelled", raw }
  const own = settings.words?.orderStatus
  if (own?.[raw] === undefined && (UNDER_WAY.has(raw) || raw === "Draft")) return { code: underWay(reader), raw }
  // Closed is what nobody delivers or bills any more: of which nothing was, it is as good as cancelled.
  if (own?.[raw] === undefined && raw === "Closed") {
    const begun = isSome(reader.decimal("per_delivered")) || isSome(reader.decimal("per_billed"))
    return { code: begun ? "other" : "cancelled", raw }
  }
  return coded(raw, states, { own, builtIn: STATUS })
}

const decode = (reader: Reader, { currency, settings }: Facts): Partial<Rec> =>
  known({
    number: reader.text("name"),
    account: link(reader.text("customer")),
    date: reader.text("transaction_date"),
    requestedDate: reader.text("delivery_date"),
    customerReference: reader.text("po_no"),
    currency: reader.text("currency"),
    base: baseOf(reader, currency),
    lines: lines.decode(reader.rows("items"), settings.lineKeyField),
    discount: discountOf(reader),
    totals: totalsOf(reader),
    state: stateOf(reader, settings),
  }) as Partial<Rec>

export const mapping = (settings: Settings): Mapping<E> => ({
  entity: Order,
  doctype: "Sales Order",
  members: {
    number: ["name"],
    account: ["customer"],
    date: ["transaction_date"],
    requestedDate: ["delivery_date"],
    customerReference: ["po_no"],
    currency: ["currency"],
    base: BASE,
    lines: lines.members(settings.lineKeyField),
    discount: DISCOUNT,
    totals: TOTALS,
    state: ["status", "per_delivered", "per_billed"],
  },
  tables: { items: "Sales Order Item" },
  sides: {},
  inCompanyCurrency: ["base"],
  where: [["company", "=", settings.company]],
  decode,
})

/** Each row has a day of its own, and the site sets that of the order to the latest of them. */
const dated = ({ requestedDate }: Patch, rows: ReadonlyArray<Doc> | undefined): ReadonlyArray<Doc> | undefined =>
  requestedDate === undefined ? rows : rows?.map((row) => ({ ...row, delivery_date: requestedDate }))

const encode = (patch: Patch, facts: EncodeFacts): Encoded => {
  const { account, requestedState } = patch
  if (requestedState === "open") {
    const message = "an order of ERPNext is open once it is submitted, which is left to the ERP; a new one is held"
    return { issues: [{ path: ["requestedState"], message }] }
  }
  const made =
    patch.lines === undefined || patch.lines === null
      ? undefined
      : lines.encode({ lines: patch.lines, facts, needsProduct: true })
  if (made !== undefined && "issues" in made) return made
  const again = patch.requestedDate === undefined ? undefined : lines.again(facts.existing)
  return {
    body: {
      ...definedBody({
        customer: account === undefined || account === null ? undefined : facts.idOf("Account", account),
        transaction_date: patch.date,
        delivery_date: patch.requestedDate,
        po_no: patch.customerReference,
        currency: patch.currency,
        items: dated(patch, made?.items ?? again),
      }),
      ...discountBody(patch.discount),
    },
  }
}

/** Company and currency are always said; a day of delivery is demanded. An order without lines breaks the site. */
const initial = (patch: Patch, { currency, settings, today }: EncodeFacts): Encoded => {
  const missing = (["account", "lines"] as const).filter((field) => patch[field] === undefined || patch[field] === null)
  if (missing.length > 0)
    return { issues: missing.map((field) => ({ path: [field], message: "is missing; a new order needs it" })) }
  return {
    body: {
      company: settings.company,
      currency: patch.currency ?? currency,
      delivery_date: patch.requestedDate ?? patch.date ?? today,
    },
  }
}

export const pointers = (patch: Pick<Patch, "account" | "lines">): ReadonlyArray<Pointer> => [
  ...(patch.account === undefined || patch.account === null
    ? []
    : [{ path: "account", entity: "Account" as const, reference: patch.account }]),
  ...(patch.lines ?? []).flatMap((line, index) =>
    line.product === undefined || line.product === null
      ? []
      : [{ path: `lines.${index}.product`, entity: "Product" as const, reference: line.product }],
  ),
]

export const writer: Writer<E> = {
  writable: [
    "account",
    "date",
    "requestedDate",
    "customerReference",
    "currency",
    "lines",
    "discount",
    "requestedState",
  ],
  notClearable: ["account", "date", "requestedDate", "currency", "lines", "requestedState"],
  fixed: [],
  inCurrency: true,
  pointers,
  initial,
  encode,
  natural: { number: (value) => (typeof value === "string" && value !== "" ? { id: value } : undefined) },
  // How an order shall open says nothing about one that is there.
  compare: { requestedState: () => true },
  guard,
  // The site takes a customer's reference once, unless it is told otherwise; cancelled orders do not count.
  rival: ({ account, customerReference }) =>
    typeof customerReference === "string" && customerReference !== ""
      ? [
          ["customer", "=", (account as { readonly id: string }).id],
          ["po_no", "=", customerReference],
          ["docstatus", "<", 2],
        ]
      : undefined,
}

export const initialStates = ["held"] as const

export const absent: Features.Features<E>["absent"] = {
  type: "the kinds of an order (sales, maintenance, shop) say nothing that the domain has",
  deal: "the deal's key is the order's own",
  description: "an order has terms, and no text of its own",
  "requestedState.open": "an order is open once it is submitted, which nothing here does",
}
