/**
 * Companies. Keyed on our own unique property; never on the domain, which HubSpot does not keep unique (guide "Using
 * object APIs" calls it a key, live answers refuse it). What the ERP knows of a customer (number, status, overdue
 * days, outstanding, last invoice and payment) stands in properties of our own, so that it is there where a portal has
 * no invoices.
 *
 * Requests for N companies: a batch read and a batch upsert (of new ones) or update (of those that are there) for each
 * 100; a search for each 50 or so of those that are to be adopted by domain.
 */
import { isPublicMail } from "@mortise/core/Domain"
import * as Entities from "@mortise/core/Entities"
import { address } from "../internal/Address.ts"
import * as Fields from "../internal/Fields.ts"
import * as Mapping from "../internal/Mapping.ts"
import { owner } from "./Owner.ts"

const { date, dateTime, json, money, ownChoice, ownDate, ownDateTime, ownNumber, ownText } = Fields
const { property, readOnly, struct, text, whole } = Fields

export const mapping = Mapping.make({
  entity: Entities.Company,
  type: "companies",
  fields: {
    name: text(property("name")),
    domain: text(property("domain", "folded")),
    phone: text(property("phone")),
    address: address(["address", "address2"]),
    lifecycleStage: readOnly(text(property("lifecyclestage"))),
    owner,
    accounts: json(ownText("mortise_accounts", "ERP accounts")),
    erpNumber: text(ownText("mortise_erp_number", "ERP number")),
    accountStatus: text(ownText("mortise_account_status", "ERP account status")),
    financialStatus: text(ownChoice("mortise_financial_status", "Financial status", [...Entities.financialStatuses])),
    daysOverdue: whole(ownNumber("mortise_days_overdue", "Days overdue")),
    outstanding: money(
      ownNumber("mortise_outstanding", "Outstanding"),
      ownText("mortise_outstanding_currency", "Outstanding, currency"),
    ),
    lastInvoice: struct({
      date: date(ownDate("mortise_last_invoice_date", "Last invoice, date")),
      amount: money(
        ownNumber("mortise_last_invoice_amount", "Last invoice, amount"),
        ownText("mortise_last_invoice_currency", "Last invoice, currency"),
      ),
      status: text(ownText("mortise_last_invoice_status", "Last invoice, status")),
    }),
    lastPayment: struct({
      date: date(ownDate("mortise_last_payment_date", "Last payment, date")),
      amount: money(
        ownNumber("mortise_last_payment_amount", "Last payment, amount"),
        ownText("mortise_last_payment_currency", "Last payment, currency"),
      ),
    }),
    asOf: dateTime(ownDateTime("mortise_as_of", "ERP values as of")),
  },
  naturalKeys: [{ field: "domain", property: "domain", by: "search", ignore: isPublicMail }],
  number: "mortise_erp_number",
})
