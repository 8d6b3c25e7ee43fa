/**
 * What HubSpot demands of and adds to the records of each type. Only what the vendor's guides say is derived here;
 * invoice balances, for one, are readable and never computed.
 */
import * as Errors from "./Errors.ts"
import type { Call } from "./Hub.ts"
import type { ObjectName } from "./ObjectTypes.ts"
import { iso } from "./RecordView.ts"
import type { StoredRecord } from "./State.ts"

export type Values = Record<string, string>

interface Draft {
  readonly call: Call
  readonly before: StoredRecord | undefined
  /** The values as they would stand; to be completed in place. */
  readonly values: Values
}

const refuse = (call: Call, name: string, code: string, message: string): Errors.Refusal =>
  Errors.badValues(call.hub.portal.portalId, [{ name, code, message }])

const required = ({ before, call, values }: Draft, ...names: ReadonlyArray<string>): void => {
  if (before !== undefined) return
  const missing = names.filter((name) => values[name] === undefined)
  if (missing.length === 0) return
  throw Errors.validation(
    `Error creating record in portal ${call.hub.portal.portalId}. Some required properties were not set.`,
    {
      errors: missing.map((name) => ({
        message: `${name} is required`,
        code: "REQUIRED_PROPERTY_MISSING",
        context: { propertyName: [name] },
      })),
    },
  )
}

const anyOf = (draft: Draft, ...names: ReadonlyArray<string>): void => {
  if (names.every((name) => draft.values[name] === undefined)) required(draft, ...names)
}

const LIFECYCLE = [
  "subscriber",
  "lead",
  "marketingqualifiedlead",
  "salesqualifiedlead",
  "opportunity",
  "customer",
  "evangelist",
  "other",
]

/** The lifecycle stage only moves forward; a step back is dropped without a word unless it was cleared first. */
const lifecycle = ({ before, values }: Draft): void => {
  const old = before?.properties["lifecyclestage"]
  const next = values["lifecyclestage"]
  if (old === undefined || next === undefined) return
  if (LIFECYCLE.indexOf(next) < LIFECYCLE.indexOf(old)) values["lifecyclestage"] = old
}

const contact = (draft: Draft): void => {
  anyOf(draft, "email", "firstname", "lastname")
  lifecycle(draft)
}

const currency = ({ call, values }: Draft, name: string): void => {
  const code = values[name]
  const { additionalCurrencies, companyCurrency } = call.hub.portal
  if (code === undefined || code === companyCurrency || additionalCurrencies.includes(code)) return
  throw refuse(call, name, "INVALID_OPTION", `${code} is not a currency of this account.`)
}

const deal = (draft: Draft): void => {
  const { call, values } = draft
  currency(draft, "deal_currency_code")
  values["pipeline"] ??= "default"
  const pipeline = call.hub.pipeline("deals", values["pipeline"])
  if (pipeline === undefined) throw refuse(call, "pipeline", "INVALID_OPTION", `${values["pipeline"]} is no pipeline.`)
  const stageId = values["dealstage"]
  const stage = pipeline.stages.find((one) => one.id === stageId)
  if (stageId !== undefined && stage === undefined) {
    throw refuse(call, "dealstage", "INVALID_OPTION", `${stageId} is no stage of pipeline ${pipeline.id}.`)
  }
  const closed = stage?.metadata["isClosed"] === "true"
  values["hs_is_closed"] = String(closed)
  values["hs_is_closed_won"] = String(closed && Number(stage?.metadata["probability"]) === 1)
}

/** A new line item takes from its product what it was not given. */
const copyProduct = ({ before, call, values }: Draft): void => {
  const productId = values["hs_product_id"]
  if (before !== undefined || productId === undefined) return
  const product = call.hub.store.table("products").get(productId)
  if (product === undefined || product.archivedAt !== undefined) {
    throw refuse(call, "hs_product_id", "INVALID_VALUE", `${productId} is not a product.`)
  }
  for (const name of ["name", "description", "price", "hs_sku"]) {
    const value = product.properties[name]
    if (value !== undefined) values[name] ??= value
  }
}

