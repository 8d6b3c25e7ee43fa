/**
 * The allowances and their 429s. HubSpot: usage guidelines. Burst: per app and portal, ten seconds rolling. Search: five
 * a second for the portal. Associations: a burst of their own. Daily: per portal, until midnight of its zone.
 */
import type { TwinReply } from "../twin/Twin.ts"
import type { Hub } from "./Hub.ts"
import type { Grant } from "./Tokens.ts"
import * as Zone from "./Zone.ts"

export type RateClass = "burst" | "search" | "associations" | "none"

const TEN_SECONDS = 10_000
const SEARCH_PER_SECOND = 5
const OAUTH_BURST = 110
const ASSOCIATION_BURST = 100

const BURST = { free: 100, starter: 100, professional: 190, enterprise: 190 } as const
const DAILY = { free: 250_000, starter: 250_000, professional: 625_000, enterprise: 1_000_000 } as const
const PER_INCREASE = 1_000_000
const BURST_WITH_INCREASE = 250
const ASSOCIATION_BURST_WITH_INCREASE = 200

/** Company upserts within a window that lock the type, and for how long. */
const LOCK_AFTER = 3_000
const LOCK_WINDOW = 10_000
const LOCK_MILLIS = 2_000

/** Times of the requests within a sliding window. */
class Window {
  readonly times: Array<number> = []
  readonly #length: number

  constructor(length: number) {
    this.#length = length
  }

  used(now: number): number {
    let gone = 0
    while (gone < this.times.length && (this.times[gone] as number) <= now - this.#length) gone += 1
    if (gone > 0) this.times.splice(0, gone)
    return this.times.length
  }
}

export interface LimitsDump {
  readonly windows: ReadonlyArray<readonly [string, ReadonlyArray<number>]>
  readonly day: { readonly resetsAt: number; readonly spent: number }
  readonly lockedUntil: number
}

type Headers = Readonly<Record<string, string>>

/** A refused request, or the headers of a granted one. */
export type Verdict = { readonly refused: TwinReply } | { readonly headers: Headers }

const refusal = (body: Readonly<Record<string, unknown>>, headers: Headers = {}): Verdict => ({
  refused: { status: 429, headers, body: { status: "error", ...body } },
})

export const burst429 = (correlationId: string, headers: Headers = {}): Verdict =>
  refusal(
    {
      message: "You have reached your ten_secondly_rolling limit.",
      errorType: "RATE_LIMIT",
      correlationId,
      policyName: "TEN_SECONDLY_ROLLING",
      groupName: "publicapi:private-apps:calls",
    },
    headers,
  )

const daily429 = (correlationId: string, requestId: string): Verdict =>
  refusal({
    message: "You have reached your daily limit.",
    errorType: "RATE_LIMIT",
    correlationId,
    policyName: "DAILY",
    requestId,
  })

/** No policy name and no error type: `category` is what tells it. */
const search429 = (correlationId: string): Verdict =>
  refusal({ message: "You have reached your secondly limit.", correlationId, category: "RATE_LIMITS" })

export class Limits {
  readonly #windows = new Map<string, Window>()
  #day = { resetsAt: 0, spent: 0 }
  /** Company upserts are refused with 423 until then. */
  lockedUntil = 0

  #window(name: string, length: number): Window {
    const known = this.#windows.get(name)
    if (known !== undefined) return known
    const made = new Window(length)
    this.#windows.set(name, made)
    return made
  }

  dailyLimit({ portal }: Hub): number {
    return DAILY[portal.tier] + PER_INCREASE * portal.apiLimitIncreases
  }

  burstLimit({ portal }: Hub, grant: Grant): number {
    if (grant.kind === "oauth") return OAUTH_BURST
    return portal.apiLimitIncreases > 0 ? BURST_WITH_INCREASE : BURST[portal.tier]
  }

