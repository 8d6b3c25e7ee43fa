/**
 * Every behaviour of the twin that a client may stumble over, and how surely it is known: `observed` on a running site of
 * ERPNext 15.104.3 on Frappe 15.105.0, `documented` where the public source of a version says so, `reported` second-hand,
 * `assumed` where nobody has said.
 */
import type { Quirk } from "../twin/Twin.ts"

const SITE = "ERPNext 15.104.3 on Frappe 15.105.0, one installation"
const FRAPPE = "frappe/frappe"
const ERPNEXT = "frappe/erpnext"
const OPEN = "no source; the safe assumption"

const observed = (id: string, says: string): Quirk => ({ id, says, grade: "observed", source: SITE })
const documented = (id: string, says: string, where: string, of = FRAPPE): Quirk => ({
  id,
  says,
  grade: "documented",
  source: `${of}: ${where}`,
})
const assumed = (id: string, says: string): Quirk => ({ id, says, grade: "assumed", source: OPEN })

const IDENTITY: ReadonlyArray<Quirk> = [
  observed("repeated-customer", "A customer that is sent twice is made twice: 200, a name with a tail, a note."),
  observed("repeated-party", "A contact or an address that is sent twice gets -1, a document the next number."),
  observed("repeated-item", "A doctype that is named by a field answers a repeat with 409 DuplicateEntryError."),
  observed("unique-field", "A value of a unique field that is taken is 417 UniqueValidationError, not 409."),
  observed("unique-empty", "The empty text in a unique field is null, and null never clashes."),
  observed("name-v1", "A name in the body of a create is ignored in v1."),
  observed("name-v2", "In v2 it is obeyed, even where a series numbers; a repeat is 409."),
  documented("name-by-release", "15.55 ignores it in v2 as well; v14 has no v2.", "model/naming.py"),
  observed("number-freed", "Deleting the newest of a series gives its number back; so does a failed create."),
  observed("renamed", "After a rename the old name is 404; links follow, and modified moves."),
  observed("name-in-put", "A name in the body of an update redirects the save to that document."),
  observed(
    "po-no",
    "A second uncancelled order of a customer and purchase order number is 417, unless a setting allows it.",
  ),
  documented(
    "customer-contact",
    "A customer that is made with mail or phone gets a contact of its own.",
    "selling/doctype/customer",
    ERPNEXT,
  ),
  documented(
    "preferred-address",
    "An address that is saved with a mark takes it from the first address of each of its owners that has it.",
    "contacts/doctype/address",
  ),
  observed("item-price-day", "A price is valid from today unless told: the same create tomorrow is another record."),
]

const READING: ReadonlyArray<Quirk> = [
  documented("no-order", "A list without order_by has no order; the twin shuffles by its seed.", "model/db_query.py"),
  observed("page-of-20", "A page has 20 rows; 0 is all of them, and nothing tells of a next page."),
  observed("nulls", "Rows of lists and answers of frappe.client hold nulls; single documents of v15 leave them out."),
  observed("virtual-fields", "Virtual fields stay where other nulls are left out."),
  documented("join-doubles", "A filter on rows doubles the parent for each row that fits.", "model/db_query.py"),
  observed("child-alone", "A child doctype is listed with its parent's doctype, and is 403 without."),
  observed("times-read", "A time that is read back has lost its outer noughts."),
  observed("stamps", "Stamps are wall clock of the site's zone to the microsecond, without offset."),
  observed("stamp-noughts", "A stamp with no microseconds has no fraction."),
  observed("unknown-field", "An unknown field in fields or filters is 417, an unknown one in the order 500."),
  observed("bad-json", "Filters that are no JSON are 500."),
  observed("single-idx", "Of a document that there is one of, idx is text and creation is not there."),
  observed("deleted-document", "A delete leaves a Deleted Document, which only a System Manager reads."),
  documented("null-comparisons", "Unequal, not in and less-than take null for the least value.", "model/db_query.py"),
  assumed("collation", "Equality does not tell capitals, as the collation of MariaDB has it; a knob makes it exact."),
  assumed(
    "unknown-parameters",
    "Parameters that the description does not know are without effect; the world writes them down as misfits.",
  ),
  assumed("late-commit", "A transaction may be seen by readers later than the stamp that it set."),
  assumed("ties", "No two stamps of one site are alike unless a seed makes them so."),
  assumed("spans", "Named spans of time count from the site's today, weeks from Monday."),
]

