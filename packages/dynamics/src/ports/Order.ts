/**
 * Order: SalesOrderHeadersV2 with its lines, named by its SalesOrderNumber; our key stands in the customer's reference, a
 * line's in its external item number. A new order is open: Finance & Operations has no order that waits.
 *
 * Requests for N orders: reading takes a list for every page, with the lines in it. Writing takes a list for every 20
 * keys, one for each 20 items, and for a new order one read of its customer, one POST of the header, one changeset of the
 * lines and one read that confirms it; where numbers are given by hand header and lines are one changeset.
 */
import { type Line, Order } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import * as ExternalKey from "@mortise/core/ExternalKey"
import type * as Features from "@mortise/core/Features"
import type { Instant, LocalDate } from "@mortise/core/Values"
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Filter from "../Filter.ts"
import * as Identity from "../Identity.ts"
import { day, definedBody, given, text } from "../internal/body.ts"
import type { Facts, WrittenMapping } from "../internal/Mapping.ts"
import * as Reading from "../internal/Reader.ts"
import type { Encoded, EncodeFacts, Pointer, Writer } from "../internal/Writer.ts"
import * as Keys from "../Keys.ts"
import type { Wire } from "../Sets.ts"
import type { Settings } from "../Settings.ts"
import * as orderLines from "./orderLines.ts"

type E = typeof Order
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>
type Header = Wire<"SalesOrderHeadersV2">
type Reader<T> = Reading.Reader<T>
const { known } = Reading

/** The header's status has few words; how far an order has come is told by the other one. */
const stateOf = (reader: Reader<Header>): Rec["state"] | undefined => {
  const status = reader.text("SalesOrderStatus")
  if (status === undefined) return undefined
  const [stage, stopped] = [reader.text("SalesOrderProcessingStatus"), reader.flag("IsSalesProcessingStopped")]
  const raw = [status, stage].filter(Boolean).join("/")
  if (status === "Canceled" || stage === "Canceled") return { code: "cancelled", raw }
  if (status === "Invoiced") return { code: "invoiced", raw }
  if (status === "Delivered") return { code: "fulfilled", raw }
  if (status !== null && status !== "None" && status !== "Backorder") return { code: "other", raw }
  if (stopped === true) return { code: "held", raw }
  if (stage === "Delivered") return { code: "fulfilled", raw }
  return { code: PARTLY.has(stage ?? "") ? "partlyFulfilled" : "open", raw }
}
const PARTLY = new Set(["PartiallyDelivered", "PartiallyInvoiced", "DeliveredPartiallyInvoiced"])

/** The header's totals are 0 unless somebody had them computed: the lines are what is sure. */
const totalsOf = (reader: Reader<Header>, found: ReadonlyArray<Line> | undefined): Rec["totals"] | undefined => {
  if (found === undefined) return undefined
  const nets = found.flatMap(({ net }) => net ?? [])
  const net = nets.reduce(BigDecimal.sum, BigDecimal.make(0n, 0))
  const computed = reader.flag("AreTotalsCalculated") === true
  return {
    net,
    ...known({
      tax: computed ? (reader.decimal("OrderTotalTaxAmount") ?? undefined) : undefined,
      freight: computed ? (reader.decimal("OrderTotalChargesAmount") ?? undefined) : undefined,
      gross: computed ? (reader.decimal("OrderTotalAmount") ?? undefined) : undefined,
    }),
  }
}

/** The day on which it was created, where the company is. */
const dayIn = (zone: string, instant: Instant | null | undefined): LocalDate | null | undefined =>
  instant === undefined || instant === null
    ? instant
    : (DateTime.formatIsoDate(DateTime.makeZonedUnsafe(Date.parse(instant), { timeZone: zone })) as LocalDate)

const decode = (reader: Reader<Header>, { settings }: Facts): Partial<Rec> => {
  const account = reader.text("OrderingCustomerAccountNumber")
  const found = orderLines.decode(reader, settings)
  return known({
    number: reader.text("SalesOrderNumber"),
    account:
      account === undefined || account === null
        ? account
        : { id: Keys.join("CustomersV3", [account]), number: account },
    date: dayIn(settings.timeZone, reader.instant("OrderCreationDateTime")),
    requestedDate: reader.day("RequestedReceiptDate"),
    customerReference: reader.text("CustomerRequisitionNumber"),
    description: reader.text("SalesOrderName"),
    currency: reader.text("CurrencyCode"),
    lines: found,
    totals: totalsOf(reader, found),
    state: stateOf(reader),
  }) as Partial<Rec>
}

const since = (from: string | undefined) => {
  const literal = from === undefined ? undefined : Filter.instant(`${from}T00:00:00Z`)
  return literal === undefined ? undefined : Filter.compare<Header>("OrderCreationDateTime", "ge", literal)
}

