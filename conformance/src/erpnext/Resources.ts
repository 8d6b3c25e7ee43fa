/** The routes of documents, in both APIs. */
import type { TwinReply } from "../twin/Twin.ts"
import { nameOf } from "./Doc.ts"
import * as Documents from "./Documents.ts"
import { absent, invalid, json, missing, Refusal } from "./Errors.ts"
import * as Client from "./methods/Client.ts"
import * as Descriptions from "./methods/Descriptions.ts"
import * as Mapped from "./methods/Mapped.ts"
import * as Permissions from "./Permissions.ts"
import type { Queries, Question } from "./query/Query.ts"
import * as Render from "./Render.ts"
import * as Request from "./Request.ts"
import type { Site } from "./Site.ts"

export interface Call {
  readonly site: Site
  readonly queries: Queries
  readonly method: string
  readonly params: Request.Params
  /** What is to be written. */
  readonly body: Request.Params
}

const data = (value: unknown, status = 200): TwinReply => json(status, { data: value })

const nullsIn = (site: Site, kind: "get" | "create"): boolean =>
  site.api === 2 ? site.release.nulls.v2 : site.release.nulls[kind]

const question = (site: Site, doctype: string, params: Request.Params): Question => {
  const fields = Request.fields(params)
  const orderBy = Request.text(params, "order_by")
  const groupBy = Request.text(params, "group_by")
  const parent = Request.text(params, "parent")
  const second = site.api === 2
  const start =
    second && site.release.startHonoured ? Request.whole(params, "start") : Request.whole(params, "limit_start")
  const length = second
    ? Request.whole(params, "limit")
    : (Request.whole(params, "limit_page_length") ?? Request.whole(params, "limit"))
  return {
    doctype,
    filters: Request.json(params, "filters"),
    orFilters: Request.json(params, "or_filters"),
    ...(fields === undefined ? {} : { fields }),
    ...(orderBy === "" ? {} : { orderBy }),
    ...(groupBy === "" ? {} : { groupBy }),
    ...(parent === "" ? {} : { parent }),
    start: start ?? 0,
    length: length ?? 20,
    asDict: !/^(false|0)$/i.test(Request.text(params, "as_dict")),
  }
}

/** v16 tells in v2 whether there is more, and gives nothing for a page of nought rows. */
const list = ({ params, queries, site }: Call, doctype: string): TwinReply => {
  const asked = question(site, doctype, params)
  if (site.api !== 2 || site.release.query !== "new") return data(queries.run(site, asked))
  const length = asked.length ?? 20
  const found = queries.run(site, { ...asked, length: length + 1 })
  return json(200, { data: found.slice(0, length), has_next_page: found.length > length })
}

const namedFor = (site: Site, doctype: string, body: Request.Params): string | undefined => {
  const prompted = site.shape(doctype)?.doctype.autoname === "prompt"
  const { createName } = site.knobs
  const { v1, v2 } = site.release.nameHonoured
  const honoured = createName === "release" ? (site.api === 1 ? v1 : v2) : createName === "honoured"
  if (prompted) return Request.text(body, "__newname") || Request.text(body, "name") || undefined
  return honoured ? Request.text(body, "name") || undefined : undefined
}

const create = ({ body, site }: Call, doctype: string): TwinReply => {
  const shape = Documents.shapeOf(site, doctype)
  Permissions.requireCreate(site, doctype)
  const name = namedFor(site, doctype, body)
  if (shape.doctype.autoname === "prompt" && name === undefined) throw invalid(`A ${doctype} needs a name`)
  const doc = Documents.insert(site, doctype, body, name === undefined ? {} : { name })
  return data(Render.document(site, shape, doc, nullsIn(site, "create")))
}

const read = ({ params, site }: Call, doctype: string, name: string): TwinReply => {
  const shape = Documents.shapeOf(site, doctype)
  Permissions.requireRead(site, doctype, name)
  if (doctype === "DocType") return data(Descriptions.shipped(site, name))
  const doc = Documents.find(site, doctype, name)
  const expand = site.api === 1 && site.release.expandLinks && /^(true|1)$/i.test(Request.text(params, "expand_links"))
  return data(expand ? Render.expanded(site, shape, doc) : Render.document(site, shape, doc, nullsIn(site, "get")))
}

const update = ({ body, site }: Call, doctype: string, name: string): TwinReply => {
  const shape = Documents.shapeOf(site, doctype)
  if (site.get(doctype, name) === undefined) throw missing(doctype, name)
  Permissions.requireAction(site, "write", doctype, name)
  const expected = Request.text(body, "modified")
  const doc = Documents.change(site, doctype, name, body, expected === "" ? {} : { expected })
  return data(Render.document(site, shape, doc, nullsIn(site, "get")))
}

