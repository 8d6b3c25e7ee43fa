/**
 * Deals. HubSpot owns them: they are read with their lines, contacts and companies, and the ERP's numbers are written
 * back by record id. Won and lost come from the pipeline's metadata, never from the name of a stage.
 *
 * Requests for N changed deals: a search page for each 200, one read of associations for each kind of reference asked
 * for, and the line items in 100s.
 */
import * as Entities from "@mortise/core/Entities"
import * as Fields from "../internal/Fields.ts"
import * as Mapping from "../internal/Mapping.ts"
import { owner } from "./Owner.ts"

const { dateTime, decimal, json, needed, ownNumber, ownText, property, struct, text, whole } = Fields

const STAGE = [property("dealstage"), property("pipeline")]

const WON = "hs_is_closed_won"
const CLOSED = "hs_is_closed"

const isTrue = (flag: string | null | undefined) => flag?.toLowerCase() === "true"

/** HubSpot's own flags where they are told, else the metadata of the stage. */
const outcome = (wanted: "won" | "lost"): Fields.Field => ({
  properties: [property(WON, "boolean"), property(CLOSED, "boolean"), ...STAGE],
  decode: (props, context) => {
    const [won, closed] = [Fields.value(props, WON), Fields.value(props, CLOSED)]
    if (typeof won === "string" && typeof closed === "string") {
      return wanted === "won" ? isTrue(won) : isTrue(closed) && !isTrue(won)
    }
    const stage = Fields.value(props, "dealstage")
    if (typeof stage !== "string") return undefined
    const kind = context.stage(Fields.value(props, "pipeline") ?? undefined, stage)
    return kind === undefined ? undefined : kind === wanted
  },
})

export const mapping = Mapping.make({
  entity: Entities.Deal,
  type: "deals",
  fields: {
    name: text(property("dealname")),
    // HubSpot puts a deal without a pipeline into the default one: there is no way to have it in none.
    pipeline: needed(text(property("pipeline"))),
    stage: needed(text(property("dealstage"))),
    won: outcome("won"),
    lost: outcome("lost"),
    amount: decimal(property("amount", "number")),
    currency: text(property("deal_currency_code")),
    closeDate: dateTime(property("closedate", "dateTime")),
    owner,
    paymentTerms: struct({
      code: text(ownText("mortise_payment_terms", "Payment terms")),
      days: whole(ownNumber("mortise_payment_days", "Days to pay")),
    }),
    order: json(ownText("mortise_order", "ERP order")),
    orderNumber: text(ownText("mortise_order_number", "ERP order number")),
  },
  links: {
    company: { to: "companies", entity: "Company", typeId: 341, primaryTypeId: 5, how: "one", writable: true },
    contacts: { to: "contacts", entity: "Contact", typeId: 3, how: "adds", writable: true },
    invoices: { to: "invoices", entity: "Invoice", typeId: 176, how: "adds", writable: true },
  },
  through: { billingContact: { on: "company", to: "contacts", typeId: 930 } },
  lines: 19,
  derives: [WON, CLOSED, "amount", "probability"],
  absent: { "write billingContact": "HubSpot labels the billing contact on the company; write the contact's role" },
})
