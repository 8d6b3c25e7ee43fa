/** The NetSuite connector on its twin. Its party is the customer. */
import type { Connected, Opening, Setting, Stage, Subject } from "@mortise/conformance/kit/Subject"
import type { CustomField } from "@mortise/conformance/netsuite/Custom"
import * as NetSuiteTwin from "@mortise/conformance/netsuite/NetSuiteTwin"
import * as NetSuite from "@mortise/netsuite/NetSuite"
import manifest from "@mortise/netsuite/package.json" with { type: "json" }
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { cellOf, SUBSIDIARY } from "./Cells.ts"
import * as Census from "./Census.ts"
import { documents } from "./Documents.ts"
import { lined } from "./Lined.ts"
import { isRead, isSafe, isToken, isWrite, party } from "./Party.ts"
import { person } from "./Person.ts"
import { blindEdits, overdue } from "./Receivables.ts"
import { tokens } from "./Tokens.ts"
import { values } from "./Values.ts"

const { ACCOUNT, CREDENTIALS } = NetSuiteTwin

// Compiled once: sweeps make twins by the thousand.
const spec = NetSuiteTwin.spec()
const privateKey = Redacted.make(NetSuiteTwin.privateKey())

/** A field of the account's own on customers. */
const FIELD = "custentity_region"
/** The column of orders that carries the keys of lines. */
const LINE_KEY = "custcol_mortise_key"

const FIELDS: ReadonlyArray<CustomField> = [
  { name: FIELD, kind: "text", on: ["customer"] },
  { name: LINE_KEY, kind: "text" },
]

/** The twin stops every query after so many rows, where NetSuite stops after 100,000. */
const CAP = 3_000

/** A job of a hundred records is done after twenty seconds, and not asked for more often than that takes. */
const TASK_MILLIS = 200

/** How long a request works, where a rule is about how many of them may do so at once. */
const WORK_MILLIS = 200

const certificateOf = (certificateId: string) => ({
  type: "certificate" as const,
  clientId: CREDENTIALS.clientId,
  certificateId,
  privateKey,
  algorithm: CREDENTIALS.algorithm,
})

const consentOf = (refreshToken: string) => ({
  type: "authorizationCode" as const,
  clientId: CREDENTIALS.public.clientId,
  refreshToken: Redacted.make(refreshToken),
})

const open = ({ clock, world: given }: Setting): Stage => {
  const twin = NetSuiteTwin.make({
    clock,
    spec,
    customFields: FIELDS,
    knobs: { queryCap: CAP, invoiceApproval: true, taskMillis: TASK_MILLIS },
  })
  const { world } = twin
  world.seed("currency", [
    { $id: "6", name: "Kuwaiti Dinar", symbol: "KWD", exchangeRate: "3.25", currencyPrecision: 3 },
  ])
  if (given !== undefined) world.load(given)
  let consent: string | undefined
  const connect = Effect.fnUntraced(function* (how: Opening) {
    if (how.sameConsent !== true || consent === undefined) {
      consent = NetSuiteTwin.consent(world, CREDENTIALS.public.clientId).refreshToken
    }
    const connected = yield* NetSuite.make({
      account: ACCOUNT,
      subsidiary: SUBSIDIARY,
      credentials: how.oauth === true ? consentOf(consent) : certificateOf(CREDENTIALS.certificateId),
      concurrency: world.knobs.concurrency,
      // Shorter than what the deck calls late, so that a late commit is one that nobody waits for any more.
      timeout: "2 minutes",
      timeZone: "Etc/GMT+8",
      custom: { Account: { [FIELD]: "text" } },
      orders: { lineKeyField: LINE_KEY },
      invoices: { approvalRouting: true, lineKeyField: LINE_KEY },
      readOnly: how.readOnly ?? false,
      fetch: how.fetch,
      ...how.options,
    })
    return connected as unknown as Connected
  })
  return {
    twin,
    connect,
    party: party(world),
    person: person(world),
    lined: lined(world),
    tokens: tokens(world),
    overdue: overdue(world),
    blindEdits: blindEdits(world),
    values: values(world),
    documents: documents(world),
    cap: { rows: CAP + 50, most: CAP },
    custom: {
      field: FIELD,
      inWorld: (id) => {
        const doc = world.get("customer", id)
        return doc === undefined ? undefined : cellOf(doc, FIELD)
      },
      enter: (id, value) => void world.edit("customer", id, { [FIELD]: value }),
    },
    limit: {
      // Requests in flight are what is limited: each makes room for the next when its work is done.
      requests: (world.knobs.concurrency * 1_000) / WORK_MILLIS,
      windowMillis: 1_000,
      impose: () => {
        world.knobs.processingMillis = WORK_MILLIS
      },
    },
    plainHttp: { options: { url: "http://1234567-sb1.suitetalk.api.netsuite.com" } },
    correlation: ({ index, status }) => (status === undefined ? undefined : NetSuiteTwin.operationId(index)),
    wrongCredentials: { options: { credentials: certificateOf("another-certificate") } },
    catchUp: Effect.sleep("5 minutes"),
    isWrite,
    isRead,
    isToken,
    isSafe,
    census: () => Census.of(world),
  }
}

export const subject: Subject = {
  name: "netsuite",
  version: manifest.version,
  apiVersion: NetSuite.VERSION,
  profile: "full",
  side: "erp",
  absent: {
    push: "NetSuite sends nothing of its own accord; scripts that an account writes for itself are no part of the API",
    signed: "NetSuite sends nothing of its own accord",
    nextLinks: "queries are read by key and stamp, and no link is followed",
    versions: "an account is served one release at a time, and its API does not name it",
    pinning: "an account is served one release at a time",
    quota: "NetSuite counts requests in flight, and none a day",
    revisions: "records carry no revision, and a write cannot ask for one",
    merges: "people merge duplicates on a page of their own, and nothing that can be read tells into which",
  },
  open,
}
