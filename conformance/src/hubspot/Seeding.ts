/** Filling a portal: thousands of records with their associations, in one go. */
import * as Associations from "./Associations.ts"
import type { End } from "./Edges.ts"
import type { Call } from "./Hub.ts"
import * as ObjectRules from "./ObjectRules.ts"
import type { ObjectName } from "./ObjectTypes.ts"
import type { StoredRecord } from "./State.ts"

export interface SeedAssociation {
  readonly type: ObjectName
  /** A record that is there already, or the `ref` of another seed. */
  readonly id?: string
  readonly ref?: string
  /** Type ids of HubSpot's own; the unlabelled one when absent. */
  readonly types?: ReadonlyArray<number>
}

export interface Seed {
  readonly type: ObjectName
  /** A name for associations of other seeds to point at. */
  readonly ref?: string
  readonly properties: Readonly<Record<string, string>>
  readonly createdAt?: number
  readonly updatedAt?: number
  readonly associations?: ReadonlyArray<SeedAssociation>
  /** Leaves the values as they are: no defaults, nothing derived, nothing demanded. */
  readonly raw?: boolean
}

const withoutEmpty = (properties: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== ""))

const put = (call: Call, seed: Seed): End => {
  const values = withoutEmpty(seed.properties)
  if (values["email"] !== undefined && seed.type === "contacts") values["email"] = values["email"].toLowerCase()
  if (seed.raw !== true) ObjectRules.apply(seed.type, { call, before: undefined, values })
  const createdAt = seed.createdAt ?? call.now
  const record: StoredRecord = {
    id: call.hub.store.freshId(),
    properties: values,
    createdAt,
    updatedAt: seed.updatedAt ?? createdAt,
  }
  call.hub.store.put(seed.type, record)
  return { type: seed.type, id: record.id }
}

const connect = (call: Call, from: End, association: SeedAssociation, refs: ReadonlyMap<string, End>): void => {
  const to: End | undefined =
    association.id === undefined ? refs.get(association.ref ?? "") : { type: association.type, id: association.id }
  if (to === undefined) throw new Error(`a seed points at ${association.ref}, which no seed is called`)
  if (association.types === undefined) {
    Associations.setDefault(call, from, to)
    return
  }
  const types = association.types.map((associationTypeId) => ({
    associationCategory: "HUBSPOT_DEFINED",
    associationTypeId,
  }))
  Associations.addTyped(call, from, { to, types }, to.type)
}

/** Puts the records in, then their associations; the ids come in the order of the seeds. */
export const plant = (call: Call, seeds: ReadonlyArray<Seed>): ReadonlyArray<string> => {
  const ends = seeds.map((seed) => put(call, seed))
  const refs = new Map(seeds.flatMap((seed, index) => (seed.ref === undefined ? [] : [[seed.ref, ends[index] as End]])))
  seeds.forEach((seed, index) => {
    for (const association of seed.associations ?? []) connect(call, ends[index] as End, association, refs)
  })
  return ends.map((end) => end.id)
}
