/**
 * Payments (`commerce_payments`), money that was received outside HubSpot. They need payment processing in the portal
 * and are opt-in; where they are not, the port is there and says `Unsupported`, and the last payment of a company
 * stands on the company. A payment is made `processing` and then set to its end state (HubSpot: guide "Payments").
 *
 * Requests for N payments: a batch read, a batch upsert or update and a batch update of the status for each 100;
 * associations with company and invoices as for invoices.
 */
import * as Entities from "@mortise/core/Entities"
import * as Fields from "../internal/Fields.ts"
import * as Mapping from "../internal/Mapping.ts"

const { coded, date, json, money, ownChoice, ownText, property, text } = Fields

const METHODS: Readonly<Record<string, string>> = {
  card: "card",
  bankTransfer: "wire_transfer",
  cash: "cash",
  check: "check",
  other: "other",
}

const METHOD = property("hs_payment_method_type")
const METHOD_RAW = ownText("mortise_method_raw", "Method, as the ERP says it")

const method: Fields.Field = {
  properties: [METHOD, METHOD_RAW],
  decode: (props) => {
    const word = Fields.value(props, METHOD.name)
    if (typeof word !== "string") return word
    const code = Object.entries(METHODS).find(([, theirs]) => theirs === word)?.[0] ?? "other"
    const raw = Fields.value(props, METHOD_RAW.name) ?? (code === "other" ? word : undefined)
    return { code, ...(raw === undefined ? {} : { raw }) }
  },
  encode: (value) => {
    if (value === null) return { [METHOD.name]: "", [METHOD_RAW.name]: "" }
    const { code, raw = "" } = value as { readonly code: string; readonly raw?: string }
    return { [METHOD.name]: METHODS[code] ?? "other", [METHOD_RAW.name]: raw }
  },
}

const STATES: Readonly<Record<string, string>> = {
  open: "succeeded",
  applied: "succeeded",
  pending: "processing",
  failed: "failed",
  voided: "failed",
  refunded: "refunded",
}

const status: Fields.Field = {
  properties: [property("hs_latest_status")],
  decode: () => undefined,
  encode: (value) => {
    const word = STATES[(value as { readonly code?: string } | null)?.code ?? ""]
    return word === undefined ? {} : { hs_latest_status: word }
  },
}

const invoicesOf = (value: unknown): ReadonlyArray<unknown> =>
  Array.isArray(value) ? value.map((each: { readonly invoice?: unknown }) => each.invoice) : []

export const mapping = Mapping.make({
  entity: Entities.Payment,
  type: "commerce_payments",
  fields: {
    kind: text(ownChoice("mortise_kind", "Kind", ["payment", "refund"])),
    number: text(ownText("mortise_number", "ERP payment number")),
    date: date(property("hs_initiated_date", "date")),
    method,
    reference: text(property("hs_reference_number")),
    amount: money(property("hs_initial_amount", "number"), property("hs_currency_code")),
    applied: json(ownText("mortise_applied", "Applied to")),
    state: coded(ownText("mortise_state", "ERP state"), ownText("mortise_state_raw", "ERP state, as the ERP says it")),
  },
  links: {
    company: { to: "companies", entity: "Company", typeId: 389, how: "one", writable: true },
    applied: {
      to: "invoices",
      entity: "Invoice",
      typeId: 542,
      how: "set",
      writable: true,
      pick: invoicesOf,
      mirror: true,
    },
  },
  naturalKeys: [{ field: "number", property: "mortise_number", by: "search", exact: true }],
  number: "mortise_number",
  late: { state: status },
  absent: { account: "HubSpot has companies and no billed accounts; name the company" },
  derives: ["hs_latest_status", "hs_net_amount", "hs_fees_amount"],
})
