/** Lists and reads by key. */
import type { TwinReply, TwinRequest } from "../twin/Twin.ts"
import type { Address } from "./Address.ts"
import * as Collation from "./Collation.ts"
import * as Errors from "./Errors.ts"
import * as Links from "./Links.ts"
import type { Literal } from "./Literals.ts"
import type { Field } from "./Model.ts"
import * as Money from "./Money.ts"
import * as Query from "./Query.ts"
import * as Random from "./Random.ts"
import type { Doc } from "./Record.ts"
import * as Rows from "./Rows.ts"
import * as Sets from "./Sets.ts"
import type { Table } from "./Table.ts"
import * as Values from "./Values.ts"
import * as View from "./View.ts"

/** What a request is dealt with in. */
export interface Scene {
  readonly view: View.View
  readonly address: Address
  readonly request: TwinRequest
  /** Where OData is served. */
  readonly root: string
  /** The user's own company, lower case. */
  readonly company: string
  readonly batched: boolean
}

/** Rows of other companies are only there for who asks across companies. */
const isInScope = (scene: Scene, crossCompany: boolean): ((doc: Doc) => boolean) =>
  crossCompany ? () => true : (doc) => doc.company === "" || doc.company === scene.company

const literalFits = (view: View.View, field: Field, literal: Literal, doc: Doc): boolean => {
  const value = View.cell(view, doc, field) ?? ""
  if (Values.isNumber(field)) return Money.compare(value, literal.text) === 0
  if (literal.kind === "time") return Date.parse(value) === literal.millis
  if (field.kind === "enum") return value === literal.text
  return value.toLowerCase() === literal.text.toLowerCase()
}

const fitsKind = (field: Field, literal: Literal): boolean => {
  if (Values.isNumber(field)) return literal.kind === "number"
  if (Values.isTime(field)) return literal.kind === "time"
  if (field.kind === "enum") return literal.kind === "enum" && literal.enumeration === field.enumeration
  return literal.kind === field.kind
}

/** The key of an address by the names of its parts. Every part has to be there. */
export const keyOf = ({ address, view }: Pick<Scene, "address" | "view">): ReadonlyMap<string, Literal> => {
  const { keys, fields } = view.model
  const given = address.key ?? new Map<string, Literal>()
  const only = given.get("")
  const key = only !== undefined && keys.length === 1 ? new Map([[keys[0] ?? "", only]]) : given
  const known = keys.filter((name) => key.has(name))
  if (known.length < keys.length || key.size !== keys.length) {
    throw Errors.badQuery(
      `Only ${known.length} of ${keys.length} keys provided for lookup, provide keys for ${keys.join(",")}.`,
    )
  }
  for (const [name, literal] of key) {
    const field = fields.get(name) as Field
    if (!fitsKind(field, literal))
      throw Errors.badQuery(`The value of key '${name}' is not of type ${Values.typeName(field)}.`)
  }
  return key
}

type Finder = (column: string, value: string) => ReadonlyArray<Doc>

const candidates = (view: View.View, key: ReadonlyMap<string, Literal>, find: Finder, table: Table): Iterable<Doc> => {
  for (const [name, literal] of key) {
    const column = Sets.column(view.set, name)
    const field = view.model.fields.get(name) as Field
    const indexed = column === "$recId" || (field.kind === "text" && !column.startsWith("$"))
    if (indexed && column !== "dataAreaId") return find(column, literal.text)
  }
  return table.latestValues()
}

/** `latest`: as a writer finds it. */
export const lookUp = (scene: Scene, latest: boolean): Doc | undefined => {
  const { view } = scene
  const key = keyOf(scene)
  const table = view.world.table(view.set.table)
  const find: Finder = (column, value) => (latest ? table.latestWhere(column, value) : table.where(column, value))
  const inScope = isInScope(scene, Query.isCrossCompany(scene.request.url))
  for (const doc of candidates(view, key, find, table)) {
    if (!latest && table.get(doc.id) === undefined) continue
    const fits = [...key].every(([name, one]) => literalFits(view, view.model.fields.get(name) as Field, one, doc))
    if (fits && inScope(doc)) return doc
  }
  return undefined
}

const missing = (scene: Scene): Errors.Refusal =>
  scene.view.world.knobs.missingRecord === 404
    ? Errors.notFound(`Resource for the segment '${scene.view.set.name}'`)
    : Errors.refuse(400, "No resources were found.")

export const found = (scene: Scene): Doc => {
  const doc = lookUp(scene, false)
  if (doc === undefined) throw missing(scene)
  return doc
}

const compareCells = (view: View.View, field: Field, a: Doc, b: Doc): number => {
  const [left, right] = [View.cell(view, a, field) ?? "", View.cell(view, b, field) ?? ""]
  if (Values.isNumber(field)) return Money.compare(left === "" ? "0" : left, right === "" ? "0" : right)
  if (Values.isTime(field)) return Date.parse(left) - Date.parse(right)
  return Collation.compare(view.world.knobs.collation, left, right)
}

type Order = (a: Doc, b: Doc) => number

const byPlace = (view: View.View, docs: ReadonlyArray<Doc>, salt: number): Order => {
  const ranks = new Map(docs.map((doc) => [doc.id, Random.rank(view.world.seedNumber + salt, doc.id)]))
  return (a, b) => (ranks.get(a.id) as number) - (ranks.get(b.id) as number) || (a.id < b.id ? -1 : 1)
}

