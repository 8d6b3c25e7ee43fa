/** Limits, each with its source. What an environment takes goes by its load, so that only few numbers are known. */

import type { Limit } from "@mortise/core/RateLimit"
import * as Duration from "effect/Duration"
import { RESOURCES } from "./Operations.ts"

/** Microsoft: OData, "the maximum page size is 10,000 records". */
export const MAX_PAGE_SIZE = 10_000

/** A page of this size stays below a few megabytes with the fields of an account. */
export const PAGE_SIZE = 1000

/** Requests at once. Nothing is published; more of them are throttled sooner. */
export const CONCURRENCY = 4

/** Microsoft's sample for throttled calls waits so long where `Retry-After` is missing. */
export const RETRY_AFTER = Duration.seconds(30)

/** Microsoft: OData, "$batch": operations of one batch. */
export const BATCH_OPERATIONS = 5000

/** Lines of one changeset; far below what a batch takes, for a changeset is one transaction. */
export const LINES_PER_DOCUMENT = 500

/** A Real of the vendor has so many decimals in the database. */
export const PLACES = 6

/** Keys asked for in one list. */
export const KEYS_PER_QUESTION = 20

/** IIS: maxQueryString of request filtering is 2048 unless a site widens it; longer ones are answered with 404.15. */
export const QUERY_LENGTH = 2000

/** How long the server may go on with a request whose client is gone. Assumed; no figure is published. */
export const LATE_COMMIT = Duration.minutes(10)

/** Stamps of the vendor's tables have seconds. */
export const STAMP_MILLIS = 1000

/** How long a commit may stay unseen behind its stamp, which is set while the transaction is still open. Assumed. */
export const LAG = Duration.minutes(5)
export const OVERLAP = Duration.minutes(1)

/** Records behind a page of stamps are asked for by key, so that a page is small. */
export const STAMPED_PAGE = 100

/** Microsoft, withdrawn with 10.0.36: per user and web server, in any window of five minutes. */
export const USER_REQUESTS = 6000
export const USER_WINDOW = Duration.minutes(5)
/** Microsoft, withdrawn with 10.0.36: requests of one user at once. */
export const USER_CONCURRENCY = 52

/** The limits that a connector spends ahead of time. */
export const of = (concurrency: number, userLimits: boolean): ReadonlyArray<Limit> => {
  const together: Limit = {
    name: "concurrent",
    traffic: [RESOURCES],
    concurrency: userLimits ? Math.min(concurrency, USER_CONCURRENCY) : concurrency,
    source: "configured; Microsoft throttles by the load of the environment and publishes no number",
  }
  if (!userLimits) return [together]
  const user: Limit = {
    name: "user",
    traffic: [RESOURCES],
    requests: USER_REQUESTS,
    window: USER_WINDOW,
    source: "Microsoft: service protection API limits per user, withdrawn with 10.0.36",
  }
  return [together, user]
}
