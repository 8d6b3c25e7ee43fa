/**
 * What tests and rules may turn: behaviours that differ between environments, or that nobody has confirmed. Plain data, part
 * of a world's dump. Each default is the safe reading or the worse one for a client.
 */
export interface Knobs {
  /** Rows of one page. */
  pageSize: number
  nextLink: "skip" | "skiptoken"
  /** Without `$orderby`: another shuffle at every request, one that stays, or the order of the keys. */
  listOrder: "reshuffled" | "shuffled" | "key"
  /** How text compares and is ordered: without regard to case, by character, or also past dashes and apostrophes. */
  collation: "fold" | "exact" | "words"
  /** `contains()` and `startswith()`. */
  textFunctions: boolean
  /** A record that is not there, read by its key. */
  missingRecord: 404 | 400
  /** A single create whose key is taken; in a batch it is 500. */
  duplicateStatus: 400 | 500
  /** A stale `If-Match`; `ignored` writes all the same. */
  staleEtag: 412 | 409 | 400 | "ignored"
  /** A create that names a company without `cross-company`: made there, or in the user's own company. */
  createWithoutFlag: "body" | "default"
  createdStatus: 201 | 200
  /** Number sequences that take a number from outside: `usmf CustomerAccount`; and then whether they need one. */
  manualNumbers: ReadonlyArray<string>
  /** An edit of an address moves the ETag of its customer. */
  addressMovesEtag: boolean
  /** An edit of an email or a phone moves it. */
  contactMovesEtag: boolean
  /** An edit of the party moves the stamp of the customer. */
  partyMovesStamp: boolean
  /** An edit of an email or a phone moves `LastEditDateTime` of its contact. */
  contactInfoMovesEdit: boolean
  /** What the entities for analysis are to the integration user. */
  bi: "served" | "forbidden" | "absent" | "unstamped"
  /** Fields that are computed in code and cannot be filtered by. */
  virtualFields: Record<string, ReadonlyArray<string>>
  /** Fields whose value a tenant's code discards at creation. */
  discards: Record<string, ReadonlyArray<string>>
  /** The carrier entities of free text invoices take writes. */
  cdsWritable: boolean
  /** Lines of orders need a site. */
  siteMandatory: boolean
  /** Between the segments of a dimension's display value. */
  delimiter: string
  /** Requests that are refused for want of resources: of no application, of those of low priority, of all. */
  busy: "no" | "low" | "all"
  retryAfter: string | undefined
  /** The withdrawn limit of requests of one user in five minutes. */
  perUserRequests: number | undefined
  /** Of the parts of a batch, those at these places are throttled once. */
  throttledParts: ReadonlyArray<number>
  /** How long a request works. */
  processingMillis: number
  /** A commit is seen by readers so many milliseconds later. */
  commitDelay: number
  /** The server's clock against the twin's. */
  clockSkew: number
  /** A code beside the generic message, and the reason one level deeper, as some versions have it. */
  errorShape: "innererror" | "internalexception"
  /** Business events: how far the control number may jump, whether events come twice, and in another order. */
  eventGap: number
  eventTwice: boolean
  eventReorder: boolean
}

export const defaults = (): Knobs => ({
  pageSize: 10_000,
  nextLink: "skip",
  listOrder: "reshuffled",
  collation: "fold",
  textFunctions: false,
  missingRecord: 404,
  duplicateStatus: 400,
  staleEtag: 412,
  createWithoutFlag: "body",
  createdStatus: 201,
  manualNumbers: [],
  addressMovesEtag: false,
  contactMovesEtag: false,
  partyMovesStamp: false,
  contactInfoMovesEdit: false,
  bi: "served",
  virtualFields: {
    CustomersV3: ["FullPrimaryAddress"],
    SalesOrderHeadersV2: [
      "OrderTotalAmount",
      "OrderTotalTaxAmount",
      "OrderTotalDiscountAmount",
      "OrderTotalChargesAmount",
    ],
    SalesOrderHeadersV3: [
      "OrderTotalAmount",
      "OrderTotalTaxAmount",
      "OrderTotalDiscountAmount",
      "OrderTotalChargesAmount",
    ],
  },
  discards: {},
  cdsWritable: false,
  siteMandatory: true,
  delimiter: "-",
  busy: "no",
  retryAfter: "30",
  perUserRequests: undefined,
  throttledParts: [],
  processingMillis: 0,
  commitDelay: 0,
  clockSkew: 0,
  errorShape: "innererror",
  eventGap: 1,
  eventTwice: false,
  eventReorder: false,
})
