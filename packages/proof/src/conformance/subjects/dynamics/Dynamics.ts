/** The Dynamics connector on its twin. Its party is the customer. */
import * as DynamicsTwin from "@mortise/conformance/dynamics/DynamicsTwin"
import type { Connected, Opening, Setting, Stage, Subject } from "@mortise/conformance/kit/Subject"
import * as Dynamics from "@mortise/dynamics/Dynamics"
import manifest from "@mortise/dynamics/package.json" with { type: "json" }
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Census from "./Census.ts"
import { documents } from "./Documents.ts"
import { lined } from "./Lined.ts"
import { COMPANY, isRead, isSafe, isToken, isWrite, party, textOf } from "./Party.ts"
import { person } from "./Person.ts"
import { push } from "./Push.ts"
import { blindEdits, overdue } from "./Receivables.ts"
import { tokens } from "./Tokens.ts"
import { values } from "./Values.ts"

const { CREDENTIALS, ORIGIN } = DynamicsTwin

/** A field of the tenant's own on customers. */
const FIELD = "ContosoRegion"

const credentials = {
  tenantId: CREDENTIALS.tenantId,
  clientId: CREDENTIALS.clientId,
  // The twin gives tokens on its own address too, so that one address is all that a connector may ask.
  authority: ORIGIN,
}

/** Crawls go on by key, but the service gives links, and lists beside a crawl are joined by them. */
const ledAstray = (body: string, to: string): string =>
  body.includes('"value":[')
    ? body.replace(/,"@odata.nextLink":"[^"]*"/, "").replace(/}$/, `,"@odata.nextLink":"${to}"}`)
    : body

const open = ({ clock, world: given }: Setting): Stage => {
  const twin = DynamicsTwin.make({ clock, fields: [{ set: "CustomersV3", name: FIELD, kind: "text" }] })
  const { world } = twin
  if (given !== undefined) world.load(given as never)
  const connect = Effect.fnUntraced(function* (how: Opening) {
    const connected = yield* Dynamics.make({
      url: ORIGIN,
      company: COMPANY,
      credentials: { ...credentials, clientSecret: Redacted.make(CREDENTIALS.clientSecret) },
      accounts: { group: "10" },
      orders: { site: "1", warehouse: "11" },
      invoices: { mainAccount: "401100" },
      custom: { Account: { [FIELD]: "String" } },
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
    documents: documents(world),
    tokens: tokens(world, 3_599_000),
    push: push(),
    overdue: overdue(world),
    blindEdits: blindEdits(world),
    values: values(world),
    custom: {
      field: FIELD,
      inWorld: (id) => {
        const doc = world.get("CustomersV3", COMPANY, id)
        return doc === undefined ? undefined : textOf(world.value("CustomersV3", doc, FIELD))
      },
      enter: (id, value) => void world.edit("CustomersV3", [COMPANY, id], { [FIELD]: value }),
    },
    plainHttp: { options: { url: "http://contoso.operations.dynamics.com" } },
    wrongCredentials: { options: { credentials: { ...credentials, clientSecret: Redacted.make("not-the-secret") } } },
    ledAstray,
    correlation: ({ responseHeaders }) => responseHeaders?.["ms-dyn-aid"],
    catchUp: Effect.sleep("20 minutes"),
    isWrite,
    isRead,
    isToken,
    isSafe,
    census: () => Census.of(world),
  }
}

export const subject: Subject = {
  name: "dynamics",
  version: manifest.version,
  apiVersion: "10.0.47",
  profile: "full",
  side: "erp",
  absent: {
    rotation: "an app shows its secret again; there is no refresh token",
    merges: "customers are not merged over the API, and a merge is not told",
    cap: "a listing goes on as long as there are rows",
    quota: "no allowance of the day is published",
    limits: "what is allowed goes by the load of the environment, which nobody knows ahead",
    versions: "the data service has one version, that of the environment",
    pinning: "the data service has one version, that of the environment",
  },
  open,
}
