/** `frappe.client`: documents by name of the method rather than by address. */
import { docstatus, nameOf, text } from "../Doc.ts"
import * as Documents from "../Documents.ts"
import { crash, invalid, missing, Refusal } from "../Errors.ts"
import type { Input } from "../Input.ts"
import * as Permissions from "../Permissions.ts"
import { parseJson } from "../query/Conditions.ts"
import type { Queries } from "../query/Query.ts"
import * as Render from "../Render.ts"
import * as Request from "../Request.ts"
import type { Site } from "../Site.ts"
import type { Method } from "./Method.ts"

const MOST_INSERTS = 200

const STANDARD = new Set([
  "name",
  "owner",
  "creation",
  "modified",
  "modified_by",
  "docstatus",
  "idx",
  "parent",
  "parentfield",
  "parenttype",
])

const shown = (site: Site, doctype: string, name: string): unknown =>
  Render.document(site, Documents.shapeOf(site, doctype), Documents.find(site, doctype, name), true)

const object = (given: unknown): Input => {
  const parsed = typeof given === "string" ? parseJson(given) : given
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw crash("TypeError", "string indices must be integers")
  return parsed as Input
}

const one = (site: Site, input: Input) => {
  const doctype = Request.text(input, "doctype")
  Permissions.requireCreate(site, doctype)
  return Documents.insert(site, doctype, input)
}

const insert: Method = (site, params) => {
  const doc = one(site, object(params["doc"]))
  return Render.document(site, Documents.shapeOf(site, doc.doctype), doc, true)
}

const insertMany: Method = (site, params) => {
  const docs = typeof params["docs"] === "string" ? parseJson(params["docs"]) : params["docs"]
  if (!Array.isArray(docs)) throw crash("TypeError", "the documents are no list")
  if (docs.length > MOST_INSERTS) throw invalid(`At most ${MOST_INSERTS} documents are inserted at once`)
  return docs.map((doc) => nameOf(one(site, object(doc))))
}

/** The stamp is always compared here: a document that was not read cannot be saved. */
const save: Method = (site, params) => {
  const input = object(params["doc"])
  const [doctype, name] = [Request.text(input, "doctype"), Request.text(input, "name")]
  Permissions.requireAction(site, "write", doctype, name)
  const doc = Documents.change(site, doctype, name, input, { expected: Request.text(input, "modified") })
  return Render.document(site, Documents.shapeOf(site, doctype), doc, true)
}

const setValue: Method = (site, params) => {
  const [doctype, name] = [Request.text(params, "doctype"), Request.text(params, "name")]
  const field = Request.json(params, "fieldname")
  const values = typeof field === "string" ? { [field]: params["value"] } : object(field)
  if (Object.keys(values).some((key) => STANDARD.has(key))) throw invalid("Standard fields cannot be set")
  Permissions.requireAction(site, "write", doctype, name)
  const doc = Documents.change(site, doctype, name, values)
  return Render.document(site, Documents.shapeOf(site, doctype), doc, true)
}

/** No savepoints: each document is on its own, and those that fail are told. */
const bulkUpdate: Method = (site, params) => {
  if (typeof params["docs"] !== "string") {
    throw crash("TypeError", "the JSON object must be str, bytes or bytearray, not list")
  }
  const failed: Array<unknown> = []
  for (const given of parseJson(params["docs"]) as ReadonlyArray<unknown>) {
    const { docname, doctype, ...values } = object(given)
    try {
      Permissions.requireAction(site, "write", String(doctype), String(docname))
      Documents.change(site, String(doctype), String(docname), values)
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal
      for (const note of refusal.details.notes ?? []) site.note({ ...note, __frappe_exc_id: site.excId() })
      failed.push({ doc: given, exc: `Traceback (most recent call last):\n${refusal.type}\n` })
    }
  }
  return { failed_docs: failed }
}

const moved =
  (to: 1 | 2): Method =>
  (site, params) => {
    const given = to === 1 ? object(params["doc"]) : params
    const [doctype, name] = [Request.text(given, "doctype"), Request.text(given, "name")]
    Permissions.requireAction(site, to === 1 ? "submit" : "cancel", doctype, name)
    const doc = Documents.move(site, doctype, name, to)
    return Render.document(site, Documents.shapeOf(site, doctype), doc, true)
  }

