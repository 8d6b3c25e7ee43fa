/** The options with their defaults, checked: what a wrong one would cost later is said at once. */

import { ConnectorError, Invalid, type Issue, shape } from "@mortise/core/ConnectorError"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { AcumaticaConfig, CustomFields, EntityName } from "./Config.ts"
import * as Limits from "./Limits.ts"
import { base, isFrom, isVersion, type Version, versions } from "./Versions.ts"

export interface Settings extends Omit<AcumaticaConfig<Version>, "url" | "version" | "custom"> {
  /** The tenant's own fields of every entity. */
  readonly custom: { readonly [entity: string]: CustomFields | undefined }
  readonly url: URL
  readonly version: Version
  readonly serialCalls: boolean
  readonly readOnly: boolean
  readonly timeZone: string
  readonly lag: Duration.Duration
  readonly overlap: Duration.Duration
  readonly lateCommit: Duration.Duration
  readonly timeout: Duration.Duration
  readonly pageSize: number
  readonly orderType: string
  readonly draftsAs: "SalesInvoice" | "Invoice"
}

const DEFAULT_LAG = Duration.minutes(2)
const DEFAULT_OVERLAP = Duration.minutes(1)
const DEFAULT_TIMEOUT = Duration.minutes(2)

const ENTITIES: ReadonlyArray<EntityName> = ["Account", "Contact", "Product", "Order", "Invoice", "Payment"]
const isEntity = (name: string): name is EntityName => (ENTITIES as ReadonlyArray<string>).includes(name)

const urlOf = (text: string): URL | undefined => {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

/** The tenant that a client id names: the part behind its last `@`. */
export const tenantOf = (clientId: string): string | undefined => {
  const match = /^[0-9a-f-]{36}@(.+)$/i.exec(clientId)
  return match?.[1]
}

const credentialIssues = (options: AcumaticaConfig<Version>): ReadonlyArray<Issue> => {
  const { credentials, tenant } = options
  if (credentials.type === "cookie") {
    return credentials.name === "" ? [{ path: ["credentials", "name"], message: "is empty" }] : []
  }
  const named = tenantOf(credentials.clientId)
  if (named === undefined) {
    const message = `expected <GUID>@<tenant>, found ${shape(credentials.clientId)}; copy it from the form SM303010`
    return [{ path: ["credentials", "clientId"], message }]
  }
  return named.toLowerCase() === tenant.toLowerCase()
    ? []
    : [{ path: ["credentials", "clientId"], message: `is of tenant ${named}, and the configured tenant is ${tenant}` }]
}

const issuesOf = (options: AcumaticaConfig<Version>): ReadonlyArray<Issue> => {
  const found: Array<Issue> = []
  const refuse = (path: string, message: string) => found.push({ path: [path], message })
  const url = urlOf(options.url)
  if (url === undefined) refuse("url", `is no address (${shape(options.url)})`)
  else if (url.username !== "" || url.search !== "" || url.hash !== "") refuse("url", "holds more than host and path")
  if (options.tenant.trim() === "") refuse("tenant", "is empty; give the tenant's login name")
  const version = options.version ?? base
  if (!isVersion(version)) refuse("version", `is not one of ${versions.join(", ")}`)
  const size = options.pageSize ?? Limits.PAGE_SIZE
  if (!Number.isInteger(size) || size < 1) refuse("pageSize", "has to be a whole number above 0")
  if (Option.isNone(DateTime.zoneMakeNamed(options.timeZone ?? "UTC"))) refuse("timeZone", "is no IANA time zone")
  for (const [entity, fields] of Object.entries(options.custom ?? {})) {
    if (!isEntity(entity)) refuse("custom", `${entity} is no entity of this connector`)
    for (const name of Object.keys(fields ?? {}))
      if (!/^\w+\.\w+$/.test(name)) refuse("custom", `${name} is not View.Field`)
  }
  const keyField = options.contacts?.keyField
  if (keyField !== undefined && !/^\w+\.\w+$/.test(keyField)) refuse("contacts", "keyField is not View.Field")
  return [...found, ...credentialIssues(options)]
}

/** The form of new drafts: one that the tenant has, and that can carry our key beside a customer's reference. */
const draftsAs = ({ invoices }: AcumaticaConfig<Version>, version: Version): Settings["draftsAs"] => {
  if (invoices?.draftsAs !== undefined) return invoices.draftsAs
  const [only, second] = invoices?.forms ?? []
  if (only !== undefined && second === undefined) return only
  return isFrom(version, "24.200.001") ? "SalesInvoice" : "Invoice"
}

/** The settings, or `Invalid` that names every option at fault. */
export const make = <V extends Version>(options: AcumaticaConfig<V>): Effect.Effect<Settings, ConnectorError> =>
  Effect.suspend(() => {
    const plain: AcumaticaConfig<Version> = options
    const issues = issuesOf(plain)
    if (issues.length > 0) {
      const message = issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; ")
      return Effect.fail(
        new ConnectorError({ system: "acumatica", operation: "config", reason: new Invalid({ message, issues }) }),
      )
    }
    const version = plain.version ?? base
    return Effect.succeed({
      ...plain,
      url: new URL(plain.url),
      custom: plain.custom ?? {},
      version,
      serialCalls: plain.serialCalls ?? true,
      readOnly: plain.readOnly ?? false,
      timeZone: plain.timeZone ?? "UTC",
      lag: Duration.fromInputUnsafe(plain.lag ?? DEFAULT_LAG),
      overlap: Duration.fromInputUnsafe(plain.overlap ?? DEFAULT_OVERLAP),
      lateCommit: Duration.fromInputUnsafe(plain.lateCommit ?? Limits.LATE_COMMIT),
      timeout: Duration.fromInputUnsafe(plain.timeout ?? DEFAULT_TIMEOUT),
      pageSize: plain.pageSize ?? Limits.PAGE_SIZE,
      orderType: plain.orders?.type ?? "SO",
      draftsAs: draftsAs(plain, version),
    })
  })
