/** The ERPNext connector on its twin. Its party is the customer. */
import * as ErpNextTwin from "@mortise/conformance/erpnext/ErpNextTwin"
import type { Connected, Opening, Setting, Stage, Subject } from "@mortise/conformance/kit/Subject"
import * as ErpNext from "@mortise/erpnext/ErpNext"
import manifest from "@mortise/erpnext/package.json" with { type: "json" }
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { blindEdits } from "./BlindEdits.ts"
import * as Census from "./Census.ts"
import { documents } from "./Documents.ts"
import { lined } from "./Lined.ts"
import { isRead, isSafe, isToken, isWrite, party } from "./Party.ts"
import { person } from "./Person.ts"
import { push } from "./Push.ts"
import { overdue } from "./Receivables.ts"
import { tokens } from "./Tokens.ts"
import { values } from "./Values.ts"

const { COMPANY, ORIGIN } = ErpNextTwin

/** With the rights that the page of the vendor names, and no more; `prepare` takes those of a system manager. */
const USER: ErpNextTwin.UserSetup = {
  name: "integration@example.com",
  roles: ["Sales User", "Accounts User", "Item Manager", "Sales Master Manager", "System Manager"],
  apiKey: "conformance-key",
  apiSecret: "conformance-secret",
}
const KEYS = { key: Redacted.make(USER.apiKey ?? ""), secret: Redacted.make(USER.apiSecret ?? "") }

const CLIENT = "conformance-client"
const CALLBACK = "https://sync.example.com/callback"

// Compiled once: sweeps make twins by the thousand.
const validator = ErpNextTwin.validator()

/** A field of the tenant's own on customers. */
const FIELD = "sales_region"

/** What a hoster allows, where a rule wants a limit. The site counts the time that it works, this much a request. */
const PER_MINUTE = 60
const SECONDS_EACH = 0.02

/** What a site has that deals in these currencies. */
const furnish = (world: ErpNextTwin.ErpNextWorld): void => {
  world.seed("Custom Field", [{ dt: "Customer", fieldname: FIELD, label: "Sales Region", fieldtype: "Data" }])
  world.seed("OAuth Client", [
    { $name: CLIENT, app_name: "sync", scopes: "all openid", redirect_uris: CALLBACK, default_redirect_uri: CALLBACK },
  ])
  world.seed("Currency", [{ currency_name: "KWD", fraction: "Fils", smallest_currency_fraction_value: "0.001" }])
  for (const [currency, rate] of [
    ["EUR", "1.25"],
    ["JPY", "0.0066"],
    ["KWD", "3.25"],
  ] as const) {
    world.seed("Currency Exchange", [
      { date: "2020-01-02", from_currency: currency, to_currency: COMPANY.currency, exchange_rate: rate },
    ])
  }
}

/** Where our fields belong. They are made once for a site, and not looked for at every opening. */
const PLACES = [
  ...["Customer", "Contact", "Address", "Sales Order", "Sales Invoice"].map((doctype) => `${doctype}-mortise_key`),
  ...["Sales Order Item", "Sales Invoice Item"].map((doctype) => `${doctype}-mortise_line_key`),
]

const isPrepared = (world: ErpNextTwin.ErpNextWorld): boolean =>
  PLACES.every((name) => world.get("Custom Field", name) !== undefined)

const open = ({ clock, world: given }: Setting): Stage => {
  const twin = ErpNextTwin.make({ clock, validator, users: [USER] })
  const { world } = twin
  if (given === undefined) furnish(world)
  else world.load(given)
  let consent: string | undefined
  const credentials = (how: Opening) => {
    if (how.oauth !== true) return { type: "keyPair" as const, ...KEYS }
    if (how.sameConsent !== true || consent === undefined) consent = world.consent(CLIENT, USER.name).refreshToken
    return { type: "oauth" as const, clientId: CLIENT, refreshToken: Redacted.make(consent) }
  }
  const connect = Effect.fnUntraced(function* (how: Opening) {
    const erpnext = yield* ErpNext.make({
      url: ORIGIN,
      company: COMPANY.name,
      credentials: credentials(how),
      products: { group: "Products", unit: "Nos" },
      readOnly: how.readOnly ?? false,
      fetch: how.fetch,
      ...how.options,
    })
    if (how.readOnly !== true && !isPrepared(world)) yield* erpnext.prepare()
    return erpnext as unknown as Connected
  })
  return {
    twin,
    connect,
    party: party(world),
    person: person(world),
    lined: lined(world),
    tokens: tokens(world),
    push: push(world),
    overdue: overdue(world),
    blindEdits: blindEdits(world),
    values: values(world),
    everyVersion: ["resource", "document"].map((endpoints) => ({ options: { endpoints } })),
    documents: documents(world),
    custom: {
      field: FIELD,
      inWorld: (id) => world.get("Customer", id)?.columns[FIELD] as string | undefined,
      enter: (id, value) => void world.edit("Customer", id, { [FIELD]: value }),
    },
    limit: {
      requests: PER_MINUTE,
      windowMillis: 60_000,
      how: { options: { limits: { requestsPerMinute: PER_MINUTE } } },
      impose: () => {
        world.knobs.rateLimit = { limit: PER_MINUTE * SECONDS_EACH, window: 60 }
        world.knobs.requestSeconds = SECONDS_EACH
      },
    },
    plainHttp: { options: { url: "http://erp.example.test" } },
    wrongVersion: { options: { version: "v16" } },
    wrongCredentials: {
      options: {
        credentials: { type: "keyPair", ...KEYS, secret: Redacted.make("not-the-secret") },
      },
    },
    catchUp: Effect.sleep("10 minutes"),
    isWrite,
    isRead,
    isToken,
    isSafe,
    census: () => Census.of(world),
  }
}

export const subject: Subject = {
  name: "erpnext",
  version: manifest.version,
  apiVersion: "v15",
  profile: "full",
  side: "erp",
  absent: {
    cap: "a list gives as many rows as one asks for",
    nextLinks: "a list gives no links: pages are asked for by stamp and name",
    correlation: "a site gives no id of an exchange",
    quota: "a site meters the time that it works in short windows, and counts nothing by the day",
    rotation: "a refresh gives a new pair and takes nothing back: the old refresh token goes on working",
    merges: "a merge is a deletion for whoever reads: the site keeps no trace of where the record went",
    decimals: "the site computes in doubles: numbers of more than fifteen digits are refused before they are sent",
  },
  open,
}
