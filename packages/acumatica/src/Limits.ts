/**
 * Limits, each with its source. The figures of a licence are not published and differ from customer to customer: they
 * are read on the form SM604000 and handed in.
 */

import type { Limit } from "@mortise/core/RateLimit"
import * as Duration from "effect/Duration"

/** What the customer's licence allows, form SM604000. */
export interface Licence {
  /** Requests a minute; null where the licence sets none (a trial). */
  readonly requestsPerMinute?: number | null
  /** Requests that the licence lets run at once. */
  readonly concurrentRequests?: number
}

/** Acumatica: "License Restrictions for API Users"; figures named by integrators, about 100 a minute on small tiers. */
export const DEFAULT_REQUESTS_PER_MINUTE = 100

/** Acumatica: the same page. From half of the minute's requests on, every request is delayed. */
export const DELAYED_FROM = 0.5

/** Acumatica: "License Restrictions for API Users": a request that waited longer in the queue is declined. */
export const QUEUE_LIMIT = Duration.minutes(10)

/** How long the server may go on with a request whose client is gone: as long as the queue holds it. */
export const LATE_COMMIT = QUEUE_LIMIT

/** Acumatica: access tokens live this long, fixed (OAuth pages of the integration guide). */
export const TOKEN_LIFETIME = Duration.seconds(3600)

/** Reports of integrators: a session of the scope `api` takes one call at a time. */
export const SESSION_CONCURRENCY = 1

/** Acumatica documents no greatest `$top`; a page of this size stays below a second on the reported instances. */
export const PAGE_SIZE = 250

/** Keys asked for in one list. */
export const KEYS_PER_QUESTION = 20

/** IIS: maxQueryString of request filtering is 2048 unless a site widens it; longer ones are answered with 404.15. */
export const QUERY_LENGTH = 2000

/** Acumatica: about this many lines in one PUT (contract-based API guide). */
export const LINES_PER_DOCUMENT = 500

/** The classes of traffic: requests to an endpoint count, signing out never waits. */
export const TRAFFIC = "api"
export const SIGN_OUT = "signOut"

/** The limits that a connector spends ahead of time. */
export const of = (licence: Licence, serialCalls: boolean): ReadonlyArray<Limit> => {
  const perMinute = licence.requestsPerMinute === undefined ? DEFAULT_REQUESTS_PER_MINUTE : licence.requestsPerMinute
  const concurrency = serialCalls ? SESSION_CONCURRENCY : (licence.concurrentRequests ?? SESSION_CONCURRENCY)
  const together: Limit = {
    name: "concurrent",
    traffic: [TRAFFIC],
    concurrency,
    source: serialCalls ? "one call at a time in a session (integrators)" : "licence, form SM604000",
  }
  if (perMinute === null) return [together]
  const minute: Limit = {
    name: "minute",
    traffic: [TRAFFIC],
    requests: Math.max(1, Math.floor(perMinute * DELAYED_FROM)),
    window: Duration.minutes(1),
    source: "Acumatica: License Restrictions for API Users; half of the licence's requests, above which it delays",
  }
  return [together, minute]
}
