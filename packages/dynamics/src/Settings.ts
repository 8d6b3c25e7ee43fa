/** The options with their defaults, checked: what a wrong one would cost later is said at once. */

import { ConnectorError, Invalid, type Issue, shape } from "@mortise/core/ConnectorError"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { CustomFields, DynamicsConfig, EntityName, KeyField } from "./Config.ts"
import * as Limits from "./Limits.ts"

export interface Settings extends Omit<DynamicsConfig, "url" | "custom"> {
  /** The tenant's own fields of every entity. */
  readonly custom: { readonly [entity: string]: CustomFields | undefined }
  readonly url: URL
  /** In small letters, as the service gives it back. */
  readonly company: string
  readonly applicationVersion: string
  readonly readOnly: boolean
  readonly concurrency: number
  readonly timeZone: string
  readonly pageSize: number
  readonly order: "folded" | "words" | "ordinal"
  readonly lateCommit: Duration.Duration
  readonly timeout: Duration.Duration
}

export const DEFAULT_VERSION = "10.0.47"
export const AUTHORITY = "https://login.microsoftonline.com"
const DEFAULT_TIMEOUT = Duration.minutes(2)

const ENTITIES: ReadonlyArray<EntityName> = ["Account", "Contact", "Product", "Order", "Invoice", "Payment"]
const isEntity = (name: string): name is EntityName => (ENTITIES as ReadonlyArray<string>).includes(name)

const urlOf = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined)

type Refuse = (path: string, message: string) => void

/** The name of a property of a data entity. */
const PROPERTY = /^[A-Za-z]\w{0,127}$/

const addresses = ({ credentials, url: text }: DynamicsConfig, refuse: Refuse): void => {
  const url = urlOf(text)
  if (url === undefined) refuse("url", `is no address (${shape(text)})`)
  else if (url.username !== "" || url.search !== "" || url.hash !== "") refuse("url", "holds more than host and path")
  else if (/\.crm\d*\.dynamics\.com$/i.test(url.hostname)) refuse("url", "is of Dataverse, which is another API")
  if (credentials.authority !== undefined && urlOf(credentials.authority) === undefined)
    refuse("credentials.authority", "is no address")
  if (credentials.resource !== undefined && urlOf(credentials.resource) === undefined)
    refuse("credentials.resource", "is no address")
  if (!/^[\w.-]{1,255}$/.test(credentials.tenantId)) refuse("credentials.tenantId", "is neither a GUID nor a domain")
  if (/^(?:common|organizations|consumers)$/i.test(credentials.tenantId))
    refuse("credentials.tenantId", "names no tenant; tokens of that address are refused")
  if (credentials.clientId.trim() === "") refuse("credentials.clientId", "is empty")
  if (Redacted.value(credentials.clientSecret) === "") refuse("credentials.clientSecret", "is empty")
}

const keyFields = ({ accounts, contacts, invoices, orders }: DynamicsConfig, refuse: Refuse): void => {
  const fields: ReadonlyArray<readonly [string, KeyField | undefined]> = [
    ["accounts.keyField", accounts?.keyField],
    ["contacts.keyField", contacts?.keyField],
    ["orders.keyField", orders?.keyField],
    ["orders.lineKeyField", orders?.lineKeyField],
    ["invoices.keyField", invoices?.keyField],
  ]
  for (const [path, field] of fields) {
    if (field === undefined) continue
    if (!PROPERTY.test(field.name)) refuse(path, "names no field")
    if (!Number.isInteger(field.length) || field.length < 1) refuse(path, "needs a length above 0")
  }
}

const customs = (config: DynamicsConfig, refuse: Refuse): void => {
  for (const [entity, fields] of Object.entries(config.custom ?? {})) {
    if (!isEntity(entity)) refuse("custom", `${entity} is no entity of this connector`)
    for (const name of Object.keys(fields ?? {})) if (!PROPERTY.test(name)) refuse("custom", `${name} names no field`)
  }
}

const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`))

const issuesOf = (config: DynamicsConfig): ReadonlyArray<Issue> => {
  const found: Array<Issue> = []
  const refuse: Refuse = (path, message) => found.push({ path: path.split("."), message })
  addresses(config, refuse)
  // Microsoft: a legal entity's id has up to four letters and digits.
  if (!/^[A-Za-z0-9]{1,4}$/.test(config.company)) refuse("company", "is no id of a legal entity (up to 4 characters)")
  const size = config.pageSize ?? Limits.PAGE_SIZE
  if (!Number.isInteger(size) || size < 1 || size > Limits.MAX_PAGE_SIZE)
    refuse("pageSize", `has to be a whole number from 1 to ${Limits.MAX_PAGE_SIZE}`)
  const concurrency = config.concurrency ?? Limits.CONCURRENCY
  if (!Number.isInteger(concurrency) || concurrency < 1) refuse("concurrency", "has to be a whole number above 0")
  if (Option.isNone(DateTime.zoneMakeNamed(config.timeZone ?? "UTC"))) refuse("timeZone", "is no IANA time zone")
  for (const kind of ["orders", "invoices", "payments"] as const) {
    const from = config[kind]?.from
    if (from !== undefined && !isDay(from)) refuse(`${kind}.from`, "is no day (YYYY-MM-DD)")
  }
  keyFields(config, refuse)
  customs(config, refuse)
  return found
}

/** The settings, or `Invalid` that names every option at fault. */
export const make = (config: DynamicsConfig): Effect.Effect<Settings, ConnectorError> =>
  Effect.suspend(() => {
    const issues = issuesOf(config)
    if (issues.length > 0) {
      const message = issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; ")
      return Effect.fail(
        new ConnectorError({ system: "dynamics", operation: "config", reason: new Invalid({ message, issues }) }),
      )
    }
    return Effect.succeed({
      ...config,
      url: new URL(config.url),
      company: config.company.toLowerCase(),
      custom: config.custom ?? {},
      applicationVersion: config.applicationVersion ?? DEFAULT_VERSION,
      readOnly: config.readOnly ?? false,
      concurrency: config.concurrency ?? Limits.CONCURRENCY,
      timeZone: config.timeZone ?? "UTC",
      pageSize: config.pageSize ?? Limits.PAGE_SIZE,
      order: config.order ?? "folded",
      lateCommit: Duration.fromInputUnsafe(config.lateCommit ?? Limits.LATE_COMMIT),
      timeout: Duration.fromInputUnsafe(config.timeout ?? DEFAULT_TIMEOUT),
    })
  })

/** A day as the service compares it: AX dates stand at noon. */
export const noon = (day: string): string => `${day}T12:00:00Z`
