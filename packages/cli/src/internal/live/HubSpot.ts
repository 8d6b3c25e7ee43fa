/**
 * The properties of a portal, `/crm/properties/{version}/{object}`, one list an object type. What the API itself looks
 * like is the same for all portals and comes with this package.
 */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { type CommandError, commandError } from "../../CommandError.ts"
import { bearer, none } from "./credentials.ts"
import type { Context, Live } from "./Live.ts"
import * as saved from "./saved.ts"

const VERSION = "2026-09"
/** The families of routes that have a description of ours. */
const VERSIONS: ReadonlyArray<string> = ["v3", "2026-03", VERSION]

/** In the package itself; in the repository they stand where they are written. */
const PLACES: ReadonlyArray<string> = ["specs/hubspot", "../../specs/hubspot"]

const description = (home: string, version: string): Effect.Effect<string, CommandError> =>
  Effect.tryPromise({
    try: () => Promise.any(PLACES.map((place) => readFile(join(home, place, `${version}.yaml`), "utf8"))),
    catch: () => commandError("Output", `the description of HubSpot ${version} is missing from this installation.`),
  })

/** The object types that the connector knows. Others, custom objects too, are asked for by name. */
const OBJECTS: ReadonlyArray<string> = ["companies", "contacts", "products", "deals", "line_items", "invoices"]

/** What our description has beside them: resources of the API that have no properties of a portal's own. */
const RESOURCES: ReadonlyArray<string> = [
  "associations",
  "groups",
  "labels",
  "objects",
  "owners",
  "pipelines",
  "properties",
  "stages",
]

const objectsOf = ({ entities, known }: Context): ReadonlyArray<string> => {
  const wanted = entities.length > 0 ? entities : [...new Set([...OBJECTS, ...known])]
  return wanted.filter((entity) => !RESOURCES.includes(entity))
}

/** HubSpot: a type that it does not know is a bad request. */
const unknown = (object: string) => ({
  statuses: [400, 404],
  error: commandError(
    "Server",
    `the portal has no object type ${JSON.stringify(object)}.`,
    `Object types are named in the plural: ${OBJECTS.join(", ")}; a custom one by its full name, p123_cars.`,
  ),
})

const ROUTE = /\/crm\/(?:properties|objects)\/([\w-]+)|\/crm\/(v3)\//i

const versionOf = (url: URL): string => {
  const [, dated, legacy] = ROUTE.exec(`${url.pathname}/`) ?? []
  return dated ?? legacy ?? VERSION
}

const route = (version: string, object: string): string =>
  version === "v3"
    ? `/crm/v3/properties/${encodeURIComponent(object)}`
    : `/crm/properties/${version}/${encodeURIComponent(object)}`

export const live: Live = {
  hosts: /^api\.hubapi\.com$/,
  recognises: (url) => url.pathname === "/" || url.pathname.startsWith("/crm"),
  fetch: Effect.fnUntraced(function* (context: Context) {
    const { settings, url } = context
    const version = versionOf(url)
    if (!VERSIONS.includes(version)) {
      return yield* commandError(
        "VersionMismatch",
        `${version} is no version of the API that is known here.`,
        `Known are ${VERSIONS.join(", ")}.`,
      )
    }
    const token = settings.secret("HUBSPOT_TOKEN")
    const door = context.door(token === undefined ? none : bearer(token))
    const path = yield* saved.folder(context.folder, "properties")
    yield* saved.text(join(path, `${version}.yaml`), yield* description(context.home, version))
    const objects = objectsOf(context)
    for (const [index, object] of objects.entries()) {
      const what = `the properties of ${object}`
      yield* context.step(`Asking ${url.host} for ${what} (${index + 1} of ${objects.length})`)
      const properties = yield* door.json({
        url: new URL(route(version, object), url.origin),
        what,
        unknown: unknown(object),
      })
      yield* saved.json(join(path, `${object}.json`), properties)
    }
    return { path }
  }),
}
