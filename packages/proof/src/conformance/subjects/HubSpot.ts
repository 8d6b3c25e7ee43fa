/** The HubSpot connector on its twin. Its party is the company. */
import * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import type { JournalLine } from "@mortise/conformance/twin/Journal"
import * as HubSpot from "@mortise/hubspot/HubSpot"
import * as Identity from "@mortise/hubspot/Identity"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Asked, Bench, Connected, How, Party, Setup, Subject } from "../Bench.ts"
import * as Stage from "../Stage.ts"

const APP = { appId: 4_000_001, clientId: "conformance-app", clientSecret: "conformance-client-secret" }
/** A property of the portal's own, a number. */
const NUMBER = "size_of_site"

interface Sent {
  readonly inputs?: ReadonlyArray<{ readonly properties?: Readonly<Record<string, unknown>> }>
}
interface Page {
  readonly results?: ReadonlyArray<{ readonly id: string; readonly properties: Readonly<Record<string, string>> }>
}

const isWrite = (request: Asked): boolean =>
  request.method === "POST" && /\/companies\/batch\/(upsert|update|create)$/.test(Stage.pathOf(request))
const isRead = (request: Asked): boolean => /\/objects\/[^/]+\/companies\/search$/.test(Stage.pathOf(request))
const isToken = (request: Asked): boolean => /\/oauth\/[^/]+\/token$/.test(Stage.pathOf(request))
const isSafe = (request: Asked): boolean =>
  request.method === "GET" || isToken(request) || /\/(search|batch\/read)$/.test(Stage.pathOf(request))

const party = (world: HubSpotTwin.HubSpotWorld): Party => {
  const naturalOf = (n: number) => `party-${n}.example`
  const write: Party["write"] = (n, fields) => ({
    key: `acumatica/acme/main|Account|C${n}`,
    fields: fields ?? { name: `Party ${n}`, domain: naturalOf(n) },
  })
  return {
    entity: "Company",
    port: Stage.portOf("Company"),
    natural: "domain",
    naturalOf,
    write,
    unwelcome: (n) => write(n, { name: `Party ${n}`, custom: { [NUMBER]: "neither here nor there" } }),
    records: () =>
      world.records("companies").map(({ id, properties }) => ({
        id,
        key: Identity.decode(properties["mortise_key"]),
        name: properties["name"],
        natural: properties["domain"],
        phone: properties["phone"],
      })),
    enter: (from, count, natural) =>
      world.seed(
        Array.from({ length: count }, (_, at) => ({
          type: "companies" as const,
          properties: { name: `Party ${from + at} (by hand)`, domain: natural ?? naturalOf(from + at) },
        })),
      ),
    spoil: (id) => {
      world.update("companies", id, { mortise_accounts: "no list of anything" })
      return "accounts"
    },
    page: (line: JournalLine) =>
      isRead(line) && line.status === 200
        ? ((JSON.parse(line.responseBody ?? "{}") as Page).results ?? []).map(({ id, properties }) => ({
            id,
            stamp: properties["hs_lastmodifieddate"] ?? "",
          }))
        : undefined,
    sent: (line: JournalLine) =>
      isWrite(line)
        ? ((JSON.parse(line.requestBody) as Sent).inputs ?? []).map(({ properties }) => Object.keys(properties ?? {}))
        : undefined,
    wire: { name: "name", phone: "phone", identity: ["mortise_key"] },
  }
}

const credentialsOf = (world: HubSpotTwin.HubSpotWorld, how: How) =>
  how.oauth === true
    ? {
        clientId: APP.clientId,
        clientSecret: Redacted.make(APP.clientSecret),
        refreshToken: Redacted.make(world.oauth.install({ clientId: APP.clientId })),
      }
    : { token: Redacted.make(world.token) }

const open = ({ mutant }: Setup = {}): Bench => {
  const { clock, backend, door, foreign, run, secrets } = Stage.make(mutant)
  const twin = HubSpotTwin.make({ clock })
  const { world } = twin
  world.oauth.register(APP)
  world.defineProperty("companies", { name: NUMBER, type: "number" })
  const connect = Effect.fnUntraced(function* (asked: How = {}) {
    const how = mutant?.how?.(asked) ?? asked
    const hubspot = yield* HubSpot.make({
      credentials: credentialsOf(world, how),
      portalId: String(world.portal.portalId),
      custom: { Company: [NUMBER] },
      fetch: door(twin.origin, twin.fetch),
      readOnly: how.readOnly ?? false,
      ...how.options,
    })
    if (asked.readOnly !== true) yield* hubspot.prepare()
    return Stage.mutated(hubspot as unknown as Connected, mutant)
  })
  return {
    clock,
    twin,
    backend,
    foreign,
    secrets,
    party: party(world),
    connect,
    run,
    catchUp: Effect.sleep("2 minutes"),
    isWrite,
    isRead,
    isToken,
    isSafe,
  }
}

export const subject: Subject = {
  name: "hubspot",
  absent: { ledger: "HubSpot keeps no ledger: its invoices and payments are copies" },
  open,
}
