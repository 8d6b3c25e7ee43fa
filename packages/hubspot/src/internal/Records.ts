/** Reading records of one object type: by id, by a unique property, by search. Batches are cut to HubSpot's sizes. */
import { type ConnectorError, Decode } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import type { Client, Schemas } from "../Client.ts"
import * as Errors from "../Errors.ts"
import * as Limits from "../Limits.ts"
import * as Operations from "../Operations.ts"
import type { Props } from "./Fields.ts"
import type { ObjectType } from "./Mapping.ts"

/** A record as HubSpot gives it. */
export interface Raw {
  readonly id: string
  readonly properties: Props
  readonly archived: boolean
  readonly archivedAt?: string
}

/** On survivors of a merge: the ids of the records that it took in. */
export const MERGED = "hs_merged_object_ids"

export const mergedInto = (record: Raw): ReadonlyArray<string> =>
  (record.properties[MERGED] ?? "")
    .split(";")
    .map((id) => id.trim())
    .filter((id) => id !== "" && id !== record.id)

export const chunks = <A>(all: ReadonlyArray<A>, size: number): ReadonlyArray<ReadonlyArray<A>> => {
  const cut: Array<ReadonlyArray<A>> = []
  for (let start = 0; start < all.length; start += size) cut.push(all.slice(start, start + size))
  return cut
}

/** A record in shape, or undefined for something that is none. Ids come as text or as numbers. */
export const raw = (found: unknown): Raw | undefined => {
  if (found === null || typeof found !== "object") return undefined
  const { archived, archivedAt, id, properties } = found as { readonly [key: string]: unknown }
  if ((typeof id !== "string" && typeof id !== "number") || String(id) === "") return undefined
  if (properties === null || typeof properties !== "object") return undefined
  return {
    id: String(id),
    properties: properties as Props,
    archived: archived === true,
    ...(typeof archivedAt === "string" ? { archivedAt } : {}),
  }
}

const allRaw = (operation: string, results: unknown): Effect.Effect<ReadonlyArray<Raw>, ConnectorError> => {
  if (!Array.isArray(results)) {
    const message = "the answer has no `results`"
    return Effect.fail(Errors.fail(operation, new Decode({ message, issues: [{ path: ["results"], message }] })))
  }
  const records = results.map(raw)
  const broken = records.indexOf(undefined)
  if (broken < 0) return Effect.succeed(records as ReadonlyArray<Raw>)
  const message = `result ${broken} is not a record`
  const issues = [{ path: ["results", String(broken)], message }]
  return Effect.fail(Errors.fail(operation, new Decode({ message, issues })))
}

interface BatchRead {
  readonly ids: ReadonlyArray<string>
  readonly properties: ReadonlyArray<string>
  /** The ids are values of this unique property. */
  readonly idProperty?: string
  readonly archived?: boolean
}

/** A miss is no failure; anything else that a batch read could not do is. */
const otherFailure = (batch: Schemas["RecordBatch"]) =>
  (batch.errors ?? []).map(Errors.ofItem).find((reason) => reason._tag !== "NotFound")

const readChunk = Effect.fnUntraced(function* (client: Client, type: ObjectType, read: BatchRead) {
  const operation = Operations.objects(type).batchRead
  const { data } = yield* client.call(operation, (api, door) =>
    api.POST("/crm/objects/2026-09/{objectType}/batch/read", {
      ...door,
      params: { path: { objectType: type }, ...(read.archived === true ? { query: { archived: true } } : {}) },
      body: {
        inputs: read.ids.map((id) => ({ id })),
        properties: [...new Set([...read.properties, MERGED])],
        ...(read.idProperty === undefined ? {} : { idProperty: read.idProperty }),
      },
    }),
  )
  const failure = otherFailure(data)
  if (failure !== undefined) return yield* Effect.fail(Errors.fail(operation.name, failure))
  return yield* allRaw(operation.name, data.results)
})

/** Fresh reads of any number of records; those that do not exist are left out. */
export const batchRead = (client: Client, type: ObjectType, read: BatchRead) =>
  Effect.forEach(chunks([...new Set(read.ids)], Limits.BATCH), (ids) => readChunk(client, type, { ...read, ids })).pipe(
    Effect.map((parts) => parts.flat()),
  )

