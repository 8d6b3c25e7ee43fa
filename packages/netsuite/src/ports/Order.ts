/**
 * Order: a sales order, named by an internal id. Our key stands in its external id. A new order waits for approval unless
 * `requestedState` is "open".
 *
 * Requests for N orders: a query for every page of 1000 and, where lines are asked for, one for every 200 documents and
 * every 1000 of their lines; writing as for accounts, with the same for the lines.
 */
import { Order } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import type * as Core from "@mortise/core/Values"
import * as Filter from "../Filter.ts"
import { definedBody, pointer, ref } from "../internal/body.ts"
import * as document from "../internal/document.ts"
import * as lines from "../internal/lines.ts"
import type { Facts, Mapping } from "../internal/Mapping.ts"
import { known, link, type Reader } from "../internal/Reader.ts"
import type { Encoded, EncodeFacts, Writer } from "../internal/Writer.ts"
import { rawOf, statusWord } from "../internal/words.ts"
import * as Query from "../Query.ts"
import type { Settings } from "../Settings.ts"
import * as Tables from "../Tables.ts"
import * as Values from "../Values.ts"

type E = typeof Order
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>

const states = ["held", "open", "partlyFulfilled", "fulfilled", "invoiced", "cancelled"] as const

/** NetSuite: letters by usual convention, labels in English. */
const STATUS = {
  "pending approval": "held",
  "pending fulfillment": "open",
  cancelled: "cancelled",
  "partially fulfilled": "partlyFulfilled",
  "pending billing/partially fulfilled": "partlyFulfilled",
  "pending billing": "fulfilled",
  billed: "invoiced",
  A: "held",
  B: "open",
  C: "cancelled",
  D: "partlyFulfilled",
  E: "partlyFulfilled",
  F: "fulfilled",
  G: "invoiced",
}

const shapeOf = ({ orders }: Settings): lines.Shape => ({ keyField: orders?.lineKeyField, negated: true })

const stateOf = (reader: Reader, { settings }: Facts): Rec["state"] | undefined => {
  const status = document.statusOf(reader)
  const raw = rawOf(status)
  if (raw === undefined) return undefined
  const word = statusWord(status, settings.words?.orderStatus, STATUS)
  return { code: states.find((state) => state === word) ?? "other", raw }
}

const decode = (reader: Reader, facts: Facts): Partial<Rec> =>
  known({
    number: reader.text("tranid"),
    account: link(reader.text("entity")),
    date: reader.day("trandate"),
    requestedDate: reader.day("shipdate"),
    customerReference: reader.text("otherrefnum"),
    description: reader.text("memo"),
    currency: document.currencyOf(reader, facts),
    base: document.baseOf(reader, facts),
    lines: lines.decode(reader, shapeOf(facts.settings)),
    totals: document.totalsOf(reader),
    state: stateOf(reader, facts),
  }) as Partial<Rec>

export const mapping = (settings: Settings): Mapping<E> => ({
  entity: Order,
  table: "transaction",
  where: Filter.equals("type", Tables.TYPES.order),
  always: [],
  members: {
    number: document.plain("tranid"),
    account: document.plain("entity"),
    date: { columns: [Query.day("trandate")] },
    requestedDate: { columns: [Query.day("shipdate")] },
    customerReference: document.plain("otherrefnum"),
    description: document.plain("memo"),
    currency: document.plain("currency"),
    base: document.plain("exchangerate"),
    lines: { part: lines.PART },
    totals: document.plain("foreigntotal"),
    state: { columns: document.STATUS },
  },
  parts: { [lines.PART]: lines.part(settings.orders?.lineKeyField) },
  typeOf: () => "salesOrder",
  decode,
})

const encode = (patch: Patch, facts: EncodeFacts): Encoded => {
  const currency = document.currencyBody(patch.currency, facts)
  if (currency.issues !== undefined) return currency
  const item = lines.encode(patch.lines, shapeOf(facts.settings), facts)
  if (item?.issues !== undefined) return item
  const { account, date, requestedDate } = patch
  const day = (value: Core.LocalDate | null | undefined) => (value ? Values.day(value) : value)
  return {
    body: definedBody({
      entity: account ? ref(facts.idOf("Account", account)) : undefined,
      tranDate: day(date) ?? undefined,
      shipDate: day(requestedDate),
      otherRefNum: patch.customerReference,
      memo: patch.description,
      ...currency.body,
      ...item?.body,
    }),
    replace: item?.replace ?? [],
  }
}

/** NetSuite: the two states that an order may be given. */
const WAITS = { id: "A" }
const OPEN = { id: "B" }

export const writer: Writer<E> = {
  writable: [
    "account",
    "date",
    "requestedDate",
    "customerReference",
    "description",
    "currency",
    "lines",
    "requestedState",
  ],
  notClearable: ["account", "date", "currency", "lines", "requestedState"],
  fixed: [],
  pointers: ({ account, lines: wanted }) => [...pointer("account", "Account", account), ...lines.pointers(wanted)],
  typeFor: () => "salesOrder",
  initial: ({ requestedState }, { settings: { defaults, subsidiary } }) => ({
    body: definedBody({
      ...defaults?.Order,
      subsidiary: ref(subsidiary),
      orderStatus: requestedState === "open" ? OPEN : WAITS,
    }),
  }),
  encode,
  natural: { number: "tranid" },
  // How an order shall open says nothing about one that is there.
  compare: { requestedState: () => true },
}

export const initialStates = ["held", "open"] as const

export const absent: NonNullable<Features.Features<E>["absent"]> = {
  type: "there is one type of sales order",
  deal: "the deal's key is the order's own",
  discount: "a discount is an item of its own, of the document or of a line",
  "write.number": "given by the account",
}