const remove: Method = (site, params) => {
  const [doctype, name] = [Request.text(params, "doctype"), Request.text(params, "name")]
  if (site.get(doctype, name) === undefined) throw missing(doctype, name)
  Permissions.requireAction(site, "delete", doctype, name)
  Documents.remove(site, doctype, name)
  return undefined
}

const renameDoc: Method = (site, params) => {
  const doctype = Request.text(params, "doctype")
  const from = Request.text(params, "old_name")
  Permissions.requireAction(site, "write", doctype, from)
  return Documents.rename(site, doctype, from, Request.text(params, "new_name"))
}

const firstMatch = (site: Site, queries: Queries, params: Request.Params, fields: ReadonlyArray<unknown>): unknown =>
  queries.run(site, {
    doctype: Request.text(params, "doctype"),
    filters: Request.json(params, "filters"),
    fields,
    length: 1,
    ...parentOf(params),
  })[0]

const parentOf = (params: Request.Params) =>
  Request.text(params, "parent") === "" ? {} : { parent: Request.text(params, "parent") }

const get: Method = (site, params, queries) => {
  const doctype = Request.text(params, "doctype")
  const found =
    params["name"] ?? (firstMatch(site, queries, params, ["name"]) as { readonly name?: string } | undefined)?.name
  if (found === undefined) throw missing(doctype, Request.text(params, "filters"))
  Permissions.requireRead(site, doctype, String(found))
  return shown(site, doctype, String(found))
}

const fieldsOf = (params: Request.Params): ReadonlyArray<unknown> => {
  const given = Request.json(params, "fieldname")
  return Array.isArray(given) ? given : [given]
}

const getValue: Method = (site, params, queries) => {
  const doctype = Request.text(params, "doctype")
  const shape = Documents.shapeOf(site, doctype)
  if (shape.doctype.issingle === 1) {
    Permissions.requireRead(site, doctype, doctype)
    const columns = site.settings(doctype)
    return Object.fromEntries(fieldsOf(params).map((name) => [name, columns[String(name)] ?? null]))
  }
  return firstMatch(site, queries, params, fieldsOf(params)) ?? {}
}

const getList: Method = (site, params, queries) =>
  queries.run(site, {
    doctype: Request.text(params, "doctype"),
    filters: Request.json(params, "filters"),
    orFilters: Request.json(params, "or_filters"),
    ...optional("fields", Request.fields(params)),
    ...optional("orderBy", Request.text(params, "order_by") || undefined),
    ...optional("groupBy", Request.text(params, "group_by") || undefined),
    start: Request.whole(params, "limit_start") ?? 0,
    length: Request.whole(params, "limit_page_length") ?? Request.whole(params, "limit") ?? 20,
    ...parentOf(params),
  })

const optional = <K extends string, A>(name: K, value: A | undefined) =>
  (value === undefined ? {} : { [name]: value }) as { readonly [key in K]?: A }

const getCount: Method = (site, params, queries) =>
  queries.count(site, Request.text(params, "doctype"), Request.json(params, "filters"))

export const methods: { readonly [name: string]: Method } = {
  get,
  get_value: getValue,
  get_list: getList,
  get_count: getCount,
  get_time_zone: (site) => ({ time_zone: text(site.settings("System Settings"), "time_zone") }),
  insert,
  insert_many: insertMany,
  save,
  set_value: setValue,
  bulk_update: bulkUpdate,
  submit: moved(1),
  cancel: moved(2),
  delete: remove,
  rename_doc: renameDoc,
}

/** Methods that a GET may not call. */
export const writers: ReadonlySet<string> = new Set(
  ["insert", "insert_many", "save", "set_value", "bulk_update", "submit", "cancel", "delete", "rename_doc"].map(
    (one) => `frappe.client.${one}`,
  ),
)

/** A document is submitted by the method that bears the name. */
export const run = (site: Site, doctype: string, name: string, method: string): unknown => {
  const doc = Documents.find(site, doctype, name)
  const shape = Documents.shapeOf(site, doctype)
  if (method === "submit" || method === "cancel") {
    Permissions.requireAction(site, method, doctype, name)
    return Render.document(site, shape, Documents.move(site, doctype, name, method === "submit" ? 1 : 2))
  }
  if (method === "save" && docstatus(doc) < 2)
    return Render.document(site, shape, Documents.change(site, doctype, name, {}))
  throw new Refusal(404, "NotFound", { page: true })
}
