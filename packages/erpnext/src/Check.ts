/**
 * A read-only look at everything that a run depends on. Nothing fails here: what is wrong is a finding with its mend, and
 * one fault does not hide the next.
 */

import type { Declaration, Finding } from "@mortise/core/Connector"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Client } from "./Client.ts"
import type { Context } from "./internal/Context.ts"
import * as Operations from "./Operations.ts"
import * as Prepare from "./Prepare.ts"
import * as Site from "./Site.ts"

/** Clocks further apart than this make stamps and tokens unreliable. */
const SKEW_MILLIS = 60_000

type Level = Finding["level"]

const finding = (check: Finding["check"], level: Level, message: string, mend?: string): Finding => ({
  check,
  level,
  message,
  ...(mend === undefined ? {} : { mend }),
})

const MENDS: Readonly<Record<string, string>> = {
  Unauthorized: "generate the user's keys anew, or consent again; a disabled user is refused too",
  Forbidden: "give the user a role that reads the doctype",
  Throttled: "raise rate_limit in site_config, or ask the hoster",
  Unavailable: "look at the site itself: bench, maintenance mode, proxy",
  Transport: "check address, network and certificate",
  VersionMismatch: "pin the version that the site is",
}

const failed = (check: Finding["check"], error: ConnectorError): Finding =>
  finding(check, "error", error.message, MENDS[error.reason._tag])

const siteFindings = (found: Site.Site, { settings, time }: Context): ReadonlyArray<Finding> => {
  const version = Site.versionOf(found)
  const release = found.apps["erpnext"] ?? "unknown"
  return [
    finding("host", "ok", `${settings.url.host} answers`),
    version === settings.version
      ? finding("version", "ok", `ERPNext ${release} on Frappe ${found.apps["frappe"] ?? "unknown"}`)
      : finding("version", "error", `${settings.version} is pinned, and this is ${release}`, MENDS["VersionMismatch"]),
    found.timeZone === time.zone
      ? finding("clock", "ok", `the site's time zone is ${time.zone}`)
      : finding(
          "clock",
          "error",
          `the site's time zone is ${found.timeZone} now, and was ${time.zone} when the connector was opened`,
          "open the connector anew; rows that were stamped before keep their old wall clock",
        ),
  ]
}

/** Administrator is above all roles, and a guest below: neither shows what an integration user may do. */
const user = (client: Pick<Client, "call">): Effect.Effect<Finding> =>
  client
    .call(Operations.methods.loggedUser, (api, door) => api.GET("/api/method/frappe.auth.get_logged_user", door))
    .pipe(
      Effect.map(({ data }) => {
        const name = String(data?.message ?? "")
        return name === "Administrator"
          ? finding("credentials", "warning", "the user is Administrator", "use a user of its own with few roles")
          : finding("credentials", "ok", "the user is known to the site")
      }),
      Effect.catch((error) => Effect.succeed(failed("credentials", error))),
    )

const reads = (context: Context, doctype: string): Effect.Effect<ConnectorError | undefined> =>
  context.documents.list(doctype, { fields: ["name"], orderBy: [["name", "asc"]], limit: 1 }).pipe(
    Effect.as(undefined),
    Effect.catch((error) => Effect.succeed(error)),
  )

const NEEDED = ["Customer", "Contact", "Item", "Sales Order", "Sales Invoice", "Payment Entry"]

/** What is read where the user may, and what is lost without it. */
const WISHED: ReadonlyArray<readonly [doctype: string, without: string]> = [
  ["Address", "accounts have no addresses"],
  ["Item Price", "products have no prices"],
  ["Deleted Document", "deletions are not noticed"],
]

const rights = (context: Context): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.gen(function* () {
    const findings: Array<Finding> = []
    for (const doctype of NEEDED) {
      const error = yield* reads(context, doctype)
      findings.push(error === undefined ? finding("rights", "ok", `${doctype} can be read`) : failed("rights", error))
    }
    for (const [doctype, without] of WISHED) {
      const error = yield* reads(context, doctype)
      if (error === undefined) findings.push(finding("rights", "ok", `${doctype} can be read`))
      else if (error.reason._tag === "Forbidden")
        findings.push(finding("rights", "warning", `${doctype} cannot be read: ${without}`, MENDS["Forbidden"]))
      else findings.push(failed("rights", error))
    }
    return findings
  })

const company = ({ documents, settings }: Context): Effect.Effect<Finding> =>
  documents.get("Company", settings.company).pipe(
    Effect.map(
      Option.match({
        onNone: () =>
          finding(
            "features",
            "error",
            `the site has no company ${settings.company}`,
            "give its name as the site has it",
          ),
        onSome: (doc) =>
          finding("features", "ok", `${settings.company} keeps its books in ${String(doc["default_currency"])}`),
      }),
    ),
    Effect.catch((error) => Effect.succeed(failed("features", error))),
  )

const named = ({ entity, name }: Declaration): string => `${entity}.${name}`

/** The fields that we own are looked at and never made here. */
const properties = (context: Context): Effect.Effect<ReadonlyArray<Finding>> =>
  Prepare.prepare({ ...context, settings: { ...context.settings, readOnly: true } })().pipe(
    Effect.map((all) =>
      all.map(({ declaration, message, result }) =>
        result === "present"
          ? finding("properties", "ok", `${named(declaration)} is there`)
          : finding(
              "properties",
              "error",
              message ?? `${named(declaration)} is missing`,
              "run prepare() as a user who may make Custom Fields",
            ),
      ),
    ),
    Effect.catch((error) => Effect.succeed([failed("properties", error)])),
  )

const clock = (skew: number): Finding =>
  Math.abs(skew) > SKEW_MILLIS
    ? finding(
        "clock",
        "warning",
        `the clocks are ${Math.round(skew / 1000)} s apart`,
        "set the clock of this machine; reading goes by the server's",
      )
    : finding("clock", "ok", "the clocks agree")

/** Which of the two is met first, nobody can tell ahead: the site meters its own time, a hoster counts requests. */
const limits = ({ allowance }: Site.Site, { settings }: Context): Finding => {
  const metered =
    allowance === undefined ? "the site meters nothing" : `the site gives ${allowance} s of its time a window`
  const counted = settings.limits?.requestsPerMinute
  return finding(
    "limits",
    "ok",
    counted === undefined ? metered : `${metered}; ${counted} requests a minute are kept to`,
  )
}

export const check = (context: Context, client: Pick<Client, "call">): Effect.Effect<ReadonlyArray<Finding>> =>
  Effect.gen(function* () {
    const site = yield* Effect.result(Site.site(client))
    if (site._tag === "Failure") {
      const { failure } = site
      return [failed(failure.reason._tag === "Unauthorized" ? "credentials" : "host", failure)]
    }
    const found = [
      ...siteFindings(site.success, context),
      yield* user(client),
      ...(yield* rights(context)),
      yield* company(context),
      ...(yield* properties(context)),
    ]
    const skew = (yield* context.now) - (yield* Clock.currentTimeMillis)
    return [...found, clock(skew), limits(site.success, context)]
  })
