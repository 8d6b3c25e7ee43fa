/**
 * Every behaviour of the twin that a client can trip over, how surely it is known, and from where. The assumed ones are
 * where a live portal may well differ.
 */
import type { Quirk } from "../twin/Twin.ts"

const LIVE = "live observation of a portal, September 2026"

/** `id`, then what it says, then the source. */
type Row = readonly [id: string, says: string, source: string]

const observed: ReadonlyArray<Row> = [
  [
    "domain-no-key",
    "companies cannot be upserted by domain, nor found by it as idProperty; several may share one",
    LIVE,
  ],
  [
    "upsert-all-or-nothing",
    "without trace ids one bad upsert refuses the batch; with a distinct one on each the good ones are written",
    LIVE,
  ],
  ["upsert-shuffled", "upsert results come in any order, emails in lower case", "two published observations"],
  ["double-ids", "one id twice in a batch refuses all of it, trace ids or not", "recorded proxy fixture"],
  ["search-lag", "search shows a write two to five seconds later, reading by id at once", "live runs, 2026"],
  [
    "alternate-email-400",
    "an update or a lost race on a taken email is a 400 that names the owner in its message",
    "two verbatim alerts, September 2026",
  ],
  [
    "missing-scopes",
    "a lacking scope is a 403 that lists requiredGranularScopes; properties need the schema scope",
    LIVE,
  ],
  ["garbage-token", "a token that nobody knows reads as one that expired in 1970", "live observation"],
  ["batch-read-207", "ids that are not found are one grouped item error of a 207", "recorded fixture, 2024"],
  ["batch-update-email", "contacts cannot be batch updated by email", "client issue 548, guide of contacts"],
  ["html-404", "a 404 may be an HTML page (knob)", "client issue 159"],
  ["archived-no-associations", "the associations of an archived record read as empty", LIVE],
  ["property-restore", "creating an archived property name restores it with a 201", LIVE],
  ["property-409", "creating an active property name is a 409", LIVE],
  ["reverse-id-refused", "the reverse association id in a typed request is refused", LIVE],
  [
    "write-rules-2026-09",
    "required-field rules of the portal bind 2026-09 and neither v3 nor 2026-03",
    "live comparison 2026-09-25 and changelog",
  ],
  [
    "no-associations-207",
    "a batch read of associations answers records without any as item errors NO_ASSOCIATIONS_FOUND of a 207",
    "several public integrations",
  ],
  [
    "inline-rows",
    "inline associations repeat a company for each type, the unlabelled with the ending _unlabeled; line items stand under `line items`",
    "community thread 658333 and public integrations",
  ],
  [
    "number-digits",
    "JSON numbers are accepted as values and come back with the digits that were sent",
    "live observation",
  ],
  [
    "search-429",
    "the search 429 has category RATE_LIMITS, no policy name, no error type and no Retry-After",
    "HTTP recordings 2021 and 2022",
  ],
  ["foreign-link", "links of pages name api.hubspot.com, another host than the one called", "live observation"],
]

