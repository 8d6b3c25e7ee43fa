/**
 * A read-only look at everything that a run depends on. Nothing fails here: what is wrong is a finding with its mend, and
 * one fault does not hide the next.
 */

import type { Finding } from "@mortise/core/Connector"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type { Pipeline } from "@mortise/core/Pipeline"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Environment from "./Environment.ts"
import type { Context } from "./internal/Context.ts"
import * as Stamped from "./internal/stamped.ts"
import * as Prepare from "./Prepare.ts"
import { keys, type Resource, type Stamped as StampedResource, stamps } from "./Sets.ts"

/** Clocks further apart than this make tokens and days unreliable. */
const SKEW_MILLIS = 60_000

type Level = Finding["level"]

const finding = (check: Finding["check"], level: Level, message: string, mend?: string): Finding => ({
  check,
  level,
  message,
  ...(mend === undefined ? {} : { mend }),
})

const MENDS: Readonly<Record<string, string>> = {
  Unauthorized:
    "renew the secret; enter the client id under System administration > Setup > Microsoft Entra applications",
  Forbidden: "give the user of the integration a role with the privilege of this entity",
  NotFound: "the version or a configuration key hides it; name another version in `sets`",
  Throttled: "raise the priority of the application under Throttling priority mapping, or ask less at once",
  Unavailable: "look at the environment itself",
  Transport: "check address, network and certificate",
}

const failed = (check: Finding["check"], error: ConnectorError): Finding =>
  finding(check, "error", error.message, MENDS[error.reason._tag])

/** The version is told by an action, which is a POST though it changes nothing: a read-only connector sends none. */
const versionOf = ({ settings }: Context, pipeline: Pipeline): Effect.Effect<Finding, ConnectorError> => {
  const pinned = settings.applicationVersion
  return settings.readOnly
    ? Effect.as(
        Environment.fields(pipeline, settings, "CustomersV3"),
        finding("version", "ok", `not asked for by a read-only connector; ${pinned} was tested`),
      )
    : Effect.map(Environment.version(pipeline, settings), (found) =>
        versionFinding(pinned, Option.getOrUndefined(found)),
      )
}

/** The address, the token and the version in one question. */
const host = (context: Context, pipeline: Pipeline): Effect.Effect<ReadonlyArray<Finding>> =>
  versionOf(context, pipeline).pipe(
    Effect.map((version) => [
      finding("host", "ok", `${context.settings.url.host} answers`),
      finding("credentials", "ok", "the token is taken"),
      version,
    ]),
    Effect.catch((error) => {
      const check = error.reason._tag === "Unauthorized" || error.operation === "token" ? "credentials" : "host"
      return Effect.succeed([failed(check, error)])
    }),
  )

/** Releases are counted by the second number (10.0.47), builds by another (10.0.2428.63). */
const versionFinding = (pinned: string, build: string | undefined): Finding => {
  if (build === undefined)
    return finding("version", "warning", "the environment does not tell its version", "see About in the application")
  const release = pinned.split(".").slice(0, 2).join(".")
  return build.startsWith(`${release}.`)
    ? finding("version", "ok", `build ${build}; ${pinned} was tested`)
    : finding("version", "error", `build ${build}; ${pinned} was tested`, "pin the version that the environment runs")
}

const company = ({ records, settings }: Context): Effect.Effect<Finding> =>
  Environment.company(records, settings).pipe(
    Effect.map((found) =>
      Option.isSome(found)
        ? finding("rights", "ok", `company ${settings.company} is there`)
        : finding("rights", "error", `there is no company ${settings.company}`, "give the id of a legal entity"),
    ),
    Effect.catch((error) => Effect.succeed(failed("rights", error))),
  )

/** Sets whose rows are records of a port. */
const READ: ReadonlyArray<Resource> = [
  "CustomersV3",
  "ContactPersons",
  "ReleasedProductsV2",
  "SalesOrderHeadersV2",
  "FreeTextInvoiceHeaders",
  "SalesInvoiceHeadersV2",
  "CustTransactions",
]

const rights = ({ records }: Context, resource: Resource): Effect.Effect<Finding> =>
  records.list(resource, { select: ["dataAreaId", ...keys[resource].map(({ name }) => name)], top: 1 }).pipe(
    Effect.map(() => finding("rights", "ok", `${resource} can be read`)),
    Effect.catch((error) => Effect.succeed(failed("rights", error))),
  )

const properties = (context: Context, pipeline: Pipeline): Effect.Effect<ReadonlyArray<Finding>> =>
  Prepare.prepare(context, pipeline)().pipe(
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

/** The entities for analysis, whether they are used or not: who may see them reads changes faster. */
const stamped = ({ records, settings, stamped: used }: Context): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.forEach(Object.keys(stamps) as ReadonlyArray<StampedResource>, (resource) =>
    Stamped.probe(records, settings.company, resource).pipe(
      Effect.map((usable) => {
        const { set } = stamps[resource]
        if (usable)
          return finding(
            "features",
            "ok",
            `${set} has stamps${used.has(resource) ? "" : "; see `stamped` to read by them"}`,
          )
        return finding("features", "ok", `${set} has no stamps for this user; ${resource} is crawled`)
      }),
      Effect.catch((error) => Effect.succeed(failed("features", error))),
    ),
  )

const clock = (skew: number): Finding =>
  Math.abs(skew) > SKEW_MILLIS
    ? finding(
        "clock",
        "warning",
        `the clocks are ${Math.round(skew / 1000)} s apart`,
        "set the clock of this machine; days go by the server's",
      )
    : finding("clock", "ok", "the clocks agree")

const limits = ({ settings }: Context): Finding =>
  finding(
    "limits",
    "ok",
    settings.userLimits === true
      ? "the withdrawn limits of a user are kept"
      : `at most ${settings.concurrency} requests at once; the environment throttles by its load`,
  )

export const check = (context: Context, pipeline: Pipeline): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.gen(function* () {
    const open = yield* host(context, pipeline)
    if (open.some(({ check: what, level }) => level === "error" && what !== "version")) return open
    const there = yield* company(context)
    const access = yield* Effect.forEach(READ, (resource) => rights(context, resource))
    const fields = yield* properties(context, pipeline)
    const stamps = yield* stamped(context)
    const skew = (yield* context.now) - (yield* Clock.currentTimeMillis)
    return [...open, there, ...access, ...fields, ...stamps, clock(skew), limits(context)]
  })