/** Ties under `$orderby` come in no order that holds. */
const order = (view: View.View, query: Query.Query, docs: ReadonlyArray<Doc>): Order => {
  const { listOrder } = view.world.knobs
  const fields =
    query.orderby.length === 0 && listOrder === "key"
      ? view.model.keys.map((name) => [view.model.fields.get(name) as Field, false] as const)
      : query.orderby
  const ties = byPlace(view, docs, listOrder === "reshuffled" ? view.world.salt() : 0)
  return (a, b) => {
    for (const [field, descending] of fields) {
      const compared = compareCells(view, field, a, b)
      if (compared !== 0) return descending ? -compared : compared
    }
    return ties(a, b)
  }
}

const matching = (scene: Scene, query: Query.Query): ReadonlyArray<Doc> => {
  const { view } = scene
  const table = view.world.table(view.set.table)
  const { filter } = query
  const all =
    filter?.equality === undefined ? [...table.values()] : table.where(filter.equality.column, filter.equality.value)
  const inScope = isInScope(scene, query.crossCompany)
  return all.filter((doc) => inScope(doc) && (filter === undefined || filter.test(doc)))
}

/** The key, which makes an order whole. */
const isWhole = (view: View.View, query: Query.Query): boolean => {
  const ordered = new Set(query.orderby.map(([field]) => field.name))
  return view.model.keys.every((name) => ordered.has(name))
}

/** Pages of one crawl ask the same again and again: the last answer is kept while nothing changes. */
const ordered = (scene: Scene, query: Query.Query): ReadonlyArray<Doc> => {
  const { view } = scene
  const { world } = view
  const read = (name: string) => scene.request.url.searchParams.get(name) ?? ""
  const scope = query.crossCompany ? "*" : scene.company
  const name = [view.set.name, scope, read("$filter"), read("$orderby"), world.knobs.collation].join("\n")
  const { version } = world.table(view.set.table)
  const known = world.crawls.get(view.set.table)
  if (known?.name === name && known.version === version) return known.docs
  const matches = matching(scene, query)
  const docs = [...matches].sort(order(view, query, matches))
  if (isWhole(view, query)) world.crawls.set(view.set.table, { name, version, docs })
  return docs
}

const shapeOf = (scene: Scene): Rows.Shape => ({
  full: /odata\.metadata=full/.test(scene.request.headers.get("accept") ?? ""),
  root: scene.root,
})

const context = (scene: Scene, query: Pick<Query.Query, "select">): string => {
  const selected = query.select === undefined ? "" : `(${query.select.map((one) => one.name).join(",")})`
  return `${scene.root}/$metadata#${scene.view.set.name}${selected}`
}

const nextLink = (scene: Scene, query: Query.Query, taken: number): string => {
  const url = new URL(scene.request.url)
  const parameters = url.searchParams
  const next = query.skip + taken
  parameters.delete("$skip")
  parameters.delete("$skiptoken")
  if (scene.view.world.knobs.nextLink === "skip") parameters.set("$skip", String(next))
  else parameters.set("$skiptoken", Query.tokenOf(next))
  if (query.top !== undefined) parameters.set("$top", String(query.top - taken))
  return `${scene.root}/${scene.view.set.name}?${parameters.toString().replaceAll("%24", "$").replaceAll("+", "%20")}`
}

export const list = (scene: Scene): TwinReply => {
  const { view } = scene
  const query = Query.parse(view, scene.request.url)
  const docs = ordered(scene, query)
  const left = Math.max(0, docs.length - query.skip)
  const wanted = Math.min(left, query.top ?? left)
  const taken = Math.min(wanted, view.world.knobs.pageSize)
  const shape = shapeOf(scene)
  const value = docs.slice(query.skip, query.skip + taken).map((doc) => Rows.render(view, doc, query, shape))
  return Errors.json(200, {
    "@odata.context": context(scene, query),
    ...(query.count ? { "@odata.count": docs.length } : {}),
    value,
    ...(taken < wanted ? { "@odata.nextLink": nextLink(scene, query, taken) } : {}),
  })
}

/** A record in a reply of its own. */
export const single = (
  scene: Scene,
  doc: Doc,
  query: Pick<Query.Query, "select" | "expand">,
): Record<string, unknown> => ({
  "@odata.context": `${context(scene, query)}/$entity`,
  ...Rows.render(scene.view, doc, query, shapeOf(scene)),
})

const linked = (scene: Scene, doc: Doc, name: string): TwinReply => {
  const link = scene.view.model.links.get(name)
  if (link === undefined) {
    const field = View.field(scene.view, name)
    const value = Values.render(field, View.cell(scene.view, doc, field))
    return Errors.json(200, {
      "@odata.context": `${scene.root}/$metadata#${View.address(scene.view, doc)}/${name}`,
      value,
    })
  }
  const target = scene.view.world.view(link.target)
  const query = Query.parse(target, scene.request.url)
  const rows = Links.follow(scene.view, doc, link).map((one) => Rows.render(target, one, query, shapeOf(scene)))
  const at = { "@odata.context": context({ ...scene, view: target }, query) }
  return Errors.json(200, link.many ? { ...at, value: rows } : { ...at, ...rows[0] })
}

export const one = (scene: Scene): TwinReply => {
  const doc = found(scene)
  const [name, ...beyond] = scene.address.rest
  if (beyond.length > 0) throw Errors.notFound("Resource")
  if (name !== undefined) return linked(scene, doc, name)
  const query = Query.parse(scene.view, scene.request.url)
  return Errors.json(200, single(scene, doc, query), { etag: View.etag(scene.view, doc) })
}
