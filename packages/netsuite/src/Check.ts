/**
 * A read-only look at everything that a run depends on. Nothing fails here: what is wrong is a finding with its mend, and
 * one fault does not hide the next.
 */

import type { Finding } from "@mortise/core/Connector"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Filter from "./Filter.ts"
import * as Asking from "./internal/asking.ts"
import type { Context } from "./internal/Context.ts"
import type { Allowed } from "./internal/Governance.ts"
import * as Prepare from "./Prepare.ts"
import * as Query from "./Query.ts"
import * as Tables from "./Tables.ts"

/** Clocks further apart than this make windows and tokens unreliable; the server's is cut to the minute. */
const SKEW_MILLIS = 120_000

type Level = Finding["level"]

const finding = (check: Finding["check"], level: Level, message: string, mend?: string): Finding => ({
  check,
  level,
  message,
  ...(mend === undefined ? {} : { mend }),
})

const MENDS: Readonly<Record<string, string>> = {
  Unauthorized: "look at the certificate, its mapping to a role, and the Login Audit Trail",
  Forbidden: "give the role the permission, or switch its feature on",
  Throttled: "lower `concurrency`, or free what else uses the account",
  Unavailable: "look at the account itself",
  Transport: "check address, network and certificate",
}

const failed = (check: Finding["check"], error: ConnectorError): Finding =>
  finding(check, "error", error.message, MENDS[error.reason._tag])

/** The tables that are read, and what is missed without them; the first ones have to be there. */
const READ: ReadonlyArray<{ readonly table: string; readonly key: string; readonly without?: string }> = [
  { table: "customer", key: "id" },
  { table: "contact", key: "id" },
  { table: "item", key: "id" },
  { table: "transaction", key: "id" },
  { table: Tables.SIDE.line.table, key: "transaction" },
  { table: Tables.SIDE.link.table, key: "nextdoc", without: "what payments pay, and which order an invoice bills" },
  { table: Tables.SIDE.address.table, key: "nkey", without: "addresses of customers" },
  { table: Tables.SIDE.price.table, key: "item", without: "prices of items" },
  { table: Tables.SIDE.currency.table, key: "id", without: "currencies; give `baseCurrency`" },
  { table: Tables.SIDE.term.table, key: "id", without: "terms of payment" },
]

const look = (context: Context, table: string, key: string, where?: Filter.Filter) =>
  Asking.page(context, { from: table, keys: [Query.plain(key)], columns: [], where, orderBy: [key], limit: 1 })

const right = (context: Context, { key, table, without }: (typeof READ)[number]): Effect.Effect<Finding> =>
  look(context, table, key).pipe(
    Effect.map(() => finding("rights", "ok", `${table} can be read`)),
    Effect.catch((error) => {
      if (error.reason._tag === "Unauthorized") return Effect.succeed(failed("credentials", error))
      if (without === undefined) return Effect.succeed(failed("rights", error))
      const message = `${table} cannot be read; without it there are no ${without}`
      return Effect.succeed(finding("rights", "warning", message, MENDS[error.reason._tag]))
    }),
  )

const deletions = (context: Context): Effect.Effect<ReadonlyArray<Finding>> => {
  if (!context.settings.deletions) return Effect.succeed([])
  return look(context, Tables.SIDE.deleted.table, "recordid").pipe(
    Effect.map(() => [finding("features", "ok", "deletions can be read")]),
    Effect.catch(() =>
      Effect.succeed([
        finding(
          "features",
          "warning",
          "deletions cannot be read; records that are deleted are not noticed",
          "give the role the permission Deleted Records, or set `deletions` to false",
        ),
      ]),
    ),
  )
}

const oneWorld = (context: Context): Effect.Effect<Finding> => {
  const { subsidiary } = context.settings
  const where = subsidiary === undefined ? undefined : Filter.id("id", subsidiary)
  return look(context, "subsidiary", "id", where).pipe(
    Effect.map(({ rows }) => {
      if (subsidiary === undefined)
        return finding(
          "features",
          "warning",
          "the account has subsidiaries, and none is configured: all are read as one",
          "give `subsidiary`",
        )
      return rows.length > 0
        ? finding("features", "ok", `subsidiary ${subsidiary} is there`)
        : finding("features", "error", `the account has no subsidiary ${subsidiary}`, "correct `subsidiary`")
    }),
    Effect.catch((error) =>
      Effect.succeed(
        subsidiary === undefined
          ? finding("features", "ok", "the account is not OneWorld, or the role sees no subsidiaries")
          : failed("features", error),
      ),
    ),
  )
}

const zone = (context: Context): Effect.Effect<Finding> =>
  context.zones.renewed.pipe(
    Effect.map(({ source }) =>
      source === "unknown"
        ? finding(
            "clock",
            "warning",
            "the zone of SuiteQL's stamps is not known; a whole day is read again at every turn",
            "give `timeZone`",
          )
        : finding("clock", "ok", `the zone of SuiteQL's stamps is ${source}`),
    ),
    Effect.catch((error) => Effect.succeed(failed("clock", error))),
  )

const properties = (context: Context): Effect.Effect<ReadonlyArray<Finding>> => {
  const declared = Prepare.declarations(context.settings)
  if (declared.length === 0)
    return Effect.succeed([finding("properties", "ok", "no field of the account's own is relied upon")])
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

const limits = ({ concurrency, isKnown, source }: Allowed): Finding =>
  isKnown
    ? finding("limits", "ok", `${concurrency} requests at once: ${source}`)
    : finding(
        "limits",
        "warning",
        `how many requests may run at once is not known; ${concurrency} are assumed`,
        "read it on Setup, Integration Governance, and give `concurrency`",
      )

/** Refused credentials refuse everything: they are told once. */
const once = (findings: ReadonlyArray<Finding>): ReadonlyArray<Finding> => {
  const refused = findings.find(({ check }) => check === "credentials")
  return refused === undefined ? findings : [...findings.filter(({ check }) => check !== "credentials"), refused]
}

export const check = (context: Context, allowed: Allowed): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.gen(function* () {
    const { host } = context.settings.url
    const told = yield* Effect.result(context.records.serverTime)
    if (told._tag === "Failure") {
      const isRefused = told.failure.reason._tag === "Unauthorized"
      return [failed(isRefused ? "credentials" : "host", told.failure)]
    }
    const skew = told.success - (yield* Clock.currentTimeMillis)
    const clock =
      Math.abs(skew) > SKEW_MILLIS
        ? finding(
            "clock",
            "warning",
            `the clocks are ${Math.round(skew / 1000)} s apart`,
            "set the clock of this machine; reading goes by the server's",
          )
        : finding("clock", "ok", "the clocks agree")
    const access = yield* Effect.forEach(READ, (each) => right(context, each))
    return [
      finding("host", "ok", `${host} answers`),
      finding("credentials", "ok", "the role may sign in"),
      ...once(access),
      yield* oneWorld(context),
      ...(yield* deletions(context)),
      ...(yield* properties(context)),
      clock,
      yield* zone(context),
      limits(allowed),
    ]
  })
