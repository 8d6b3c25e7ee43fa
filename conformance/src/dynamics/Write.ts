/** Create, update and delete. An update of a key that is not there creates nothing. */
import * as Json from "@mortise/core/Json"
import type { TwinReply } from "../twin/Twin.ts"
import * as Dimensions from "./Dimensions.ts"
import * as Errors from "./Errors.ts"
import type * as Form from "./forms/Form.ts"
import * as Forms from "./forms/Forms.ts"
import type { Field } from "./Model.ts"
import * as Query from "./Query.ts"
import * as Read from "./Read.ts"
import type { Cell, Doc } from "./Record.ts"
import * as Sets from "./Sets.ts"
import { tableOf } from "./Tables.ts"
import * as Values from "./Values.ts"
import * as View from "./View.ts"

type JsonObject = { readonly [name: string]: Json.Json }

const bodyOf = (source: string): JsonObject => {
  let body: Json.Json
  try {
    body = Json.parse(source)
  } catch {
    throw Errors.badBody("The request body is not valid JSON.")
  }
  if (typeof body !== "object" || body === null || Array.isArray(body) || body instanceof Json.JsonNumber) {
    throw Errors.badBody("An object is expected as the request body.")
  }
  return body as JsonObject
}

const unknownMember = (view: View.View, name: string): Errors.Refusal =>
  Errors.badBody(
    `The property '${name}' does not exist on type '${View.typeName(view)}'. Make sure to only use property names that are defined by the type.`,
  )

const typed = (view: View.View, field: Field, value: Json.Json): Cell => {
  const cell = Values.read(view.world.model, field, value)
  if (cell !== undefined) return cell
  throw Errors.badBody(
    `Cannot convert a value of '${field.name}' to the expected target type '${Values.typeName(field)}'.`,
  )
}

/** The text of dimensions to what it means; the format decides which segment is which. */
const dimensions = (view: View.View, column: string, cell: Cell): Cell => {
  const { world } = view
  if (Dimensions.isAccount(column))
    return Dimensions.segments(cell ?? "", world.knobs.delimiter).join(world.knobs.delimiter)
  const isSet = Dimensions.isSet(column)
  if (!isSet && !Dimensions.isLedgerAccount(column)) return cell
  const format = isSet ? world.dimensionFormat() : world.ledgerFormat()
  const parsed = Dimensions.parse(cell ?? "", format)
  const wrong =
    parsed === undefined ? `'${cell}' has more segments than the dimension format` : world.badDimension(parsed)
  if (wrong === undefined) return parsed as Cell
  throw Errors.invalid(view.model.type, tableOf(view.set.table).label, [["Warning", wrong]])
}

interface Sent {
  /** By column of the table. */
  readonly cells: ReadonlyMap<string, Cell>
  readonly company?: string
}

const read = (view: View.View, body: JsonObject, creating: boolean): Sent => {
  const cells = new Map<string, Cell>()
  let company: string | undefined
  for (const [name, value] of Object.entries(body)) {
    if (name.startsWith("@odata.")) {
      if (name === "@odata.type" && value !== `#${View.typeName(view)}`) throw unknownMember(view, `${name}`)
      continue
    }
    const field = view.model.fields.get(name)
    if (field === undefined) throw unknownMember(view, name)
    const cell = typed(view, field, value)
    if (name === "dataAreaId") company = (cell ?? "").toLowerCase()
    else {
      refuseReadOnly(view, field, creating)
      const column = Sets.column(view.set, name)
      cells.set(column, dimensions(view, column, cell))
    }
  }
  return { cells, ...(company === undefined ? {} : { company }) }
}

const refuseReadOnly = (view: View.View, field: Field, creating: boolean): void => {
  const column = Sets.column(view.set, field.name)
  const locked = !creating && Forms.of(view.set.table).locked?.includes(column) === true
  const allowed = (creating ? field.givenAtCreation : field.editable) && !locked
  if (allowed && !column.startsWith("$")) return
  throw Errors.invalid(view.model.type, tableOf(view.set.table).label, [
    ["Warning", `Field '${field.name}' is not editable`],
  ])
}

const refuseUnwritable = ({ view }: Read.Scene, verb: "create" | "update" | "delete"): void => {
  const { access, name } = view.set
  const carrier = access === "carrier" && view.world.knobs.cdsWritable
  const allowed = access === "free" || carrier || (access === "create" && verb === "create")
  if (!allowed) throw Errors.refuse(405, `The entity ${name} does not support ${verb}.`)
}

const contextOf = (scene: Read.Scene, company: string): Form.Context => scene.view.world.context(company)

const refuse = (scene: Read.Scene, context: Form.Context): void => {
  if (context.issues.length === 0) return
  throw Errors.invalid(scene.view.model.type, tableOf(scene.view.set.table).label, context.issues)
}

