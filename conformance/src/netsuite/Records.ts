/** The operations on one record: read, create, update, upsert by external id, delete, transform, attach. */
import type { TwinReply } from "../twin/Twin.ts"
import * as Attach from "./Attach.ts"
import * as Body from "./Body.ts"
import { type Call, permit, resource, viewOf } from "./Call.ts"
import * as Errors from "./Errors.ts"
import * as List from "./List.ts"
import type { Patch } from "./Patch.ts"
import type { Doc } from "./Record.ts"
import * as Record from "./Record.ts"
import * as Render from "./Render.ts"
import { RECORDS } from "./Spec.ts"
import * as Transform from "./Transform.ts"
import * as Types from "./Types.ts"
import * as Write from "./Write.ts"

const EXTERNAL_ID = /^eid:([\p{L}0-9_-]+)$/u

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw Errors.badRequest("The address is not valid.")
  }
}

/** By internal id or `eid:`; a locked one cannot be loaded, for a record is loaded as for editing. */
const load = (call: Call, type: string, name: string): Doc => {
  const table = call.world.tableOf(type)
  const externalId = EXTERNAL_ID.exec(name)?.[1]
  const found = externalId === undefined ? table.get(name) : table.byExternal(externalId)
  const doc = found === undefined ? undefined : table.get(found.id)
  if (doc?.type !== type) throw Errors.gone()
  if (doc.locked) throw Errors.locked()
  return doc
}

const fieldsOf = (call: Call, type: string): ReadonlySet<string> | undefined => {
  const asked = call.request.url.searchParams.get("fields")
  if (asked === null) return undefined
  const names = asked.split(",").map((one) => one.trim())
  const { members } = call.world.shapes.of(type)
  const unknown = names.find((name) => {
    const kind = members.get(name)?.kind
    return kind === undefined || kind === "sub" || kind === "refs"
  })
  if (unknown !== undefined) throw Errors.badParameter(`Invalid field: ${unknown}.`, "fields")
  return new Set(names)
}

const get = (call: Call, type: string, name: string): TwinReply => {
  permit(call, type, "view")
  const doc = load(call, type, name)
  return resource("singular", Render.record(viewOf(call), doc, fieldsOf(call, type)))
}

/** A body as it was read, and the headers of its answer. */
interface Content {
  readonly patch: Patch
  readonly headers: Readonly<{ [name: string]: string }>
}

const warning = (names: ReadonlyArray<string>): string =>
  `Unknown property names were ignored: ${names.map((one) => `'${one}'`).join(", ")}`

/** Unknown names are dropped with a warning in a header, unless the request asks for more or for less. */
export const bodyOf = (call: Call, type: string, value = Body.parse(call.request.body || "{}")): Content => {
  const { patch, unknown } = Body.read(call.world, type, value)
  const mode = (call.request.headers.get("x-netsuite-propertynamevalidation") ?? "Warning").toLowerCase()
  if (unknown.length === 0 || mode === "ignore") return { patch, headers: {} }
  if (mode === "error") {
    throw Errors.refuse(
      400,
      ...unknown.map((path) => ({
        detail: `Unknown property name: ${path}.`,
        code: call.world.knobs.unknownName,
        path,
      })),
    )
  }
  return { patch, headers: { "x-netsuite-warning": warning(unknown), "x-netsuite-propertyvalidation": "Warning" } }
}

export const optionsOf = (call: Call): Write.Options => {
  const { searchParams } = call.request.url
  const replace = new Set((searchParams.get("replace") ?? "").split(",").filter((one) => one !== ""))
  return { replace, selected: searchParams.get("replaceSelectedFields") === "true" }
}

/** No body; the address of the record, by its id or by the external id that it was written by. */
export const made = (call: Call, doc: Doc, headers: Content["headers"], externalId?: string): TwinReply => {
  const byKey = externalId !== undefined && call.world.knobs.location === "eid"
  const location = `${call.origin}${RECORDS}/${doc.type}/${byKey ? `eid:${externalId}` : doc.id}`
  return { status: 204, headers: { location, ...headers }, changed: true }
}

const create = (call: Call, type: string): TwinReply => {
  permit(call, type, "full")
  const { headers, patch } = bodyOf(call, type)
  return made(call, Write.create(call.world, type, patch, call.world.now(), optionsOf(call)), headers)
}

const latest = (call: Call, doc: Doc): Doc => call.world.tableOf(doc.type).latest(doc.id) ?? doc

const update = (call: Call, type: string, name: string): TwinReply => {
  permit(call, type, "full")
  const doc = load(call, type, name)
  const { headers, patch } = bodyOf(call, type)
  return made(call, Write.update(call.world, latest(call, doc), patch, call.world.now(), optionsOf(call)), headers)
}

/** Creates or updates; nothing in the answer tells which. */
export const upsert = (call: Call, type: string, externalId: string, body: Content): Doc => {
  const { world } = call
  const found = world.tableOf(type).byExternal(externalId)
  if (found !== undefined && found.type !== type) {
    throw Errors.duplicate(Types.get(type).group === "entities" ? "entity" : "record")
  }
  if (found?.locked === true) throw Errors.locked()
  // The key in the address is the key, whatever the body says; a record keeps the letters of its own.
  const key = found === undefined ? externalId : Record.text(found, "externalId")
  const patch = { ...body.patch, fields: { ...body.patch.fields, externalId: key } }
  return found === undefined
    ? Write.create(world, type, patch, world.now(), optionsOf(call))
    : Write.update(world, found, patch, world.now(), optionsOf(call))
}

const put = (call: Call, type: string, name: string): TwinReply => {
  permit(call, type, "full")
  const externalId = EXTERNAL_ID.exec(name)?.[1]
  if (externalId === undefined) throw Errors.badRequest("An upsert takes an external ID: use eid: and the external ID.")
  const body = bodyOf(call, type)
  return made(call, upsert(call, type, externalId, body), body.headers, externalId)
}

const remove = (call: Call, type: string, name: string): TwinReply => {
  permit(call, type, "full")
  const doc = load(call, type, name)
  Write.remove(call.world, latest(call, doc), call.world.now())
  return { status: 204, changed: true }
}

const SINGLE: Readonly<{ [method: string]: (call: Call, type: string, name: string) => TwinReply }> = {
  GET: get,
  PATCH: update,
  PUT: put,
  DELETE: remove,
}

const single = (call: Call, type: string, name: string): TwinReply => {
  const operation = SINGLE[call.request.method]
  if (operation === undefined) throw Errors.notAllowed()
  return operation(call, type, name)
}

/** `rest` is what stands behind `/record/v1/`. */
export const handle = (call: Call, rest: ReadonlyArray<string>): TwinReply => {
  const [type = "", name, action = "", ...more] = rest.map(decoded)
  if (name === undefined) return call.request.method === "GET" ? List.handle(call, type) : create(call, type)
  if (action === "") return single(call, type, name)
  if (action === "!transform") return Transform.handle(call, load(call, type, name), more[0] ?? "")
  return Attach.handle(call, load(call, type, name), action === "!attach", more[1] ?? "")
}
