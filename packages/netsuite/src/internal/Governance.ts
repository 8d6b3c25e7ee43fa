/** How many requests an account lets run at once. It tells administrators only; nobody else is refused for asking. */

import * as Json from "@mortise/core/Json"
import * as Effect from "effect/Effect"
import type { Client } from "../Client.ts"
import * as Limits from "../Limits.ts"
import * as Operations from "../Operations.ts"

export interface Allowed {
  readonly concurrency: number
  readonly source: string
  /** False where the number is neither configured nor told. */
  readonly isKnown: boolean
}

export const configured = (concurrency: number): Allowed => ({ concurrency, source: "configured", isKnown: true })

const assumed: Allowed = {
  concurrency: Limits.DEFAULT_CONCURRENCY,
  source: "the base service tier, less one request that is left to others",
  isKnown: false,
}

const whole = (value: unknown): number | undefined => {
  const number = value instanceof Json.JsonNumber ? Number(value.text) : value
  return typeof number === "number" && Number.isInteger(number) && number > 0 ? number : undefined
}

/** What is set aside for this integration is its own; what all share is shared, so one request is left to others. */
export const ask = (client: Client): Effect.Effect<Allowed> =>
  client
    .call(Operations.services.limits, ({ services }, door) => services.GET("/system/v1/governanceLimits", door))
    .pipe(
      Effect.map(({ data }): Allowed => {
        const own = whole(data?.integrationConcurrencyLimit)
        if (own !== undefined) return { concurrency: own, source: "the integration's own limit", isKnown: true }
        const shared = whole(data?.accountUnallocatedConcurrencyLimit) ?? whole(data?.accountConcurrencyLimit)
        if (shared === undefined) return assumed
        const concurrency = Math.max(1, shared - Limits.KEPT_FREE)
        return { concurrency, source: "the account's limit, less one request that is left to others", isKnown: true }
      }),
      // Whatever is wrong is wrong with the next call too, which says so; that the limit is kept secret is no fault.
      Effect.catch(() => Effect.succeed(assumed)),
    )
