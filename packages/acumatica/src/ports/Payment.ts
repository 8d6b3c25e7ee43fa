/**
 * Payment: AR302000, payments, prepayments and refunds. What it pays stands in `ApplicationHistory`, which no list can
 * expand: each payment whose money is applied is read one by one.
 *
 * Requests for N payments: a list for every page, and one read for each payment of which something is applied (from
 * 22.200.001 the unapplied balance tells; before that for each). A new payment is a draft on hold and stays one.
 */

import { Payment } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import { coded, lookUp } from "@mortise/core/Words"
import * as BigDecimal from "effect/BigDecimal"
import type { Wire } from "../Client.ts"
import * as Identity from "../Identity.ts"
import { definedBody } from "../internal/body.ts"
import { documentType } from "../internal/documentType.ts"
import { guard } from "../internal/draft.ts"
import { kindOf as invoiceKindOf } from "../internal/invoiceState.ts"
import type { Facts, Mapping } from "../internal/Mapping.ts"
import * as Reading from "../internal/Reader.ts"
import type { Encoded, EncodeFacts, Pointer, Writer } from "../internal/Writer.ts"
import * as Keys from "../Keys.ts"
import type { Settings } from "../Settings.ts"
import { has } from "../Versions.ts"

type E = typeof Payment
type Rec = Entity.Record<E>
type Patch = Entity.Patch<E>
type Doc = Wire["Payment"]
type Reader<T> = Reading.Reader<T>
const { known } = Reading

const KINDS = { payment: "payment", prepayment: "payment", refund: "refund", "customer refund": "refund" }

const kindOf = (type: string | null | undefined, settings: Settings): "payment" | "refund" | undefined => {
  if (type === undefined || type === null) return undefined
  const word = lookUp(type, settings.words?.documentType, KINDS)
  return word === "payment" || word === "refund" ? word : undefined
}

const states = ["draft", "open", "applied", "voided", "pending", "failed", "refunded"] as const

// Acumatica: labels of AR payments in English; "Open" is the documented one.
const STATUS = {
  "on hold": "draft",
  hold: "draft",
  balanced: "draft",
  "pending approval": "draft",
  "pending processing": "pending",
  "cc hold": "pending",
  reserved: "open",
  unapplied: "open",
  open: "open",
  closed: "applied",
  voided: "voided",
}

const methods = ["card", "bankTransfer", "cash", "check"] as const
// Payment methods are a tenant's own codes; these are the usual ones.
const METHODS = {
  check: "check",
  checks: "check",
  cash: "cash",
  wire: "bankTransfer",
  ach: "bankTransfer",
  eft: "bankTransfer",
  sepa: "bankTransfer",
  card: "card",
  visa: "card",
  mastercard: "card",
}

const stateOf = (reader: Reader<Doc>, settings: Settings): Rec["state"] | undefined => {
  const status = reader.text("Status")
  const state = coded(status, states, { own: settings.words?.paymentStatus, builtIn: STATUS })
  if (reader.boolean("Hold") === true && state?.code !== "voided")
    return { code: "draft", ...(status ? { raw: status } : {}) }
  return state
}

interface Applied {
  readonly type: string | null | undefined
  readonly number: string | null | undefined
  readonly amount: BigDecimal.BigDecimal | null | undefined
}

/** A refund gives payments back: those are none of the documents that are owed. */
const isPayment = (type: string, settings: Settings): boolean => kindOf(type, settings) !== undefined

/** Nothing is applied when all of the money is still available. */
const needsDetails = (reader: Reader<Doc>): boolean => {
  const [amount, available] = [reader.decimal("PaymentAmount"), reader.decimal("AvailableBalance")]
  if (amount === undefined || amount === null || available === undefined || available === null) return true
  return !BigDecimal.equals(amount, available)
}

