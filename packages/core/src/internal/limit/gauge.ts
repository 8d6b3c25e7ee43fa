/**
 * One limit with its count. Plain state and plain numbers: the limiter asks, enters, leaves and tells; nothing here
 * waits. Times are milliseconds of the limiter's clock.
 */
import * as Duration from "effect/Duration"
import type { Feedback, Limit } from "../../RateLimit.ts"

/** A place in a window. It is free again at `freeAt`, which is known better once the answer has come. */
interface Slot {
  readonly enteredAt: number
  freeAt: number
}

export interface Gauge {
  readonly limit: Limit
  readonly counts: (traffic: string) => boolean
  /** When a request may enter: not later than now when it is free, `Infinity` when only a leaving can tell. */
  readonly freeAt: (now: number) => number
  /** A guess for the last of `ahead + 1` requests. */
  readonly estimate: (now: number, ahead: number) => number
  /** Until when the allowance is spent; undefined while it is not. */
  readonly spentUntil: (now: number) => number | undefined
  readonly enter: (now: number) => Slot
  readonly leave: (slot: Slot, now: number) => void
  readonly feedback: (feedback: Feedback, now: number) => void
  readonly close: (until: number) => void
}

const ONE_HOUR = 3_600_000

/** Whose reset nobody told is asked again after this time: one request, once an hour. */
const UNKNOWN_RESET = ONE_HOUR

const counts =
  (limit: Limit) =>
  (traffic: string): boolean =>
    limit.traffic === undefined || limit.traffic.includes(traffic)

/** The k-th smallest (from 1) of the times at which places become free. */
const kth = (times: ReadonlyArray<number>, k: number): number =>
  times.length < k ? Number.POSITIVE_INFINITY : ([...times].sort((a, b) => a - b)[k - 1] ?? Number.POSITIVE_INFINITY)

/**
 * At most so many requests in any window. The server counts a request when it arrives, which is later than it was let
 * go by a time that varies; so a place is kept for the window plus what its journey took longer than the shortest one
 * seen, at most `slack` of the window.
 */
const windowGauge = (limit: Limit, window: number, slack: number): Gauge => {
  const tolerance = Math.ceil(window * slack)
  let max = limit.requests ?? Number.POSITIVE_INFINITY
  let closedUntil = 0
  let quickest = Number.POSITIVE_INFINITY
  let slots: Array<Slot> = []
  let open = 0
  /** Requests of others on the same account, as the vendor's count shows. */
  let foreign = { count: 0, until: 0 }

  const clean = (now: number): void => {
    if (slots.some((slot) => slot.freeAt <= now)) slots = slots.filter((slot) => slot.freeAt > now)
    if (foreign.until <= now) foreign = { count: 0, until: 0 }
  }
  const times = (): ReadonlyArray<number> => [
    ...slots.map((slot) => slot.freeAt),
    ...Array.from({ length: foreign.count }, () => foreign.until),
  ]
  const used = (): number => slots.length + foreign.count

  return {
    limit,
    counts: counts(limit),
    spentUntil: () => undefined,
    freeAt: (now) => {
      clean(now)
      const free = used() < max ? now : kth(times(), used() - max + 1)
      return Math.max(free, closedUntil)
    },
    estimate: (now, ahead) => {
      clean(now)
      const over = used() + ahead + 1 - max
      if (over <= 0) return Math.max(now, closedUntil)
      const rounds = Math.floor((over - 1) / max)
      const first = kth(times(), ((over - 1) % max) + 1)
      return Math.max(closedUntil, (Number.isFinite(first) ? first : now + window) + rounds * window)
    },
    enter: (now) => {
      const slot = { enteredAt: now, freeAt: now + window + tolerance + 1 }
      slots.push(slot)
      open += 1
      return slot
    },
    leave: (slot, now) => {
      open -= 1
      const journey = now - slot.enteredAt
      quickest = Math.min(quickest, journey)
      slot.freeAt = slot.enteredAt + window + 1 + Math.min(journey - quickest, tolerance)
    },
    feedback: ({ remaining, resetMillis, requests }, now) => {
      if (requests !== undefined && requests >= 1) max = requests
      if (remaining === undefined) return
      clean(now)
      // Of the requests still open the server may or may not have counted any; only the one that tells it surely did.
      const surelyOurs = slots.length - Math.max(0, open - 1)
      const count = Math.min(max, Math.max(0, max - remaining - surelyOurs))
      foreign = { count, until: now + (resetMillis ?? window) }
    },
    close: (until) => {
      closedUntil = Math.max(closedUntil, until)
    },
  }
}

