/** The life of a document: made, changed, submitted, cancelled, deleted, renamed. */
import * as Json from "@mortise/core/Json"
import * as Checks from "./Checks.ts"
import type { Action } from "./controllers/Controller.ts"
import { type Columns, copy, type Doc, docstatus, nameOf, text } from "./Doc.ts"
import { absent, invalid, missing, Refusal, thrown } from "./Errors.ts"
import { apply, fillDefaults, type Input } from "./Input.ts"
import * as Links from "./Links.ts"
import type { Shape } from "./Meta.ts"
import * as Naming from "./Naming.ts"
import * as Render from "./Render.ts"
import type { Site } from "./Site.ts"
import * as Values from "./Values.ts"

export const shapeOf = (site: Site, doctype: string): Shape => {
  const shape = site.shape(doctype)
  if (shape === undefined) throw missing("DocType", doctype)
  return shape
}

export const find = (site: Site, doctype: string, name: string): Doc => {
  const doc = site.get(doctype, name)
  if (doc === undefined) throw missing(doctype, name)
  return doc
}

/** Gives rows their place, their name and their parent. */
const settleRows = (site: Site, shape: Shape, doc: Doc, stamp: string): void => {
  for (const table of shape.tables) {
    for (const [index, row] of (doc.tables[table.fieldname] ?? []).entries()) {
      row["idx"] = index + 1
      row["docstatus"] = docstatus(doc)
      row["name"] ??= site.hash()
      row["owner"] ??= site.user
      row["creation"] ??= stamp
      row["modified"] = stamp
      row["modified_by"] = site.user
      row["parent"] = nameOf(doc)
      row["parentfield"] = table.fieldname
      row["parenttype"] = doc.doctype
    }
  }
}

const put = (site: Site, shape: Shape, doc: Doc): void => {
  Checks.unique(site, shape, doc)
  site.store.put(Values.stored(site, shape, doc))
}

const nameNew = (site: Site, shape: Shape, doc: Doc, asked: string | undefined): string => {
  if (asked !== undefined && asked !== "") return asked
  return site.controller(doc.doctype).name?.(site, doc) ?? Naming.byRule(site, shape, doc)
}

interface InsertOptions {
  /** A name that is obeyed. */
  readonly name?: string
}

/** The document as it is answered; the stored one may be ahead of it. */
export const insert = (site: Site, doctype: string, input: Input, options: InsertOptions = {}): Doc => {
  const shape = shapeOf(site, doctype)
  if (shape.doctype.issingle === 1) return change(site, doctype, doctype, input)
  const controller = site.controller(doctype)
  const doc: Doc = { doctype, columns: {}, tables: {} }
  apply(site, shape, doc, input)
  controller.beforeDefaults?.(site, doc)
  fillDefaults(site, shape, doc.columns, text(doc.columns, "company"))
  for (const table of shape.tables) {
    const child = site.meta.child(table.options ?? "")
    for (const row of doc.tables[table.fieldname] ?? []) {
      delete row["name"]
      fillDefaults(site, child, row, text(doc.columns, "company"))
    }
  }
  const stamp = site.stamp()
  Object.assign(doc.columns, { owner: site.user, creation: stamp, modified: stamp, modified_by: site.user, idx: 0 })
  Links.validate(site, shape, doc)
  controller.beforeInsert?.(site, doc)
  doc.columns["name"] = nameNew(site, shape, doc, options.name)
  settleRows(site, shape, doc, stamp)
  controller.validate?.({ site, doc, before: undefined, action: "insert" })
  settleRows(site, shape, doc, stamp)
  Checks.validate(site, shape, doc, undefined)
  refuseTaken(site, doc)
  put(site, shape, doc)
  controller.afterInsert?.(site, doc)
  if (docstatus(doc) === 1) controller.afterSubmit?.({ site, doc, before: undefined, action: "insert" })
  const events = ["after_insert", "on_update", ...(docstatus(doc) === 1 ? ["on_submit"] : [])]
  for (const event of events) site.webhooks.note(site, event, doc)
  return doc
}

const refuseTaken = (site: Site, { columns, doctype }: Doc): void => {
  const name = text(columns, "name")
  if (!site.store.has(doctype, name)) return
  throw new Refusal(409, "DuplicateEntryError", {
    message: `('${doctype}', '${name}', IntegrityError(1062, "Duplicate entry '${name}' for key 'PRIMARY'"))`,
    notes: [
      { message: `There is a ${doctype} <strong>${name}</strong> already`, title: "Duplicate Name", indicator: "red" },
    ],
  })
}

interface ChangeOptions {
  /** The stamp that the caller read; a mismatch is refused. Undefined for none. */
  readonly expected?: string
}

const stale = (stored: string, attempt: string): Refusal =>
  thrown(417, "TimestampMismatchError", `Modified in the meantime (${stored}, ${attempt}); read it again`)

const refuseHeld = (site: Site, doctype: string, name: string): void => {
  if (site.knobs.lockedDocuments.includes(`${doctype}/${name}`)) {
    throw thrown(417, "DocumentLockedError", `${doctype} ${name} is being worked on in the background`)
  }
}

/** Changes the fields that are sent; `docstatus` among them submits or cancels. */
export const change = (site: Site, doctype: string, path: string, input: Input, options: ChangeOptions = {}): Doc => {
  const shape = shapeOf(site, doctype)
  // A name in the body redirects the save.
  const name = typeof input["name"] === "string" && input["name"] !== "" ? input["name"] : path
  const before = find(site, doctype, name)
  refuseHeld(site, doctype, name)
  const doc = copy(before)
  apply(site, shape, doc, input)
  return write(site, shape, doc, before, options.expected)
}

