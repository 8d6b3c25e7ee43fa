/**
 * What tests and rules may turn: behaviours that differ between builds and tenants, or that nobody has confirmed. Plain
 * data, part of a world's dump. Each default is the safe reading or the worse one for a client.
 */
export interface Knobs {
  /** `GET /entity`: the object, or the bare array of older builds. */
  endpointList: "object" | "array"
  endpointHref: "relative" | "absolute"
  /** No seat left: 429 with plain text, or 500 with "API Login Limit". */
  seatsRefusal: 429 | 500
  badCredentials: 401 | 500
  /** Wrong passwords after which the account is locked. */
  lockoutAfter: number
  /** An unknown tenant at sign-in: 500, or 204 on the first tenant (a stale map of tenants). */
  wrongTenant: "error" | "default"
  idleMinutes: number
  /** A record that is not there, read by key: 404, or 500 "No entity satisfies the condition". */
  missingRecord: 404 | 500
  /** Detail members that were not expanded. */
  details: "absent" | "empty"
  /** A seeded shuffle that stays the same, the order of the keys, or another shuffle at every request. */
  listOrder: "shuffled" | "key" | "reshuffled"
  /** A filter with AND across two data views of an entity. */
  twoViewAnd: "empty" | "works"
  /** How the database compares text: by character, without regard to case, or also past dashes when it orders. */
  collation: "sensitive" | "insensitive" | "words"
  /** Numbering of each entity; what is not named is `auto`. */
  numbering: Record<string, "auto" | "manual">
  /** PUT of a key that is not there under automatic numbering. */
  keyMissingOnAuto: "nextNumber" | "insert" | "error"
  /** `$filter` of a PUT that finds several. */
  severalMatches: "first" | "error"
  /** `{}` in a body. */
  emptyOnWrite: "leave" | "clear"
  /** `{"value": null}` in a body. */
  nullOnWrite: "leave" | "clear"
  /** Documents that are not told otherwise are put on hold. */
  holdOnEntry: boolean
  /** The answer to a write carries the keys though nobody asked for them. */
  echoKeys: boolean
  unknownMembers: "reject" | "ignore"
  /** Members beside the delivered ones that make a list fail. */
  nonOptimizable: Record<string, ReadonlyArray<string>>
  /** Entities whose lists cannot be filtered by anything but the key. */
  nonKeyFilters: Record<string, "error" | "empty">
  /** Members that the form of this tenant takes and discards. */
  discards: Record<string, ReadonlyArray<string>>
  /** Entities whose PUT answers 200 and saves nothing. */
  savesNothing: ReadonlyArray<string>
  /** A long operation ends at whichever comes first. */
  operation: { polls: number; millis: number }
  location: "absolute" | "relative" | "relativeWithoutInstance"
  /** `SalesInvoice/ReleaseSalesInvoice`, or with a key, `Payment/ReleasePayment/Payment/000001`: the text of its failure. */
  failingActions: Record<string, string>
  /** A sales invoice in the list of AR invoices. */
  salesInvoicesShowAsInvoices: "always" | "released" | "never"
  paymentMovesInvoiceStamp: boolean
  /** Which stamp an edit of a customer's contact or address moves. */
  addressEditMoves: "customer" | "account" | "nothing"
  /** `INV` or `Invoice` in the lines of applications. */
  applicationDocType: "code" | "label"
  /** A commit is seen by readers so many milliseconds after its stamp. */
  commitDelay: number
  /** The server's clock against the twin's, in milliseconds. */
  clockSkew: number
  /** Zone of the API user's profile: dates and stamps are shown in it. */
  zoneMinutes: number
  /** Members of a select value in contract 5. */
  selectCasing: "lower" | "pascal"
  /** Every request of the tenant is answered by a page or a redirect. */
  unhealthy: "no" | "html" | "redirect"
  /** How long a request works, which is what makes the limit of concurrent ones felt. */
  processingMillis: number
  /** The same push notification is sent twice. */
  pushTwice: boolean
}

export const defaults = (): Knobs => ({
  endpointList: "object",
  endpointHref: "relative",
  seatsRefusal: 429,
  badCredentials: 500,
  lockoutAfter: 5,
  wrongTenant: "error",
  idleMinutes: 20,
  missingRecord: 404,
  details: "absent",
  listOrder: "shuffled",
  twoViewAnd: "empty",
  collation: "sensitive",
  numbering: { StockItem: "manual", NonStockItem: "manual" },
  keyMissingOnAuto: "nextNumber",
  severalMatches: "first",
  emptyOnWrite: "leave",
  nullOnWrite: "leave",
  holdOnEntry: true,
  echoKeys: false,
  unknownMembers: "reject",
  nonOptimizable: {},
  nonKeyFilters: {},
  discards: {},
  savesNothing: [],
  operation: { polls: 2, millis: 30_000 },
  location: "absolute",
  failingActions: {},
  salesInvoicesShowAsInvoices: "always",
  paymentMovesInvoiceStamp: false,
  addressEditMoves: "account",
  applicationDocType: "code",
  commitDelay: 0,
  clockSkew: 0,
  zoneMinutes: 0,
  selectCasing: "lower",
  unhealthy: "no",
  processingMillis: 0,
  pushTwice: false,
})
