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
 *
 * | span | what it spans | attributes |
 * |---|---|---|
 * | `mortise.<operation>` | a call with all its attempts, see {@link spanName} | |
 * | `mortise.relay.run` | a run, with the spans below in it | relay, source, target, counts |
 * | `mortise.relay.recover` | the look at what was announced and never settled | relay, source, target, intents, found |
 * | `mortise.relay.page` | one page, or one batch of records taken up | relay, source, target, kind, counts |
 * | `mortise.relay.unpark` | taking up what is parked, in a run or by itself | relay, source, target, counts (by itself) |
 * | `mortise.relay.replay` | a replay of the dead letters | relay, source, target, counts |
 *
 * `source` and `target` are system and entity, `acumatica.Account`; `kind` is that of the relay's `Step`. Counts are the
 * fields of the relay's `Summary`, each under its name where it is not zero: `created`, `rejected`, `rejected.Invalid`.
 *
 * A relay logs at info when a run, a replay or a taking up by itself has finished; at warning when one ended early, when
 * records became dead letters, and when a merge left records of the target behind. The lines are annotated with `relay`,
 * `part` (the last part of the span's name), `reason` (its tag) and the same counts.
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

/** `mortise.relay.page`: one name for all relays, which their attributes tell apart. */
export const relaySpanName = (part: "run" | "recover" | "page" | "unpark" | "replay"): string => `mortise.relay.${part}`

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
