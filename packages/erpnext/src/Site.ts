/** What a site says about itself: its release, its time zone, and what our user may see of it. */

import { ConnectorError, Decode, VersionMismatch } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import type { Client } from "./Client.ts"
import type { AnyDocuments } from "./internal/Doc.ts"
import * as Operations from "./Operations.ts"
import type { Settings } from "./Settings.ts"
import * as Versions from "./Versions.ts"

export interface Site {
  /** Releases of the apps by their names; `erpnext` is the one that is pinned. */
  readonly apps: { readonly [app: string]: string }
  readonly timeZone: string
  /** Seconds of server time in a window, where the site meters it. */
  readonly allowance?: number
}

type Caller = Pick<Client, "call">

const unexpected = (operation: string, message: string) =>
  Effect.fail(new ConnectorError({ system: "erpnext", operation, reason: new Decode({ message, issues: [] }) }))

const appsOf = (client: Caller) =>
  Effect.flatMap(
    client.call(Operations.methods.versions, (api, door) =>
      api.GET("/api/method/frappe.utils.change_log.get_versions", door),
    ),
    ({ data }) => {
      const apps: unknown = data?.message
      if (typeof apps !== "object" || apps === null)
        return unexpected(
          Operations.methods.versions.name,
          "the apps of the site were expected; is this a Frappe site?",
        )
      const named = Object.entries(apps as { readonly [app: string]: { readonly version?: unknown } })
      return Effect.succeed(Object.fromEntries(named.map(([app, { version }]) => [app, String(version ?? "")])))
    },
  )

/** The header counts microseconds. */
const allowanceOf = (header: string | null): Pick<Site, "allowance"> => {
  const micros = header !== null && /^\d{1,15}$/.test(header) ? Number(header) : 0
  return micros > 0 ? { allowance: micros / 1_000_000 } : {}
}

const zoneOf = (client: Caller) =>
  Effect.flatMap(
    client.call(Operations.methods.timeZone, (api, door) => api.GET("/api/method/frappe.client.get_time_zone", door)),
    ({ data, exchange }) => {
      const zone: unknown = data?.message?.time_zone
      return typeof zone === "string" && zone !== ""
        ? Effect.succeed({ timeZone: zone, ...allowanceOf(exchange.headers.get("x-ratelimit-limit")) })
        : unexpected(Operations.methods.timeZone.name, "the time zone of the site was expected")
    },
  )

export const site = (client: Caller): Effect.Effect<Site, ConnectorError> =>
  Effect.gen(function* () {
    return { apps: yield* appsOf(client), ...(yield* zoneOf(client)) }
  })

/** The version that the site is; undefined without ERPNext. */
export const versionOf = ({ apps }: Pick<Site, "apps">): string | undefined =>
  apps["erpnext"] === undefined ? undefined : Versions.ofRelease(apps["erpnext"])

/** Refuses a site of another version than the pinned one, and names what it is. */
export const verify = (found: Site, settings: Settings): Effect.Effect<void, ConnectorError> => {
  const version = versionOf(found)
  if (version === settings.version) return Effect.void
  const is = version === undefined ? "a site without ERPNext" : `ERPNext ${found.apps["erpnext"]}`
  return Effect.fail(
    new ConnectorError({
      system: "erpnext",
      operation: Operations.methods.versions.name,
      reason: new VersionMismatch({
        message: `${settings.version} is pinned, and this is ${is}`,
        pinned: settings.version,
        found: version === undefined ? [] : [version],
      }),
    }),
  )
}

/** True when our user may read what was deleted: that takes the role of a system manager. */
export const seesDeletions = (documents: AnyDocuments): Effect.Effect<boolean, ConnectorError> =>
  documents.list("Deleted Document", { fields: ["name"], orderBy: [["name", "asc"]], limit: 1 }).pipe(
    Effect.as(true),
    Effect.catch((error) => (error.reason._tag === "Forbidden" ? Effect.succeed(false) : Effect.fail(error))),
  )
