/** Association operations: single pairs, batches and labels, at v4 and the dated versions. */

import * as Associations from "./Associations.ts"
import type { AssociationType } from "./AssociationTypes.ts"
import * as AssociationView from "./AssociationView.ts"
import * as Batch from "./Batch.ts"
import type { End } from "./Edges.ts"
import * as Errors from "./Errors.ts"
import type { Call } from "./Hub.ts"
import type { ObjectName } from "./ObjectTypes.ts"
import * as ObjectTypes from "./ObjectTypes.ts"
import { type Handler, limitOf, nextPage, type Parsed, typeOf } from "./Request.ts"

const PAGE = 500
const MOST = { read: 1_000, create: 2_000, archive: 100 } as const

const resolved = (call: Call, type: ObjectName, id: string): End => ({
  type,
  id: call.hub.store.table(type).resolve(id),
})

/** The two ends that the path names. */
const pair = (call: Call, request: Parsed): readonly [from: End, to: End] => {
  const { objectId = "", objectType, toObjectId = "", toObjectType } = request.params
  return [resolved(call, typeOf(objectType).name, objectId), resolved(call, typeOf(toObjectType).name, toObjectId)]
}

const types = (request: Parsed): readonly [from: ObjectName, to: ObjectName] => [
  typeOf(request.params["fromObjectType"]).name,
  typeOf(request.params["toObjectType"]).name,
]

const labelPair = (from: End, to: End, found: ReadonlyArray<AssociationType>) => ({
  fromObjectTypeId: ObjectTypes.of(from.type).id,
  fromObjectId: from.id,
  toObjectTypeId: ObjectTypes.of(to.type).id,
  toObjectId: to.id,
  labels: found.flatMap((type) => (type.label === null ? [] : [type.label])),
})

/** Both directed entries of one association. */
const directed = (from: End, to: End, type: AssociationType) => [
  { from: { id: from.id }, to: { id: to.id }, associationSpec: AssociationView.specOf(type) },
  {
    from: { id: to.id },
    to: { id: from.id },
    associationSpec: { associationCategory: type.category, associationTypeId: type.inverse },
  },
]

export const list: Handler = (call, request) => {
  const [from, to] = pair(call, request)
  const record = call.hub.store.table(from.type).get(from.id)
  if (record === undefined) throw Errors.notFound(`No ${ObjectTypes.of(from.type).singular} with this id was found.`)
  const limit = limitOf(request, PAGE, PAGE)
  const after = request.url.searchParams.get("after") ?? undefined
  const { next, rows } = AssociationView.page(call, from, to.type, limit, after)
  return { status: 200, body: { results: rows, ...nextPage(request, next) } }
}

export const setLabelled: Handler = (call, request) => {
  const [from, to] = pair(call, request)
  const specs = request.body as ReadonlyArray<Associations.Spec>
  const found = call.hub.store.transaction(call.now, () => Associations.setLabels(call, from, to, specs))
  return { status: 201, body: labelPair(from, to, found) }
}

export const setDefault: Handler = (call, request) => {
  const [from, to] = pair(call, request)
  const type = call.hub.store.transaction(call.now, () => Associations.setDefault(call, from, to))
  return Batch.answer(call, 200, { results: directed(from, to, type), errors: [] })
}

export const remove: Handler = (call, request) => {
  const [from, to] = pair(call, request)
  call.hub.store.transaction(call.now, () => Associations.removeAll(call, from, to))
  return { status: 204 }
}

interface PairInput {
  readonly from: { readonly id: string }
  readonly to: { readonly id: string }
  readonly types?: ReadonlyArray<Associations.Spec>
}

interface Inputs<I> {
  readonly inputs: ReadonlyArray<I>
}

/** Observed: a record without associations is no empty row but an item error, and the status is 207. */
const noneFound = (from: End, to: ObjectName): Batch.ItemError => {
  const [source, target] = [ObjectTypes.of(from.type).singular, ObjectTypes.of(to).singular]
  return Errors.item(
    {
      status: 404,
      category: "OBJECT_NOT_FOUND",
      subCategory: "crm.associations.NO_ASSOCIATIONS_FOUND",
      message: `No ${target} is associated with ${source} ${from.id}.`,
      context: { fromObjectId: [from.id], fromObjectType: [source], toObjectType: [target] },
    },
    [],
  )
}