const remove = ({ site }: Call, doctype: string, name: string): TwinReply => {
  if (site.get(doctype, name) !== undefined) Permissions.requireAction(site, "delete", doctype, name)
  Documents.remove(site, doctype, name)
  return json(202, { [site.release.deleteBody]: "ok" })
}

const one = (call: Call, doctype: string, name: string): TwinReply => {
  const { method, params, site } = call
  const runs = Request.text(params, "run_method")
  if (site.api === 1 && runs !== "" && (method === "GET" || method === "POST")) {
    return data(Client.run(site, doctype, name, runs))
  }
  switch (method) {
    case "GET":
      return read(call, doctype, name)
    case "PUT":
      return update(call, doctype, name)
    case "PATCH":
      if (site.api === 1) throw absent()
      return update(call, doctype, name)
    case "DELETE":
      return remove(call, doctype, name)
    default:
      throw absent()
  }
}

/** `/api/resource/...`. */
export const first = (call: Call, [doctype = "", ...rest]: ReadonlyArray<string>): TwinReply => {
  const name = rest.join("/")
  if (name !== "") return one(call, doctype, name)
  if (call.method === "GET") return list(call, doctype)
  if (call.method === "POST") return create(call, doctype)
  throw absent()
}

interface Bulk {
  readonly done: Array<string>
  readonly failed: Array<{ readonly name: string; readonly error: string }>
}

/** Each item on a savepoint of its own; above the threshold the whole is queued. */
const bulk = (
  { site }: Call,
  items: ReadonlyArray<unknown>,
  member: string,
  work: (item: Request.Params) => string,
): TwinReply => {
  if (items.length > site.knobs.bulkThreshold) return json(202, { data: { job_id: site.hash() } })
  const { done, failed }: Bulk = { done: [], failed: [] }
  for (const item of items) {
    const given = (typeof item === "object" && item !== null ? item : { name: item }) as Request.Params
    try {
      done.push(site.store.transaction(() => work(given)))
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal
      failed.push({ name: Request.text(given, "name"), error: refusal.details.message ?? refusal.type })
    }
  }
  const counts = { total: items.length, success_count: done.length, failure_count: failed.length }
  return data({ [member]: done, failed, ...counts })
}

const listOf = (given: unknown): ReadonlyArray<unknown> => (Array.isArray(given) ? given : [])

const bulkRoute = (call: Call, doctype: string, route: string): TwinReply | undefined => {
  const { body, method, site } = call
  if (!site.release.bulk || method !== "POST") return undefined
  if (route === "bulk_update") {
    return bulk(call, listOf(Request.json(body, "docs")), "updated", ({ name, ...values }) => {
      Permissions.requireAction(site, "write", doctype, String(name))
      return nameOf(Documents.change(site, doctype, String(name), values))
    })
  }
  if (route !== "bulk_delete") return undefined
  return bulk(call, listOf(Request.json(body, "names")), "deleted", ({ name }) => {
    Permissions.requireAction(site, "delete", doctype, String(name))
    Documents.remove(site, doctype, String(name))
    return String(name)
  })
}

/** `/api/v2/document/...`. A name that ends as a route does is not told from it. */
export const second = (call: Call, [doctype = "", ...rest]: ReadonlyArray<string>): TwinReply => {
  const { method, site } = call
  if (rest.length === 0) return first(call, [doctype])
  const bulked = rest.length === 1 ? bulkRoute(call, doctype, rest[0] ?? "") : undefined
  if (bulked !== undefined) return bulked
  const at = rest.lastIndexOf("method")
  if (at > 0 && at === rest.length - 2) {
    return data(Client.run(site, doctype, rest.slice(0, at).join("/"), rest[at + 1] ?? ""))
  }
  if (rest.length > 1 && rest.at(-1) === "copy" && method === "GET" && site.release.startHonoured) {
    const name = rest.slice(0, -1).join("/")
    Permissions.requireRead(site, doctype, name)
    return data(Render.document(site, Documents.shapeOf(site, doctype), Mapped.duplicate(site, doctype, name)))
  }
  if (method === "POST") throw absent()
  return one(call, doctype, rest.join("/"))
}

/** `/api/v2/doctype/...`. */
export const doctype = (
  { method, params, queries, site }: Call,
  [name = "", what, ...rest]: ReadonlyArray<string>,
): TwinReply => {
  if (method !== "GET" || rest.length > 0) throw absent()
  if (what === "count") return data(queries.count(site, name, Request.json(params, "filters")))
  if (what === "meta") return data(Descriptions.meta(site, name, false))
  throw absent()
}
