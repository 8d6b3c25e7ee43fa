/**
 * Every behaviour of the twin that a client may stumble over, and how surely it is known: `documented` in the vendor's help
 * or its record browser, `observed` in real bodies that public code quotes, `reported` by integrators, `assumed` where
 * nobody has said. We ran nothing against a live account.
 */
import type { Quirk } from "../twin/Twin.ts"

const BROWSER = "NetSuite REST API Browser, record/v1, 2026.1"
const AIRBYTE = "airbytehq/airbyte source-netsuite"
const TAP = "hotgluexyz/tap-netsuite-rest"
const OPEN = "no source; the safe assumption"

const documented = (id: string, says: string, section: string): Quirk => ({
  id,
  says,
  grade: "documented",
  source: `Oracle help: ${section}`,
})
const browser = (id: string, says: string): Quirk => ({ id, says, grade: "documented", source: BROWSER })
const observed = (id: string, says: string, source: string): Quirk => ({ id, says, grade: "observed", source })
const reported = (id: string, says: string, source: string): Quirk => ({ id, says, grade: "reported", source })
const assumed = (id: string, says: string): Quirk => ({ id, says, grade: "assumed", source: OPEN })

const RECORDS: ReadonlyArray<Quirk> = [
  observed(
    "operation-id",
    "Every reply carries X-N-OperationId, by which support finds the exchange.",
    "exchanges that public code records",
  ),
  browser("no-body", "Writes answer 204 without a body; the id stands in Location alone."),
  reported("location-eid", "After an upsert Location may end in eid:; a knob.", "bodies in public code"),
  documented(
    "upsert-by-eid",
    "PUT takes eid: and an external id, and does not tell created from updated.",
    "section 156335203191",
  ),
  documented(
    "external-id-group",
    "An external id belongs to one record of its group, whatever the type and the case.",
    "sections N3436356, N3433806",
  ),
  assumed("external-id-taken", "A taken external id is refused as a duplicate, in the words that entities are."),
  documented("external-id-alphabet", "Letters, digits, _ and - can stand in an address.", "section 156334828635"),
  assumed("camel-case-paths", "Record names in addresses are taken in the browser's casing only."),
  documented("patch-nulls", "What is not sent stays; null clears.", "section 1545142173"),
  documented(
    "unkeyed-append",
    "PATCH adds to sublists without a key, so that a repeat doubles lines.",
    "sections 1545295601, 1545297048",
  ),
  documented(
    "replace",
    "?replace= makes a sublist what was sent; keyed rows are matched, others made anew.",
    "section 1545297048",
  ),
  documented(
    "line-key",
    "A line of a document is updated when its `line` is sent, and added when it is not.",
    "section 161488248489",
  ),
  documented(
    "apply-by-doc",
    "Applications of a payment merge by their document; apply false or amount 0 takes one back.",
    "article 0224093711",
  ),
  assumed("address-book-unkeyed", "Rows of the address book are added, not merged; a knob merges them."),
  assumed("billed-lines-stay", "A line that was billed cannot be taken away."),
  documented(
    "unknown-names",
    "Unknown names are dropped with a warning in a header, or refused where names are validated.",
    "section 156570709583",
  ),
  assumed("unknown-name-code", "Their refusal is INVALID_CONTENT; a knob."),
  assumed("computed-fields", "What a form computes (balance, total, status) is taken from a body and dropped."),
  assumed("is-person-fixed", "isPerson is set on create; later it is taken and dropped."),
  documented("stubs", "Sublists and subrecords are links until expandSubResources.", "section 1545142146"),
  documented(
    "enums",
    "Enums are objects, bare ids with simpleEnumFormat, and writable by id or refName.",
    "section 1545142146",
  ),
  observed(
    "absent-members",
    "Members without a value are left out; doubles show a digit behind the point.",
    "bodies in public code",
  ),
  documented(
    "edit-mode",
    "A record is loaded as for editing: a locked one cannot even be read, and is listed all the same.",
    "subsection 1544786455",
  ),
  observed("lock-text", "The lock is 400 USER_ERROR with a text.", `${AIRBYTE} 79190`),
  observed("one-code", "USER_ERROR stands for duplicates, rights, locks and bad values alike.", AIRBYTE),
  documented("gone", "A record that is not there is 404 NONEXISTENT_ID.", "section 156570709583"),
  assumed("dependents", "A record that others need cannot be deleted."),
  assumed("defaults", "What a form fills in: currency of the company, terms of the customer, status, period, numbers."),
  assumed("sequences", "Each company counts its documents for itself."),
  assumed("same-named-contacts", "Two contacts of one company may share a name; a knob refuses."),
]

