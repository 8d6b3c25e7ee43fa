/**
 * One write request for up to 100 records of one lane. Every input carries a trace id of its own: without them one bad
 * input refuses the whole batch, and results, which come in any order, could not be told apart.
 *
 * HubSpot: guide "Error handling" (`objectWriteTraceId`, 207); order of results observed.
 */
import { Conflict, type ConnectorError, type Reason } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import type { Client, Schemas } from "../Client.ts"
import * as Errors from "../Errors.ts"
import * as Operations from "../Operations.ts"
import type * as Fields from "./Fields.ts"
import type * as Mapping from "./Mapping.ts"
import * as Records from "./Records.ts"

/** One record of a request. */
export interface Input {
  readonly trace: string
  readonly writes: Fields.Writes
  /** The record's id in an update; the value of the key property in an upsert. */
  readonly id?: string
}

/** What became of the inputs that the answer names. */
export interface Answer {
  readonly written: ReadonlyMap<string, { readonly id: string; readonly isNew: boolean | undefined }>
  readonly failed: ReadonlyMap<string, Reason>
}

type Batch = Schemas["RecordBatch"] | Schemas["UpsertedBatch"]

/** Who a result or a failure belongs to: its trace, else the id or key that it names. Never its position. */
const reader = (inputs: ReadonlyArray<Input>, keyOf: (result: Records.Raw) => string | undefined) => {
  const traces = new Set(inputs.map(({ trace }) => trace))
  const byId = new Map(
    inputs.flatMap(({ id, trace }) => (id === undefined ? [] : [[id.toLowerCase(), trace] as const])),
  )
  const known = (trace: unknown) => (typeof trace === "string" && traces.has(trace) ? trace : undefined)
  return {
    ofResult: (result: unknown, raw: Records.Raw) =>
      known((result as { readonly objectWriteTraceId?: unknown }).objectWriteTraceId) ??
      byId.get((keyOf(raw) ?? "").toLowerCase()),
    ofFailure: (failure: Errors.ItemFailure): ReadonlyArray<string> => {
      const named = Errors.tracesOf(failure).flatMap((trace) => known(trace) ?? [])
      if (named.length > 0) return named
      return Errors.idsOf(failure).flatMap((id) => byId.get(id.toLowerCase()) ?? [])
    },
  }
}

const answerOf = (
  data: Batch | undefined,
  inputs: ReadonlyArray<Input>,
  keyOf: (result: Records.Raw) => string | undefined,
): Answer => {
  const who = reader(inputs, keyOf)
  const written = new Map<string, { readonly id: string; readonly isNew: boolean | undefined }>()
  const failed = new Map<string, Reason>()
  for (const result of data?.results ?? []) {
    const raw = Records.raw(result)
    const trace = raw === undefined ? undefined : who.ofResult(result, raw)
    if (raw === undefined || trace === undefined) continue
    const { new: isNew } = result as { readonly new?: unknown }
    written.set(trace, { id: raw.id, isNew: typeof isNew === "boolean" ? isNew : undefined })
  }
  for (const failure of data?.errors ?? []) {
    for (const trace of who.ofFailure(failure)) if (!written.has(trace)) failed.set(trace, Errors.ofItem(failure))
  }
  return { written, failed }
}

/** Creates or updates by a unique property. */
export const upsert = (
  client: Client,
  type: Mapping.ObjectType,
  property: string,
  inputs: ReadonlyArray<Input>,
): Effect.Effect<Answer, ConnectorError> =>
  client
    .call(Operations.objects(type).batchUpsert, (api, door) =>
      api.POST("/crm/objects/2026-09/{objectType}/batch/upsert", {
        ...door,
        params: { path: { objectType: type } },
        body: {
          inputs: inputs.map(({ id = "", trace, writes }) => ({
            id,
            idProperty: property,
            // Whether HubSpot fills the property from the id is not settled, so it is sent with the others.
            properties: { ...writes, [property]: id },
            objectWriteTraceId: trace,
          })),
        },
      }),
    )
    .pipe(Effect.map(({ data }) => answerOf(data, inputs, (raw) => raw.properties[property] ?? undefined)))

/** Updates by record id. */
export const update = (
  client: Client,
  type: Mapping.ObjectType,
  inputs: ReadonlyArray<Input>,
): Effect.Effect<Answer, ConnectorError> =>
  client
    .call(Operations.objects(type).batchUpdate, (api, door) =>
      api.POST("/crm/objects/2026-09/{objectType}/batch/update", {
        ...door,
        params: { path: { objectType: type } },
        body: {
          inputs: inputs.map(({ id = "", trace, writes }) => ({
            id,
            properties: { ...writes },
            objectWriteTraceId: trace,
          })),
        },
      }),
    )
    .pipe(Effect.map(({ data }) => answerOf(data, inputs, (raw) => raw.id)))

/** Creates without a key. After a lost answer nobody can tell what was made. */
export const create = (
  client: Client,
  type: Mapping.ObjectType,
  inputs: ReadonlyArray<Input>,
): Effect.Effect<Answer, ConnectorError> =>
  client
    .once(Operations.objects(type).batchCreate, (api, door) =>
      api.POST("/crm/objects/2026-09/{objectType}/batch/create", {
        ...door,
        params: { path: { objectType: type } },
        body: { inputs: inputs.map(({ trace, writes }) => ({ properties: { ...writes }, objectWriteTraceId: trace })) },
      }),
    )
    .pipe(Effect.map(({ data }) => answerOf(data, inputs, () => undefined)))

/**
 * Why HubSpot says that a key is taken though nobody has it: an archived record may hold it. It is not revived and not
 * written over.
 */
export const archivedHolder = (client: Client, type: Mapping.ObjectType, property: string, key: string) =>
  Records.batchRead(client, type, { ids: [key], idProperty: property, properties: [property], archived: true }).pipe(
    Effect.map((records) => {
      const [holder] = records
      if (holder === undefined) return undefined
      const message = `the archived record ${holder.id} holds this key; restore it in HubSpot or delete it for good`
      return new Conflict({ message, found: holder.id })
    }),
  )
