/** The options with their defaults, checked: what a wrong one would cost later is said at once. */

import { ConnectorError, Invalid, type Issue, shape } from "@mortise/core/ConnectorError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { EntityName, ErpNextConfig } from "./Config.ts"
import * as Limits from "./Limits.ts"
import { base, type Endpoints, endpoints, isVersion, type Version, versions } from "./Versions.ts"

export interface Settings extends Omit<ErpNextConfig<Version>, "url" | "version" | "custom"> {
  readonly url: URL
  readonly version: Version
  readonly endpoints: Endpoints
  readonly readOnly: boolean
  readonly lag: Duration.Duration
  readonly overlap: Duration.Duration
  readonly timeout: Duration.Duration
  readonly pageSize: number
  readonly keyField: string
  readonly lineKeyField: string
  /** The site's own fields that are wanted, by entity; absent: all. */
  readonly custom: { readonly [entity: string]: ReadonlyArray<string> | undefined }
}

// The stamp is set before the commit, and a request of two minutes is the longest that a worker serves.
const DEFAULT_LAG = Duration.minutes(3)
const DEFAULT_OVERLAP = Duration.minutes(1)
const DEFAULT_TIMEOUT = Duration.minutes(2)

const ENTITIES: ReadonlyArray<EntityName> = ["Account", "Contact", "Product", "Order", "Invoice", "Payment"]
const isEntity = (name: string): name is EntityName => (ENTITIES as ReadonlyArray<string>).includes(name)

/** Frappe: names of fields; anything else would be read as SQL somewhere. */
const FIELD = /^[a-z][a-z0-9_]{0,63}$/

const urlOf = (text: string): URL | undefined => {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

const issuesOf = (options: ErpNextConfig<Version>): ReadonlyArray<Issue> => {
  const found: Array<Issue> = []
  const refuse = (path: string, message: string) => found.push({ path: [path], message })
  const url = urlOf(options.url)
  if (url === undefined) refuse("url", `is no address (${shape(options.url)})`)
  else if (url.username !== "" || url.search !== "" || url.hash !== "" || url.pathname !== "/")
    refuse("url", "holds more than the host of the site")
  if (options.company.trim() === "") refuse("company", "is empty; give the name of the company")
  if (!isVersion(options.version ?? base)) refuse("version", `is not one of ${versions.join(", ")}`)
  if (!endpoints.includes(options.endpoints ?? "resource")) refuse("endpoints", `is not one of ${endpoints.join(", ")}`)
  const size = options.pageSize ?? Limits.PAGE_SIZE
  if (!Number.isInteger(size) || size < 1) refuse("pageSize", "has to be a whole number above 0")
  for (const name of ["keyField", "lineKeyField"] as const) {
    const field = options[name]
    if (field !== undefined && !FIELD.test(field)) refuse(name, "is no name of a field: small letters, digits and _")
  }
  for (const [entity, fields] of Object.entries(options.custom ?? {})) {
    if (!isEntity(entity)) refuse("custom", `${entity} is no entity of this connector`)
    for (const field of fields ?? []) if (!FIELD.test(field)) refuse("custom", `${shape(field)} is no name of a field`)
  }
  const { credentials } = options
  if (credentials.type === "oauth" && credentials.clientId === "")
    found.push({ path: ["credentials", "clientId"], message: "is empty" })
  return found
}

/** The settings, or `Invalid` that names every option at fault. */
export const make = <V extends Version>(options: ErpNextConfig<V>): Effect.Effect<Settings, ConnectorError> =>
  Effect.suspend(() => {
    const plain: ErpNextConfig<Version> = options
    const issues = issuesOf(plain)
    if (issues.length > 0) {
      const message = issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; ")
      return Effect.fail(
        new ConnectorError({ system: "erpnext", operation: "config", reason: new Invalid({ message, issues }) }),
      )
    }
    return Effect.succeed({
      ...plain,
      url: new URL(plain.url),
      custom: plain.custom ?? {},
      version: plain.version ?? base,
      endpoints: plain.endpoints ?? "resource",
      readOnly: plain.readOnly ?? false,
      lag: Duration.fromInputUnsafe(plain.lag ?? DEFAULT_LAG),
      overlap: Duration.fromInputUnsafe(plain.overlap ?? DEFAULT_OVERLAP),
      timeout: Duration.fromInputUnsafe(plain.timeout ?? DEFAULT_TIMEOUT),
      pageSize: plain.pageSize ?? Limits.PAGE_SIZE,
      keyField: plain.keyField ?? "mortise_key",
      lineKeyField: plain.lineKeyField ?? "mortise_line_key",
    })
  })