const LISTS: ReadonlyArray<Quirk> = [
  documented(
    "ids-and-links",
    "Lists hold ids and links, a thousand a page, in no order that could be asked for.",
    "subsection 1544786455, section 156414087576",
  ),
  documented(
    "q",
    "q compares body fields; AND binds tighter than OR; blanks need double quotes.",
    "section 1545222128",
  ),
  observed("q-single-quotes", "Single quotes are INVALID_PARAMETER on q.", "bodies in public code"),
  documented("q-dates", "Dates in q are in the account's own format and zone.", "section 1545222128"),
  observed("q-unparseable", "Another format is 400 INVALID_PARAMETER, Unparseable date:.", `${AIRBYTE} 21871, 55206`),
  observed(
    "q-missing-field",
    "A field that the catalogue has and the object lacks is NONEXISTENT_FIELD.",
    `${AIRBYTE} errors.py`,
  ),
  reported("offset-multiple", "The offset has to be a multiple of the limit.", "thewayhow.com"),
]

const QUERIES: ReadonlyArray<Quirk> = [
  documented("transient", "Prefer: transient has to be sent.", "section 157909186990"),
  assumed("transient-missing", "Without it the answer is 400."),
  documented("texts", "Keys are in lower case, every value is a text, booleans are T and F.", "section 156257796125"),
  reported("nulls-left-out", "Columns without a value are left out.", "integrators' notes"),
  documented(
    "page-and-cap",
    "A page holds a thousand rows, a query reaches a hundred thousand.",
    "sections 157909186990, 156414087576",
  ),
  assumed("cap-silent", "Behind the cap there is nothing more, and an offset beyond it is refused."),
  observed(
    "unordered",
    "Pages of a query without an order overlap and miss rows; so do rows of equal rank.",
    `${TAP} HGI-9552`,
  ),
  documented("grammar", "No WITH, no date literals, at most a thousand arguments of IN.", "article 0824094533"),
  reported("bad-column", "An unknown column is 400 with a text; on some accounts 500.", TAP),
  reported("missing-table", "A table that the role may not read was not found.", TAP),
  observed(
    "header-subsidiary",
    "transaction.subsidiary is NOT_EXPOSED; transactionline.subsidiary is there. A knob exposes it.",
    "error text in integrators' public notes",
  ),
  reported(
    "lines-negative",
    "Quantities and amounts of sales are negative in lines; a header is a line of its own.",
    "integrators' queries",
  ),
  reported("plain-dates", "A date that is selected plainly comes in the user's format, without its time.", TAP),
  assumed("query-zone", "Stamps of queries are in the account's zone; a knob makes them UTC."),
  assumed("status-letters", "status is a letter, BUILTIN.DF its kind and word."),
  assumed("address-keys", "How nkey of addresses is numbered."),
  reported("deleted-records", "deletedrecord holds some record types, for roles that may read it.", TAP),
]

const STAMPS: ReadonlyArray<Quirk> = [
  documented("utc", "The record API tells stamps in UTC and days without a zone.", "section 157305090645"),
  reported("minutes", "Stamps end in :00Z: they are kept to the minute.", `metadata samples; ${AIRBYTE} 55206`),
  assumed("server-minutes", "serverTime is cut to the minute too."),
  assumed("payment-moves-invoice", "An application moves the stamp of its invoice; a knob leaves it."),
  assumed("refunds", "A refund has an amount and is paid out at once; what it gives back is not kept."),
  assumed("overdue-quiet", "An invoice becomes overdue without any stamp moving."),
  assumed("late-commit", "A commit may be seen by readers later than its stamp says."),
]

