/**
 * A person's consent, for those who do not sign with a certificate: authorization code with PKCE. What it gives stands in
 * the store, where the connector finds it.
 *
 * ```ts
 * const consent = yield* Consent.make(config, { redirectUri: "https://app.example/netsuite" })
 * const { state, url, verifier } = yield* consent.begin // send the browser to `url`, keep the other two
 * yield* consent.complete({ code, state: returned, company, consent: { state, verifier } })
 * ```
 */
import { ConnectorError, Invalid, type Issue, type Reason, Unauthorized } from "@mortise/core/ConnectorError"
import * as OAuth from "@mortise/core/OAuth"
import * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import type { NetSuiteConfig } from "./Config.ts"
import { scopeOf } from "./internal/scope.ts"
import * as Routes from "./Routes.ts"
import * as Session from "./Session.ts"
import * as Settings from "./Settings.ts"

export interface Options {
  /** Exactly as it stands in the integration record: https, or a scheme of its own. */
  readonly redirectUri: string
  /** Where the person consents, where it is not the account's own page. */
  readonly authorizeUrl?: string
}

/** What the browser brought back, and what was kept. */
export interface Returned extends OAuth.Returned {
  /** The account that the person chose: the parameter `company`. */
  readonly company: string
}

export interface Consent {
  readonly begin: Effect.Effect<OAuth.Consent>
  /** `Unauthorized` when the state is another, or the account that consented is not the configured one. */
  readonly complete: (returned: Returned) => Effect.Effect<void, ConnectorError>
}

const error = (reason: Reason) => new ConnectorError({ system: "netsuite", operation: "netsuite.consent", reason })

const needsConsent = (): ConnectorError => {
  const issues: ReadonlyArray<Issue> = [{ path: ["credentials"], message: "are a certificate, which needs no consent" }]
  return error(new Invalid({ message: "credentials are a certificate, which needs no consent", issues }))
}

export const make = (
  config: NetSuiteConfig,
  options: Options,
): Effect.Effect<Consent, ConnectorError, StateStore.StateStore> =>
  Effect.gen(function* () {
    const settings = yield* Settings.make(config)
    const { credentials } = settings
    if (credentials.type !== "authorizationCode") return yield* Effect.fail(needsConsent())
    const oauth = yield* OAuth.authorizationCode({
      ...Session.client(settings, credentials, { store: yield* StateStore.StateStore, scope: scopeOf(settings) }),
      ...Session.secretOf(credentials),
      authorizeUrl: new URL(options.authorizeUrl ?? Routes.consent(settings.account)),
      redirectUri: options.redirectUri,
      scopes: Session.SCOPES,
    })
    const complete: Consent["complete"] = ({ company, ...returned }) =>
      Routes.isSameAccount(company, settings.account)
        ? oauth.exchange(returned)
        : Effect.fail(
            error(new Unauthorized({ message: "the consent is of another account; nothing of it was taken" })),
          )
    return { begin: oauth.begin, complete }
  })