const WRITING: ReadonlyArray<Quirk> = [
  observed("no-op-save", "A save that changes nothing moves modified; so does a repeated submit."),
  observed("stale", "A modified that differs in its text is 417 TimestampMismatchError; none at all overwrites."),
  observed("client-save", "frappe.client.save always compares it."),
  observed("unknown-keys", "Keys that the doctype does not have are dropped without a word, and numbers come as text."),
  observed("totals", "Totals that the client sends are overwritten."),
  observed(
    "child-tables",
    "A child table that is sent is the whole table; a row that is sent by name loses what it does not hold.",
  ),
  observed("docstatus", "Drafts are submitted, submitted documents cancelled; every other way is 417."),
  observed("inserted-submitted", "An order or a credit note that is inserted submitted stays Draft by its status."),
  observed(
    "inserted-invoice",
    "An invoice that is inserted submitted is answered as Draft, with a stamp that is past already.",
  ),
  observed(
    "posting-time",
    "Posting date and time are stamped anew at every save of a draft, unless the document keeps its own.",
  ),
  observed("all-or-nothing", "A failed request leaves nothing; insert_many takes 200, all or none."),
  observed("bulk-update", "frappe.client.bulk_update tells what failed and keeps the rest."),
  observed("crashes", "A customer without a name, an order without lines and a date that is none are 500."),
  documented(
    "delivery-date",
    "The day of delivery of a sales order is the latest of its rows', whatever was sent; rows without one take it.",
    "selling/doctype/sales_order",
    ERPNEXT,
  ),
  observed("discount-float", "What a line's discount comes to is a difference of doubles, and is not rounded."),
  observed("tax-float", "The detail of a tax by item is in doubles."),
  assumed("property-setters", "Property Setters are kept and shown, and change nothing of what the twin does."),
  observed("mapped", "Documents made from others are not saved, and hold no field that is not to be copied."),
  assumed(
    "discount-spread",
    "A discount on the document is spread over its lines by their amounts, the rest on the last.",
  ),
  assumed("roundings", "Amounts are rounded to two places, a half to the even neighbour."),
  documented(
    "rounded-total",
    "The rounded total goes by the smallest coin of the currency, and without one to the unit.",
    "controllers/taxes_and_totals.py",
    ERPNEXT,
  ),
]

const MONEY: ReadonlyArray<Quirk> = [
  observed("overdue", "An invoice that becomes overdue keeps its modified, and no webhook tells of it."),
  observed(
    "payment-moves",
    "A payment that is submitted or cancelled moves the stamp of its invoice; a draft does not.",
  ),
  observed(
    "outstanding-currency",
    "What is owed stands in the currency of the receivable: EUR 100 on a USD account is 125.",
  ),
  observed("no-currency", "A document without a currency takes the company's, whatever the customer's."),
  observed("no-rate", "A foreign document without a rate and without a Currency Exchange is 417."),
  observed(
    "foreign-receivable",
    "A foreign invoice on a receivable in another currency is 417 unless a setting allows it.",
  ),
  observed("cancelled-owes", "A cancelled invoice keeps what it owed."),
  observed("paid-amount", "paid_amount of an invoice stays nought after a payment."),
  observed("schedule", "The instalments of an invoice do not learn of payments."),
  documented(
    "status-order",
    "The order in which an invoice's status is derived.",
    "accounts/doctype/sales_invoice",
    ERPNEXT,
  ),
  observed("cancel-order", "An order is not cancelled under a submitted invoice."),
  assumed("unlink", "Cancelling an invoice that was paid takes it out of its payments, where the setting says so."),
]

