/**
 * Payment: the posted payments among CustTransactions, named by their record id. The ERP owns them; they are read, and
 * nothing is written. What a payment pays stands in the settlements, which only an entity for analysis shows.
 *
 * Requests for N payments: a list for every page; with `payments.settlements` also the settlements of the page, the
 * transactions that they lead to, and the free text invoices among those.
 */

import { Payment } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import { coded } from "@mortise/core/Words"
import * as BigDecimal from "effect/BigDecimal"
import * as Filter from "../Filter.ts"
import * as applications from "../internal/applications.ts"
import type { Beside, Facts, Mapping } from "../internal/Mapping.ts"
import * as Reading from "../internal/Reader.ts"
import { magnitude } from "../internal/transactions.ts"
import * as Keys from "../Keys.ts"
import type { Wire } from "../Sets.ts"
import { noon, type Settings } from "../Settings.ts"

type E = typeof Payment
type Rec = Entity.Record<E>
type Row = Wire<"CustTransactions">
type Reader = Reading.Reader<Row>

const methods = ["card", "bankTransfer", "cash", "check"] as const
// Methods of payment are a tenant's own codes; these are the usual ones.
const METHODS = {
  check: "check",
  chk: "check",
  cash: "cash",
  wire: "bankTransfer",
  electronic: "bankTransfer",
  ach: "bankTransfer",
  sepa: "bankTransfer",
  card: "card",
  crcard: "card",
}

/** A payment stands with the customer as a credit; money that went back stands as a debit. */
const isRefund = (amount: BigDecimal.BigDecimal): boolean => BigDecimal.isPositive(amount)

const stateOf = (reader: Reader): Rec["state"] | undefined => {
  const [amount, settled] = [reader.decimal("AmountCur"), reader.decimal("SettleAmountCur")]
  if (!amount || !settled) return undefined
  if (reader.flag("CancelledPayment") === true) return { code: "voided", raw: "Cancelled" }
  return BigDecimal.equals(amount, settled) ? { code: "applied", raw: "Settled" } : { code: "open", raw: "Open" }
}

const decode = (reader: Reader, { settings }: Facts, beside: Beside): Partial<Rec> => {
  const [account, amount, currency] = [
    reader.text("AccountNum"),
    reader.decimal("AmountCur"),
    reader.text("CurrencyCode"),
  ]
  const applied = beside["applied"] as ReadonlyMap<string, Rec["applied"]> | undefined
  const id = (reader.wire["SysRecId"] as { readonly text?: string } | undefined)?.text ?? ""
  return Reading.known({
    kind: amount ? (isRefund(amount) ? ("refund" as const) : ("payment" as const)) : undefined,
    number: reader.text("Voucher"),
    account:
      account === undefined || account === null
        ? account
        : { id: Keys.join("CustomersV3", [account]), number: account },
    date: reader.day("TransDate"),
    method: coded(reader.text("PaymMode"), methods, { own: settings.words?.paymentMethod, builtIn: METHODS }),
    reference: reader.text("PaymReference") ?? reader.text("DocumentNum"),
    amount: amount && currency ? { amount: magnitude(amount), currency } : undefined,
    applied: applied === undefined ? undefined : (applied.get(id) ?? []),
    state: stateOf(reader),
  }) as Partial<Rec>
}

const PAYMENT = Filter.member("LedgerTransType", "Payment") as Filter.Literal

const since = (from: string | undefined): Filter.Filter | undefined => {
  const literal = from === undefined ? undefined : Filter.instant(noon(from))
  return literal === undefined ? undefined : Filter.compare("TransDate", "ge", literal)
}

export const mapping = (settings: Settings): Mapping<E, "CustTransactions"> => {
  const settlements = settings.payments?.settlements === true
  return {
    entity: Payment,
    resource: "CustTransactions",
    members: {
      kind: ["AmountCur"],
      number: ["Voucher"],
      account: ["AccountNum"],
      date: ["TransDate"],
      method: ["PaymMode"],
      reference: ["PaymReference", "DocumentNum"],
      amount: ["AmountCur", "CurrencyCode"],
      state: ["AmountCur", "SettleAmountCur", "CancelledPayment"],
      ...(settlements ? { applied: [] } : {}),
    },
    condition: Filter.all(
      Filter.compare<Row>("TransType", "eq", PAYMENT),
      since(settings.payments?.from),
    ) as Filter.Filter,
    always: ["TransType"],
    belongs: ({ TransType }) => TransType === "Payment",
    ...(settlements ? { beside: { fields: ["applied"], read: applications.read } } : {}),
    decode,
  }
}

export const absent = ({ payments }: Settings): Features.Features<E>["absent"] => ({
  write: "payments are the ERP's: a journal that nobody posts pays nothing",
  company: "the CRM's",
  ...(payments?.settlements === true
    ? {}
    : { applied: "the settlements are shown by an entity for analysis only; see `payments.settlements`" }),
})
