/** How many requests an account lets run at once. It tells administrators only; nobody else is refused for asking. */

import type { ConnectorError } from "@mortise/core/ConnectorError"
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
export const ask = (client: Client): Effect.Effect<Allowed, ConnectorError> =>
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
      Effect.catch((error) => (isTelling(error) ? Effect.succeed(assumed) : Effect.fail(error))),
    )

/** Credentials that are refused are told at once; that the limit is kept secret is no fault, and neither is a hiccup. */
const isTelling = ({ reason }: ConnectorError): boolean => reason._tag !== "Unauthorized"