export const batchRead: Handler = (call, request) => {
  const [from, to] = types(request)
  const { inputs } = request.body as Inputs<{ readonly id: string; readonly after?: string }>
  Batch.checkSize(inputs, MOST.read)
  const results: Array<unknown> = []
  const errors: Array<Batch.ItemError> = []
  for (const input of inputs) {
    const end = resolved(call, from, input.id)
    const { next, rows } = AssociationView.page(call, end, to, PAGE, input.after)
    if (rows.length === 0) errors.push(noneFound({ type: from, id: input.id }, to))
    else results.push({ from: { id: input.id }, to: rows, ...nextPage(request, next) })
  }
  return Batch.answer(call, 200, { results, errors })
}

/** Each pair stands alone: the ones that fail are item errors. */
const each = <A>(
  call: Call,
  inputs: ReadonlyArray<PairInput>,
  one: (input: PairInput) => ReadonlyArray<A>,
): Batch.Outcome<A> => {
  Batch.checkSize(inputs, MOST.create)
  const results: Array<A> = []
  const errors: Array<Batch.ItemError> = []
  for (const input of inputs) {
    try {
      results.push(...call.hub.store.transaction(call.now, () => one(input)))
    } catch (error) {
      if (!(error instanceof Errors.Refusal)) throw error
      const context = { fromObjectId: [input.from.id], toObjectId: [input.to.id] }
      errors.push(Errors.item({ ...error.answer, context: { ...error.answer.context, ...context } }, []))
    }
  }
  return { results, errors }
}

/** 201, or 200 where the portal answers in the merged shape of 2026-09. */
const createdStatus = (call: Call): number => (call.family === "2026-09" && call.hub.knobs.mergedBatchShape ? 200 : 201)

export const batchCreate: Handler = (call, request) => {
  const [from, to] = types(request)
  const outcome = each(call, (request.body as Inputs<PairInput>).inputs, (input) => {
    const [source, target] = [resolved(call, from, input.from.id), resolved(call, to, input.to.id)]
    const found = Associations.addTyped(call, source, { to: target, types: input.types ?? [] }, to)
    return [labelPair(source, target, found)]
  })
  return Batch.answer(call, createdStatus(call), outcome)
}

export const batchDefault: Handler = (call, request) => {
  const [from, to] = types(request)
  const outcome = each(call, (request.body as Inputs<PairInput>).inputs, (input) => {
    const [source, target] = [resolved(call, from, input.from.id), resolved(call, to, input.to.id)]
    return directed(source, target, Associations.setDefault(call, source, target))
  })
  return Batch.answer(call, 200, outcome)
}

/** v4 says nothing with a 204, the dated versions with a 200 and an empty batch. */
const emptied = (call: Call) =>
  call.family === "v4" ? { status: 204 } : Batch.answer(call, 200, { results: [], errors: [] })

export const batchArchive: Handler = (call, request) => {
  const [from, to] = types(request)
  const { inputs } = request.body as Inputs<{
    readonly from: { id: string }
    readonly to: ReadonlyArray<{ id: string }>
  }>
  Batch.checkSize(inputs, MOST.archive)
  call.hub.store.transaction(call.now, () => {
    for (const input of inputs) {
      for (const { id } of input.to) {
        Associations.removeAll(call, resolved(call, from, input.from.id), resolved(call, to, id))
      }
    }
  })
  return emptied(call)
}

export const batchLabelArchive: Handler = (call, request) => {
  const [from, to] = types(request)
  const { inputs } = request.body as Inputs<PairInput>
  Batch.checkSize(inputs, MOST.create)
  call.hub.store.transaction(call.now, () => {
    for (const input of inputs) {
      const [source, target] = [resolved(call, from, input.from.id), resolved(call, to, input.to.id)]
      Associations.removeTypes(call, source, target, input.types ?? [])
    }
  })
  return emptied(call)
}