  /** The portal's day as it stands: what was spent and when it ends. */
  day({ portal }: Hub, now: number): { readonly resetsAt: number; readonly spent: number } {
    if (now >= this.#day.resetsAt) this.#day = { resetsAt: Zone.nextMidnight(portal.timeZone, now), spent: 0 }
    return this.#day
  }

  /** Counts one request, or refuses it. Refused ones do not count. */
  take(hub: Hub, grant: Grant, rateClass: RateClass, now: number, uuid: () => string): Verdict {
    if (rateClass === "none") return { headers: {} }
    const day = this.day(hub, now)
    const countsDaily = grant.kind !== "oauth"
    if (hub.knobs.daily429 || (countsDaily && day.spent >= this.dailyLimit(hub))) return daily429(uuid(), uuid())
    const verdict = this.#takeWindow(hub, grant, rateClass, now, uuid)
    if ("refused" in verdict) return verdict
    if (!countsDaily) return verdict
    this.#day = { ...day, spent: day.spent + 1 }
    if (rateClass === "search") return verdict
    const left = this.dailyLimit(hub) - this.#day.spent
    return {
      headers: {
        ...verdict.headers,
        "x-hubspot-ratelimit-daily": String(this.dailyLimit(hub)),
        "x-hubspot-ratelimit-daily-remaining": String(left),
      },
    }
  }

  #takeWindow(hub: Hub, grant: Grant, rateClass: RateClass, now: number, uuid: () => string): Verdict {
    if (rateClass === "search") {
      const window = this.#window("search", 1_000)
      const forced = spend(hub, "search429")
      if (forced || window.used(now) >= SEARCH_PER_SECOND) return search429(uuid())
      window.times.push(now)
      return { headers: {} }
    }
    const associations = rateClass === "associations"
    const most = associations ? associationBurst(hub) : this.burstLimit(hub, grant)
    const window = this.#window(`${rateClass}/${grant.appId}`, TEN_SECONDS)
    const forced = !associations && spend(hub, "burst429")
    if (forced || window.used(now) >= most) return burst429(uuid(), rateHeaders(most, 0))
    window.times.push(now)
    return { headers: rateHeaders(most, most - window.used(now)) }
  }

  /** Counts company upserts; true when they come so fast that the type is locked. */
  lock(inputs: number, now: number): boolean {
    if (now < this.lockedUntil) return true
    const window = this.#window("companies", LOCK_WINDOW)
    if (window.used(now) + inputs > LOCK_AFTER) {
      this.lockedUntil = now + LOCK_MILLIS
      window.times.length = 0
      return true
    }
    for (let count = 0; count < inputs; count += 1) window.times.push(now)
    return false
  }

  dump(): LimitsDump {
    return {
      windows: [...this.#windows].map(([name, window]) => [name, window.times] as const),
      day: this.#day,
      lockedUntil: this.lockedUntil,
    }
  }

  load(dump: LimitsDump): void {
    this.#windows.clear()
    for (const [name, times] of dump.windows) {
      const length = name === "search" ? 1_000 : name === "companies" ? LOCK_WINDOW : TEN_SECONDS
      this.#window(name, length).times.push(...times)
    }
    this.#day = { ...dump.day }
    this.lockedUntil = dump.lockedUntil
  }
}

const associationBurst = ({ portal }: Hub): number =>
  portal.apiLimitIncreases > 0 ? ASSOCIATION_BURST_WITH_INCREASE : ASSOCIATION_BURST

const rateHeaders = (max: number, remaining: number): Headers => ({
  "x-hubspot-ratelimit-max": String(max),
  "x-hubspot-ratelimit-remaining": String(remaining),
  "x-hubspot-ratelimit-interval-milliseconds": String(TEN_SECONDS),
  "x-hubspot-ratelimit-secondly": String(Math.floor(max / 10)),
  "x-hubspot-ratelimit-secondly-remaining": String(Math.min(Math.floor(max / 10), remaining)),
})

/** Uses up one time of a counting knob. */
const spend = ({ knobs }: Hub, name: "burst429" | "search429"): boolean => {
  if (knobs[name] <= 0) return false
  knobs[name] -= 1
  return true
}
