/**
 * What tests and rules may turn: behaviours that differ between sites, or that nobody has confirmed. Plain data, part of a
 * world's dump. What the site itself calls a setting is a document (System Settings, Selling Settings, Accounts Settings).
 */
export interface Knobs {
  /** Lists without `order_by`: a seeded shuffle, or the order of names, as a small table often comes. */
  listOrder: "shuffled" | "name"
  /** Whether filters tell capitals from small letters. The collation of MariaDB does not. */
  equality: "ignoreCase" | "exact"
  /** Whether a name in the body of a create is obeyed; as the release does it unless told. */
  createName: "release" | "ignored" | "honoured"
  /** `rate_limit` of site_config: seconds of server time in a window of seconds. Off unless set. */
  rateLimit: { limit: number; window: number } | undefined
  /** What a request costs of it, in seconds. */
  requestSeconds: number
  /** `maintenance_mode` of site_config; `readable` lets reads pass. */
  maintenance: "off" | "on" | "readable"
  /** Greatest body of a request, in bytes. */
  maxBody: number
  /** The server's clock against the twin's, in milliseconds. */
  clockSkew: number
  /** A rate service answers where no Currency Exchange record does. */
  rateService: { [pair: string]: string }
  /** The next so many writes wait for a lock in vain: 500, and nothing was written. */
  deadlocks: number
  /** Documents that a background job holds: `Sales Invoice/ACC-SINV-2026-00001`. */
  lockedDocuments: ReadonlyArray<string>
  /** Bulk calls of v16 above this many documents are queued. */
  bulkThreshold: number
}

export const defaults = (): Knobs => ({
  listOrder: "shuffled",
  equality: "ignoreCase",
  createName: "release",
  rateLimit: undefined,
  requestSeconds: 0.02,
  maintenance: "off",
  maxBody: 25 * 1024 * 1024,
  clockSkew: 0,
  rateService: {},
  deadlocks: 0,
  lockedDocuments: [],
  bulkThreshold: 20,
})