/** One record by id; undefined when it is not there. Of a merged one the survivor comes, with its own id. */
export const get = (client: Client, type: ObjectType, id: string, properties: ReadonlyArray<string>) => {
  const operation = Operations.objects(type).get
  return client
    .call(operation, (api, door) =>
      api.GET("/crm/objects/2026-09/{objectType}/{objectId}", {
        ...door,
        params: {
          path: { objectType: type, objectId: id },
          query: { properties: [...new Set([...properties, MERGED])] },
        },
      }),
    )
    .pipe(
      Effect.flatMap(({ data }) => allRaw(operation.name, [data])),
      Effect.map((records) => records[0]),
      Effect.catch((error) => (error.reason._tag === "NotFound" ? Effect.succeed(undefined) : Effect.fail(error))),
    )
}

/**
 * Records by id, by the id that was asked for. A merged record is there under its old id, with the survivor's; what a
 * batch read does not find is asked for once more by itself, since only that is known to follow merges.
 */
export const byId = Effect.fnUntraced(function* (
  client: Client,
  type: ObjectType,
  ids: ReadonlyArray<string>,
  properties: ReadonlyArray<string>,
) {
  const wanted = [...new Set(ids)]
  const found = new Map<string, Raw>()
  if (wanted.length === 0) return found
  for (const record of yield* batchRead(client, type, { ids: wanted, properties })) {
    found.set(record.id, record)
    for (const old of mergedInto(record)) if (!found.has(old)) found.set(old, record)
  }
  for (const id of wanted) {
    if (found.has(id)) continue
    const survivor = yield* get(client, type, id, properties)
    if (survivor !== undefined) found.set(id, survivor)
  }
  return found
})

/** Records by the value of a unique property, compared as HubSpot keeps it. */
export const byKey = Effect.fnUntraced(function* (
  client: Client,
  type: ObjectType,
  by: { readonly property: string; readonly keys: ReadonlyArray<string> },
  properties: ReadonlyArray<string>,
) {
  const found = new Map<string, Raw>()
  if (by.keys.length === 0) return found
  const wanted = new Map(by.keys.map((key) => [key.toLowerCase(), key]))
  const also = by.property === "email" ? ["email", "hs_additional_emails"] : [by.property]
  const records = yield* batchRead(client, type, {
    ids: by.keys,
    idProperty: by.property,
    properties: [...properties, ...also],
  })
  for (const record of records) {
    // A secondary email is unique too, and finds the contact that it belongs to.
    for (const value of also.flatMap((name) => (record.properties[name] ?? "").split(";"))) {
      const key = wanted.get(value.trim().toLowerCase())
      if (key !== undefined) found.set(key, record)
    }
  }
  return found
})

export type Filter = Schemas["Filter"]

export interface Search {
  readonly groups: ReadonlyArray<ReadonlyArray<Filter>>
  readonly properties: ReadonlyArray<string>
  readonly sort?: string
  readonly limit: number
  readonly after?: string
}

/** One page of a search, as it came: its rows need not be records in shape. */
export const searchPage = (client: Client, type: ObjectType, search: Search) =>
  client.call(Operations.objects(type).search, (api, door) =>
    api.POST("/crm/objects/2026-09/{objectType}/search", {
      ...door,
      params: { path: { objectType: type } },
      body: {
        filterGroups: search.groups.map((filters) => ({ filters: [...filters] })),
        properties: [...new Set(search.properties)],
        limit: search.limit,
        ...(search.sort === undefined
          ? {}
          : { sorts: [{ propertyName: search.sort, direction: "ASCENDING" as const }] }),
        ...(search.after === undefined ? {} : { after: search.after }),
      },
    }),
  )

/** All results of a query that is expected to have few. Lags behind: never to be used to decide that nothing is there. */
export const searchAll = Effect.fnUntraced(function* (
  client: Client,
  type: ObjectType,
  groups: Search["groups"],
  properties: ReadonlyArray<string>,
) {
  const found: Array<Raw> = []
  let after: string | undefined
  do {
    const search = { groups, properties, limit: Limits.SEARCH_PAGE, ...(after === undefined ? {} : { after }) }
    const { data } = yield* searchPage(client, type, search)
    found.push(...(yield* allRaw(Operations.objects(type).search.name, data.results)))
    after = data.paging?.next?.after
  } while (after !== undefined && found.length < Limits.SEARCH_CAP)
  return found
})

/** One page of the archived records, in the order of their ids. */
export const archivedPage = (
  client: Client,
  type: ObjectType,
  page: { readonly after?: string; readonly properties: ReadonlyArray<string> },
) =>
  client.call(Operations.objects(type).list, (api, door) =>
    api.GET("/crm/objects/2026-09/{objectType}", {
      ...door,
      params: {
        path: { objectType: type },
        query: {
          archived: true,
          limit: Limits.LIST_PAGE,
          properties: [...page.properties],
          ...(page.after === undefined ? {} : { after: page.after }),
        },
      },
    }),
  )
