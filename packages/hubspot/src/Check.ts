/** A read-only test of a portal: what works, what does not, and what would mend it. */
import type * as Connector from "@mortise/core/Connector"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Identity from "./Identity.ts"
import type { Definitions } from "./internal/Catalog.ts"
import type * as Mapping from "./internal/Mapping.ts"
import * as Session from "./internal/Session.ts"
import type * as Limits from "./Limits.ts"
import * as LimitsOf from "./Limits.ts"
import * as Operations from "./Operations.ts"
import * as Prepare from "./Prepare.ts"

type Finding = Connector.Finding

export interface Options {
  readonly session: Session.Session
  readonly served: ReadonlyArray<Mapping.Any>
  readonly apiVersion: string
  readonly plan: Limits.Plan
}

/** More than this and signatures of webhooks, and readings since a time, go wrong. HubSpot refuses stale signatures after 5 min. */
const SKEW_MILLIS = 60_000

const ok = (check: Finding["check"], message: string, details?: Finding["details"]): Finding => ({
  check,
  level: "ok",
  message,
  ...(details === undefined ? {} : { details }),
})

/** Which part of the connection a failure speaks of. */
const partOf = ({ reason }: ConnectorError): Finding["check"] => {
  switch (reason._tag) {
    case "Unauthorized":
      return "credentials"
    case "Forbidden":
      return "rights"
    case "NotFound":
    case "VersionMismatch":
      return "version"
    case "Throttled":
    case "QuotaExhausted":
      return "limits"
    default:
      return "host"
  }
}

const failed = (error: ConnectorError, about: string): Finding => ({
  check: partOf(error),
  level: "error",
  message: `${about}: ${error.reason.message}`,
})

const burstOf = (plan: Limits.Plan) => LimitsOf.of(plan).find(({ name }) => name === "hubspot.burst")?.requests

const account = ({ apiVersion, plan, session }: Options) =>
  session.client
    .call(Operations.account.details, (api, door) => api.GET("/account-info/2026-09/details", { ...door }))
    .pipe(
      Effect.flatMap(({ data, exchange }) =>
        Effect.map(Clock.currentTimeMillis, (now): ReadonlyArray<Finding> => {
          const skew = exchange.serverTime === undefined ? 0 : exchange.serverTime - now
          const told = Number(exchange.headers.get("x-hubspot-ratelimit-max") ?? "")
          const planned = burstOf(plan)
          return [
            ok("host", `${exchange.url.host} answers`),
            ok("credentials", `the token belongs to portal ${data.portalId}`),
            ok("version", `objects are asked at ${apiVersion}`),
            Math.abs(skew) < SKEW_MILLIS
              ? ok("clock", "our clock and HubSpot's agree")
              : {
                  check: "clock",
                  level: "warning",
                  message: `our clock is ${Math.round(Math.abs(skew) / 1000)} s ${skew > 0 ? "behind" : "ahead of"} HubSpot's`,
                  mend: "set the clock of this machine by NTP",
                },
            !Number.isInteger(told) || told < 1 || told === planned
              ? ok("limits", `${planned} requests in 10 s are planned for`)
              : {
                  check: "limits",
                  level: "warning",
                  message: `HubSpot allows ${told} requests in 10 s, ${planned} are planned for`,
                  mend: "set `plan` to the subscription of the account",
                },
          ]
        }),
      ),
      Effect.catch((error) => Effect.succeed([failed(error, "the account cannot be read")])),
    )

const keyFinding = ({ session }: Options, mapping: Mapping.Any, definitions: Definitions): Finding => {
  const name = mapping.entity.name
  const carrier = Session.carrier(session, mapping)
  if (carrier.kind === "standIn" || carrier.kind === "store") {
    const by = carrier.kind === "standIn" ? carrier.property : "the state store alone"
    const message = `${name}: the portal refused ${session.keyProperty}; records are found again by ${by}`
    return {
      check: "properties",
      level: "warning",
      message,
      mend: "free one of the 10 unique properties, run prepare()",
    }
  }
  const definition = definitions.get(session.keyProperty)
  if (Identity.isKey(definition)) return ok("properties", `${name}: ${session.keyProperty} is unique`)
  const why = definition === undefined ? "is missing" : "is not unique or cannot be written"
  return {
    check: "properties",
    level: "error",
    message: `${name}: ${session.keyProperty} ${why}`,
    mend: definition === undefined ? "run prepare()" : "configure another keyProperty and run prepare()",
  }
}

const ownFindings = (
  { served, session }: Options,
  mapping: Mapping.Any,
  definitions: Definitions,
): ReadonlyArray<Finding> => {
  const entity = mapping.entity.name
  const missing = Prepare.own(served, session.keyProperty)
    .filter((declaration) => declaration.entity === entity && declaration.unique !== true)
    .filter(({ name }) => !definitions.has(name))
    .map(({ name }) => name)
  if (missing.length === 0) return []
  return [
    {
      check: "properties",
      level: "warning",
      message: `${entity}: ${missing.length} of our properties are missing, and their fields cannot be written`,
      mend: "run prepare()",
      details: { missing },
    },
  ]
}

const type = Effect.fnUntraced(function* (options: Options, mapping: Mapping.Any) {
  const { session } = options
  const entity = mapping.entity.name
  const why = session.unreadable.get(mapping.type) ?? session.unwritable.get(mapping.type)
  if (why !== undefined) {
    return [{ check: "features", level: "warning", message: `${entity}: ${why}` } as Finding]
  }
  const definitions = yield* session.catalog.refresh(mapping.type)
  return [
    keyFinding(options, mapping, definitions),
    ...ownFindings(options, mapping, definitions),
    yield* readable(session, mapping),
  ]
})

/** Definitions may be read with other rights than records. The right to write shows with the first write only. */
const readable = (session: Session.Session, mapping: Mapping.Any) => {
  const entity = mapping.entity.name
  return session.client
    .call(Operations.objects(mapping.type).list, (api, door) =>
      api.GET("/crm/objects/2026-09/{objectType}", {
        ...door,
        params: { path: { objectType: mapping.type }, query: { limit: 1 } },
      }),
    )
    .pipe(
      Effect.map(() => ok("rights", `${entity}: ${mapping.type} can be read`)),
      Effect.catch((error) => Effect.succeed(failed(error, entity))),
    )
}

/** The `check` of the connector. */
export const make = (options: Options): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.gen(function* () {
    const findings: Array<Finding> = [...(yield* account(options))]
    if (findings.some(({ check, level }) => level === "error" && check !== "rights")) return findings
    for (const mapping of options.served) {
      findings.push(
        ...(yield* type(options, mapping).pipe(
          Effect.catch((error) => Effect.succeed([failed(error, mapping.entity.name)])),
        )),
      )
    }
    return findings
  })
