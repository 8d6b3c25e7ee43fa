/** Batches of records. */
import type * as Associations from "./Associations.ts"
import * as Batch from "./Batch.ts"
import * as Errors from "./Errors.ts"
import { type Call, foldKey } from "./Hub.ts"
import * as ObjectRules from "./ObjectRules.ts"
import type { ObjectType } from "./ObjectTypes.ts"
import * as Records from "./Records.ts"
import type { RecordTable } from "./RecordTable.ts"
import * as RecordView from "./RecordView.ts"
import { flag, type Handler, typeOf } from "./Request.ts"
import type { StoredRecord } from "./State.ts"

interface CreateInput extends Batch.Traced {
  readonly properties: Records.Sent
  readonly associations?: ReadonlyArray<Associations.Input>
}

interface KeyedInput extends Batch.Traced {
  readonly id: string
  readonly idProperty?: string
  readonly properties: Records.Sent
}

interface Inputs<I> {
  readonly inputs: ReadonlyArray<I>
}

const traced = (input: Batch.Traced) =>
  input.objectWriteTraceId === undefined ? {} : { objectWriteTraceId: input.objectWriteTraceId }

const maybeShuffled = <A>(call: Call, outcome: Batch.Outcome<A>, always = false): Batch.Outcome<A> =>
  always || call.hub.knobs.shuffleAllBatches
    ? { ...outcome, results: Batch.shuffled(outcome.results, call.random) }
    : outcome

/** The one row that stands for all ids that were not found. */
const misses = (type: ObjectType, ids: ReadonlyArray<string>): ReadonlyArray<Batch.ItemError> => {
  if (ids.length === 0) return []
  const message = `Could not get some ${type.singular.toUpperCase()} objects, they may be deleted or not exist. Check that ids are valid.`
  return [Errors.item({ status: 404, category: "OBJECT_NOT_FOUND", message, context: { ids } }, [])]
}

interface ReadBody extends Inputs<{ readonly id: string }> {
  readonly idProperty?: string
  readonly properties?: ReadonlyArray<string>
  readonly propertiesWithHistory?: ReadonlyArray<string>
}

const byId = (call: Call, table: RecordTable, id: string): StoredRecord | undefined => {
  const record = table.get(id)
  return record !== undefined && record.id !== id && call.hub.knobs.batchReadMissesMerged ? undefined : record
}

export const read: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  const { idProperty, inputs, properties = [], propertiesWithHistory = [] } = request.body as ReadBody
  Batch.checkSize(inputs, propertiesWithHistory.length > 0 ? 50 : Batch.MAX_INPUTS)
  const ids = inputs.map((input) => input.id)
  Batch.refuseDoubles(ids)
  if (idProperty !== undefined && !call.hub.isUnique(type.name, idProperty)) throw Errors.nonUnique(type.id, idProperty)
  const archived = flag(request, "archived")
  const table = call.hub.store.table(type.name)
  const found: Array<StoredRecord> = []
  const missing: Array<string> = []
  for (const id of ids) {
    const record =
      idProperty === undefined ? byId(call, table, id) : Records.byKey(call, type, idProperty, id, archived)
    if (record === undefined || (record.archivedAt !== undefined) !== archived) missing.push(id)
    else if (!found.includes(record)) found.push(record)
  }
  const selection = { properties, history: propertiesWithHistory }
  const results = found.map((record) => RecordView.view(call, type, record, selection))
  return Batch.answer(call, 200, maybeShuffled(call, { results, errors: misses(type, missing) }))
}

/** Observed of line items alone: equal inputs become one record, and the answer has fewer results than inputs. */
const collapse = (type: ObjectType, inputs: ReadonlyArray<CreateInput>): ReadonlyArray<CreateInput> => {
  if (type.name !== "line_items") return inputs
  const seen = new Map<string, CreateInput>()
  for (const input of inputs) {
    const key = JSON.stringify([
      Object.entries(input.properties).sort(([a], [b]) => (a < b ? -1 : 1)),
      input.associations,
    ])
    if (!seen.has(key)) seen.set(key, input)
  }
  return [...seen.values()]
}

