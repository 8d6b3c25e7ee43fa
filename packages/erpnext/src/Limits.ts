/**
 * Limits, each with its source. A site meters the time that its server spends, for all requests together, and only where
 * `rate_limit` is configured: how many requests that allows cannot be known ahead, so a 429 is obeyed when it comes. What
 * a hoster allows is handed in.
 */

import type { Limit } from "@mortise/core/RateLimit"
import * as Duration from "effect/Duration"

/** What the site or its hoster allows. */
export interface Allowance {
  /** Requests that the site serves at once to us: it has as many workers as it has, and people need some. */
  readonly concurrentRequests?: number
  /** Requests a minute, where a hoster or a proxy counts them. */
  readonly requestsPerMinute?: number
}

/** Frappe: bench starts two to four workers for a small site; more requests than workers queue up before the server. */
export const CONCURRENCY = 2

/** Frappe: lists have no greatest length; a page of this size stays below a second on the observed site. */
export const PAGE_SIZE = 200

/** Rows of child tables in one answer. */
export const CHILD_ROWS = 2000

/** Keys and names asked for in one list; so many of 140 characters stay below the 8 kB that nginx takes. */
export const KEYS_PER_QUESTION = 20

/** Frappe: Data columns are varchar(140), names of documents too. */
export const NAME_LENGTH = 140

/** MariaDB: Currency and Float are decimal(21,9). */
export const DECIMAL_PLACES = 9
export const INTEGER_DIGITS = 12

/** The server computes in doubles: so many digits survive. */
export const SIGNIFICANT_DIGITS = 15

/** Frappe OAuth: access tokens live this long unless the answer says otherwise (observed). */
export const TOKEN_LIFETIME = Duration.seconds(3600)

/** The class of traffic: the site meters all requests alike. */
export const SITE = "site"

/** The limits that a connector spends ahead of time. */
export const of = (allowance: Allowance): ReadonlyArray<Limit> => {
  const together: Limit = {
    name: "concurrent",
    traffic: [SITE],
    concurrency: allowance.concurrentRequests ?? CONCURRENCY,
    source: allowance.concurrentRequests === undefined ? "workers of a small site (bench)" : "the configuration",
  }
  if (allowance.requestsPerMinute === undefined) return [together]
  const minute: Limit = {
    name: "minute",
    traffic: [SITE],
    requests: allowance.requestsPerMinute,
    window: Duration.minutes(1),
    source: "the configuration: what the hoster allows",
  }
  return [together, minute]
}
