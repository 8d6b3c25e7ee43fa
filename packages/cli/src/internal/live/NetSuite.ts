/**
 * `/services/rest/record/v1/metadata-catalog`, narrowed to the record types that were asked for: as OpenAPI 3.0 in one
 * answer, or, with `--format netsuite-schema`, as one JSON Schema a type, with those that they refer to.
 */
import { join } from "node:path"
import type * as Jwt from "@mortise/core/Jwt"
import * as OAuth from "@mortise/core/OAuth"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { commandError } from "../../CommandError.ts"
import type { Door } from "../Door.ts"
import { bearer, granted, none } from "./credentials.ts"
import type { Context, Live } from "./Live.ts"
import * as saved from "./saved.ts"

const CATALOG = "/services/rest/record/v1/metadata-catalog"
const TOKEN = "/services/rest/auth/oauth2/v1/token"

/** NetSuite signs with RSA-PSS or ECDSA; RS256 is refused. */
const ALGORITHMS: ReadonlyArray<Jwt.Algorithm> = ["PS256", "PS384", "PS512", "ES256", "ES384", "ES512"]

/** A variable of the environment often has its line breaks written as `\n`. */
const withBreaks = (pem: Redacted.Redacted<string>) => Redacted.make(Redacted.value(pem).replaceAll("\\n", "\n"))

const credentialsOf = Effect.fnUntraced(function* ({ fetch, settings, url }: Context) {
  const token = settings.secret("NETSUITE_TOKEN")
  if (token !== undefined) return bearer(token)
  const clientId = settings.text("NETSUITE_CLIENT_ID")
  const id = settings.text("NETSUITE_CERTIFICATE_ID")
  const pem = settings.secret("NETSUITE_PRIVATE_KEY")
  if (clientId === undefined || id === undefined || pem === undefined) return none
  const wanted = settings.text("NETSUITE_KEY_ALGORITHM") ?? "PS256"
  const algorithm = ALGORITHMS.find((one) => one === wanted)
  if (algorithm === undefined) {
    const message = "NETSUITE_KEY_ALGORITHM is none that NetSuite takes."
    return yield* commandError("Credentials", message, `It takes ${ALGORITHMS.join(", ")}.`)
  }
  return yield* granted(
    OAuth.jwtAssertion({
      system: "netsuite",
      tokenUrl: new URL(TOKEN, url.origin),
      clientId,
      key: { algorithm, pem: withBreaks(pem), id },
      // NetSuite: the scopes are a claim of the assertion, a list, as in Oracle's sample.
      claims: { scope: ["rest_webservices"] },
      fetch,
    }),
  )
})

const selected = ({ entities, url }: Context): ReadonlyArray<string> => {
  const named = (url.searchParams.get("select") ?? "").split(",").map((one) => one.trim())
  return [...new Set([...entities, ...named])].filter((one) => one !== "")
}

const openApi = Effect.fnUntraced(function* (context: Context, door: Door) {
  const select = selected(context)
  const url = new URL(CATALOG, context.url.origin)
  // A stray blank in the list is answered with 400.
  if (select.length > 0) url.searchParams.set("select", select.join(","))
  yield* context.step(`Asking ${url.host} for its metadata catalog, which can take more than a minute`)
  const file = join(context.folder, "metadata-catalog.json")
  const question = { url, accept: "application/swagger+json", what: "the metadata catalog" }
  yield* door.download(select.length === 0 ? question : { ...question, unknown: unknown(select) }, file)
  return file
})

/** NetSuite: a selection of a type that it does not know is a bad request. */
const unknown = (types: ReadonlyArray<string>) => ({
  statuses: [400, 404],
  error: commandError(
    "Server",
    `the account does not describe ${types.join(", ")}, or not all of these.`,
    "Record types are named as in the REST API Browser, salesOrder; the role has to see them.",
  ),
})

/** The record types that a schema refers to, by the last part of a reference to the catalog. */
const referred = (node: unknown, found: Set<string> = new Set()): ReadonlySet<string> => {
  if (Array.isArray(node)) for (const one of node) referred(one, found)
  else if (typeof node === "object" && node !== null) {
    for (const [name, value] of Object.entries(node)) {
      const type =
        name === "$ref" && typeof value === "string" ? /\/metadata-catalog\/([\w-]+)/.exec(value)?.[1] : undefined
      if (type !== undefined) found.add(type)
      else referred(value, found)
    }
  }
  return found
}

/** More than any set of entities in use leads to, and less than the whole catalog one by one. */
const MOST = 400

const schemas = Effect.fnUntraced(function* (context: Context, door: Door) {
  const named = selected(context)
  const waiting = [...(named.length > 0 ? named : context.known)]
  if (waiting.length === 0) {
    return yield* commandError("Usage", "--entities is missing: schemas are asked for one record type after the other.")
  }
  const folder = yield* saved.folder(context.folder, "metadata-catalog")
  const known = new Set(waiting)
  for (let type = waiting.shift(); type !== undefined; type = waiting.shift()) {
    if (known.size > MOST) return yield* commandError("Server", `more than ${MOST} record types refer to one another.`)
    yield* context.step(`Asking ${context.url.host} for ${type}, ${waiting.length} more to go`)
    const url = new URL(`${CATALOG}/${encodeURIComponent(type)}`, context.url.origin)
    const what = `the schema of ${type}`
    const schema = yield* door.json({ url, accept: "application/schema+json", what, unknown: unknown([type]) })
    yield* saved.json(join(folder, `${type}.json`), schema)
    for (const other of referred(schema)) {
      if (known.has(other)) continue
      known.add(other)
      waiting.push(other)
    }
  }
  return folder
})

export const live: Live = {
  hosts: /\.netsuite\.com$/,
  recognises: (url) => /\/services\/rest(?:\/|$)/i.test(url.pathname) || url.pathname === "/",
  fetch: Effect.fnUntraced(function* (context: Context) {
    const door = context.door(yield* credentialsOf(context))
    return { path: yield* (context.format === "netsuite-schema" ? schemas : openApi)(context, door) }
  }),
}
