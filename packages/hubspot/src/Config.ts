/** How a connector is opened. Secrets are redacted from the first line. */
import * as Config from "effect/Config"
import type * as Duration from "effect/Duration"
import type * as Redacted from "effect/Redacted"
import type * as Limits from "./Limits.ts"
import type * as Routes from "./Routes.ts"

/** A private app token or a service key: both are sent as bearer and do not expire. */
export interface TokenCredentials {
  readonly token: Redacted.Redacted<string>
}

/** A public app that an account installed. The tokens are kept sealed in the state store. */
export interface OAuthCredentials {
  readonly clientId: string
  readonly clientSecret: Redacted.Redacted<string>
  /** From the exchange of the code at installation. Absent when the store has tokens already. */
  readonly refreshToken?: Redacted.Redacted<string>
  /** Under which name the tokens stand in the store. Defaults to one made of client id and `portalId`. */
  readonly tokenName?: string
}

export type Credentials = TokenCredentials | OAuthCredentials

/** The tenant's own properties to read and write as `custom`, by their internal names, for each entity. */
export interface CustomNames {
  readonly Company?: ReadonlyArray<string>
  readonly Contact?: ReadonlyArray<string>
  readonly Product?: ReadonlyArray<string>
  readonly Deal?: ReadonlyArray<string>
  readonly Invoice?: ReadonlyArray<string>
  readonly Payment?: ReadonlyArray<string>
}

export interface HubSpotConfig {
  readonly credentials: Credentials
  /** Checked against the account that the token belongs to. Needed with OAuth, unless the tokens have a name. */
  readonly portalId?: string
  /** Defaults to 2026-09. `v3` avoids the checks of writes against the portal's required-property rules. */
  readonly version?: Routes.Version
  /** For each family of routes, where one version for all does not do. */
  readonly routes?: Partial<Routes.Routes>
  /** Decides the limits. Defaults to a private app in a professional account. */
  readonly plan?: Limits.Plan
  /** No request that changes anything is sent. */
  readonly readOnly?: boolean
  /** The unique property that carries our keys. Defaults to `mortise_key`. */
  readonly keyProperty?: string
  readonly custom?: CustomNames
  /** Sets HubSpot's own invoice status too. Off unless told: whether it takes `paid` is not settled. */
  readonly nativeInvoiceStatus?: boolean
  /** Serves payments, where the portal has payment processing. Off unless told. */
  readonly payments?: boolean
  /** https, or http on loopback. Defaults to `https://api.hubapi.com`. */
  readonly baseUrl?: string
  readonly fetch?: typeof globalThis.fetch
  readonly headers?: Readonly<Record<string, string>>
  /** For one attempt. */
  readonly timeout?: Duration.Duration
  /** For a call with all its attempts. */
  readonly deadline?: Duration.Duration
  /** How long a write may stay invisible to search. Defaults to `Limits.INDEX_LAG`. */
  readonly indexLag?: Duration.Duration
  /**
   * How often a reading looks for deletions, so how late one may be told; at most 30 days. Defaults to an hour. HubSpot
   * can neither filter nor sort archived records by time, so each look lists them all: one request for every hundred, for
   * each entity that is read, out of the day's allowance. 20,000 of them are 200 requests: 4,800 a day by the hour,
   * 288,000 by the minute. Zero looks in every run.
   */
  readonly deletionsEvery?: Duration.Duration
}

export const BASE_URL = "https://api.hubapi.com"
export const KEY_PROPERTY = "mortise_key"
export const PLAN: Limits.Plan = { app: "private", tier: "professional" }

/** From the environment: `HUBSPOT_TOKEN`, and `HUBSPOT_PORTAL_ID`, `HUBSPOT_BASE_URL` where they are set. */
export const fromEnvironment: Config.Config<HubSpotConfig> = Config.all({
  token: Config.Redacted("HUBSPOT_TOKEN"),
  portalId: Config.option(Config.String("HUBSPOT_PORTAL_ID")),
  baseUrl: Config.option(Config.String("HUBSPOT_BASE_URL")),
}).pipe(
  Config.map(({ baseUrl, portalId, token }) => ({
    credentials: { token },
    ...(portalId._tag === "Some" ? { portalId: portalId.value } : {}),
    ...(baseUrl._tag === "Some" ? { baseUrl: baseUrl.value } : {}),
  })),
)
