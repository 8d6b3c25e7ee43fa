/**
 * Every behaviour of the twin that a client may stumble over, and how surely it is known: `documented` by Microsoft,
 * `observed` in recorded exchanges of live environments, `reported` by people who integrate with it, `assumed` where nobody
 * has said. We ran nothing against a live environment.
 */
import type { Quirk } from "../twin/Twin.ts"

const DOCS = "MicrosoftDocs/dynamics-365-unified-operations-public"
const NANGO = "recorded answers of July 2026 in NangoHQ/integration-templates"
const BALLERINA = "ballerina-platform/module-ballerinax-microsoft.dynamics365.finance"
const METADATA = "service metadata of one environment of 2025, ntrtd/d365-agent"
const TUTORIAL = "a Russian tutorial with captured requests"
const FO_CLIENT = "mafzaal/d365fo-client"
const PSI = "d365collaborative/d365fo.integrations"
const HOTWAX = "an integration of HotWax and Moqui"
const MIDDLEWARE = "a NestJS middleware"
const OPEN = "no source; the safe assumption"

const documented = (id: string, says: string, page: string): Quirk => ({
  id,
  says,
  grade: "documented",
  source: `${DOCS}: ${page}`,
})
const observed = (id: string, says: string, source: string): Quirk => ({ id, says, grade: "observed", source })
const reported = (id: string, says: string, source: string): Quirk => ({ id, says, grade: "reported", source })
const assumed = (id: string, says: string): Quirk => ({ id, says, grade: "assumed", source: OPEN })

const SIGNING_IN: ReadonlyArray<Quirk> = [
  observed(
    "token-v2",
    "v2 takes a scope that ends in /.default; expires_in is 3599; there is no refresh token.",
    NANGO,
  ),
  observed("token-v1", "v1 takes a resource without a slash at the end, and tells lifetimes as text.", NANGO),
  documented(
    "token-checks",
    "A wrong audience, another tenant, no oid, or an application that is not registered is 401.",
    "troubleshooting of service authentication",
  ),
  documented(
    "app-user",
    "Roles and default company come from the user that the application is mapped to.",
    "services home page",
  ),
  reported("token-errors", "Errors of Entra carry AADSTS numbers: 7000215, 7000222, 700016, 50001.", BALLERINA),
  assumed("token-error-body", "The other members of an error of Entra, and its statuses."),
  assumed("empty-401", "A 401 has no body."),
  assumed("forbidden-set", "A set that the roles do not reach is 403."),
]

const ADDRESSING: ReadonlyArray<Quirk> = [
  documented(
    "cross-company",
    "Reads look into the default company of the user unless cross-company=true is sent.",
    "OData, cross-company behavior",
  ),
  reported(
    "cross-company-writes",
    "So do reads by key, PATCH and DELETE: another company's record is not there.",
    `${FO_CLIENT}; ${PSI}`,
  ),
  assumed(
    "cross-company-create",
    "A create without the flag is made in the company of its body; a knob makes it the user's own.",
  ),
  assumed("company-fields", "Other fields that name the company of a row, such as SysDataAreaId, are in capitals."),
  observed("company-case", "dataAreaId comes back in lower case, Company of a journal line in capitals.", NANGO),
  reported("whole-key", "A key with a part missing is refused with 'Only 1 of 2 keys provided for lookup'.", FO_CLIENT),
  observed("key-blanks", "Blanks at the ends of a key count.", NANGO),
  assumed("key-enum", "A member in a key is qualified by its enumeration."),
  assumed("key-case", "Keys are unique, and found, without regard to case."),
  assumed("missing-record", "A read by a key that is not there is 404; a knob makes it 400 with a text."),
  reported(
    "absent-sets",
    "Versions and configuration keys hide sets, which are then 404.",
    `${METADATA}; ${BALLERINA}`,
  ),
  assumed("unknown-parameters", "Parameters that the description does not have are 400."),
]