/** An allowance: it ends in `QuotaExhausted`. Counted from the first request, corrected by what the vendor tells. */
const quotaGauge = (limit: Limit, window: number): Gauge => {
  let max = limit.requests ?? Number.POSITIVE_INFINITY
  let used = 0
  let open = 0
  let resetsAt = Number.POSITIVE_INFINITY
  let closedUntil = 0

  const clean = (now: number): void => {
    if (now < resetsAt) return
    used = 0
    resetsAt = Number.POSITIVE_INFINITY
  }
  const free = (now: number): number => Math.max(now, closedUntil)

  return {
    limit,
    counts: counts(limit),
    freeAt: free,
    estimate: free,
    spentUntil: (now) => {
      clean(now)
      if (used < max) return undefined
      return Number.isFinite(resetsAt) ? resetsAt : now + window
    },
    enter: (now) => {
      clean(now)
      used += 1
      open += 1
      if (!Number.isFinite(resetsAt)) resetsAt = now + window
      return { enteredAt: now, freeAt: now }
    },
    leave: () => {
      open -= 1
    },
    feedback: (told, now) => {
      if (told.requests !== undefined && told.requests >= 1) max = told.requests
      if (told.remaining !== undefined) used = max - told.remaining + Math.max(0, open - 1)
      if (told.resetMillis !== undefined) resetsAt = now + told.resetMillis
      if (told.throttled !== true) return
      used = Math.max(used, max)
      resetsAt = quotaReset(told, now)
    },
    close: (until) => {
      closedUntil = Math.max(closedUntil, until)
    },
  }
}

/** When a spent allowance is there again, by what the answer told. */
export const quotaReset = (told: Feedback, now: number): number => {
  const instant = told.quotaResetsAt === undefined ? Number.NaN : Date.parse(told.quotaResetsAt)
  if (!Number.isNaN(instant)) return Math.max(instant, now + 1)
  if (told.resetMillis !== undefined) return now + told.resetMillis
  if (told.retryAfter !== undefined) return now + Duration.toMillis(told.retryAfter)
  return now + UNKNOWN_RESET
}

const concurrencyGauge = (limit: Limit, most: number): Gauge => {
  let open = 0
  let closedUntil = 0
  const free = (now: number): number => Math.max(open < most ? now : Number.POSITIVE_INFINITY, closedUntil)
  return {
    limit,
    counts: counts(limit),
    spentUntil: () => undefined,
    freeAt: free,
    // How long a request takes is not known ahead.
    estimate: (now) => Math.max(now, closedUntil),
    enter: (now) => {
      open += 1
      return { enteredAt: now, freeAt: now }
    },
    leave: () => {
      open -= 1
    },
    feedback: () => {},
    close: (until) => {
      closedUntil = Math.max(closedUntil, until)
    },
  }
}

/** The gauges of one limit: a limit may name a window and a concurrency. */
export const gaugesOf = (limit: Limit, slack: number): ReadonlyArray<Gauge> => {
  const gauges: Array<Gauge> = []
  if (limit.requests !== undefined && limit.window !== undefined) {
    const window = Duration.toMillis(limit.window)
    gauges.push(limit.quota === true ? quotaGauge(limit, window) : windowGauge(limit, window, slack))
  }
  if (limit.concurrency !== undefined) gauges.push(concurrencyGauge(limit, limit.concurrency))
  return gauges
}