const lineItem = (draft: Draft): void => {
  copyProduct(draft)
  if (draft.values["price"]?.startsWith("-")) {
    throw refuse(draft.call, "price", "INVALID_INTEGER", "The price of a line item cannot be negative.")
  }
}

const invoice = (draft: Draft): void => {
  required(draft, "hs_currency")
  const { before, call, values } = draft
  values["hs_invoice_status"] ??= "draft"
  if (before === undefined) {
    values["hs_invoice_date"] ??= iso(call.now)
    values["hs_due_date"] ??= iso(call.now)
  }
  const status = values["hs_invoice_status"]
  if ((status === "paid" || status === "voided") && before?.properties["hs_invoice_status"] !== status) {
    throw refuse(call, "hs_invoice_status", "INVALID_VALUE", `An invoice cannot be set to ${status} by this API.`)
  }
}

const PLATFORM = ["hs_payments", "byo_stripe"]

const payment = (draft: Draft): void => {
  required(draft, "hs_initial_amount", "hs_initiated_date")
  const { before, call, values } = draft
  const processor = before?.properties["hs_processor_type"] ?? values["hs_processor_type"]
  if (processor !== undefined && PLATFORM.includes(processor)) {
    throw refuse(
      call,
      "hs_processor_type",
      "READ_ONLY_VALUE",
      "Payments that HubSpot or Stripe processed are read only.",
    )
  }
  values["hs_latest_status"] ??= "processing"
}

const RULES: Readonly<Partial<Record<ObjectName, (draft: Draft) => void>>> = {
  contacts: contact,
  companies: (draft) => {
    anyOf(draft, "name", "domain")
    lifecycle(draft)
  },
  deals: deal,
  line_items: lineItem,
  invoices: invoice,
  commerce_payments: payment,
}

/** Checks and completes the values of one write, before it is stored. */
export const apply = (type: ObjectName, draft: Draft): void => {
  RULES[type]?.(draft)
}

/** An invoice opens only with a contact and a line item; documents that are only tracked are not validated. */
const invoiceOpens = (call: Call, before: StoredRecord | undefined, after: StoredRecord): void => {
  const { hs_invoice_billable: billable, hs_invoice_status: status } = after.properties
  if (status !== "open" || before?.properties["hs_invoice_status"] === "open" || billable === "false") return
  const end = { type: "invoices", id: after.id } as const
  const missing = (["contacts", "line_items"] as const).filter((to) => call.hub.store.edges.targets(end, to).size === 0)
  if (missing.length > 0) {
    throw Errors.validation(`The invoice cannot be opened: it needs associated ${missing.join(" and ")}.`)
  }
}

/** Checks that need the associations, after they were set. */
export const settle = (call: Call, type: ObjectName, before: StoredRecord | undefined, after: StoredRecord): void => {
  if (type === "invoices") invoiceOpens(call, before, after)
}

/** Drafts may be deleted, open invoices where a portal setting allows. */
export const mayArchive = (call: Call, type: ObjectName, record: StoredRecord): void => {
  if (type !== "invoices") return
  const status = record.properties["hs_invoice_status"] ?? "draft"
  if (status === "draft" || (status === "open" && call.hub.portal.deleteOpenInvoices)) return
  throw Errors.validation(`An invoice that is ${status} cannot be deleted.`)
}

/** The portal as a whole may refuse a type. */
export const mayWrite = ({ hub }: Call, type: ObjectName): void => {
  if (type === "invoices" && hub.knobs.invoicesRefused) {
    throw Errors.forbidden(`Portal ${hub.portal.portalId} does not allow invoices to be written by this API.`)
  }
  if (type === "commerce_payments" && hub.knobs.paymentsAbsent) {
    throw Errors.forbidden(`Portal ${hub.portal.portalId} has no payment processing set up.`)
  }
}
