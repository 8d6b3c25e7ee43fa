/** How a request is signed: by key and secret, or by the token of a consent, refreshed ahead of its end. */

import type * as Auth from "@mortise/core/Auth"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as OAuth from "@mortise/core/OAuth"
import * as Scope from "@mortise/core/Scope"
import type * as StateStore from "@mortise/core/StateStore"
import * as StaticAuth from "@mortise/core/StaticAuth"
import type * as Effect from "effect/Effect"
import * as Limits from "./Limits.ts"
import * as Routes from "./Routes.ts"
import type { Settings } from "./Settings.ts"

/**
 * The old refresh token goes on working and racing refreshes do no harm, but each one leaves a token behind that lives for
 * ever: one refresh is made for all, and what it gave is stored. An unknown token or client is answered with 403.
 */
export const make = (
  settings: Settings,
  { scope, store }: { readonly scope: Scope.Scope; readonly store: StateStore.Service },
): Effect.Effect<Auth.Auth, ConnectorError> => {
  const { credentials } = settings
  if (credentials.type === "keyPair") return StaticAuth.keyPair("erpnext", credentials)
  return OAuth.refreshToken({
    system: "erpnext",
    tokenUrl: new URL(Routes.token, settings.url),
    clientId: credentials.clientId,
    ...(credentials.clientSecret === undefined ? {} : { clientSecret: credentials.clientSecret }),
    initial: credentials.refreshToken,
    lifetime: Limits.TOKEN_LIFETIME,
    storage: { store, name: `erpnext|${Scope.format(scope)}` },
    ...(settings.headers === undefined ? {} : { headers: settings.headers }),
    ...(settings.fetch === undefined ? {} : { fetch: settings.fetch }),
  })
}
