/** The company, as the rules see it. */
import type * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import type { Party } from "@mortise/conformance/kit/Probe"
import { type Asked, type JournalLine, pathOf, portOf } from "@mortise/conformance/kit/Subject"
import * as Identity from "@mortise/hubspot/Identity"

/** A property of the portal's own, a number. */
export const NUMBER = "size_of_site"

/** How late search may see a write, well within the lag that the connector reckons with. */
const LATE_MILLIS = 12_000

interface Sent {
  readonly inputs?: ReadonlyArray<{ readonly properties?: Readonly<Record<string, unknown>> }>
}
interface Page {
  readonly results?: ReadonlyArray<{ readonly id: string; readonly properties: Readonly<Record<string, string>> }>
}

export const isWrite = (request: Asked): boolean =>
  request.method === "POST" && /\/companies\/batch\/(upsert|update|create)$/.test(pathOf(request))
export const isRead = (request: Asked): boolean => /\/objects\/[^/]+\/companies\/search$/.test(pathOf(request))
export const isToken = (request: Asked): boolean => /\/oauth\/[^/]+\/token$/.test(pathOf(request))
export const isSafe = (request: Asked): boolean =>
  request.method === "GET" || isToken(request) || /\/(search|batch\/read)$/.test(pathOf(request))

export const party = (world: HubSpotTwin.HubSpotWorld): Party => {
  const naturalOf = (n: number) => `party-${n}.example`
  const write: Party["write"] = (n, fields) => ({
    key: `acumatica/acme/main|Account|C${n}`,
    fields: fields ?? { name: `Party ${n}`, domain: naturalOf(n) },
  })
  return {
    entity: "Company",
    port: (connected) => portOf(connected, "Company"),
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
    edit: (id, fields) => world.update("companies", id, fields),
    editLate: (id, fields) => {
      const usual = world.knobs.indexLag
      world.knobs.indexLag = { min: LATE_MILLIS, max: LATE_MILLIS }
      world.update("companies", id, fields)
      world.knobs.indexLag = usual
    },
    remove: (id) => world.archive("companies", id),
    merge: (into, from) => world.mergeRecords("companies", into, from),
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
    asked: (line: JournalLine) =>
      isRead(line)
        ? (JSON.parse(line.requestBody) as { readonly properties?: ReadonlyArray<string> }).properties
        : undefined,
    wire: { name: "name", phone: "phone", identity: ["mortise_key"] },
  }
}
