/**
 * `https://<env>/data/$metadata`, which has everything and is large, or `https://<env>/metadata`, the same facts in JSON
 * without actions' results, by pages.
 */
import { join } from "node:path"
import * as OAuth from "@mortise/core/OAuth"
import * as Effect from "effect/Effect"
import { commandError } from "../../CommandError.ts"
import * as Address from "../Address.ts"
import type { Door } from "../Door.ts"
import { bearer, granted, none } from "./credentials.ts"
import type { Context, Live } from "./Live.ts"
import * as saved from "./saved.ts"

const LOGIN = "https://login.microsoftonline.com"

const credentialsOf = Effect.fnUntraced(function* ({ fetch, settings, url }: Context) {
  const token = settings.secret("DYNAMICS_TOKEN")
  if (token !== undefined) return bearer(token)
  const tenant = settings.text("DYNAMICS_TENANT_ID")
  const clientId = settings.text("DYNAMICS_CLIENT_ID")
  const clientSecret = settings.secret("DYNAMICS_CLIENT_SECRET")
  if (tenant === undefined || clientId === undefined || clientSecret === undefined) return none
  const login = yield* Address.checked(settings.text("DYNAMICS_LOGIN_URL") ?? LOGIN, "DYNAMICS_LOGIN_URL")
  return yield* granted(
    OAuth.clientCredentials({
      system: "dynamics",
      tokenUrl: new URL(`${login.href.replace(/\/+$/, "")}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`),
      clientId,
      clientSecret,
      // Dynamics: the audience is the environment's address in small letters, without a slash at the end.
      scopes: [`${url.origin.toLowerCase()}/.default`],
      fetch,
    }),
  )
})

/** On-premises environments live under a path. */
const rootOf = (url: URL): string =>
  url.origin + url.pathname.replace(/\/(?:data(?:\/.*)?|metadata(?:\/.*)?)?$/i, "").replace(/\/+$/, "")

const isPage = (
  value: unknown,
): value is { readonly value: ReadonlyArray<unknown>; readonly [name: string]: unknown } =>
  typeof value === "object" && value !== null && "value" in value && Array.isArray(value.value)

const nextOf = (link: unknown, page: URL): URL | undefined => {
  if (typeof link !== "string" || !URL.canParse(link, page.href)) return undefined
  const { pathname, search } = new URL(link, page.href)
  return new URL(pathname + search, page.origin)
}

/** All rows of a list. A next page is asked for at the origin that was named, whatever the link says. */
const rows = Effect.fnUntraced(function* (context: Context, door: Door, url: URL, what: string) {
  const found: Array<unknown> = []
  const seen = new Set<string>()
  for (let next: URL | undefined = url; next !== undefined; ) {
    if (seen.has(next.href)) return yield* commandError("Server", `${what}: the server repeats a page.`)
    seen.add(next.href)
    yield* context.step(`Asking ${url.host} for ${what}: ${found.length} so far`)
    const page = yield* door.json({ url: next, what })
    if (!isPage(page)) return yield* commandError("Server", `${what}: the answer holds no list.`)
    found.push(...page.value)
    next = nextOf(page["@odata.nextLink"], next)
  }
  return found
})

const metadata = Effect.fnUntraced(function* (context: Context, door: Door, root: string) {
  const folder = yield* saved.folder(context.folder, "metadata")
  for (const what of ["PublicEntities", "PublicEnumerations"]) {
    const value = yield* rows(context, door, new URL(`${root}/metadata/${what}`), what)
    yield* saved.json(join(folder, `${what}.json`), { value })
  }
  return folder
})

const csdl = Effect.fnUntraced(function* (context: Context, door: Door, root: string) {
  const file = join(context.folder, "metadata.xml")
  yield* context.step(`Asking ${context.url.host} for $metadata, which takes a while`)
  yield* door.download({ url: new URL(`${root}/data/$metadata`), accept: "application/xml", what: "$metadata" }, file)
  return file
})

const wantsJson = ({ format, url }: Context): boolean =>
  format === "fo-metadata" || (format === undefined && /\/metadata(?:\/|$)/i.test(url.pathname))

export const live: Live = {
  hosts: /\.dynamics\.(?:com|cn)$/,
  recognises: (url) => /\/(?:data|metadata)(?:\/|$)/i.test(url.pathname) || !/\.[a-z]+$/i.test(url.pathname),
  fetch: Effect.fnUntraced(function* (context: Context) {
    const door = context.door(yield* credentialsOf(context))
    const root = rootOf(context.url)
    return { path: yield* (wantsJson(context) ? metadata : csdl)(context, door, root) }
  }),
}
