/**
 * `{instance}/entity/Default/24.200.001/swagger.json?company=Tenant`. A session takes a seat of the licence, so it is
 * ended as soon as the description is there, and when the command is stopped.
 */
import { join } from "node:path"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { type CommandError, commandError } from "../../CommandError.ts"
import type { Credentials, Door } from "../Door.ts"
import * as Names from "../Names.ts"
import { bearer, none } from "./credentials.ts"
import type { Context, Fetched, Live } from "./Live.ts"

interface Place {
  /** With the path under which the instance lives. */
  readonly instance: string
  readonly endpoint?: { readonly name: string; readonly version: string }
  readonly tenant: string | undefined
}

const ENDPOINT = /^(.*)\/entity\/([^/]+)\/([^/]+)(?:\/(?:swagger\.json)?)?$/i

const placeOf = ({ settings, url }: Context): Place => {
  const tenant = url.searchParams.get("company") ?? settings.text("ACUMATICA_TENANT")
  const [, prefix, name, version] = ENDPOINT.exec(url.pathname) ?? []
  if (prefix !== undefined && name !== undefined && version !== undefined) {
    return { instance: url.origin + prefix, endpoint: { name, version }, tenant }
  }
  const path = url.pathname.replace(/(?:\/entity)?\/*$/i, "")
  return { instance: url.origin + path, tenant }
}

const post = (context: Context, route: string, init: RequestInit) =>
  Effect.tryPromise({
    try: (signal) => context.fetch(route, { ...init, method: "POST", redirect: "manual", signal }),
    catch: () => commandError("Server", "the sign-in of the instance cannot be reached."),
  }).pipe(Effect.timeoutOrElse({ duration: "1 minute", orElse: () => Effect.fail(silent) }))

const silent = commandError("Server", "the instance did not answer the sign-in for a minute.")

const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0] ?? "")
    .filter((pair) => pair.includes("="))
    .join("; ")

/** Asked once: repeated wrong passwords lock the account. */
const signIn = Effect.fnUntraced(function* (
  context: Context,
  { instance, tenant }: Place,
  { name, password }: { readonly name: string; readonly password: Redacted.Redacted<string> },
) {
  const body = JSON.stringify({ name, password: Redacted.value(password), ...(tenant === undefined ? {} : { tenant }) })
  const headers = { "content-type": "application/json", accept: "application/json" }
  const response = yield* post(context, `${instance}/entity/auth/login`, { headers, body })
  const text = yield* Effect.promise(async () => response.text().catch(() => ""))
  const cookie = cookiesOf(response)
  if (response.ok && cookie !== "") return { cookie }
  if (response.status >= 300 && response.status < 400) {
    return yield* commandError("Address", "the sign-in of the instance redirects elsewhere; it was not followed.")
  }
  if (response.status === 429 || /API Login Limit/i.test(text)) {
    return yield* commandError("Server", "all seats of the licence are taken (API Login Limit).", "Try again later.")
  }
  const message = `the instance refused the sign-in (${response.status}). It was asked once, so as not to lock the account.`
  return yield* commandError("Credentials", message, `Look at ${Names.inWords("acumatica")}.`)
})

/** Frees the seat; never the reason why the command fails. An empty body with a length, or the web server says 411. */
const signOut = (context: Context, { instance }: Place, credentials: Credentials): Effect.Effect<void> =>
  post(context, `${instance}/entity/auth/logout`, { headers: { ...credentials }, body: "" }).pipe(
    Effect.timeoutOption("10 seconds"),
    Effect.ignore,
  )

const credentialsOf = (context: Context, place: Place) => {
  const token = context.settings.secret("ACUMATICA_TOKEN")
  const name = context.settings.text("ACUMATICA_USER")
  const password = context.settings.secret("ACUMATICA_PASSWORD")
  const opened: Effect.Effect<Credentials, CommandError> =
    token !== undefined
      ? bearer(token)
      : name !== undefined && password !== undefined
        ? signIn(context, place, { name, password })
        : none
  return Effect.acquireRelease(opened, (credentials) =>
    Object.keys(credentials).length === 0 ? Effect.void : signOut(context, place, credentials),
  )
}

interface Served {
  readonly build?: string
  readonly endpoints: ReadonlyArray<string>
}

const isObject = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null

/** Newer instances answer `{version, endpoints}`, older ones a bare list. */
const served = (answer: unknown): Served => {
  const list: unknown = isObject(answer) && !Array.isArray(answer) ? answer["endpoints"] : answer
  const version = isObject(answer) ? answer["version"] : undefined
  const build = isObject(version) ? version["acumaticaBuildVersion"] : undefined
  const endpoints = (Array.isArray(list) ? list : []).filter(isObject)
  return {
    endpoints: endpoints.map(({ name, version }) => `${name}/${version}`),
    ...(typeof build === "string" ? { build } : {}),
  }
}

const endpointOf = (place: Place, { endpoints }: Served) => {
  const serves = endpoints.length === 0 ? "" : `It serves ${endpoints.join(", ")}.`
  if (place.endpoint === undefined) {
    const message = "the address names an instance and no endpoint."
    const hint = `Add one, as in ${place.instance}/entity/Default/24.200.001. ${serves}`
    return Effect.fail(commandError("VersionMismatch", message, hint.trim()))
  }
  const asked = `${place.endpoint.name}/${place.endpoint.version}`
  if (endpoints.length > 0 && !endpoints.includes(asked)) {
    return Effect.fail(commandError("VersionMismatch", `the instance does not serve ${asked}.`, serves))
  }
  return Effect.succeed(asked)
}

const download = Effect.fnUntraced(function* (context: Context, door: Door, place: Place, endpoint: string) {
  const url = new URL(`${place.instance}/entity/${endpoint}/swagger.json`)
  if (place.tenant !== undefined) url.searchParams.set("company", place.tenant)
  yield* context.step(`Asking ${context.url.host} for ${endpoint}`)
  const file = join(context.folder, "swagger.json")
  yield* door.download({ url, what: `swagger.json of ${endpoint}` }, file)
  return file
})

const fetch = (context: Context): Effect.Effect<Fetched, CommandError> =>
  // A scope of its own: the seat is free before the description is worked on.
  Effect.scoped(
    Effect.gen(function* () {
      const place = placeOf(context)
      const credentials = yield* credentialsOf(context, place)
      const door = context.door(Effect.succeed(credentials))
      const list = { url: new URL(`${place.instance}/entity`), what: "the list of endpoints" }
      const found = served(yield* door.jsonIfAny(list))
      const endpoint = yield* endpointOf(place, found)
      const path = yield* download(context, door, place, endpoint)
      return { path, ...(found.build === undefined ? {} : { build: found.build }) }
    }),
  )

export const live: Live = {
  recognises: (url) => /\/entity(?:\/|$)/i.test(url.pathname) || !/\.[a-z]+$/i.test(url.pathname),
  fetch,
}