const documented: ReadonlyArray<Row> = [
  ["batch-100", "at most 100 inputs for each object batch", "guide: Using object APIs"],
  ["line-items-collapse", "equal inputs of a line item batch create become one record", "guide: Line items"],
  ["line-item-product", "a line item takes name, description, price and sku from its product", "guide: Line items"],
  ["line-item-price", "the price of a line item is not negative", "guide: Line items"],
  ["list-after", "the cursor of a list is the id of the next record; at most 100 a page", "API reference"],
  [
    "search-caps",
    "search: 200 a page, 10,000 results, 5 groups of 6 filters and 18 in all, 3,000 characters",
    "guide: Search the CRM",
  ],
  ["search-in-lower", "IN and NOT_IN on text look for lower-case values", "guide: Search the CRM"],
  [
    "undefined-dropped",
    "undefined properties are dropped from answers without a word, empty ones are null",
    "guide: Using object APIs",
  ],
  [
    "merge-new-id",
    "a merge makes a new id and both old ones lead to it; a beta keeps the primary's (knob)",
    "guide: Using object APIs, changelog",
  ],
  ["merge-limit", "more than 250 identities cannot be merged", "API reference"],
  [
    "contact-409",
    "creating a contact with a known email, primary or secondary, is a 409 with the id in the message",
    "API reference",
  ],
  ["email-key", "contacts are upserted by email as well as by a custom unique property", "guide: Contacts"],
  [
    "association-default",
    "PUT default answers two directed rows and changes nothing when repeated",
    "guide: Associate records",
  ],
  [
    "first-company-primary",
    "the first company of a contact or deal becomes its primary one",
    "guide: Associate records",
  ],
  ["labels-replaced", "a labelled PUT replaces the labels of the pair", "guide: Associate records"],
  ["unlabelled-removes-all", "removing the unlabelled type removes the labels of the pair", "guide: Associate records"],
  [
    "archive-204-200",
    "association batch archive answers 204 at v4, 200 with a body at the dated versions",
    "published specifications",
  ],
  ["association-sizes", "association batches: read 1,000, create 2,000, archive 100", "guide: Associate records"],
  [
    "invoice-open",
    "an invoice opens only with a contact and a line item; one that is not billable is not validated",
    "guide: Invoices",
  ],
  ["invoice-dates", "the dates of an invoice default to now, its status to draft", "guide: Invoices"],
  ["invoice-delete", "drafts can be deleted, open invoices by a portal setting", "guide: Invoices"],
  ["payments-optional", "commerce payments need payment processing in the portal (knob)", "guide: Payments"],
  [
    "payment-processing",
    "a payment starts as processing; those that the platform processed are read only",
    "guide: Payments",
  ],
  ["deal-won-derived", "hs_is_closed and hs_is_closed_won follow from the metadata of the stage", "guide: Deals"],
  [
    "company-minimum",
    "a company needs a name or a domain, a contact an email or a name",
    "guides: Companies, Contacts",
  ],
  ["lifecycle-forward", "the lifecycle stage moves forward only, unless it is cleared first", "guide: Contacts"],
  ["unique-limits", "hasUniqueValue is set at creation, at most ten for each type", "guide: Properties"],
  [
    "rate-burst",
    "10 second allowance for each app and portal, by subscription; 110 for OAuth apps",
    "usage guidelines",
  ],
  [
    "rate-search",
    "five searches a second for the portal, outside the 10 second allowance and without rate headers",
    "usage guidelines",
  ],
  ["rate-daily", "a daily allowance until midnight of the portal's zone; none for OAuth apps", "usage guidelines"],
  ["locked-423", "thousands of company upserts lock the type for two seconds", "guide: Error handling"],
  ["migration-477", "a portal that moves answers 477 with Retry-After in seconds (knob)", "guide: Error handling"],
  ["token-1800", "access tokens live 1800 seconds", "OAuth guide"],
  [
    "webhook-delivery",
    "arrays of up to 100 events, 5 seconds, ten retries over about a day, unordered, at least once, signed v3",
    "webhooks guide",
  ],
  [
    "no-modified-by-association",
    "a modified stamp is not said to move with associations, and does not here",
    "guide: Associate records",
  ],
]

const reported: ReadonlyArray<Row> = [
  ["refresh-same", "a refresh answers with the same refresh token; rotation by a knob", "third-party notes"],
  ["non-unique-email", "some portals refuse email as a key (knob)", "client issues"],
  ["custom-conflict", "a taken custom unique value is a 400 with CONFLICTING_UNIQUE_VALUE", "third-party reference"],
  ["merged-ids", "hs_merged_object_ids holds the absorbed ids, joined by semicolons", "third-party observation"],
  [
    "burst-429-body",
    "burst and daily 429 name policy TEN_SECONDLY_ROLLING or DAILY; Retry-After is absent",
    "client issue 416, recordings",
  ],
  [
    "v1-errors",
    "the v1 token endpoint fails with a code in `status`, the dated ones with error and error_description",
    "third-party notes",
  ],
]