const READING: ReadonlyArray<Quirk> = [
  documented("filter-operators", "eq ne gt ge lt le, and or not, add sub mul div mod; no in and no has.", "OData"),
  documented("wildcard", "A star in a compared text stands for any text.", "OData"),
  documented("enum-literal", "Members are compared qualified, by eq and ne only.", "OData"),
  documented("virtual-fields", "Virtual fields cannot be filtered by.", "computed columns and virtual fields"),
  assumed("which-are-virtual", "Which fields those are; a knob lists them."),
  assumed("text-functions", "contains() and startswith() are refused; a knob lets them in."),
  assumed("folded-text", "Text compares without regard to case; knobs regard it, or pass over dashes in the order."),
  documented("page-size", "A page holds at most 10,000 rows and links to the next one.", "OData"),
  reported(
    "next-link",
    "The link holds $skip, and what is left of $top; a knob makes it $skiptoken.",
    "support.cleo.com",
  ),
  reported("no-order", "Without $orderby by the whole key rows come in no order that lasts.", `${PSI}; ${MIDDLEWARE}`),
  documented("expand-once", "$expand reaches the first level only.", "OData"),
  assumed("expand-joins", "By which fields links join, and that the other links cannot be followed."),
  documented("count", "$count=true counts before rows are cut.", "OData"),
  observed("etag-under-select", "Every row shows its ETag, also under $select.", `${TUTORIAL}; ${NANGO}`),
  observed("empty-values", "Unset text is empty, unset members are the first, numbers 0, GUIDs zero.", NANGO),
  observed("null-members", "Only enumerations without a member 0 show null.", NANGO),
  observed("dates", "AX dates lie at noon, empty ones on 1900-01-01 at noon; empty instants at midnight.", NANGO),
  observed("seconds", "Instants have seconds.", NANGO),
  assumed("dates-of-settlement", "Closed and LastSettleDate are AX dates."),
  observed("numbers", "Int64 and Decimal are JSON numbers.", NANGO),
  assumed("digits", "Amounts keep all their digits; AX reals hold sixteen."),
  documented("full-metadata", "odata.metadata=full adds types, ids and links.", "OData"),
]

const CHANGES: ReadonlyArray<Quirk> = [
  observed("etag-pairs", "An ETag holds version and id of every joined row, 0,0 where none was found.", NANGO),
  observed("etag-party", "Renaming a customer moves the pair of the party, the fifth, and no other.", NANGO),
  observed("etag-new", "A new row has version 1, a changed one a large number in no order.", NANGO),
  assumed(
    "etag-contact",
    "An edit of an email, a phone or an address moves no pair of its customer; knobs make it so.",
  ),
  reported("etag-lines", "The ETag of a header does not cover its lines.", NANGO),
  assumed("etag-status", "Opening an order by its first line moves no pair of the header."),
  assumed("etag-unchanged", "An update that changes nothing moves nothing."),
  assumed("etag-places", "Which fields lie in which pair, but for the party's; pairs of sets that nobody recorded."),
  observed("bi-stamp", "Entities for analysis have SysModifiedDateTime.", METADATA),
  assumed("bi-served", "The integration user may read them and they are stamped; knobs forbid, hide and unstamp them."),
  assumed("bi-party", "An edit of the party does not move the stamp of the customer; a knob makes it so."),
  assumed("bi-names", "Which of their fields show which of the entity's."),
  assumed("contact-edit", "An email does not move LastEditDateTime of its contact; a knob makes it so."),
  assumed("late-commit", "What is written is read at once; a knob delays it."),
]

const WRITING: ReadonlyArray<Quirk> = [
  observed("created", "A create answers 201 with the whole record.", TUTORIAL),
  observed("no-content", "PATCH and DELETE answer 204.", NANGO),
  reported(
    "no-upsert",
    "PATCH of a key that is not there is 400 'No resources were found when selecting for update.'",
    `HotGlue; ${MIDDLEWARE}`,
  ),
  reported("again-deleted", "DELETE of what is gone is the same 400.", MIDDLEWARE),
  observed("duplicate", "A taken key is no 409: the text says 'The record already exists.', 500 in a batch.", TUTORIAL),
  assumed("duplicate-status", "A single create of a taken key is 400; a knob makes it 500."),
  assumed("stale-etag", "A stale If-Match is 412; knobs make it 409, 400 with a text, or ignore it."),
  reported("conflict-text", "The text of a conflict.", MIDDLEWARE),
  reported("update-many", "PATCH without a key is refused with 'More than one resource'.", "dynamics-sdk-php issue 8"),
  observed("put", "PUT leaves what it does not send.", TUTORIAL),
  observed(
    "sequences",
    "A create without a number gets the next one, so a second create makes a second record.",
    NANGO,
  ),
  reported(
    "manual-numbers",
    "An own number is taken only where the number sequence is manual.",
    `${TUTORIAL}; ${HOTWAX}`,
  ),
  observed("name-alias", "NameAlias is cut at 20 characters.", NANGO),
  observed("language", "LanguageId en-us comes back as en-US.", NANGO),
  observed("order-totals", "OrderTotalAmount is 0 on every order.", NANGO),
  observed("order-status", "An order is None without lines, Backorder with them, Invoiced in the end.", NANGO),
  observed("order-copies", "An order copies names, address and terms of its customer.", NANGO),
  reported("site", "A line needs a site, of its own or of its order.", HOTWAX),
  reported("lot", "The lot of a line is always the server's.", TUTORIAL),
  assumed("line-number", "LineNumber may be given; LineCreationSequenceNumber may not."),
  assumed(
    "line-amount",
    "LineAmount is reckoned from price, quantity, price unit and discounts, to the unit of the currency.",
  ),
  observed("draft-invoice", "A free text invoice is a draft, 'Not posted', due by the customer's terms.", NANGO),
  assumed("draft-lines", "LineNumber of a free text line may be given."),
  assumed("carrier", "The CDS sets of free text invoices take no writes; a knob lets them."),
  assumed("hold", "An order of a customer on hold is refused."),
  documented(
    "no-posting",
    "Nothing posts through OData; posted documents and transactions are read.",
    "data entities overview",
  ),
  assumed("read-only-405", "A write to what is read only is 405."),
  assumed("read-only-fields", "A field that may not be edited is refused, not ignored."),
  assumed("discards", "A tenant's code may discard a field at creation; a knob lists them."),
  observed(
    "envelope",
    "Errors have an empty code, a message that says nothing, and the reason in innererror.",
    TUTORIAL,
  ),
  reported("internal-exception", "Some versions set a code and nest the reason deeper.", MIDDLEWARE),
  assumed("query-errors", "Texts of refused queries and bodies."),
]

