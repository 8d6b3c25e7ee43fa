/**
 * Limits, each with its source. What NetSuite counts is how many requests are in flight, of all integrations of an account
 * together; how many requests come in a minute it does not count.
 */
import type { Limit } from "@mortise/core/RateLimit"
import * as Duration from "effect/Duration"
import { IN_FLIGHT } from "./Operations.ts"

/** Oracle: help, bridgehead 1500275603. Standard service tier, and accounts of developers and partners. */
export const BASE_CONCURRENCY = 5

/** Left to the others that use the account; the base less one. */
export const KEPT_FREE = 1
export const DEFAULT_CONCURRENCY = BASE_CONCURRENCY - KEPT_FREE

/** Oracle: help, section 156414087576. Rows of one page, and rows of one query that can be reached. */
export const PAGE_SIZE = 1000
export const ROWS_PER_QUERY = 100_000

/** Oracle: help, article 0824094533. Arguments of one `IN`. */
export const ARGUMENTS = 1000

/** Documents whose lines are asked for together. */
export const DOCUMENTS_PER_QUESTION = 200

/** Oracle: help, article 0127092747. Records of one batch, which always runs as a job. */
export const BATCH = 100

/**
 * From how many new records on a job pays: it is one request in flight where there would be a hundred, but its parts run one
 * after the other, and it has to be waited for and looked after.
 */
export const BATCH_FROM = 100

/** Oracle: help, chapter 161251386312. Bytes of a body; a batch stays far below. */
export const BODY_BYTES = 104_857_600
export const BATCH_BYTES = 10_000_000

/** Oracle: help, subsection 1559222360. A request runs at most so long, whether or not its client still listens. */
export const REQUEST_TIMEOUT = Duration.minutes(15)

/** Oracle: help, section 162755359851. Access tokens of all flows. */
export const TOKEN_LIFETIME = Duration.minutes(60)

/**
 * Oracle: help, section 162790605110. An assertion has to end less than 60 minutes after it begins; half of that signs in
 * although the clocks differ by minutes.
 */
export const ASSERTION_VALIDITY = Duration.minutes(30)

/** Oracle: help, section 160855594402. Refresh token of a confidential client; it is not renewed. */
export const REFRESH_LIFETIME = Duration.days(7)

/** Each `lastModifiedDate` that was seen ends in `:00`. */
export const GRANULARITY_MILLIS = 60_000

/** The longest external id that is sent. NetSuite documents no length; 100 is what integrators are known to use. */
export const EXTERNAL_ID = 100

/** The limits that a connector spends ahead of time. */
export const of = (concurrency: number, source: string): ReadonlyArray<Limit> => [
  { name: "inFlight", traffic: [IN_FLIGHT], concurrency, source },
]
