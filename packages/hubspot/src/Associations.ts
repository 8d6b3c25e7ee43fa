/**
 * Associations between records, in batches. Types are directional, and the reverse type of a pair is refused; a set with
 * labels replaces the labels that are there, so those to keep are sent along. Setting and taking away can both be
 * repeated.
 *
 * HubSpot: guide "Associate records" v4. Type 1 (contact to company) and 5 (deal to company) mark the primary company.
 */
import { type ConnectorError, Decode } from "@mortise/core/ConnectorError"
import type * as Replay from "@mortise/core/Replay"
import * as Effect from "effect/Effect"
import type { Client, Schemas, Send } from "./Client.ts"
import * as Errors from "./Errors.ts"
import type { ObjectType } from "./internal/Mapping.ts"
import { chunks } from "./internal/Records.ts"
import * as Limits from "./Limits.ts"
import * as Operations from "./Operations.ts"

/** One record that another is associated with, and how. */
export interface Edge {
  readonly id: string
  /** HubSpot's own types, and those with a label, of the pair. */
  readonly types: ReadonlyArray<Schemas["AssociationSpec"]>
}

export type Edges = ReadonlyMap<string, ReadonlyArray<Edge>>

export const hasType = (edge: Edge, typeId: number | undefined): boolean =>
  typeId !== undefined && edge.types.some(({ associationTypeId }) => associationTypeId === typeId)

export const defined = (associationTypeId: number): Schemas["AssociationSpec"] => ({
  associationCategory: "HUBSPOT_DEFINED",
  associationTypeId,
})

interface Between {
  readonly from: ObjectType
  readonly to: ObjectType
}

const path = ({ from, to }: Between) => ({ path: { fromObjectType: from, toObjectType: to } })

const edgeOf = (row: Schemas["AssociationRow"]): Edge => ({
  id: String(row.toObjectId),
  types: row.associationTypes.map(({ category, typeId }) => ({
    associationCategory: category,
    associationTypeId: typeId,
  })),
})

/** A record without associations is a miss and no failure. */
const firstFailure = (operation: string, failures: ReadonlyArray<Errors.ItemFailure> | undefined) => {
  const reason = (failures ?? []).map(Errors.ofItem).find(({ _tag }) => _tag !== "NotFound")
  return reason === undefined ? undefined : Errors.fail(operation, reason)
}

const REPEATED = new Decode({ message: "HubSpot goes on from a place that it gave before", issues: [] })

/** What these records are associated with, by record. Long lists are read to their end. */
export const read = Effect.fnUntraced(function* (
  client: Client,
  between: Between,
  ids: ReadonlyArray<string>,
): Effect.fn.Return<Edges, ConnectorError> {
  const operation = Operations.associations.batchRead
  const found = new Map<string, Array<Edge>>()
  let open: ReadonlyArray<{ readonly id: string; readonly after?: string }> = [...new Set(ids)].map((id) => ({ id }))
  while (open.length > 0) {
    const further: Array<{ readonly id: string; readonly after: string }> = []
    for (const inputs of chunks(open, Limits.ASSOCIATION_READ)) {
      const { data } = yield* client.call(operation, (api, door) =>
        api.POST("/crm/associations/2026-03/{fromObjectType}/{toObjectType}/batch/read", {
          ...door,
          params: path(between),
          body: { inputs: [...inputs] },
        }),
      )
      const failure = firstFailure(operation.name, data.errors)
      if (failure !== undefined) return yield* Effect.fail(failure)
      for (const { from, paging, to } of data.results) {
        found.set(from.id, [...(found.get(from.id) ?? []), ...to.map(edgeOf)])
        const after = paging?.next?.after
        const asked = inputs.find(({ id }) => id === from.id)?.after
        if (after === undefined) continue
        if (after === asked) return yield* Effect.fail(Errors.fail(operation.name, REPEATED))
        further.push({ id: from.id, after })
      }
    }
    open = further
  }
  return found
})

export interface Pair {
  readonly from: string
  readonly to: string
}

export interface LabelledPair extends Pair {
  readonly types: ReadonlyArray<Schemas["AssociationSpec"]>
}

const ends = ({ from, to }: Pair) => ({ from: { id: from }, to: { id: to } })

interface Parts<A> {
  readonly all: ReadonlyArray<A>
  readonly size: number
}

/** Sends pairs in requests of HubSpot's size. A pair that failed is a failure of the request. */
const inParts = <A>(
  client: Client,
  operation: Replay.Operation<"safe">,
  { all, size }: Parts<A>,
  send: (part: ReadonlyArray<A>) => Send<{ readonly errors?: ReadonlyArray<Errors.ItemFailure> }>,
) =>
  Effect.forEach(
    chunks(all, size),
    (part) =>
      Effect.flatMap(client.call(operation, send(part)), ({ data }) => {
        const reason = (data?.errors ?? []).map(Errors.ofItem)[0]
        return reason === undefined ? Effect.void : Effect.fail(Errors.fail(operation.name, reason))
      }),
    { discard: true },
  )

/** Associates pairs without a label. The first company of a record becomes its primary one. */
export const associate = (client: Client, between: Between, pairs: ReadonlyArray<Pair>) =>
  inParts(
    client,
    Operations.associations.batchDefault,
    { all: pairs, size: Limits.ASSOCIATION_WRITE },
    (part) => (api, door) =>
      api.POST("/crm/associations/2026-03/{fromObjectType}/{toObjectType}/batch/associate/default", {
        ...door,
        params: path(between),
        body: { inputs: part.map(ends) },
      }),
  )

const typed = (part: ReadonlyArray<LabelledPair>) => ({
  inputs: part.map((pair) => ({ ...ends(pair), types: [...pair.types] })),
})

/** Sets exactly these types on the pairs. */
export const label = (client: Client, between: Between, pairs: ReadonlyArray<LabelledPair>) =>
  inParts(
    client,
    Operations.associations.batchCreate,
    { all: pairs, size: Limits.ASSOCIATION_WRITE },
    (part) => (api, door) =>
      api.POST("/crm/associations/2026-03/{fromObjectType}/{toObjectType}/batch/create", {
        ...door,
        params: path(between),
        body: typed(part),
      }),
  )

/** Takes labels of pairs away and leaves the pairs associated. */
export const unlabel = (client: Client, between: Between, pairs: ReadonlyArray<LabelledPair>) =>
  inParts(
    client,
    Operations.associations.batchLabelArchive,
    { all: pairs, size: Limits.ASSOCIATION_WRITE },
    (part) => (api, door) =>
      api.POST("/crm/associations/2026-03/{fromObjectType}/{toObjectType}/batch/labels/archive", {
        ...door,
        params: path(between),
        body: typed(part),
      }),
  )

/** Takes every association of the pairs away. */
export const dissociate = (client: Client, between: Between, pairs: ReadonlyArray<Pair>) => {
  const byFrom = new Map<string, Array<string>>()
  for (const { from, to } of pairs) byFrom.set(from, [...(byFrom.get(from) ?? []), to])
  return inParts(
    client,
    Operations.associations.batchArchive,
    { all: [...byFrom], size: Limits.ASSOCIATION_ARCHIVE },
    (part) => (api, door) =>
      api.POST("/crm/associations/2026-03/{fromObjectType}/{toObjectType}/batch/archive", {
        ...door,
        params: path(between),
        body: { inputs: part.map(([from, to]) => ({ from: { id: from }, to: to.map((id) => ({ id })) })) },
      }),
  )
}