/** A new record of the company that the body names, or the user's own. */
const companyOf = (scene: Read.Scene, named: string | undefined): string => {
  const { knobs, model } = { knobs: scene.view.world.knobs, model: scene.view.model }
  if (!model.fields.has("dataAreaId")) return ""
  if (named === undefined || named === "") return scene.company
  const asked = Query.isCrossCompany(scene.request.url) || knobs.createWithoutFlag === "body"
  const company = asked ? named : scene.company
  if (scene.view.world.company(company) !== undefined) return company
  const text = `The value '${named}' in field 'Company' is not found in the related table 'Legal entities'`
  throw Errors.invalid(model.type, tableOf(scene.view.set.table).label, [["Warning", text]])
}

const keyText = (view: View.View, doc: Doc): string =>
  view.model.keys
    .filter((name) => name !== "dataAreaId")
    .map((name) => `${name}: ${View.cell(view, doc, View.field(view, name))}`)
    .join(", ")

export const create = (scene: Read.Scene): TwinReply => {
  const { view } = scene
  const { world } = view
  refuseUnwritable(scene, "create")
  Query.refuseUnknown(scene.request.url)
  const sent = read(view, bodyOf(scene.request.body), true)
  const company = companyOf(scene, sent.company)
  const context = contextOf(scene, company)
  const discarded = world.knobs.discards[view.set.name] ?? []
  const kept = [...sent.cells].filter(([column]) => !discarded.includes(column))
  const doc = world.blank(view.set.table, company, Object.fromEntries(kept), context.now)
  const entry: Form.Entry = { doc, sent: new Set(kept.map(([column]) => column)) }
  const form = Forms.of(view.set.table)
  form.create(entry, context)
  const { label } = tableOf(view.set.table)
  if (world.table(view.set.table).twin(doc) !== undefined) {
    throw Errors.alreadyExists(
      view.model.type,
      label,
      keyText(view, doc),
      scene.batched ? 500 : world.knobs.duplicateStatus,
    )
  }
  refuse(scene, context)
  world.save(view.set.table, doc)
  form.saved?.(entry, context)
  const saved = world.table(view.set.table).latest(doc.id) ?? doc
  return {
    ...Errors.json(world.knobs.createdStatus, Read.single(scene, saved, { expand: [] }), {
      etag: View.etag(view, saved),
      location: `${scene.root}/${View.address(view, saved)}`,
    }),
    changed: true,
  }
}

const refuseStale = (scene: Read.Scene, doc: Doc): void => {
  const given = scene.request.headers.get("if-match")
  const { staleEtag } = scene.view.world.knobs
  if (given === null || given === "*" || staleEtag === "ignored" || given === View.etag(scene.view, doc)) return
  throw Errors.updateConflict(staleEtag, tableOf(scene.view.set.table).label)
}

const target = (scene: Read.Scene): Doc => {
  const doc = Read.lookUp(scene, true)
  if (doc === undefined) throw Errors.nothingToUpdate()
  refuseStale(scene, doc)
  return doc
}

const refuseNewKey = (view: View.View, before: Doc, sent: Sent): void => {
  const moved = view.model.keys.some((name) => {
    const given = sent.cells.get(Sets.column(view.set, name))
    return given !== undefined && given !== View.cell(view, before, View.field(view, name))
  })
  const companyMoved = sent.company !== undefined && sent.company !== before.company
  if (moved || companyMoved) throw Errors.badBody("The key of a resource cannot be changed.")
}

export const update = (scene: Read.Scene): TwinReply => {
  const { view } = scene
  const { world } = view
  if (scene.address.key === undefined)
    throw Errors.refuse(400, "More than one resource was found when selecting for update.")
  refuseUnwritable(scene, "update")
  Query.refuseUnknown(scene.request.url)
  const before = target(scene)
  const sent = read(view, bodyOf(scene.request.body), false)
  refuseNewKey(view, before, sent)
  const context = contextOf(scene, before.company)
  const doc = { ...structuredClone(before), fields: { ...before.fields, ...Object.fromEntries(sent.cells) } }
  const entry: Form.Entry = { doc, before, sent: new Set(sent.cells.keys()) }
  const form = Forms.of(view.set.table)
  form.update?.(entry, context)
  refuse(scene, context)
  const changed = world.saveChanged(view.set.table, before, doc, context.now)
  if (changed) form.saved?.(entry, context)
  return { status: 204, headers: { "odata-version": "4.0" }, changed }
}

export const remove = (scene: Read.Scene): TwinReply => {
  const { view } = scene
  if (scene.address.key === undefined)
    throw Errors.refuse(400, "More than one resource was found when selecting for update.")
  refuseUnwritable(scene, "delete")
  Query.refuseUnknown(scene.request.url)
  const doc = target(scene)
  const context = contextOf(scene, doc.company)
  Forms.of(view.set.table).remove?.(doc, context)
  refuse(scene, context)
  view.world.drop(view.set.table, doc)
  return { status: 204, headers: { "odata-version": "4.0" }, changed: true }
}