const ACCESS: ReadonlyArray<Quirk> = [
  observed("guest", "Nobody gets 403, also for a document that is not there; wrong credentials get 401."),
  observed("guest-cookies", "Every reply to a token sets the cookies of a guest."),
  observed("secret-replaced", "generate_keys keeps the key and replaces the secret."),
  observed(
    "refresh",
    "A refresh takes nothing back: the old access token lives on, the old refresh token works again.",
  ),
  observed("refresh-unknown", "An unknown refresh token is 403 in Frappe's own body."),
  observed("no-client-credentials", "The client credentials grant is refused."),
  observed("form-only", "Without a form get_token knows no grant."),
  observed("no-secret", "No client secret is asked for on refresh."),
  documented("scopes", "Scopes limit nothing: the token acts as the user.", "oauth.py"),
  observed("csrf", "A session needs the mark only once a page of the desk was loaded."),
  observed("session-ended", "A session that has ended is 403 with session_expired."),
  documented("lockout", "Ten wrong passwords lock the account for a minute, told by a 500.", "auth.py"),
  documented(
    "roles",
    "Which role may do what, for the doctypes of a sync.",
    "the permission tables of the doctypes",
    ERPNEXT,
  ),
  observed(
    "limiter",
    "The limiter meters server time in fixed windows, answers before credentials, and shows whole millions.",
  ),
  documented("limiter-over", "The request that goes over the limit still passes.", "rate_limiter.py"),
  assumed("limiter-cost", "Each request costs the same server time, which a knob sets."),
  observed("limiter-text", "To who asks for text the limiter says Too Many Requests in plain text."),
  observed("html", "An error to who asks for text is a page; so are 413 and an unknown host."),
  observed("maintenance", "In maintenance all is 503 SessionStopped, or writes alone are InReadOnlyMode."),
  observed("tracebacks", "Without the setting, errors bear neither exception nor exc."),
]

const EVENTS: ReadonlyArray<Quirk> = [
  observed("webhook-signature", "X-Frappe-Webhook-Signature is base64 of the HMAC-SHA256 of the raw body."),
  observed("webhook-tries", "Three tries, after 1.3 and 3.7 seconds more; then the event is lost."),
  documented(
    "webhook-once",
    "One delivery for each webhook and document of a transaction.",
    "integrations/doctype/webhook",
  ),
  observed("webhook-after-submit", "on_update_after_submit never fires."),
  observed("webhook-change", "on_change fires on updates, submissions and payments of an invoice, not on inserts."),
  documented(
    "webhook-json",
    "Bodies are JSON as Python writes it, with nothing beyond ASCII.",
    "integrations/doctype/webhook",
  ),
  assumed("webhook-conditions", "Conditions and dynamic addresses of webhooks are not evaluated."),
]

const RELEASES: ReadonlyArray<Quirk> = [
  documented(
    "v14",
    "v14 has no v2, names no class where nothing was thrown, and answers a delete in another form.",
    "api.py of 14.93.2",
  ),
  documented(
    "v15.55",
    "15.55 ignores start and names of v2, shows X-RateLimit-Used, and tells guests of missing documents.",
    "15.55.1",
  ),
  documented(
    "v16-lists",
    "v16 tells has_next_page in v2, and gives nothing for a page of nought.",
    "database/query.py, version-16-beta",
  ),
  documented(
    "v16-order",
    "In v2 of v16 an order without a direction goes downwards.",
    "database/query.py, version-16-beta",
  ),
  documented(
    "v16-functions",
    "v16 refuses functions in text and takes them as objects.",
    "database/query.py, version-16-beta",
  ),
  documented("v16-nulls", "v2 of v16 answers single documents with their nulls.", "api/v2.py, version-16-beta"),
  documented(
    "v16-bulk",
    "v16 has bulk routes: savepoints up to a threshold, a job above it.",
    "api/v2.py of later code",
  ),
  documented(
    "v16-tracebacks",
    "v16 shows no traceback to who is not of the desk.",
    "utils/response.py, version-16-beta",
  ),
  assumed("v16-release", "The released v16 behaves as its beta did."),
]

export const QUIRKS: ReadonlyArray<Quirk> = [
  ...IDENTITY,
  ...READING,
  ...WRITING,
  ...MONEY,
  ...ACCESS,
  ...EVENTS,
  ...RELEASES,
]