export const mapping = (settings: Settings): WrittenMapping<E, "SalesOrderHeadersV2"> => {
  const condition = since(settings.orders?.from)
  return {
    entity: Order,
    resource: "SalesOrderHeadersV2",
    members: {
      number: ["SalesOrderNumber"],
      account: ["OrderingCustomerAccountNumber"],
      date: ["OrderCreationDateTime"],
      requestedDate: ["RequestedReceiptDate"],
      customerReference: ["CustomerRequisitionNumber"],
      description: ["SalesOrderName"],
      currency: ["CurrencyCode"],
      lines: orderLines.members(settings),
      totals: [
        "AreTotalsCalculated",
        "OrderTotalTaxAmount",
        "OrderTotalChargesAmount",
        "OrderTotalAmount",
        ...orderLines.members(settings),
      ],
      state: ["SalesOrderStatus", "SalesOrderProcessingStatus", "IsSalesProcessingStopped"],
    },
    ...(condition === undefined ? {} : { condition }),
    carrier: Identity.carrier(settings, "SalesOrderHeadersV2"),
    decode,
  }
}

const encode = (patch: Patch, facts: EncodeFacts<"SalesOrderHeadersV2">): Encoded => {
  const issues = orderLines.faults(patch.lines ?? [], facts)
  if (issues.length > 0) return { issues }
  return {
    body: definedBody({
      RequestedReceiptDate: day(patch.requestedDate),
      CustomerRequisitionNumber: text(patch.customerReference),
      SalesOrderName: given(patch.description),
      CurrencyCode: given(patch.currency),
    }),
    ...(patch.lines === undefined || patch.lines === null ? {} : { lines: orderLines.writes(patch.lines, facts) }),
  }
}

/** What a new order takes over from its customer, and what the service demands. */
const initial = (patch: Patch, { customer, facts, settings }: EncodeFacts<"SalesOrderHeadersV2">): Encoded => {
  if (customer === undefined) return { issues: [{ path: ["account"], message: "is needed for a new order" }] }
  if (patch.requestedState === "held") {
    const message = "is held; a new order of Finance & Operations is open, and there is no other"
    return { issues: [{ path: ["requestedState"], message }] }
  }
  const { CustomerAccount, InvoiceAccount, LanguageId, SalesCurrencyCode, SiteId, WarehouseId } = customer
  return {
    body: definedBody({
      OrderingCustomerAccountNumber: CustomerAccount,
      InvoiceCustomerAccountNumber: InvoiceAccount || CustomerAccount,
      CurrencyCode: SalesCurrencyCode || undefined,
      LanguageId: LanguageId || undefined,
      DefaultShippingSiteId: settings.orders?.site ?? (SiteId || undefined),
      DefaultShippingWarehouseId: settings.orders?.warehouse ?? (WarehouseId || undefined),
      DefaultLedgerDimensionDisplayValue: facts.dimensions["Order"],
    }),
  }
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

const CLOSED = new Set(["Invoiced", "Canceled", "Delivered"])

export const writer = (settings: Settings): Writer<E, "SalesOrderHeadersV2"> => {
  const manual = settings.orders?.manualNumbering === true
  return {
    writable: [
      ...(manual ? (["number"] as const) : []),
      "account",
      "requestedDate",
      "customerReference",
      "description",
      "currency",
      "lines",
      "requestedState",
    ],
    notClearable: ["number", "account", "requestedDate", "description", "currency", "lines", "requestedState"],
    fixed: ["number", "account"],
    pointers,
    customerOf: ({ account }, isNew) => (isNew ? (account ?? undefined) : undefined),
    initial,
    encode,
    ...(manual
      ? {
          numberOf: (patch: Patch, key: string | undefined) =>
            given(patch.number) ?? (key === undefined ? undefined : ExternalKey.encode(key, Identity.NUMBER)),
        }
      : {}),
    natural: {
      number: (value) =>
        typeof value === "string" && value !== "" ? { id: Keys.join("SalesOrderHeadersV2", [value]) } : undefined,
    },
    // How an order shall open says nothing about one that is there.
    compare: { requestedState: () => true },
    refusal: ({ SalesOrderStatus }) =>
      CLOSED.has(SalesOrderStatus ?? "")
        ? "the order is delivered, invoiced or cancelled, and not changed any more"
        : undefined,
  }
}

export const initialStates = ["open"] as const

export const absent: Features.Features<E>["absent"] = {
  type: "an order has one type in this set",
  deal: "the deal's key is the order's own",
  base: "an order has a rate only when it is fixed by hand",
  discount: "the discount of a document comes from price groups",
  held: "a new order is open; there is none that waits",
}