/** What the payment pays: what was applied, and on a draft what is going to be. Doubles of one document are summed. */
const appliedOf = (reader: Reader<Doc>, settings: Settings, takenBack: boolean): Rec["applied"] | undefined => {
  const history = reader.lines("ApplicationHistory")
  const documents = reader.lines("DocumentsToApply")
  if (history === undefined && documents === undefined) return needsDetails(reader) ? undefined : []
  const parts: ReadonlyArray<Applied> = [
    ...(history ?? []).map((line) => ({
      type: line.text("AdjustedDocType"),
      number: line.text("AdjustedRefNbr"),
      amount: line.decimal("AmountPaid"),
    })),
    ...(documents ?? []).map((line) => ({
      type: line.text("DocType"),
      number: line.text("ReferenceNbr"),
      amount: line.decimal("AmountPaid"),
    })),
  ]
  const sums = new Map<string, { readonly number: string; readonly amount: BigDecimal.BigDecimal }>()
  for (const { amount, number, type } of parts) {
    if (!type || !number || amount === undefined || amount === null) continue
    const label = documentType(type, settings.words?.documentType)
    if (isPayment(label, settings)) continue
    const id = Keys.join([label, number])
    const before = sums.get(id)
    sums.set(id, { number, amount: before === undefined ? amount : BigDecimal.sum(before.amount, amount) })
  }
  return [...sums]
    .filter(([, { amount }]) => takenBack || !BigDecimal.isZero(amount))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { amount, number }]) => ({ invoice: { id, number }, amount }))
}

const moneyOf = (reader: Reader<Doc>): Rec["amount"] | undefined => {
  const [amount, currency] = [reader.decimal("PaymentAmount"), reader.text("CurrencyID")]
  if (amount === undefined || currency === undefined) return undefined
  return amount === null || currency === null ? null : { amount, currency }
}

const decode = (reader: Reader<Doc>, { settings }: Facts, takenBack = false): Partial<Rec> => {
  const account = reader.text("CustomerID")
  const reference = reader.text("PaymentRef")
  return known({
    kind: kindOf(reader.code("Type"), settings),
    number: reader.text("ReferenceNbr"),
    account: account === undefined || account === null ? account : { id: account, number: account },
    date: reader.day("ApplicationDate"),
    method: coded(reader.text("PaymentMethod"), methods, { own: settings.words?.paymentMethod, builtIn: METHODS }),
    reference: reference !== undefined && reference !== null && Identity.isOurs(reference) ? null : reference,
    amount: moneyOf(reader),
    applied: appliedOf(reader, settings, takenBack),
    state: stateOf(reader, settings),
  }) as Partial<Rec>
}

const APPLIED = [
  "ApplicationHistory/AdjustedDocType",
  "ApplicationHistory/AdjustedRefNbr",
  "ApplicationHistory/AmountPaid",
  "DocumentsToApply/DocType",
  "DocumentsToApply/ReferenceNbr",
  "DocumentsToApply/AmountPaid",
]

export const mapping = (settings: Settings): Mapping<E, "Payment"> => {
  const carrier = Identity.carrier(settings, "Payment")
  const available = has(settings.version, "Payment.AvailableBalance") ? ["PaymentAmount", "AvailableBalance"] : []
  return {
    entity: Payment,
    resource: "Payment",
    members: {
      kind: ["Type"],
      number: ["ReferenceNbr"],
      account: ["CustomerID"],
      date: ["ApplicationDate"],
      method: ["PaymentMethod"],
      reference: ["PaymentRef"],
      amount: ["PaymentAmount", "CurrencyID"],
      applied: [...APPLIED, ...available],
      state: ["Status", "Hold"],
    },
    oneByOne: ["ApplicationHistory", "DocumentsToApply"],
    needsDetails,
    // A credit note is applied on the form of payments, which may show it: it is an invoice of its own kind.
    belongs: (reader) => invoiceKindOf(reader.code("Type"), settings) === undefined,
    ...(carrier === undefined ? {} : { carrier }),
    decode,
  }
}

/** Everything that was ever applied, credit notes and what was taken back included: for finding what it changed. */
export const applications = (settings: Settings): Mapping<E, "Payment"> => {
  const { belongs: _, ...rest } = mapping(settings)
  return { ...rest, decode: (reader, facts) => decode(reader, facts, true) }
}

const PAYMENT = "Payment"
const REFUND = "Refund"

const typeOf = (patch: Patch): string => (patch.kind === "refund" ? REFUND : PAYMENT)

