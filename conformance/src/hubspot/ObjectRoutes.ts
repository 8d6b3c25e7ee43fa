/** Operations on one record, and the list. */
import type { TwinReply } from "../twin/Twin.ts"
import * as Associations from "./Associations.ts"
import * as AssociationView from "./AssociationView.ts"
import * as Errors from "./Errors.ts"
import type { Call } from "./Hub.ts"
import * as Merge from "./Merge.ts"
import * as ObjectRules from "./ObjectRules.ts"
import type { ObjectType } from "./ObjectTypes.ts"
import * as Records from "./Records.ts"
import * as RecordView from "./RecordView.ts"
import { flag, type Handler, limitOf, listOf, nextPage, type Parsed, typeOf } from "./Request.ts"
import type { StoredRecord } from "./State.ts"

const PAGE = 100
const PAGE_WITH_HISTORY = 50

const withAssociations = (call: Call, type: ObjectType, record: StoredRecord, request: Parsed) => {
  const properties = listOf(request, "properties")
  const history = listOf(request, "propertiesWithHistory")
  const shown = RecordView.view(call, type, record, { properties, history })
  const associations = AssociationView.inline(call, type, record, listOf(request, "associations"))
  return { ...shown, ...(associations === undefined ? {} : { associations }) }
}

/** A page starts at `after`, which is the id of the next record. */
export const list: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  const most = listOf(request, "propertiesWithHistory").length > 0 ? PAGE_WITH_HISTORY : PAGE
  const limit = limitOf(request, 10, most)
  const archived = flag(request, "archived")
  const results: Array<unknown> = []
  for (const record of call.hub.store.table(type.name).from(request.url.searchParams.get("after") ?? undefined)) {
    if ((record.archivedAt !== undefined) !== archived) continue
    if (results.length === limit) return { status: 200, body: { results, ...nextPage(request, record.id) } }
    results.push(withAssociations(call, type, record, request))
  }
  return { status: 200, body: { results } }
}

const addressed = (call: Call, type: ObjectType, request: Parsed, archived = false): StoredRecord => {
  const id = request.params["objectId"] ?? ""
  const property = request.url.searchParams.get("idProperty")
  if (property === null) return Records.byId(call, type, id, archived)
  if (property === "hs_object_id") throw Errors.nonUnique(type.id, property)
  const record = Records.byKey(call, type, property, id, archived)
  if (record === undefined) throw Errors.notFound(`No ${type.singular} has this value of ${property}.`)
  return record
}

export const get: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  return {
    status: 200,
    body: withAssociations(call, type, addressed(call, type, request, flag(request, "archived")), request),
  }
}

interface CreateBody {
  readonly properties: Records.Sent
  readonly associations?: ReadonlyArray<Associations.Input>
}

export const create: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  ObjectRules.mayWrite(call, type.name)
  const { associations = [], properties } = request.body as CreateBody
  const record = call.hub.store.transaction(call.now, () => Records.create(call, type, properties, associations))
  return { status: 201, body: RecordView.written(call, type, record, Object.keys(properties)) }
}

export const update: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  ObjectRules.mayWrite(call, type.name)
  const property = request.url.searchParams.get("idProperty")
  if (property !== null) Records.requireKey(call, type, property)
  const { properties } = request.body as CreateBody
  const before = addressed(call, type, request)
  const record = call.hub.store.transaction(call.now, () => Records.update(call, type, before, properties))
  return { status: 200, body: RecordView.written(call, type, record, Object.keys(properties)) }
}

export const archive: Handler = (call, request) => {
  const type = typeOf(request.params["objectType"])
  ObjectRules.mayWrite(call, type.name)
  const record = call.hub.store.table(type.name).get(request.params["objectId"] ?? "")
  if (record === undefined) throw Errors.notFound(`No ${type.singular} with this id was found.`)
  call.hub.store.transaction(call.now, () => Records.archive(call, type, record))
  return { status: 204 }
}

export const merge: Handler = (call, request): TwinReply => {
  const type = typeOf(request.params["objectType"])
  if (!type.mergeable.includes(call.family)) throw Errors.notFound(`${type.name} cannot be merged at ${call.family}.`)
  const { objectIdToMerge, primaryObjectId } = request.body as Readonly<Record<string, string>>
  const record = call.hub.store.transaction(call.now, () =>
    Merge.merge(call, type, primaryObjectId ?? "", objectIdToMerge ?? ""),
  )
  return { status: 200, body: RecordView.view(call, type, record) }
}

/** Privacy deletion: contacts only before 2026-09, and for good. */
export const gdprDelete: Handler = (call, request): TwinReply => {
  const type = typeOf(request.params["objectType"])
  if (type.name !== "contacts" && call.family !== "2026-09") throw Errors.notFound(`${type.name} are not served here.`)
  const { idProperty, objectId = "" } = request.body as { readonly objectId?: string; readonly idProperty?: string }
  const record =
    idProperty === undefined
      ? call.hub.store.table(type.name).get(objectId)
      : Records.byKey(call, type, idProperty, objectId)
  if (record === undefined) throw Errors.notFound(`No ${type.singular} with this id was found.`)
  call.hub.store.transaction(call.now, () => {
    Associations.dropAll(call, { type: type.name, id: record.id })
    call.hub.store.remove(type.name, record.id)
  })
  return { status: 204 }
}
