/** How much is let through: windows, buckets, requests at once. What is refused counts for none of them. */
import type { TwinRequest, VendorContext } from "../twin/Twin.ts"
import type { Limit } from "./Declaration.ts"
import { Refused } from "./Problems.ts"

interface Gate {
  /** How long to wait, in milliseconds; 0 lets the request through. */
  readonly wait: (now: number) => number
  readonly enter: (now: number) => void
  readonly leave: () => void
}

const windowed = (limit: Extract<Limit, { readonly kind: "window" }>): Gate => {
  const { fixed = false, millis, requests } = limit
  let passed: ReadonlyArray<number> = []
  const since = (now: number): number => (fixed ? Math.floor(now / millis) * millis : now - millis + 1)
  return {
    wait: (now) => {
      passed = passed.filter((at) => at >= since(now))
      if (passed.length < requests) return 0
      return fixed ? since(now) + millis - now : (passed[passed.length - requests] as number) + millis - now
    },
    enter: (now) => {
      passed = [...passed, now]
    },
    leave: () => {},
  }
}

const bucket = ({ perSecond, requests }: Extract<Limit, { readonly kind: "burst" }>): Gate => {
  let filled: { readonly level: number; readonly at: number } | undefined
  const level = (now: number): number =>
    filled === undefined ? requests : Math.min(requests, filled.level + ((now - filled.at) / 1000) * perSecond)
  return {
    wait: (now) => (level(now) >= 1 ? 0 : Math.ceil(((1 - level(now)) / perSecond) * 1000)),
    enter: (now) => {
      filled = { level: level(now) - 1, at: now }
    },
    leave: () => {},
  }
}

const crowd = ({ latencyMillis, requests }: Extract<Limit, { readonly kind: "concurrency" }>): Gate => {
  let inside = 0
  return {
    wait: () => (inside < requests ? 0 : latencyMillis),
    enter: () => {
      inside += 1
    },
    leave: () => {
      inside -= 1
    },
  }
}

const gateOf = (limit: Limit): Gate => {
  switch (limit.kind) {
    case "window":
      return windowed(limit)
    case "burst":
      return bucket(limit)
    case "concurrency":
      return crowd(limit)
  }
}

const told = ({ retryAfter = "seconds" }: Limit, now: number, wait: number): Readonly<Record<string, string>> => {
  if (retryAfter === "none") return {}
  const seconds = Math.ceil(wait / 1000)
  // A date has whole seconds: rounded up, or whoever obeys comes too early.
  const date = new Date(Math.ceil((now + wait) / 1000) * 1000).toUTCString()
  return { "retry-after": retryAfter === "date" ? date : String(seconds) }
}

export interface Rates {
  /** Runs the work when every limit lets it through; throws what the vendor answers otherwise. */
  readonly within: <A>(request: TwinRequest, context: VendorContext, work: () => A) => Promise<A>
}

export const make = (limits: ReadonlyArray<Limit>): Rates => {
  const gates = limits.map((limit) => ({ limit, gate: gateOf(limit) }))
  const latency = Math.max(0, ...limits.map((limit) => (limit.kind === "concurrency" ? limit.latencyMillis : 0)))
  return {
    within: async (request, context, work) => {
      for (const { gate, limit } of gates) {
        const wait = gate.wait(request.at)
        if (wait > 0) {
          const message = `more than ${limit.requests} requests (${limit.kind})`
          throw new Refused({ code: "throttled", message }, told(limit, request.at, wait))
        }
      }
      for (const { gate } of gates) gate.enter(request.at)
      try {
        if (latency > 0) await context.clock.sleep(latency)
        return work()
      } finally {
        for (const { gate } of gates) gate.leave()
      }
    },
  }
}
