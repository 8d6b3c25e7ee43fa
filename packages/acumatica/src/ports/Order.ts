/**
 * Order: SalesOrder (SO301000), named by type and number; our key stands in its `ExternalRef`. A new order is put on
 * hold unless `requestedState` is "open".
 *
 * Requests for N orders: reading takes a list for every page, with the lines in it; where an instance cannot list lines,
 * a list of the keys and one read for each order. Writing as for accounts.
 */
import { Order } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import { coded } from "@mortise/core/Words"
import type { Wire } from "../Client.ts"
import * as Identity from "../Identity.ts"
import { definedBody } from "../internal/body.ts"
import * as lines from "../internal/lines.ts"
import type { Facts, Mapping } from "../internal/Mapping.ts"
import * as Reader from "../internal/Reader.ts"
import type { Encoded, EncodeFacts, Pointer, Writer } from "../internal/Writer.ts"
import * as Keys from "../Keys.ts"
import type { Settings } from "../Settings.ts"
import { has } from "../Versions.ts"

type E = typeof Order
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>

const states = ["held", "open", "partlyFulfilled", "fulfilled", "invoiced", "cancelled"] as const

// Acumatica: Status is an open list of labels, of which the guide shows "Open"; the others are the form's in English.
const STATUS = {
  "on hold": "held",
  hold: "held",
  "credit hold": "held",
  "pending approval": "held",
  open: "open",
  shipping: "open",
  "back order": "partlyFulfilled",
  completed: "fulfilled",
  invoiced: "invoiced",
  canceled: "cancelled",
  cancelled: "cancelled",
  voided: "cancelled",
}

const shapeOf = ({ version }: Settings): lines.LineMembers => ({
  detail: "SalesOrderDetail",
  quantity: "OrderQty",
  description: "LineDescription",
  percent: true,
  externalRef: has(version, "SalesOrderDetail.ExternalRef"),
  manualPrice: has(version, "SalesOrderDetail.ManualPrice"),
  amount: has(version, "SalesOrderDetail.Amount"),
})

const baseOf = (reader: Reader.Reader<Wire["SalesOrder"]>): Rec["base"] | undefined => {
  const currency = reader.text("BaseCurrencyID")
  if (currency === undefined || currency === null) return currency
  return Reader.known({
    currency,
    rate: reader.decimal("CurrencyRate") ?? undefined,
    rateDate: reader.day("EffectiveDate") ?? undefined,
  }) as Rec["base"]
}

const decode = (reader: Reader.Reader<Wire["SalesOrder"]>, { settings }: Facts): Partial<Rec> => {
  const account = reader.text("CustomerID")
  const totals = Reader.known({
    tax: reader.decimal("TaxTotal") ?? undefined,
    gross: reader.decimal("OrderTotal") ?? undefined,
  })
  return Reader.known({
    number: reader.text("OrderNbr"),
    type: reader.text("OrderType"),
    account: account === undefined || account === null ? account : { id: account, number: account },
    date: reader.day("Date"),
    requestedDate: reader.day("RequestedOn"),
    customerReference: reader.text("CustomerOrder"),
    description: reader.text("Description"),
    currency: reader.text("CurrencyID"),
    base: baseOf(reader),
    lines: lines.decode(reader.lines("Details"), shapeOf(settings)),
    totals: Object.keys(totals).length === 0 ? undefined : totals,
    state: coded(reader.text("Status"), states, { own: settings.words?.orderStatus, builtIn: STATUS }),
  }) as Partial<Rec>
}

export const mapping = (settings: Settings): Mapping<E, "SalesOrder"> => {
  const carrier = Identity.carrier(settings, "SalesOrder")
  return {
    entity: Order,
    resource: "SalesOrder",
    members: {
      number: ["OrderNbr"],
      type: ["OrderType"],
      account: ["CustomerID"],
      date: ["Date"],
      requestedDate: ["RequestedOn"],
      customerReference: ["CustomerOrder"],
      description: ["Description"],
      currency: ["CurrencyID"],
      base: ["BaseCurrencyID", "CurrencyRate", "EffectiveDate"],
      lines: lines.members(shapeOf(settings)),
      totals: ["TaxTotal", "OrderTotal"],
      state: ["Status"],
    },
    oneByOne: [],
    ...(carrier === undefined ? {} : { carrier }),
    decode,
  }
}

const encode = (patch: Patch, facts: EncodeFacts<"SalesOrder">): Encoded<"SalesOrder"> => {
  const { codec, existing, idOf, settings } = facts
  const { wrap } = codec
  const text = (value: string | null | undefined) => (value === undefined ? undefined : wrap.text(value))
  const day = (value: string | null | undefined) => (value === undefined || value === null ? undefined : { value })
  const shape = shapeOf(settings)
  const details =
    patch.lines === undefined || patch.lines === null
      ? undefined
      : lines.encode({
          lines: patch.lines,
          shape,
          details: existing?.Details,
          read: lines.named(shape, Reader.make),
          facts: { codec, idOf },
        })
  if (details !== undefined && "issues" in details) return { issues: details.issues }
  const { account, requestedState } = patch
  const body: Wire["SalesOrder"] = definedBody({
    CustomerID: account === undefined || account === null ? undefined : wrap.text(idOf("Account", account)),
    Date: day(patch.date),
    RequestedOn: day(patch.requestedDate),
    CustomerOrder: text(patch.customerReference),
    Description: text(patch.description),
    CurrencyID: patch.currency === undefined || patch.currency === null ? undefined : wrap.text(patch.currency),
    Details: details?.details,
    // An order that exists keeps its state: only a new one is opened or held, see `initial`.
    Hold: existing === undefined ? wrap.boolean(requestedState !== "open") : undefined,
  })
  return { body }
}

const pointers = (patch: Patch): ReadonlyArray<Pointer> => [
  ...(patch.account === undefined || patch.account === null
    ? []
    : [{ path: "account", entity: "Account" as const, reference: patch.account }]),
  ...(patch.lines ?? []).flatMap((line, index) =>
    line.product === undefined || line.product === null
      ? []
      : [{ path: `lines.${index}.product`, entity: "Product" as const, reference: line.product }],
  ),
]

/** The part of an order's id that its type is. */
const typeOf = (patch: Patch, settings: Settings): string => patch.type ?? settings.orderType

export const writer = (settings: Settings): Writer<E, "SalesOrder"> => ({
  writable: [
    "account",
    "type",
    "date",
    "requestedDate",
    "customerReference",
    "description",
    "currency",
    "lines",
    "requestedState",
  ],
  notClearable: ["account", "type", "date", "requestedDate", "currency", "lines", "requestedState"],
  fixed: ["type"],
  pointers,
  initial: (patch, { codec }) => ({ body: { OrderType: codec.wrap.text(typeOf(patch, settings)) } }),
  encode,
  natural: {
    number: (value) =>
      typeof value === "string" && value !== "" ? { id: Keys.join([settings.orderType, value]) } : undefined,
  },
  // How an order shall open says nothing about one that is there.
  compare: { requestedState: () => true },
})

export const initialStates = ["held", "open"] as const

export const absent: Features.Features<E>["absent"] = {
  deal: "the deal's key is the order's own",
  discount: "the discount of a document is the sum of its discount details",
}
