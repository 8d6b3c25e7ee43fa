/** The options with their defaults, checked: what a wrong one would cost later is said at once. */

import { ConnectorError, Invalid, type Issue, shape } from "@mortise/core/ConnectorError"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { CustomFields, EntityName, NetSuiteConfig } from "./Config.ts"
import * as Limits from "./Limits.ts"
import * as Routes from "./Routes.ts"

export interface Settings extends Omit<NetSuiteConfig, "url" | "custom" | "overlap"> {
  /** The account's own fields of every entity. */
  readonly custom: { readonly [entity: string]: CustomFields | undefined }
  readonly keyFields: { readonly [entity: string]: string | undefined }
  readonly url: URL
  readonly readOnly: boolean
  readonly dayZone: string
  readonly lag: Duration.Duration
  readonly overlap: Duration.Duration | undefined
  readonly lateCommit: Duration.Duration
  readonly timeout: Duration.Duration
  readonly pageSize: number
  /** Infinity: never. */
  readonly batchFrom: number
  readonly deletions: boolean
}

const DEFAULT_LAG = Duration.minutes(2)
/** Six attempts of it, which is how long a write and the search for it take when nobody answers, stay below half an hour. */
const DEFAULT_TIMEOUT = Duration.minutes(4)

export const ENTITIES: ReadonlyArray<EntityName> = ["Account", "Contact", "Product", "Order", "Invoice", "Payment"]
const isEntity = (name: string): boolean => (ENTITIES as ReadonlyArray<string>).includes(name)

/** NetSuite: the ids of own fields begin with what they belong to. Oracle: help, section 1545129726. */
const PREFIXES: { readonly [E in EntityName]: string } = {
  Account: "custentity",
  Contact: "custentity",
  Product: "custitem",
  Order: "custbody",
  Invoice: "custbody",
  Payment: "custbody",
}

const isOwn = (entity: string, field: string): boolean =>
  /^[a-z][a-z0-9_]*$/.test(field) && field.startsWith(PREFIXES[entity as EntityName] ?? "cust")

const urlOf = (text: string): URL | undefined => {
  try {
    return new URL(text)
  } catch {
    return undefined
  }
}

type Refuse = (path: string, message: string) => void

const checkFields = (options: NetSuiteConfig, refuse: Refuse): void => {
  for (const [entity, fields] of Object.entries(options.custom ?? {})) {
    if (!isEntity(entity)) refuse("custom", `${entity} is no entity of this connector`)
    for (const name of Object.keys(fields ?? {}))
      if (!isOwn(entity, name)) refuse("custom", `${name} is no field of the account's own on ${entity}`)
  }
  for (const [entity, field] of Object.entries(options.keyFields ?? {})) {
    if (!isEntity(entity)) refuse("keyFields", `${entity} is no entity of this connector`)
    else if (!isOwn(entity, field ?? "")) refuse("keyFields", `${entity} has no own field of that name`)
  }
  for (const part of ["orders", "invoices"] as const) {
    const field = options[part]?.lineKeyField
    if (field !== undefined && !/^custcol[a-z0-9_]*$/.test(field)) refuse(part, "lineKeyField is no column field")
  }
}

const checkNumbers = (options: NetSuiteConfig, refuse: Refuse): void => {
  const size = options.pageSize ?? Limits.PAGE_SIZE
  if (!Number.isInteger(size) || size < 1 || size > Limits.PAGE_SIZE)
    refuse("pageSize", `has to be a whole number from 1 to ${Limits.PAGE_SIZE}`)
  const { batchFrom, concurrency } = options
  if (concurrency !== undefined && (!Number.isInteger(concurrency) || concurrency < 1))
    refuse("concurrency", "has to be a whole number above 0")
  if (typeof batchFrom === "number" && (!Number.isInteger(batchFrom) || batchFrom < 1))
    refuse("batchFrom", "has to be a whole number above 0, or false")
}

const checkCredentials = ({ credentials }: NetSuiteConfig, refuse: Refuse): void => {
  if (credentials.clientId.trim() === "") refuse("credentials", "clientId is empty")
  if (credentials.type !== "certificate") return
  if (credentials.certificateId.trim() === "") refuse("credentials", "certificateId is empty")
  const { algorithm } = credentials
  if (algorithm !== undefined && !/^(?:PS|ES)(?:256|384|512)$/.test(algorithm))
    refuse("credentials", "algorithm is none that NetSuite takes; it takes PS256 and ES256, and their longer forms")
}

const issuesOf = (options: NetSuiteConfig): ReadonlyArray<Issue> => {
  const found: Array<Issue> = []
  const refuse: Refuse = (path, message) => found.push({ path: [path], message })
  if (Routes.label(options.account) === undefined)
    refuse("account", `is no account id (${shape(options.account)}); copy it from Setup, Company Information`)
  const url = options.url === undefined ? undefined : urlOf(options.url)
  if (options.url !== undefined && url === undefined) refuse("url", `is no address (${shape(options.url)})`)
  if (url !== undefined && (url.username !== "" || url.pathname !== "/" || url.search !== "" || url.hash !== ""))
    refuse("url", "holds more than the host")
  const { subsidiary } = options
  if (subsidiary !== undefined && !/^\d+$/.test(subsidiary)) refuse("subsidiary", "is no internal id")
  for (const zone of ["timeZone", "dayZone"] as const)
    if (Option.isNone(DateTime.zoneMakeNamed(options[zone] ?? "UTC"))) refuse(zone, "is no IANA time zone")
  checkNumbers(options, refuse)
  checkFields(options, refuse)
  checkCredentials(options, refuse)
  return found
}

const durationOf = (input: Duration.Input | undefined, otherwise: Duration.Duration): Duration.Duration =>
  input === undefined ? otherwise : Duration.fromInputUnsafe(input)

/** The settings, or `Invalid` that names every option at fault. */
export const make = (options: NetSuiteConfig): Effect.Effect<Settings, ConnectorError> =>
  Effect.suspend(() => {
    const issues = issuesOf(options)
    if (issues.length > 0) {
      const message = issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; ")
      return Effect.fail(
        new ConnectorError({ system: "netsuite", operation: "config", reason: new Invalid({ message, issues }) }),
      )
    }
    return Effect.succeed({
      ...options,
      url: new URL(options.url ?? Routes.services(options.account)),
      custom: options.custom ?? {},
      keyFields: options.keyFields ?? {},
      readOnly: options.readOnly ?? false,
      dayZone: options.dayZone ?? options.timeZone ?? "UTC",
      lag: durationOf(options.lag, DEFAULT_LAG),
      overlap: options.overlap === undefined ? undefined : Duration.fromInputUnsafe(options.overlap),
      lateCommit: durationOf(options.lateCommit, Limits.REQUEST_TIMEOUT),
      timeout: durationOf(options.timeout, DEFAULT_TIMEOUT),
      pageSize: options.pageSize ?? Limits.PAGE_SIZE,
      batchFrom: options.batchFrom === false ? Number.POSITIVE_INFINITY : (options.batchFrom ?? Limits.BATCH_FROM),
      deletions: options.deletions ?? true,
    })
  })