export const create: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  ObjectRules.mayWrite(call, type.name)
  const { inputs } = request.body as Inputs<CreateInput>
  Batch.checkSize(inputs)
  const outcome = Batch.run(call, collapse(type, inputs), (input) => {
    const record = Records.create(call, type, input.properties, input.associations ?? [])
    return { ...RecordView.written(call, type, record, Object.keys(input.properties)), ...traced(input) }
  })
  return Batch.answer(call, 201, maybeShuffled(call, outcome))
}

/** Contacts by email can be upserted and not batch updated. */
const requireUpdateKeys = (call: Call, type: ObjectType, inputs: ReadonlyArray<KeyedInput>): void => {
  for (const property of new Set(inputs.flatMap((input) => input.idProperty ?? []))) {
    if (type.name === "contacts" && property === "email") throw Errors.nonUnique(type.id, property)
    Records.requireKey(call, type, property)
  }
}

export const update: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  ObjectRules.mayWrite(call, type.name)
  const { inputs } = request.body as Inputs<KeyedInput>
  Batch.checkSize(inputs)
  Batch.refuseDoubles(inputs.map((input) => `${input.idProperty ?? ""}${input.id}`))
  requireUpdateKeys(call, type, inputs)
  const target = (input: KeyedInput): StoredRecord | undefined => {
    const record =
      input.idProperty === undefined
        ? call.hub.store.table(type.name).get(input.id)
        : Records.byKey(call, type, input.idProperty, input.id)
    return record?.archivedAt === undefined ? record : undefined
  }
  const missing = inputs.filter((input) => target(input) === undefined)
  const outcome = Batch.run(
    call,
    inputs.filter((input) => !missing.includes(input)),
    (input) => {
      const record = Records.update(call, type, target(input) as StoredRecord, input.properties)
      return { ...RecordView.written(call, type, record, Object.keys(input.properties)), ...traced(input) }
    },
  )
  const errors = [
    ...outcome.errors,
    ...misses(
      type,
      missing.map((input) => input.id),
    ),
  ]
  return Batch.answer(call, 200, maybeShuffled(call, { ...outcome, errors }))
}

const upsertOne = (call: Call, type: ObjectType, input: KeyedInput) => {
  const property = input.idProperty ?? ""
  const owner = Records.byKey(call, type, property, input.id)
  const fill = call.hub.knobs.upsertFillsKey && owner === undefined
  const sent: Records.Sent = fill ? { [property]: input.id, ...input.properties } : input.properties
  const record =
    owner === undefined
      ? Records.create(call, type, sent, [], "upsert")
      : Records.update(call, type, owner, sent, "upsert")
  return {
    ...RecordView.written(call, type, record, [...Object.keys(sent), property]),
    ...traced(input),
    new: owner === undefined,
  }
}

/** Results come back in any order; the key and the trace id are what joins them to the inputs. */
export const upsert: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  ObjectRules.mayWrite(call, type.name)
  const { inputs } = request.body as Inputs<KeyedInput>
  Batch.checkSize(inputs)
  for (const property of new Set(inputs.map((input) => input.idProperty ?? "")))
    Records.requireKey(call, type, property)
  const properties = new Set(inputs.map((input) => input.idProperty))
  for (const property of properties) {
    const own = inputs.filter((input) => input.idProperty === property)
    Batch.refuseDoubles(own.map((input) => foldKey(property ?? "", input.id)))
  }
  const outcome = Batch.run(call, inputs, (input) => upsertOne(call, type, input))
  return Batch.answer(call, 200, maybeShuffled(call, outcome, true))
}

/** Ids that are unknown or archived already are passed over. */
export const archive: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  ObjectRules.mayWrite(call, type.name)
  const { inputs } = request.body as Inputs<{ readonly id: string }>
  Batch.checkSize(inputs)
  Batch.refuseDoubles(inputs.map((input) => input.id))
  call.hub.store.transaction(call.now, () => {
    for (const { id } of inputs) {
      const record = call.hub.store.table(type.name).get(id)
      if (record !== undefined) Records.archive(call, type, record)
    }
  })
  return { status: 204 }
}