const assumed: ReadonlyArray<Row> = [
  [
    "archived-unique",
    "the unique values of archived records are free again; the knob archivedUniqueBlocks takes them",
    "unconfirmed",
  ],
  [
    "unique-products",
    "products take custom unique properties; the knob uniquePropertiesOnProducts refuses them",
    "conflicting sources",
  ],
  ["unique-case", "unique text values are compared as they are, emails without regard to case", "unconfirmed"],
  ["upsert-fills-key", "an upsert that creates sets the key property too, sent or not (knob)", "unconfirmed"],
  [
    "email-partial-upsert",
    "the warning on partial upserts by email is not acted on: unsent properties stay",
    "meaning unconfirmed",
  ],
  [
    "unique-values-lost-in-merge",
    "a custom unique value of the absorbed record is gone when the primary has one of its own",
    "unconfirmed",
  ],
  [
    "batch-read-merged",
    "a batch read follows merges as a single read does; the knob batchReadMissesMerged turns that off",
    "unconfirmed",
  ],
  ["merge-values", "the primary's values win, the other's fill what it lacks", "unconfirmed"],
  ["same-value-moves-stamp", "writing the values that stand moves the modified stamp", "unconfirmed"],
  ["paid-refused", "an invoice cannot be set to paid or voided; payments do not pay it", "unconfirmed"],
  ["invoice-balances", "billed, paid and due amounts are read only and not computed", "unconfirmed"],
  ["invoices-refused", "a portal that refuses invoice writes answers 403 (knob)", "unconfirmed"],
  [
    "archive-again",
    "archiving an archived record is a 204, an unknown one a 404; batch archive passes over both",
    "unconfirmed",
  ],
  ["association-burst", "100 association requests in 10 seconds, 200 with the add-on", "middle value unconfirmed"],
  [
    "207-2026-09",
    "partial failure is a 207 at 2026-09 too; the knob mergedBatchShape answers 200 with errors",
    "two descriptions disagree",
  ],
  [
    "update-partial",
    "trace ids make batch updates partial as they do upserts; the knob tracesIgnored turns all of that off",
    "unconfirmed",
  ],
  ["lock-threshold", "3,000 company upserts within 10 seconds lock", "no figure published"],
  [
    "pending-batch",
    "a batch that answers PENDING was applied and gives no results (knob)",
    "only COMPLETE was ever observed",
  ],
  [
    "line-item-second-parent",
    "associating a line item with a second deal, invoice or order is refused",
    "the rule is documented, the answer is not",
  ],
  ["history-page", "50 a page or batch when history is asked for", "unconfirmed"],
  ["null-refused", "null as a value is refused", "unconfirmed"],
  ["date-not-midnight", "a date in milliseconds that is not midnight UTC is a 400", "error unconfirmed"],
  ["negative-filters", "NEQ, NOT_IN and NOT_CONTAINS_TOKEN also find records without the value", "unconfirmed"],
  ["primary-not-inherited", "when the primary company is taken away no other takes its place", "unconfirmed"],
  ["association-scopes", "associations need the object scopes of both sides", "unconfirmed"],
  ["revoke-no-cascade", "revoking a refresh token leaves access tokens alive", "unconfirmed"],
  ["requested-only", "a read with `properties` gives those and no stamps beside them", "guide, not checked live"],
  ["uri-length", "a URI of more than 8,192 characters is a 414", "no figure published"],
  ["numeric-ids", "JSON numbers in place of text ids are refused here; a live portal was seen to take them", LIVE],
  [
    "client-credentials-absent",
    "the client credentials grant, the webhook journal and webhook settings are not served",
    "out of scope",
  ],
]

const graded = (grade: Quirk["grade"], rows: ReadonlyArray<Row>): ReadonlyArray<Quirk> =>
  rows.map(([id, says, source]) => ({ id: `hubspot/${id}`, says, grade, source }))

/** The assumed ones first. */
export const all: ReadonlyArray<Quirk> = [
  ...graded("assumed", assumed),
  ...graded("reported", reported),
  ...graded("documented", documented),
  ...graded("observed", observed),
]