const BATCHES_AND_LIMITS: ReadonlyArray<Quirk> = [
  observed("batch-status", "A batch answers 200 whatever its parts say.", TUTORIAL),
  observed(
    "changeset",
    "A failed changeset writes nothing and answers one part, that of the operation at fault.",
    TUTORIAL,
  ),
  reported("throttled-part", "One part may be 429 with a wait of its own.", PSI),
  documented("batch-size", "A batch holds at most 5,000 operations.", "OData batch"),
  assumed("batch-malformed", "A batch that cannot be read is 400; $1 references and JSON batches are not served."),
  documented(
    "resources",
    "Short of resources, low priority is refused first: 429 with Retry-After.",
    "priority-based throttling",
  ),
  assumed("throttle-body", "The body of a 429; that a refused request was not processed."),
  documented(
    "per-user",
    "The withdrawn limit counts a user's requests in five minutes; off unless a knob is set.",
    "service protection, 2022",
  ),
]

const MONEY: ReadonlyArray<Quirk> = [
  observed("transactions", "CustTransactions tell what is settled; CustTransOpens what is open.", METADATA),
  assumed("settling", "SettleAmountCur grows, Closed is the day of the last part, and the open row shrinks and goes."),
  observed("rate", "Exchange rates are for a hundred.", NANGO),
  reported(
    "dimension-text",
    "Dimensions are one text in the order of the active format; others are dropped.",
    `${DOCS}: dimension integration`,
  ),
  observed("dimension-escape", "A delimiter in a value is escaped by a backslash, also in an account.", NANGO),
  assumed("dimension-refusals", "Unknown values and too many segments are refused."),
  reported("dimension-action", "getSetDisplayValue composes the text.", "ievgensaxblog, 2020"),
]

const EVENTS_AND_METADATA: ReadonlyArray<Quirk> = [
  observed(
    "event-body",
    "Flat JSON, dates as /Date(ms)/, EventId in capitals, ControlNumber with gaps.",
    "tests of Hexalith and two more repositories",
  ),
  documented("event-retries", "Three more attempts a second apart, then an error log.", "business events"),
  documented("event-unsigned", "HTTPS endpoints get no signature; order is not kept.", "business events"),
  assumed("event-names", "Names and contracts of the events for free text invoices and payments."),
  assumed("event-twice", "An event may come twice; knobs make it so, and shuffle them."),
  reported("public-entities", "/metadata lists entities, fields and enumerations as JSON.", FO_CLIENT),
  documented(
    "annotations",
    "AXType, IsRequired, AllowEdit and AllowEditOnCreate stand in $metadata.",
    "data entity metadata",
  ),
  reported("version-actions", "Versions are told by actions of DataManagementEntities.", FO_CLIENT),
]

export const QUIRKS: ReadonlyArray<Quirk> = [
  ...SIGNING_IN,
  ...ADDRESSING,
  ...READING,
  ...CHANGES,
  ...WRITING,
  ...BATCHES_AND_LIMITS,
  ...MONEY,
  ...EVENTS_AND_METADATA,
]
