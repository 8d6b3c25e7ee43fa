/**
 * The limiter of the site. It meters seconds of server time in fixed windows, for all callers together, before it looks at
 * any credentials; the request that goes over the limit still passes.
 */
import type { Site } from "./Site.ts"

type Headers = Readonly<Record<string, string>>

const windowOf = (site: Site, seconds: number): number => Math.floor(site.now() / (seconds * 1000))

const micros = (seconds: number): number => Math.round(seconds * 1e6)

/** Whole millions: a small limit always shows 0. */
const remaining = (site: Site, left: number): number =>
  site.release.rateUsedHeader ? Math.max(0, left) : Math.max(0, Math.floor(left / 1e6) * 1e6)

const resetIn = (site: Site, window: number): number =>
  Math.ceil(((windowOf(site, window) + 1) * window * 1000 - site.now()) / 1000)

export interface Verdict {
  readonly headers: Headers
  readonly refused: boolean
}

/** Takes the cost of one request. */
export const take = (site: Site): Verdict => {
  const { rateLimit, requestSeconds } = site.knobs
  if (rateLimit === undefined) return { headers: {}, refused: false }
  const { limit, window } = rateLimit
  const now = windowOf(site, window)
  if (site.state.spent.window !== now) site.state.spent = { window: now, seconds: 0 }
  const refused = site.state.spent.seconds >= limit
  if (!refused) site.state.spent.seconds += requestSeconds
  const reset = String(resetIn(site, window))
  const left = micros(limit) - micros(site.state.spent.seconds)
  return {
    refused,
    headers: {
      "x-ratelimit-limit": String(micros(limit)),
      "x-ratelimit-remaining": String(refused ? 0 : remaining(site, left)),
      "x-ratelimit-reset": reset,
      ...(site.release.rateUsedHeader ? { "x-ratelimit-used": String(micros(site.state.spent.seconds)) } : {}),
      ...(refused ? { "retry-after": reset } : {}),
    },
  }
}
