/** What a caller turns to make this portal misbehave. Numbers of times count down as they are used. */
import type { ObjectName } from "./ObjectTypes.ts"

export interface Knobs {
  /** So many of the next requests of the 10 second bucket get the burst 429. */
  burst429: number
  /** The daily allowance is spent until this is turned back. */
  daily429: boolean
  /** So many of the next searches get the secondly 429. */
  search429: number
  /** So many of the next writes get a 423. */
  locked423: number
  /** So many of the next requests find the portal moving; `Retry-After` in seconds. */
  migrating477: { times: number; retryAfter: number }
  /** So many of the next requests fail at the gateway, unseen by the API. */
  upstream502: number
  /** So many of the next writes are applied, held back for `millis`, and answered with a 504. */
  commitThenTimeout: { times: number; millis: number }
  /** How long a write stays invisible to search, in milliseconds; drawn anew for each write. */
  indexLag: { min: number; max: number }
  /** A POST of a known email loses the race: the alternate 400 in place of the 409. */
  emailUniquenessRace: boolean
  /** This portal refuses email as a key. */
  nonUniqueEmailPortal: boolean
  /** So many of the next batch writes with trace ids lose one valid input, drawn at random. */
  partial207: number
  /** Trace ids do not help: one bad input refuses its whole batch. */
  tracesIgnored: boolean
  /** So many of the next batch writes are applied and answer PENDING without results. */
  pendingStatus: number
  /** A missing record or property is answered with an HTML page. */
  html404: boolean
  /** After so many more requests, two records of the type are merged by somebody else. */
  mergeMidSync: { afterRequests: number; type: ObjectName; primary?: string; other?: string } | undefined
  /** Scopes that every token has lost. */
  scopesRevoked: ReadonlyArray<string>
  /** So many of the next requests with an OAuth token find it expired ahead of its time. */
  tokenExpiredEarly: number
  /** A refresh gives a new refresh token and ends the old one. */
  rotateRefreshTokens: boolean
  /** Share of webhook events that are sent twice, 0 to 1. */
  webhookDuplicate: number
  /** Webhook events leave in any order. */
  webhookReorder: boolean
  /** The portal's clock is so many milliseconds ahead of the twin's. */
  clockSkew: number
  /** A batch read does not find a merged record by an id that it had before; a single one does. */
  batchReadMissesMerged: boolean
  /** A merge keeps the primary's id. */
  primaryIdPreservation: boolean
  /** The portal refuses every write of invoices. */
  invoicesRefused: boolean
  /** The portal has no payment processing. */
  paymentsAbsent: boolean
  /** Custom unique properties may be made on products. */
  uniquePropertiesOnProducts: boolean
  /** Values of archived records stay taken. */
  archivedUniqueBlocks: boolean
  /** The key of an upsert that creates is also set as property, sent or not. */
  upsertFillsKey: boolean
  /** 2026-09 puts `errors` into an ordinary 200 or 201 and answers 200 to batch creates of properties and associations. */
  mergedBatchShape: boolean
  /** Batch reads, creates and updates are shuffled too, not upserts alone. */
  shuffleAllBatches: boolean
}

export const defaults = (): Knobs => ({
  burst429: 0,
  daily429: false,
  search429: 0,
  locked423: 0,
  migrating477: { times: 0, retryAfter: 60 },
  upstream502: 0,
  commitThenTimeout: { times: 0, millis: 30_000 },
  indexLag: { min: 2_000, max: 5_000 },
  emailUniquenessRace: false,
  nonUniqueEmailPortal: false,
  partial207: 0,
  tracesIgnored: false,
  pendingStatus: 0,
  html404: false,
  mergeMidSync: undefined,
  scopesRevoked: [],
  tokenExpiredEarly: 0,
  rotateRefreshTokens: false,
  webhookDuplicate: 0,
  webhookReorder: false,
  clockSkew: 0,
  batchReadMissesMerged: false,
  primaryIdPreservation: false,
  invoicesRefused: false,
  paymentsAbsent: false,
  uniquePropertiesOnProducts: true,
  archivedUniqueBlocks: false,
  upsertFillsKey: true,
  mergedBatchShape: false,
  shuffleAllBatches: false,
})
