/** Where accounts differ, or where nobody has said what NetSuite does. Defaults are the harsher case of an open question. */

export interface Knobs {
  /** Subsidiaries. Off, the field is not there. */
  oneWorld: boolean
  /** Requests in flight at once. */
  concurrency: number
  /** Share of the integration, where the account gives it one. */
  integrationConcurrency: number | null
  /** How long a request works, which is what makes the limit felt. */
  processingMillis: number
  /** The last part of a `Location` after a write by external id. */
  location: "id" | "eid"
  /** Zone of account and user, east of Greenwich; without summer time. */
  zoneMinutes: number
  /** The same by its IANA name, with its summer time; null where `zoneMinutes` tells all. */
  zoneName: string | null
  /** The zone that a query's stamps are in. */
  queryZone: "account" | "utc"
  /** How people of the account write dates; a query's bare dates come so, and `q` wants them so. */
  dateFormat: "M/D/YYYY" | "D/M/YYYY" | "DD.MM.YYYY" | "YYYY-MM-DD"
  /** What is shown of a stamp, in milliseconds. */
  granularity: number
  /** Stamps of the server's clock against the twin's, in milliseconds. */
  clockSkew: number
  /** A commit is seen by readers so many milliseconds after its stamp. */
  commitDelay: number
  /** Rows of one query that can be reached. */
  queryCap: number
  queryPage: number
  /** Rows without an order, and rows of equal rank. */
  unordered: "shuffled" | "stable"
  /** The answer to a column that is not there. */
  badColumn: 400 | 500
  /** Whether a query may ask a document's header for its subsidiary; its lines have it in any case. */
  transactionSubsidiary: "exposed" | "notExposed"
  /** Code of a value or a reference that does not hold. */
  badValueCode: "USER_ERROR" | "INVALID_CONTENT"
  /** Code of an unknown property where names are validated. */
  unknownName: "INVALID_CONTENT" | "USER_ERROR"
  /** A permission that the role lacks. */
  forbidden: 400 | 403
  /** Whether rows of the address book are merged by their id, or always added. */
  addressBookKeyed: boolean
  /** State of an order that says nothing. */
  orderStatus: "A" | "B"
  /** Whether the role may choose it. */
  orderStatusWritable: boolean
  /** Invoices wait for approval. */
  invoiceApproval: boolean
  /** Customers are numbered; otherwise their name is their number. */
  numberedCustomers: boolean
  /** Another contact of the same name with the same company. */
  sameNamedContacts: "refused" | "taken"
  /** Billing an order of which everything is billed. */
  billedAgain: "again" | "refused"
  /** An application of a payment moves the stamp of the invoice. */
  paymentMovesInvoice: boolean
  /** An edit of an address moves the stamp of its customer. */
  addressMovesCustomer: boolean
  /** A second attachment of a contact. */
  attachedAgain: "taken" | "refused"
  /** `expires_in` of a client credentials token. */
  expiresIn: "number" | "text"
  /** Scope of an assertion: an array, or a text with commas. */
  scopeForm: "either" | "array" | "text"
  /** Signatures that are taken beside the documented ones. */
  legacyAlgorithms: ReadonlyArray<"RS256">
  /** Life of a public client's refresh token, and of the chain of them, in hours. */
  publicRefreshHours: number
  publicChainHours: number
  /** A task of a job takes so long. */
  taskMillis: number
  /** Whether the account's release takes many records at a time; otherwise that is no method of the collection. */
  batches: boolean
  /** Order in which a job runs its tasks where the request does not say. */
  batchMode: "sequential" | "parallel"
  /** Life of an idempotency key in milliseconds; null for ever. */
  idempotencyMillis: number | null
  /** Record types whose deletions are recorded. */
  deletionsOf: ReadonlyArray<string>
  /** Fields that the catalogue of the account describes and its objects lack, by type. */
  missingFields: Record<string, ReadonlyArray<string>>
}

export const defaults = (): Knobs => ({
  oneWorld: true,
  concurrency: 5,
  integrationConcurrency: null,
  processingMillis: 0,
  location: "id",
  zoneMinutes: -480,
  zoneName: null,
  queryZone: "account",
  dateFormat: "M/D/YYYY",
  granularity: 60_000,
  clockSkew: 0,
  commitDelay: 0,
  queryCap: 100_000,
  queryPage: 1000,
  unordered: "shuffled",
  badColumn: 400,
  transactionSubsidiary: "notExposed",
  badValueCode: "USER_ERROR",
  unknownName: "INVALID_CONTENT",
  forbidden: 400,
  addressBookKeyed: false,
  orderStatus: "A",
  orderStatusWritable: true,
  invoiceApproval: false,
  numberedCustomers: true,
  sameNamedContacts: "taken",
  billedAgain: "again",
  paymentMovesInvoice: true,
  addressMovesCustomer: true,
  attachedAgain: "taken",
  expiresIn: "number",
  scopeForm: "either",
  legacyAlgorithms: [],
  publicRefreshHours: 48,
  publicChainHours: 168,
  taskMillis: 2_000,
  batches: true,
  batchMode: "sequential",
  idempotencyMillis: null,
  deletionsOf: [
    "customer",
    "contact",
    "inventoryItem",
    "nonInventorySaleItem",
    "serviceSaleItem",
    "salesOrder",
    "invoice",
    "creditMemo",
    "customerPayment",
    "customerRefund",
  ],
  missingFields: {},
})
