/** Tokens and what they open: private apps and service keys for ever, OAuth access tokens for 1800 seconds. */
import * as Errors from "./Errors.ts"
import type { Knobs } from "./Knobs.ts"
import * as ObjectTypes from "./ObjectTypes.ts"
import { iso } from "./RecordView.ts"

export const ACCESS_TOKEN_SECONDS = 1_800

export interface Grant {
  readonly token: string
  readonly kind: "privateApp" | "serviceKey" | "oauth"
  readonly appId: number
  readonly scopes: ReadonlyArray<string>
  readonly userId: number
  /** Milliseconds since the epoch; absent for tokens that do not expire. */
  readonly expiresAt?: number
  readonly clientId?: string
}

/** Every scope that the operations of the twin ask for. */
export const allScopes: ReadonlyArray<string> = [
  "oauth",
  ...ObjectTypes.all.flatMap(({ scope }) => [
    `crm.objects.${scope}.read`,
    `crm.objects.${scope}.write`,
    `crm.schemas.${scope}.read`,
    `crm.schemas.${scope}.write`,
  ]),
  "crm.objects.owners.read",
]

const unauthenticated = (): Errors.Refusal =>
  new Errors.Refusal({
    status: 401,
    category: "INVALID_AUTHENTICATION",
    message: "Authentication credentials not found. This API supports OAuth 2.0 authentication with bearer tokens.",
  })

const expired = (at: number, now: number): Errors.Refusal =>
  new Errors.Refusal({
    status: 401,
    category: "EXPIRED_AUTHENTICATION",
    message: `The OAuth token used to make this call expired ${Math.floor((now - at) / 1_000)} second(s) ago.`,
    context: { "expire time": [iso(at)] },
  })

export class Tokens {
  readonly #grants = new Map<string, Grant>()

  add(grant: Grant): void {
    this.#grants.set(grant.token, grant)
  }

  remove(token: string): void {
    this.#grants.delete(token)
  }

  get(token: string): Grant | undefined {
    return this.#grants.get(token)
  }

  /** Whose request it is. A token that nobody knows reads as one that expired in 1970. */
  authorise(header: string | null, knobs: Knobs, now: number): Grant {
    const token = /^Bearer\s+(\S+)$/i.exec(header ?? "")?.[1]
    if (token === undefined) throw unauthenticated()
    const grant = this.#grants.get(token)
    if (grant === undefined) throw expired(0, now)
    if (grant.expiresAt === undefined) return grant
    if (now >= grant.expiresAt) throw expired(grant.expiresAt, now)
    if (knobs.tokenExpiredEarly > 0) {
      knobs.tokenExpiredEarly -= 1
      this.add({ ...grant, expiresAt: now })
      throw expired(now, now)
    }
    return grant
  }

  dump(): ReadonlyArray<Grant> {
    return [...this.#grants.values()]
  }

  load(grants: ReadonlyArray<Grant>): void {
    this.#grants.clear()
    for (const grant of grants) this.add(grant)
  }
}
