/**
 * Who we are to the instance. A session takes a seat of the licence, so there is one, and it is ended when the scope of
 * the connector closes. With OAuth the session travels with the token; with a cookie sign-in it is the cookie. Wrong
 * credentials are asked once and never again: repeated attempts lock the account.
 */

import type * as Auth from "@mortise/core/Auth"
import { ConnectorError, Unauthorized } from "@mortise/core/ConnectorError"
import * as OAuth from "@mortise/core/OAuth"
import type { Pipeline } from "@mortise/core/Pipeline"
import * as Scope from "@mortise/core/Scope"
import type * as StateStore from "@mortise/core/StateStore"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type * as EffectScope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import type { CookieSignIn, OAuthGrant } from "./Config.ts"
import * as Limits from "./Limits.ts"
import * as Operations from "./Operations.ts"
import * as Routes from "./Routes.ts"
import type { Settings } from "./Settings.ts"

type Credentials = Readonly<Record<string, string>>

/** Signing out must not keep a program from ending. */
const SIGN_OUT_PATIENCE = Duration.seconds(10)

const address = (settings: Settings, route: string): string => `${Routes.instance(settings.url)}${route}`

const unauthorized = (message: string) =>
  new ConnectorError({
    system: "acumatica",
    operation: "acumatica.system.login",
    reason: new Unauthorized({ message }),
  })

/** Frees the seat. Revoking a token does not; an empty body with a length does. */
const signOut = (settings: Settings, open: Pipeline, credentials: Credentials): Effect.Effect<void> =>
  open
    .once(Operations.system.logout, async (door) => {
      const request = new Request(address(settings, Routes.logout), { method: "POST", headers: credentials, body: "" })
      request.headers.delete("content-type")
      return { response: await door.fetch(request) }
    })
    .pipe(Effect.timeoutOption(SIGN_OUT_PATIENCE), Effect.ignore)

/** Ends the session with the scope, if one was opened. */
const endWithScope = (
  settings: Settings,
  open: Pipeline,
  current: () => Effect.Effect<Option.Option<Credentials>>,
): Effect.Effect<void, never, EffectScope.Scope> =>
  Effect.addFinalizer(() =>
    Effect.flatMap(
      Effect.suspend(current),
      Option.match({
        onNone: () => Effect.void,
        onSome: (credentials) => signOut(settings, open, credentials),
      }),
    ),
  )

const byToken = Effect.fnUntraced(function* (
  settings: Settings,
  grant: OAuthGrant,
  tools: { readonly open: Pipeline; readonly store: StateStore.Service; readonly scope: Scope.Scope },
) {
  const oauth = yield* OAuth.refreshToken({
    system: "acumatica",
    tokenUrl: new URL(address(settings, Routes.token)),
    clientId: grant.clientId,
    clientSecret: grant.clientSecret,
    initial: grant.refreshToken,
    lifetime: Limits.TOKEN_LIFETIME,
    storage: { store: tools.store, name: `acumatica|${Scope.format(tools.scope)}|${grant.clientId}` },
    ...(settings.fetch === undefined ? {} : { fetch: settings.fetch }),
  })
  let used = false
  const auth: Auth.Auth = {
    headers: Effect.tap(oauth.headers, () =>
      Effect.sync(() => {
        used = true
      }),
    ),
    refused: oauth.refused,
  }
  // A token that has expired meanwhile signs nobody out, and its session would keep the seat: it is renewed for that.
  const current = Effect.suspend(() =>
    used ? Effect.option(oauth.headers) : Effect.succeed(Option.none<Credentials>()),
  )
  yield* endWithScope(settings, tools.open, () => current)
  return auth
})

const cookiesOf = (headers: Headers): string =>
  headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0] ?? "")
    .filter((pair) => pair.includes("="))
    .join("; ")

/** Signs in once for all that wait, again when the session has gone, and never again after a refusal. */
const byCookie = Effect.fnUntraced(function* (settings: Settings, signIn: CookieSignIn, open: Pipeline) {
  const turn = Semaphore.makeUnsafe(1)
  let cookie: string | undefined
  let refusal: ConnectorError | undefined

  const body = () =>
    JSON.stringify({
      name: signIn.name,
      password: Redacted.value(signIn.password),
      tenant: settings.tenant,
      ...(settings.branch === undefined ? {} : { branch: settings.branch }),
      ...(signIn.locale === undefined ? {} : { locale: signIn.locale }),
    })

  const login = open
    .once(Operations.system.login, async (door) => {
      const init = { method: "POST", headers: { "content-type": "application/json" }, body: body() }
      return { response: await door.fetch(new Request(address(settings, Routes.login), init)) }
    })
    .pipe(
      Effect.flatMap(({ exchange }) => {
        const pairs = cookiesOf(exchange.headers)
        if (pairs === "") return Effect.fail(unauthorized("the instance signed in without a session cookie"))
        cookie = pairs
        return Effect.succeed(pairs)
      }),
      Effect.tapError((error) =>
        Effect.sync(() => {
          if (error.reason._tag === "Unauthorized") refusal = error
        }),
      ),
    )

  const headers = turn.withPermits(1)(
    Effect.suspend(() => {
      if (refusal !== undefined) return Effect.fail(refusal)
      return Effect.map(
        cookie === undefined ? login : Effect.succeed(cookie),
        (pairs): Credentials => ({ cookie: pairs }),
      )
    }),
  )

  const refused = (sent: Credentials) =>
    Effect.sync(() => {
      if (sent["cookie"] === cookie) cookie = undefined
      return true
    })

  const held = () =>
    Effect.sync(() => Option.map(Option.fromUndefinedOr(cookie), (pairs): Credentials => ({ cookie: pairs })))
  yield* endWithScope(settings, open, held)
  const auth: Auth.Auth = { headers, refused }
  return auth
})

/** The credentials of every request. `open` is a pipeline without any. */
export const make = (
  settings: Settings,
  tools: { readonly open: Pipeline; readonly store: StateStore.Service; readonly scope: Scope.Scope },
): Effect.Effect<Auth.Auth, ConnectorError, EffectScope.Scope> => {
  const { credentials } = settings
  return credentials.type === "oauth"
    ? byToken(settings, credentials, tools)
    : byCookie(settings, credentials, tools.open)
}