/** The tenant's code of a method: as it is given, else one that is configured and means the same. */
const methodOf = (method: NonNullable<Patch["method"]>, settings: Settings): string | undefined => {
  const own = settings.words?.paymentMethod
  const configured = [...Object.keys(own ?? {}), settings.payments?.method]
  return (
    method.raw ??
    configured.find(
      (code) => code !== undefined && lookUp(code, own, METHODS) === method.code && method.code !== "other",
    )
  )
}

/** What is to be paid, as the whole set: a document that left it is taken out of the draft. */
const documentsOf = (
  applied: NonNullable<Patch["applied"]>,
  { codec, existing, idOf, settings }: EncodeFacts<"Payment">,
) => {
  const { wrap } = codec
  const wanted = applied.map((each) => {
    const [type = "", number = ""] = Keys.split("Invoice", idOf("Invoice", each.invoice)) ?? []
    return { DocType: wrap.text(type), ReferenceNbr: wrap.text(number), AmountPaid: wrap.decimal(each.amount) }
  })
  const ids = new Set(applied.map((each) => idOf("Invoice", each.invoice)))
  const left = (Reading.make(codec, existing ?? {}).lines("DocumentsToApply") ?? []).filter((line) => {
    const [type, number] = [line.text("DocType"), line.text("ReferenceNbr")]
    return !ids.has(Keys.join([documentType(type ?? "", settings.words?.documentType), number ?? ""]))
  })
  return [...wanted, ...left.flatMap(({ id }) => (id === undefined ? [] : [{ id, delete: true }]))]
}

const encode = (patch: Patch, facts: EncodeFacts<"Payment">): Encoded<"Payment"> => {
  const { codec, idOf, settings } = facts
  const { wrap } = codec
  const { account, amount, applied, date, method, reference } = patch
  const methodCode = method === undefined || method === null ? undefined : methodOf(method, settings)
  if (method !== undefined && methodCode === undefined) {
    const message =
      "no payment method of the tenant is known for it; name one in `words.paymentMethod`, or give its code as `raw`"
    return { issues: [{ path: ["method"], message }] }
  }
  const body: Doc = definedBody({
    CustomerID: account === undefined || account === null ? undefined : wrap.text(idOf("Account", account)),
    ApplicationDate: date === undefined || date === null ? undefined : { value: date },
    PaymentMethod: methodCode === undefined ? undefined : wrap.text(methodCode),
    PaymentRef: reference === undefined ? undefined : wrap.text(reference),
    PaymentAmount: amount === undefined || amount === null ? undefined : wrap.decimal(amount.amount),
    CurrencyID: amount === undefined || amount === null ? undefined : wrap.text(amount.currency),
    DocumentsToApply: applied === undefined || applied === null ? undefined : documentsOf(applied, facts),
  })
  return { body }
}

const pointers = (patch: Patch): ReadonlyArray<Pointer> => [
  ...(patch.account === undefined || patch.account === null
    ? []
    : [{ path: "account", entity: "Account" as const, reference: patch.account }]),
  ...(patch.applied ?? []).map((each, index) => ({
    path: `applied.${index}.invoice`,
    entity: "Invoice" as const,
    reference: each.invoice,
  })),
]

export const writer = (settings: Settings): Writer<E, "Payment"> => ({
  writable: [
    "kind",
    "account",
    "date",
    "method",
    "amount",
    "applied",
    ...(Identity.carrier(settings, "Payment")?.type === "member" && has(settings.version, "Payment.ExternalRef")
      ? (["reference"] as const)
      : []),
  ],
  notClearable: ["kind", "account", "date", "method", "amount", "applied"],
  fixed: ["kind"],
  pointers,
  initial: (patch, { codec }) => ({
    body: definedBody({
      Type: codec.wrap.text(typeOf(patch)),
      Hold: codec.wrap.boolean(true),
      CashAccount:
        settings.payments?.cashAccount === undefined ? undefined : codec.wrap.text(settings.payments.cashAccount),
      PaymentMethod: settings.payments?.method === undefined ? undefined : codec.wrap.text(settings.payments.method),
    }),
  }),
  encode,
  natural: {
    number: (value) => (typeof value === "string" && value !== "" ? { id: Keys.join([PAYMENT, value]) } : undefined),
  },
  guard: guard("Payment"),
})

export const absent: Features.Features<E>["absent"] = {
  company: "the CRM's",
  number: "given by the system",
}
