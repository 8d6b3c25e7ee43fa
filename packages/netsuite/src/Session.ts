/**
 * Who we are to the account: a signed assertion for a token, again and again, or a person's consent that is kept fresh as
 * long as NetSuite lets it. No token outlives an hour.
 */

import type * as Auth from "@mortise/core/Auth"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as OAuth from "@mortise/core/OAuth"
import * as Scope from "@mortise/core/Scope"
import type * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import type { AuthorizationCode, Certificate } from "./Config.ts"
import * as Limits from "./Limits.ts"
import * as Routes from "./Routes.ts"
import type { Settings } from "./Settings.ts"

/** What a token is for: the record API, and the queries beside it. */
export const SCOPES = ["rest_webservices"]

export interface Tools {
  readonly store: StateStore.Service
  readonly scope: Scope.Scope
}

/** What all questions for a token have in common. */
export const client = (settings: Settings, credentials: { readonly clientId: string }, tools: Tools) => ({
  system: "netsuite",
  tokenUrl: new URL(Routes.token, settings.url.origin),
  clientId: credentials.clientId,
  lifetime: Limits.TOKEN_LIFETIME,
  storage: {
    store: tools.store,
    // A consent is given for the account; whoever reads one of its subsidiaries uses the same tokens.
    name: `netsuite|${Scope.format({ system: tools.scope.system, instance: tools.scope.instance })}|${credentials.clientId}`,
  },
  ...(settings.fetch === undefined ? {} : { fetch: settings.fetch }),
})

/** A confidential client shows its secret as HTTP Basic; a public one names itself in the form. */
export const secretOf = ({ clientSecret }: AuthorizationCode) =>
  clientSecret === undefined ? {} : { clientSecret, clientAuth: "basic" as const }

const byCertificate = (settings: Settings, credentials: Certificate, tools: Tools) => {
  // An assertion gives a new token at any time: there is nothing to keep for another process.
  const { storage: _, ...rest } = client(settings, credentials, tools)
  return OAuth.jwtAssertion({
    ...rest,
    clientAuth: "assertion",
    // The account is meant, also where a proxy stands before it.
    audience: Routes.services(settings.account) + Routes.token,
    key: {
      algorithm: credentials.algorithm ?? "PS256",
      pem: credentials.privateKey,
      id: credentials.certificateId,
    },
    validity: Limits.ASSERTION_VALIDITY,
    claims: { scope: credentials.scopes === "text" ? SCOPES.join(",") : SCOPES },
  })
}

const byConsent = (settings: Settings, credentials: AuthorizationCode, tools: Tools) =>
  OAuth.refreshToken({
    ...client(settings, credentials, tools),
    ...secretOf(credentials),
    ...(credentials.refreshToken === undefined ? {} : { initial: credentials.refreshToken }),
  })

/** The credentials of every request. */
export const make = (settings: Settings, tools: Tools): Effect.Effect<Auth.Auth, ConnectorError> => {
  const { credentials } = settings
  return credentials.type === "certificate"
    ? byCertificate(settings, credentials, tools)
    : Effect.map(byConsent(settings, credentials, tools), (auth): Auth.Auth => auth)
}
