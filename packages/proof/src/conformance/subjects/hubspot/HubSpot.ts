/** The HubSpot connector on its twin. Its party is the company. */
import * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import type { Connected, Opening, Setting, Stage, Subject } from "@mortise/conformance/kit/Subject"
import * as HubSpot from "@mortise/hubspot/HubSpot"
import manifest from "@mortise/hubspot/package.json" with { type: "json" }
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Census from "../../Census.ts"
import { blindEdits } from "./BlindEdits.ts"
import { lined } from "./Lined.ts"
import { isRead, isSafe, isToken, isWrite, NUMBER, party } from "./Party.ts"
import { person } from "./Person.ts"
import { push } from "./Push.ts"
import { tokens } from "./Tokens.ts"
import { values } from "./Values.ts"

const APP = { appId: 4_000_001, clientId: "conformance-app", clientSecret: "conformance-client-secret" }

// Compiled once: sweeps make twins by the thousand.
const validator = HubSpotTwin.validator()

const appOf = (refreshToken: string) => ({
  clientId: APP.clientId,
  clientSecret: Redacted.make(APP.clientSecret),
  refreshToken: Redacted.make(refreshToken),
})

const open = ({ clock, world: given }: Setting): Stage => {
  const twin = HubSpotTwin.make({ clock, validator, portal: { additionalCurrencies: ["EUR", "JPY", "KWD"] } })
  const { world } = twin
  world.oauth.register(APP)
  world.knobs.rotateRefreshTokens = true
  world.defineProperty("companies", { name: NUMBER, type: "number" })
  if (given !== undefined) world.load(given as never)
  let consent: string | undefined
  const connect = Effect.fnUntraced(function* (how: Opening) {
    if (how.sameConsent !== true || consent === undefined) consent = world.oauth.install({ clientId: APP.clientId })
    const hubspot = yield* HubSpot.make({
      credentials: how.oauth === true ? appOf(consent) : { token: Redacted.make(world.token) },
      portalId: String(world.portal.portalId),
      custom: { Company: [NUMBER] },
      fetch: how.fetch,
      readOnly: how.readOnly ?? false,
      ...how.options,
    })
    if (how.readOnly !== true) yield* hubspot.prepare()
    return hubspot as unknown as Connected
  })
  return {
    twin,
    connect,
    party: party(world),
    person: person(world),
    lined: lined(world),
    tokens: tokens(world),
    push: push(world),
    blindEdits: blindEdits(world),
    cap: { rows: 10_050, most: 10_000 },
    values: values(world),
    everyVersion: ["v3", "2026-03", "2026-09"].map((version) => ({ options: { version } })),
    custom: {
      field: NUMBER,
      inWorld: (id) => world.record("companies", id)?.properties[NUMBER],
      enter: (id, value) => world.update("companies", id, { [NUMBER]: value }),
    },
    quota: {
      spend: () => {
        world.knobs.daily429 = true
      },
    },
    limit: { requests: 190, windowMillis: 10_000 },
    plainHttp: { options: { baseUrl: "http://api.hubapi.com" } },
    correlation: ({ responseBody = "" }) => /"correlationId":"([^"]+)"/.exec(responseBody)?.[1],
    wrongCredentials: { options: { credentials: { token: Redacted.make("pat-eu1-wrong") } } },
    catchUp: Effect.sleep("2 minutes"),
    isWrite,
    isRead,
    isToken,
    isSafe,
    census: () => Census.ofHubspot(world),
  }
}

export const subject: Subject = {
  name: "hubspot",
  version: manifest.version,
  apiVersion: "2026-09",
  profile: "full",
  side: "crm",
  absent: {
    overdue: "its invoices are copies, whose state the ERP's side writes",
    versions: "HubSpot serves every version to everybody, and lists none",
    nextLinks: "pages are joined by a mark, and no link is followed",
    ledger: "HubSpot keeps no ledger: its invoices and payments are copies",
    revisions: "HubSpot's records carry no revision that a write could ask for",
  },
  open,
}
