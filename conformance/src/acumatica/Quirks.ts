/**
 * Every behaviour of the twin that a client may stumble over, and how surely it is known: `documented` in the vendor's
 * guide, descriptions or client, `observed` by people who tested a live instance, `reported` second-hand, `assumed`
 * where nobody has said. We ran nothing against a live instance.
 */
import type { Quirk } from "../twin/Twin.ts"

const GUIDE = "Acumatica integration development guide 2026 R1"
const CLIENT = "Acumatica/AcumaticaRESTAPIClientForCSharp"
const CLI = "kborovik/acumatica-cli docs, tested on 26.101.0225"
const GOTCHAS = "acumatica-gotchas notes, tested on 2025 R2"
const MCP = "notes of an MCP server, tested on 2025 R2"
const OPEN = "no source; the safe assumption"

const documented = (id: string, says: string, page: string): Quirk => ({
  id,
  says,
  grade: "documented",
  source: `${GUIDE}: ${page}`,
})
const published = (id: string, says: string, where: string): Quirk => ({
  id,
  says,
  grade: "documented",
  source: `${CLIENT}: ${where}`,
})
const observed = (id: string, says: string, source: string): Quirk => ({ id, says, grade: "observed", source })
const reported = (id: string, says: string, source: string): Quirk => ({ id, says, grade: "reported", source })
const assumed = (id: string, says: string): Quirk => ({ id, says, grade: "assumed", source: OPEN })

const ADDRESS_AND_SESSION: ReadonlyArray<Quirk> = [
  documented("endpoint-list", "GET /entity answers an object with build and endpoints.", "Endpoints and contracts"),
  observed("endpoint-list-array", "Older builds answer the bare array, and hrefs may be absolute.", CLI),
  documented(
    "contract-by-version",
    "Value wrappers follow the endpoint's version: 3 to 18, 4 to 25, 5 from 26.",
    "Endpoints",
  ),
  assumed("sign-out-expired", "A token that has expired or was revoked signs nobody out: 401."),
  observed("sign-out-length", "Sign-out without a length is 411.", `${CLI}; ${GOTCHAS}`),
  observed("unknown-tenant", "An unknown tenant of a site with several is 500 PXUndefinedCompanyException.", CLI),
  observed(
    "stale-tenant",
    "A single-tenant site takes any tenant; a stale map signs in to the first one with 204.",
    CLI,
  ),
  observed("lockout", "Repeated bad passwords lock the account.", `${GOTCHAS}; ${CLI}`),
  assumed("bad-credentials", "Wrong credentials are 500 with a text; a knob makes them 401."),
  reported("idle-sessions", "A session that nobody uses ends after about twenty minutes.", "docs.b.studio"),
  documented("token-life", "Access tokens live 3600 seconds; a refresh token works once.", "OAuth 2.0 pages"),
  observed("no-client-credentials", "The client credentials grant is refused.", GOTCHAS),
  observed(
    "token-session",
    "With plain api the session travels with the token: one seat, one call at a time.",
    GOTCHAS,
  ),
  observed(
    "revoke-keeps-seat",
    "Revoking a token frees no seat; signing out does, and leaves the token alive.",
    GOTCHAS,
  ),
  documented(
    "concurrent-access",
    "With api:concurrent_access each call without its cookie takes another seat.",
    "OAuth 2.0 pages",
  ),
  published("no-seat", "No seat is 429 with a line of plain text, or 500 with API Login Limit.", "mapping of errors"),
]

const READING: ReadonlyArray<Quirk> = [
  documented("bare-list", "Lists are bare arrays, without a count and without a next link.", "$skip"),
  documented("empty-object", "Null and empty text are {}.", "Entity representation in JSON"),
  assumed("not-expanded", "Members that were not expanded are absent; a knob makes details []."),
  assumed(
    "list-order",
    "Lists come in a seeded shuffle that stays the same; knobs give key order or another shuffle each time.",
  ),
  observed("orderby-ignored", "$orderby is taken and ignored.", GOTCHAS),
  observed("substringof-eq-true", "substringof(..) eq true finds nothing.", MCP),
  observed("not-substringof", "not substringof(..) is 500.", MCP),
  observed("type-mismatch", "A filter that compares unlike types is 500.", CLI),
  observed("two-views", "A filter with AND across two data views of an entity finds nothing.", CLI),
  documented("detail-filter", "Filtering by details is not supported; the twin answers 500.", "$filter"),
  documented(
    "cannot-optimize",
    "A list that touches a member on a calculated view is 500 CannotOptimizeException.",
    "Retrieval of records",
  ),
  observed("select-and-expand", "With $select an expanded member shows only if it is selected as well.", GOTCHAS),
  assumed("missing-record", "A missing record is 404; a knob makes it 500 with a text, as on older builds."),
  assumed("collation", "Text compares by character; knobs fold case, and let an order pass over dashes as words do."),
  assumed("unknown-names", "Names in $select, $expand and $filter that the type has not are 500."),
  assumed("unknown-parameters", "Parameters that the description has not are 400, but for $orderby."),
  documented(
    "keys-with-slash",
    "A key that holds a slash cannot be read by key.",
    "Retrieval of a record by key fields",
  ),
  assumed("null-comparison", "A comparison with a member that is null does not hold."),
  assumed("zone", "Stamps and dates are shown in the zone of a knob; dates as midnight with offset."),
  published("watermark-names", "The modified field is named by entity and version.", "EndpointDefinitions"),
  published("customer-stamp-view", "A customer's modified field and its key lie in two views.", "EndpointMetadata"),
  assumed("custom-column", "$custom shows the currency of an invoice, a column that the contract does not have."),
  assumed("views", "Which view other members lie in."),
  reported(
    "application-doc-type",
    "Lines of applications hold codes (INV) where the record holds labels.",
    "official request collection",
  ),
]

