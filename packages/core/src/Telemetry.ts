/**
 * The names under which a connector can be watched. They are part of the public contract: dashboards hang on them.
 * Attributes hold names and reasons only, never a header, a body, a query or a secret.
 *
 * | metric | kind | attributes |
 * |---|---|---|
 * | `mortise.requests` | counter | system, operation, traffic, outcome (`ok` or the tag of the reason) |
 * | `mortise.request.duration` | histogram, milliseconds | system, operation |
 * | `mortise.retries` | counter | system, operation, reason |
 * | `mortise.throttled` | counter: answers that were a 429 or the like | system, traffic, policy |
 * | `mortise.limit.wait` | histogram, milliseconds in front of a rate limit, of the requests that had to wait | system, traffic |
 * | `mortise.token.requests` | counter: calls of a token endpoint | system, outcome |
 * | `mortise.poll.runs` | counter | poller, outcome |
 * | `mortise.poll.lag` | gauge: milliseconds since the start of the last run that caught up | poller |
 * | `mortise.outcomes` | counter: records written or not, by port | system, operation, outcome, reason (`none` when written) |
 * | `mortise.relay.decisions` | counter: lines of the journal | relay, decision |
 */
import * as Metric from "effect/Metric"

export const requests = Metric.counter("mortise.requests", {
  description: "Attempts that ended, by system, operation, traffic class and outcome",
  incremental: true,
})

export const requestDuration = Metric.histogram("mortise.request.duration", {
  description: "Milliseconds from sending to the end of the body",
  boundaries: Metric.exponentialBoundaries({ start: 5, factor: 2, count: 14 }),
})

export const retries = Metric.counter("mortise.retries", {
  description: "Attempts after the first, by the reason of the failure before",
  incremental: true,
})

export const throttled = Metric.counter("mortise.throttled", {
  description: "Answers by which the vendor refused for too many requests, by policy",
  incremental: true,
})

export const limitWait = Metric.histogram("mortise.limit.wait", {
  description: "Milliseconds that a request waited in front of its rate limit",
  boundaries: Metric.exponentialBoundaries({ start: 1, factor: 4, count: 10 }),
})

export const tokenRequests = Metric.counter("mortise.token.requests", {
  description: "Calls of a token endpoint, by outcome",
  incremental: true,
})

/** `mortise.hubspot.companies.batchUpsert`; an operation that names its system already is not named twice. */
export const spanName = (system: string, operation: string): string =>
  operation.startsWith(`${system}.`) ? `mortise.${operation}` : `mortise.${system}.${operation}`

export const pollRuns = Metric.counter("mortise.poll.runs", {
  description: "Runs of a poller that ended, by poller and outcome",
  incremental: true,
})

export const pollLag = Metric.gauge("mortise.poll.lag", {
  description: "Milliseconds since the start of the last run that caught up, by poller",
})

export const outcomes = Metric.counter("mortise.outcomes", {
  description: "Records handed to an upsert, by what became of them and why",
  incremental: true,
})

export const decisions = Metric.counter("mortise.relay.decisions", {
  description: "What relays decided about changes, once it was committed",
  incremental: true,
})
