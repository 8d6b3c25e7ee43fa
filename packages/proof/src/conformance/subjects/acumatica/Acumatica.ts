/** The Acumatica connector on its twin. Its party is the customer. */
import * as Acumatica from "@mortise/acumatica/Acumatica"
import manifest from "@mortise/acumatica/package.json" with { type: "json" }
import * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import type { Connected, Opening, Setting, Stage, Subject } from "@mortise/conformance/kit/Subject"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Census from "./Census.ts"
import { documents } from "./Documents.ts"
import { lined } from "./Lined.ts"
import { isRead, isSafe, isToken, isWrite, party } from "./Party.ts"
import { person } from "./Person.ts"
import { push } from "./Push.ts"
import { blindEdits, overdue } from "./Receivables.ts"
import { tokens } from "./Tokens.ts"
import { values } from "./Values.ts"

const { CREDENTIALS, INSTANCE_PATH, ORIGIN, TENANT, VERSIONS } = AcumaticaTwin

/** Not served here any more, as on instances of today. */
const OLDEST = "18.200.001"

// Compiled once: sweeps make twins by the thousand.
const spec = AcumaticaTwin.spec()

/** A field of the tenant's own on customers. */
const FIELD = "CurrentCustomer.UsrRegion"

/** Of the licence, where a rule wants one. */
const PER_MINUTE = 60

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

const open = ({ clock, served, world: given }: Setting): Stage => {
  const twin = AcumaticaTwin.make({ clock, spec, versions: served ?? VERSIONS.filter((version) => version !== OLDEST) })
  const { world } = twin
  world
    .tenant()
    .custom.push({ entity: "Customer", path: "", view: "CurrentCustomer", field: "UsrRegion", type: "String" })
  if (given !== undefined) world.load(given as never)
  let consent: string | undefined
  const connect = Effect.fnUntraced(function* (how: Opening) {
    if (how.sameConsent !== true || consent === undefined) {
      consent = AcumaticaTwin.consent(world, CREDENTIALS.clientId).refreshToken
    }
    const connected = yield* Acumatica.make({
      url: ORIGIN + INSTANCE_PATH,
      tenant: TENANT,
      credentials: {
        type: "oauth",
        clientId: CREDENTIALS.clientId,
        clientSecret: Redacted.make(CREDENTIALS.clientSecret),
        refreshToken: Redacted.make(consent),
      },
      licence: { requestsPerMinute: null },
      baseCurrency: "USD",
      custom: { Account: { [FIELD]: "String" } },
      payments: { method: "CHECK" },
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
    push: push(),
    overdue: overdue(world),
    blindEdits: blindEdits(world),
    values: values(world),
    everyVersion: ["20.200.001", "23.200.001", "24.200.001", "25.200.001"].map((version) => ({ options: { version } })),
    documents: documents(world),
    custom: {
      field: FIELD,
      inWorld: (id) => textOf(world.customer(id)?.custom["CurrentCustomer"]?.["UsrRegion"]),
      enter: (id, value) => void world.edit("Customer", [id], { $custom: { [FIELD]: value } }),
    },
    limit: {
      // Above half of what the licence allows every request is delayed.
      requests: PER_MINUTE / 2,
      windowMillis: 60_000,
      how: { options: { licence: { requestsPerMinute: PER_MINUTE } } },
      impose: () => {
        world.license = { seats: 10, perMinute: PER_MINUTE }
      },
    },
    plainHttp: { options: { url: `http://acme.acumatica.example${INSTANCE_PATH}` } },
    wrongVersion: { options: { version: OLDEST } },
    wrongCredentials: {
      options: {
        credentials: { type: "cookie", name: CREDENTIALS.name, password: Redacted.make("not-the-password") },
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
  name: "acumatica",
  version: manifest.version,
  apiVersion: "24.200.001",
  profile: "full",
  side: "erp",
  absent: {
    cap: "the endpoint gives as many rows as one asks for",
    deletions: "a deletion leaves nothing behind that a reading by stamp could find",
    nextLinks: "the endpoint gives no links: pages are asked for by key and stamp",
    correlation: "the endpoint gives no id of an exchange",
    quota: "the licence counts requests a minute, and none a day",
    revisions: "the contract-based endpoint takes no revision with a write",
    merges: "the endpoint knows no merge of customers, and tells of none",
  },
  open,
}