const JOBS: ReadonlyArray<Quirk> = [
  documented(
    "jobs",
    "respond-async answers 202 with the address of a job; its tasks replay the answers.",
    "chapter 161251386312",
  ),
  documented(
    "idempotency",
    "The key counts for jobs only; again it is 400 IDEMPOTENCY_ERROR with the first job's address.",
    "subsection 164494900632",
  ),
  assumed("idempotency-life", "The key lives for ever; a knob ends it."),
  documented("batch", "Many records of one type are always a job, at most a hundred.", "article 0127092747"),
  assumed(
    "no-batches",
    "A release without batches answers 405 to them; a knob. Which release brought them is not told.",
  ),
  assumed("batch-tasks", "Each record has its task, numbered in the order of the items."),
  documented("batch-order", "One after the other, or in parallel when the request prefers so.", "article 0127092747"),
  assumed("progress-words", "Words of progress other than succeeded."),
]

const ACCESS: ReadonlyArray<Quirk> = [
  documented("concurrency", "So many requests in flight; one more is 429 at once.", "bridgehead 1500275603"),
  documented(
    "concurrency-shape",
    "The 429 is titled Bad Request and names USER_ERROR beside its details.",
    "section 156570709583",
  ),
  assumed("no-retry-after", "It names no time to come back."),
  assumed("tokens-uncounted", "Requests for tokens are not counted."),
  documented(
    "token-life",
    "Access tokens live an hour; client credentials give no refresh token.",
    "section 162755359851",
  ),
  documented(
    "assertion",
    "PS and ES signatures; aud is the token address; at most an hour; kid is the certificate.",
    "section 162790605110",
  ),
  documented("no-rs256", "RS256 is not among them.", "section 162790605110"),
  documented(
    "scope-forms",
    "Scopes with commas in the text, an array in the sample: both are taken; knobs take one.",
    "section 162790605110",
  ),
  documented(
    "confidential-refresh",
    "A confidential client's refresh token lives seven days and is not renewed.",
    "section 160855594402",
  ),
  documented(
    "public-refresh",
    "A public client's works once, for 48 hours, in a chain of 168.",
    "section 160855594402",
  ),
  documented(
    "expires-in-forms",
    "expires_in is a number for client credentials, a text for codes; token_type changes its case.",
    "sections 162755359851, 160855590788",
  ),
  documented("state-length", "state has 22 to 1024 characters, PKCE is S256.", "section 158081944642"),
  assumed("consent-host", "The page of consent stands on the twin's own host."),
  documented("limits-for-administrators", "governanceLimits needs an administrator.", "article 0625010817"),
  documented(
    "catalogue",
    "The catalogue shows what account and role have, and requires nothing.",
    "sections 1540810174, 1545126526",
  ),
  documented("one-world", "Only accounts with companies have subsidiaries.", "record browser"),
  browser("transform", "A transform makes a document and answers as a create does."),
  assumed("transform-again", "A repeat makes another one, also of what is fully billed; a knob refuses that."),
  reported(
    "transform-pending",
    "An order that waits for approval cannot be billed.",
    "INVALID_INITIALIZE_REF in integrators' questions",
  ),
  assumed("attach-again", "Attaching twice attaches twice; a knob refuses."),
  assumed("order-status", "Letters of statuses, and which of them an order reaches by itself."),
  assumed("invoice-approval", "Where invoices are approved, a new one waits with approvalStatus 1 and status D."),
]

export const QUIRKS: ReadonlyArray<Quirk> = [...RECORDS, ...LISTS, ...QUERIES, ...STAMPS, ...JOBS, ...ACCESS]
