/**
 * What stands in a world, without what two equal runs may differ in: ids that the vendor gave, and the time at which
 * something was written. Records are named by what they hold, so that a second one of the same name is seen.
 */
import type * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import type * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import type { StoreBackend } from "@mortise/core/StoreBackend"

const OF_THE_MOMENT = new Set([
  "hs_object_id",
  "createdate",
  "hs_createdate",
  "lastmodifieddate",
  "hs_lastmodifieddate",
])

const lasting = (properties: Readonly<Record<string, string>>): string =>
  JSON.stringify(
    Object.entries(properties)
      .filter(([name]) => !OF_THE_MOMENT.has(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )

/** Every live record with its values and what it is associated with, and every property, one line each. */
export const ofHubspot = (world: HubSpotTwin.HubSpotWorld): ReadonlyArray<string> => {
  const { edges, properties, records } = world.dump()
  const live = records.flatMap(([type, all]) =>
    all.filter(({ archivedAt }) => archivedAt === undefined).map((one) => ({ type, ...one })),
  )
  const names = new Map(live.map((one) => [`${one.type}/${one.id}`, `${one.type} ${lasting(one.properties)}`]))
  const lines = [...names.values()]
  for (const [fromType, fromId, toType, toId, types] of edges) {
    const ends = [names.get(`${fromType}/${fromId}`), names.get(`${toType}/${toId}`)]
    lines.push(`${ends.join(" -> ")} ${[...types].sort().join()}`)
  }
  for (const [type, definitions] of properties.definitions) {
    for (const { createdAt: _, updatedAt: __, ...definition } of definitions) {
      lines.push(`property ${type} ${JSON.stringify(definition)}`)
    }
  }
  return lines.sort()
}

/** The books: all documents of the tenant, to the letter. Sessions and tokens come and go. */
export const ofAcumatica = (world: AcumaticaTwin.AcumaticaWorld): ReadonlyArray<string> =>
  world
    .dump()
    .tenants.flatMap(({ stores }) =>
      Object.entries(stores).flatMap(([name, { docs, late }]) => [
        ...docs.map((doc) => `${name} ${JSON.stringify(doc)}`),
        ...late.map((doc) => `${name} late ${JSON.stringify(doc)}`),
      ]),
    )
    .sort()

export interface Pair {
  readonly acumatica: { readonly world: AcumaticaTwin.AcumaticaWorld }
  readonly hubspot: { readonly world: HubSpotTwin.HubSpotWorld }
}

export const of = ({ acumatica, hubspot }: Pair): ReadonlyArray<string> => [
  ...ofAcumatica(acumatica.world),
  ...ofHubspot(hubspot.world),
]

/** What the store remembers that does not depend on the vendor's ids: who is linked, who waits, who was refused. */
export const ofStore = (backend: { readonly entries: () => ReadonlyArray<{ space: string; key: string }> }) =>
  backend
    .entries()
    .filter(({ space }) => ["cursor", "dead", "intent", "link", "parked", "waits"].includes(space))
    .map(({ key, space }) => `${space} ${key}`)
    .sort()

export type Store = StoreBackend

/** What is in one list and not in the other, as multisets; each line short enough to be read. */
export const difference = (expected: ReadonlyArray<string>, found: ReadonlyArray<string>): ReadonlyArray<string> => {
  const left = new Map<string, number>()
  for (const line of expected) left.set(line, (left.get(line) ?? 0) + 1)
  for (const line of found) left.set(line, (left.get(line) ?? 0) - 1)
  return [...left]
    .filter(([, count]) => count !== 0)
    .map(([line, count]) => `${count > 0 ? "missing" : "too many"} x${Math.abs(count)}: ${line.slice(0, 300)}`)
}