const WRITING: ReadonlyArray<Quirk> = [
  documented(
    "put-table",
    "PUT updates what the filter, the id or the keys find, else inserts; without any it always inserts.",
    "Creation of a record",
  ),
  documented(
    "sparse-echo",
    "The answer holds what was sent and what was asked for, not more; not even the key.",
    "Creation of a record",
  ),
  documented(
    "existence",
    "If-Match: * and If-None-Match: * check existence only: 412.",
    "Creation and update of records",
  ),
  documented(
    "equal-values",
    "Equal values are skipped by PUT; nothing is saved and no stamp moves.",
    "Update of a record",
  ),
  documented(
    "patch-applies",
    "PATCH applies equal values too, and never inserts. It came with 25.",
    "Update of particular fields",
  ),
  documented(
    "form-logic",
    "The form overwrites what was sent: terms of a class, currency without override, amounts of lines.",
    "Update of a record",
  ),
  assumed("form-logic-fields", "Which fields the form overwrites."),
  assumed(
    "key-missing-auto",
    "A key that is not there, under automatic numbering, gets the next number; knobs insert it or refuse.",
  ),
  assumed("several-matches", "A filter of a PUT that finds several takes the first; a knob makes it an error."),
  assumed("selector-order", "The filter is asked before the id, and that before the keys."),
  assumed("lines-append", "Lines without an id or a key are appended, so that a repeat doubles them."),
  assumed("empty-on-write", "{} and a null value in a body leave the member alone; knobs make them clear it."),
  published(
    "refusal-422",
    "A refusal is the record with errors in it, <NEW> as its number and an id, and nothing is saved.",
    "ErrorMessagesTests",
  ),
  assumed("refusal-contract-3", "Contract 3 declares no 422: the texts come with 500."),
  observed("saved-nothing", "A form may answer 200 and save nothing.", `${CLI}; ${GOTCHAS}`),
  reported("post-collection", "POST on a collection is 406.", "docs.b.studio"),
  assumed("unknown-members", "A member that the description has not is 400; a knob ignores it."),
  assumed("unknown-custom", "An own field that the tenant has not is taken and dropped."),
  assumed("lengths", "Text that is too long is refused with 422."),
  assumed("sales-invoice-as-invoice", "A sales invoice shows in the list of AR invoices too; a knob ends that."),
  assumed("payment-stamp", "A released payment changes the invoice's balance and not its stamp; a knob moves it."),
  assumed(
    "address-stamp",
    "An edit of a customer's contact or address moves the business account's stamp, not the customer's.",
  ),
  assumed("released-fixed", "What is sent for money and lines of a released document is discarded."),
  assumed("labels", "Labels of statuses and document types other than Open, Invoice, Credit Memo and Payment."),
]

const ACTIONS_AND_LIMITS: ReadonlyArray<Quirk> = [
  documented(
    "long-operation",
    "Release answers 202 with a Location that is polled until 204.",
    "Execution of an action",
  ),
  published(
    "location-forms",
    "The Location is absolute, or relative with or without the instance's path.",
    "RestClient",
  ),
  documented(
    "busy-form",
    "While an operation runs, its form serves nothing else in the session.",
    "Execution of an action",
  ),
  published("busy-409", "That is 409 from 25 on.", "EndpointDefinitions of 25.200.001"),
  assumed("busy-500", "Before 25 it is 500."),
  observed("one-operation", "A session runs one long operation.", GOTCHAS),
  assumed("failed-poll", "A failed operation is 500 at the poll, and the document stays as it was."),
  assumed("released-again", "Releasing a released document fails with a text."),
  documented("invoice-again", "Preparing an invoice of an order twice makes two.", "Preparation of an invoice"),
  documented(
    "rate-delay",
    "From half of the rate on, each request is delayed by what is left of the minute over what is left of the limit.",
    "License restrictions for API users",
  ),
  documented(
    "queue",
    "More than twenty waiting, or ten minutes of waiting, is declined with 429.",
    "License restrictions for API users",
  ),
  assumed("no-retry-after", "A declined request names no time to come back."),
  observed("unhealthy", "A tenant that is not well answers a page, or 302 to /ui/error.", CLI),
  documented(
    "push-unsigned",
    "Push notifications are not signed, show an update in both lists, and end after five attempts.",
    "Push notifications",
  ),
  documented("ad-hoc-schema", "$adHocSchema shows every own field of the tenant.", "Custom fields"),
  assumed("late-commit", "A commit may be seen by readers later than its stamp says."),
]

export const QUIRKS: ReadonlyArray<Quirk> = [...ADDRESS_AND_SESSION, ...READING, ...WRITING, ...ACTIONS_AND_LIMITS]
