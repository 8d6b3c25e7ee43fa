/** The way to Quillbook: its tokens, its limit, and what its answers mean. */
import * as ConnectorErrors from "@mortise/core/ConnectorError"
import * as OAuth from "@mortise/core/OAuth"
import * as Pipeline from "@mortise/core/Pipeline"
import * as RateLimit from "@mortise/core/RateLimit"
import type * as StateStore from "@mortise/core/StateStore"
import * as Statuses from "@mortise/core/Statuses"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type { Broken } from "./Broken.ts"
import { SYSTEM } from "./Collections.ts"
import { CLIENT, LIMIT, TOKEN_PATH } from "./Quillbook.ts"

export interface Given {
  readonly baseUrl?: URL
  readonly fetch: typeof globalThis.fetch
  readonly store: StateStore.Service
  readonly clientSecret: Redacted.Redacted<string>
  readonly refreshToken: Redacted.Redacted<string>
  readonly readOnly?: boolean
  readonly broken?: Broken
}

interface Told {
  readonly error: { readonly code?: string; readonly message?: string; readonly field?: string; existing_id?: string }
}

const classify =
  (broken: Broken | undefined) =>
  (exchange: Pipeline.Exchange): ConnectorErrors.Reason | undefined => {
    const told = (exchange.body as Told | undefined)?.error
    if (told?.code === "daily_allowance" && broken !== "quotaIsRate")
      return new ConnectorErrors.QuotaExhausted({ message: String(told.message) })
    return Statuses.reason(exchange, () => ({
      message: told?.message,
      field: told?.field,
      existingId: told?.existing_id,
    }))
  }

const limits: ReadonlyArray<RateLimit.Limit> = [
  { name: "window", requests: LIMIT.requests, window: Duration.millis(LIMIT.millis), source: "Quillbook: Limits" },
]

const limiterOf = (known: RateLimit.Limiter, broken: Broken | undefined): RateLimit.Limiter => {
  if (broken === "noLimit") return RateLimit.unlimited
  return broken === "deafToRefusals" ? { ...known, feedback: () => Effect.void } : known
}

export const pipeline = Effect.fnUntraced(function* (given: Given, baseUrl: URL) {
  const { broken, clientSecret, fetch, readOnly = false, refreshToken, store } = given
  const auth = yield* OAuth.refreshToken({
    system: SYSTEM,
    tokenUrl: new URL(TOKEN_PATH, baseUrl),
    clientId: CLIENT.clientId,
    clientSecret,
    initial: refreshToken,
    fetch,
    ...(broken === "forgetsTokens" ? {} : { storage: { store, name: "quillbook" } }),
  })
  const known = yield* RateLimit.make({ system: SYSTEM, limits })
  return yield* Pipeline.make({
    system: SYSTEM,
    baseUrl,
    auth,
    limiter: limiterOf(known, broken),
    classify: classify(broken),
    json: "exact",
    fetch,
    readOnly,
  })
})
