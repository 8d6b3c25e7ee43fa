/**
 * A read-only look at everything that a run depends on. Nothing fails here: what is wrong is a finding with its mend, and
 * one fault does not hide the next.
 */

import type { Finding } from "@mortise/core/Connector"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type { Pipeline } from "@mortise/core/Pipeline"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import { type Instance, instance } from "./Instance.ts"
import type { Context } from "./internal/Context.ts"
import { served } from "./internal/served.ts"
import * as Prepare from "./Prepare.ts"
import { keys, type Resource } from "./Versions.ts"

/** Clocks further apart than this make windows and tokens unreliable. */
const SKEW_MILLIS = 60_000

type Level = Finding["level"]

const finding = (check: Finding["check"], level: Level, message: string, mend?: string): Finding => ({
  check,
  level,
  message,
  ...(mend === undefined ? {} : { mend }),
})

const MENDS: Readonly<Record<string, string>> = {
  Unauthorized: "renew the credentials; with OAuth, consent again on the form SM303010",
  Forbidden: "give the API user rights to the form, or switch its feature on",
  Throttled: "free an API seat or raise the licence",
  Unavailable: "look at the instance itself",
  Transport: "check address, network and certificate",
  VersionMismatch: "pin a version that the instance serves",
}

const failed = (check: Finding["check"], error: ConnectorError): Finding =>
  finding(check, "error", error.message, MENDS[error.reason._tag])

const hostFindings = (found: Instance, context: Context): ReadonlyArray<Finding> => {
  const { settings } = context
  const served = found.versions.includes(settings.version)
  const build = found.build === undefined ? "an unknown build" : `build ${found.build}`
  return [
    finding("host", "ok", `${settings.url.host} answers, ${build}`),
    served
      ? finding("version", "ok", `Default/${settings.version} is served`)
      : finding(
          "version",
          "error",
          `Default/${settings.version} is not served; ${found.versions.join(", ")} are`,
          MENDS["VersionMismatch"],
        ),
  ]
}

const clockFinding = (skew: number): Finding =>
  Math.abs(skew) > SKEW_MILLIS
    ? finding(
        "clock",
        "warning",
        `the clocks are ${Math.round(skew / 1000)} s apart`,
        "set the clock of this machine; reading goes by the server's",
      )
    : finding("clock", "ok", "the clocks agree")

const rights = (context: Context, resource: Resource): Effect.Effect<Finding> =>
  context.records.list(resource, { select: keys[resource], top: 1 }).pipe(
    Effect.map(() => finding("rights", "ok", `${resource} can be read`)),
    Effect.catch((error) =>
      Effect.succeed(failed(error.reason._tag === "Unauthorized" ? "credentials" : "rights", error)),
    ),
  )

const properties = (context: Context): Effect.Effect<ReadonlyArray<Finding>> => {
  const declared = Prepare.declarations(context.settings)
  if (declared.length === 0)
    return Effect.succeed([finding("properties", "ok", "no field of the tenant is relied upon")])
  return Prepare.prepare(context)(declared).pipe(
    Effect.map((all) =>
      all.map(({ declaration, message, result }) =>
        finding(
          "properties",
          result === "present" ? "ok" : "error",
          message ?? `${declaration.entity}.${declaration.name} is there`,
        ),
      ),
    ),
    Effect.catch((error) => Effect.succeed([failed("properties", error)])),
  )
}

const limits = ({ settings }: Context): Finding =>
  settings.licence?.requestsPerMinute === undefined
    ? finding(
        "limits",
        "warning",
        "the licence's requests a minute are not configured; 100 are assumed",
        "read them on the form SM604000",
      )
    : finding(
        "limits",
        "ok",
        `${settings.licence.requestsPerMinute ?? "unlimited"} requests a minute, of which half are spent`,
      )

const tenant = ({ settings }: Context): ReadonlyArray<Finding> =>
  settings.credentials.type === "oauth"
    ? [finding("credentials", "ok", `the client id names tenant ${settings.tenant}`)]
    : [
        finding(
          "credentials",
          "warning",
          "a sign-in by cookie does not tell which tenant it led to, and the vendor will end it",
          "use a connected application (OAuth)",
        ),
      ]

export const check = (context: Context, open: Pipeline): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.gen(function* () {
    const host = yield* instance(open, context.settings).pipe(
      Effect.map((found) => hostFindings(found, context)),
      Effect.catch((error) => Effect.succeed([failed("host", error)])),
    )
    if (host.some(({ check: what, level }) => what === "host" && level === "error")) return host
    const forms = Object.values(served(context.settings)).flat()
    const access = yield* Effect.forEach(forms, (resource) => rights(context, resource))
    const refused = access.filter(({ check: what }) => what === "credentials").slice(0, 1)
    const fields = refused.length > 0 ? [] : yield* properties(context)
    const skew = (yield* context.now) - (yield* Clock.currentTimeMillis)
    const allowed = access.filter(({ check: what }) => what === "rights")
    return [...host, ...tenant(context), ...refused, ...allowed, ...fields, clockFinding(skew), limits(context)]
  })