/** A document whose class is set by hand, without a change of its fields: submit and cancel. */
export const move = (site: Site, doctype: string, name: string, to: 1 | 2): Doc => {
  const before = find(site, doctype, name)
  refuseHeld(site, doctype, name)
  const doc = copy(before)
  doc.columns["docstatus"] = to
  return write(site, shapeOf(site, doctype), doc, before, undefined)
}

const actionOf = (from: number, to: number): Action =>
  from === 0 && to === 1 ? "submit" : from === 1 && to === 2 ? "cancel" : to === 1 ? "change" : "save"

const write = (site: Site, shape: Shape, doc: Doc, before: Doc, expected: string | undefined): Doc => {
  const controller = site.controller(doc.doctype)
  const stamp = site.stamp()
  const was = text(before.columns, "modified")
  Checks.transition(shape, docstatus(before), doc)
  if (expected !== undefined && expected !== was) throw stale(was, stamp)
  const action = actionOf(docstatus(before), docstatus(doc))
  doc.columns["modified"] = stamp
  doc.columns["modified_by"] = site.user
  if (action === "cancel") controller.beforeCancel?.(site, doc)
  else Links.validate(site, shape, doc)
  if (action !== "cancel") controller.validate?.({ site, doc, before, action })
  settleRows(site, shape, doc, stamp)
  if (action !== "cancel") Checks.validate(site, shape, doc, before)
  if (action === "change") Checks.afterSubmit(site, shape, doc, before)
  put(site, shape, doc)
  controller.afterSave?.(site, doc, before)
  const job = { site, doc, before, action }
  if (action === "submit") controller.afterSubmit?.(job)
  if (action === "cancel") {
    controller.afterCancel?.(job)
    site.store.put(Values.stored(site, shape, doc))
  }
  for (const event of [...EVENTS[action], "on_change"]) site.webhooks.note(site, event, doc)
  return doc
}

/** A change after submission has an event of its own, which no webhook waits for. */
const EVENTS: { readonly [action in Action]: ReadonlyArray<string> } = {
  insert: ["after_insert", "on_update"],
  save: ["on_update"],
  submit: ["on_update", "on_submit"],
  change: ["on_update_after_submit"],
  cancel: ["on_cancel"],
}

/** Columns that other documents set past the form: a payment on its invoice. Moves the stamp unless told. */
export const setColumns = (site: Site, doctype: string, name: string, columns: Columns, moves = true): Doc => {
  const doc = copy(find(site, doctype, name))
  Object.assign(doc.columns, columns)
  if (moves) {
    doc.columns["modified"] = site.stamp()
    doc.columns["modified_by"] = site.user
  }
  const made = Values.stored(site, shapeOf(site, doctype), doc)
  site.store.put(made)
  if (moves) site.webhooks.note(site, "on_change", made)
  return made
}

const archive = (site: Site, shape: Shape, doc: Doc): void => {
  const stamp = site.stamp()
  const columns: Columns = {
    name: site.hash(),
    owner: site.user,
    creation: stamp,
    modified: stamp,
    modified_by: site.user,
    deleted_doctype: doc.doctype,
    deleted_name: nameOf(doc),
    data: Json.stringify(Render.document(site, shape, doc, true)),
  }
  site.store.put({ doctype: "Deleted Document", columns, tables: {} })
}

export const remove = (site: Site, doctype: string, name: string): void => {
  const shape = shapeOf(site, doctype)
  const doc = site.get(doctype, name)
  if (doc === undefined) throw absent()
  refuseHeld(site, doctype, name)
  if (docstatus(doc) === 1) throw invalid(`${doctype} ${name} is submitted; cancel it before it is deleted`)
  site.controller(doctype).beforeDelete?.(site, doc)
  Links.refuseDelete(site, doctype, name)
  Naming.giveBack(site, doc)
  site.store.remove(doctype, name)
  site.controller(doctype).afterDelete?.(site, doc)
  archive(site, shape, doc)
  site.webhooks.note(site, "on_trash", doc)
  site.webhooks.note(site, "on_change", doc)
}

export const rename = (site: Site, doctype: string, from: string, to: string): string => {
  const shape = shapeOf(site, doctype)
  const doc = copy(find(site, doctype, from))
  if (shape.doctype.allow_rename !== 1) throw invalid(`${doctype} is not to be renamed`)
  if (site.store.has(doctype, to)) throw invalid(`${doctype} ${to} is there already`)
  site.store.remove(doctype, from)
  doc.columns["name"] = to
  doc.columns["modified"] = site.stamp()
  doc.columns["modified_by"] = site.user
  const namedBy = (shape.doctype.autoname ?? "").replace(/^field:/, "")
  if (shape.field(namedBy) !== undefined) doc.columns[namedBy] = to
  site.controller(doctype).afterRename?.(site, doc, from)
  settleNames(shape, doc)
  site.store.put(Values.stored(site, shape, doc))
  Links.follow(site, doctype, from, to)
  site.note({
    message: `<strong>${from}</strong> is now <strong>${to}</strong>`,
    title: "Message",
    indicator: "green",
    alert: 1,
  })
  return to
}

const settleNames = (shape: Shape, doc: Doc): void => {
  for (const table of shape.tables) for (const row of doc.tables[table.fieldname] ?? []) row["parent"] = nameOf(doc)
}
