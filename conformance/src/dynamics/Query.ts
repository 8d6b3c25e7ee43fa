/** Query options of one request, read and held against the set. */
import * as Errors from "./Errors.ts"
import * as Filter from "./Filter.ts"
import type { Field, Link } from "./Model.ts"
import * as View from "./View.ts"

export interface Expand {
  readonly link: Link
  readonly select?: ReadonlyArray<string>
}

export interface Query {
  readonly select?: ReadonlyArray<Field>
  readonly expand: ReadonlyArray<Expand>
  readonly orderby: ReadonlyArray<readonly [field: Field, descending: boolean]>
  readonly filter?: Filter.Filter
  readonly top?: number
  readonly skip: number
  readonly count: boolean
  readonly crossCompany: boolean
}

const KNOWN: ReadonlySet<string> = new Set([
  "$select",
  "$expand",
  "$orderby",
  "$filter",
  "$top",
  "$skip",
  "$skiptoken",
  "$count",
  "cross-company",
])

/** Options that the description does not have fail, those of OData that the service never took among them. */
export const refuseUnknown = (url: URL): void => {
  for (const name of url.searchParams.keys()) {
    if (!KNOWN.has(name)) throw Errors.badQuery(`The query parameter '${name}' is not supported.`)
  }
}

export const isCrossCompany = (url: URL): boolean => {
  const given = url.searchParams.get("cross-company")
  if (given !== null && given !== "true" && given !== "false") {
    throw Errors.badQuery("The value of 'cross-company' is not a boolean.")
  }
  return given === "true"
}

const whole = (url: URL, name: string): number | undefined => {
  const text = url.searchParams.get(name)
  if (text === null) return undefined
  if (!/^\d{1,9}$/.test(text)) throw Errors.badQuery(`Invalid value '${text}' for ${name} query option found.`)
  return Number(text)
}

/** Parts by commas outside of brackets. */
const parts = (text: string): ReadonlyArray<string> => {
  const found: Array<string> = [""]
  let depth = 0
  for (const char of text) {
    if (char === "(") depth += 1
    if (char === ")") depth -= 1
    if (char === "," && depth === 0) found.push("")
    else found[found.length - 1] += char
  }
  return found.map((one) => one.trim())
}

const expandOf = (view: View.View, text: string): Expand => {
  const [, name = "", options] = /^(\w+)(?:\((.*)\))?$/s.exec(text) ?? []
  const link = view.model.links.get(name)
  if (link === undefined) {
    throw Errors.badQuery(`Could not find a property named '${text}' on type '${View.typeName(view)}'.`)
  }
  if (options === undefined) return { link }
  const [, select] = /^\$select=([\w,\s]+)$/.exec(options) ?? []
  if (select === undefined) throw Errors.badQuery("Only $select is supported in $expand, and only on the first level.")
  return { link, select: parts(select) }
}

const orderOf = (view: View.View, text: string): readonly [Field, boolean] => {
  const [, name = "", direction] = /^(\w+)(?:\s+(asc|desc))?$/.exec(text) ?? []
  if (name === "") throw Errors.badQuery(`Syntax error in $orderby at '${text}'.`)
  return [View.field(view, name), direction === "desc"]
}

/** The place that a token of the service's own stands for. */
const TOKEN = /^at-(\d+)$/

export const tokenOf = (skip: number): string => Buffer.from(`at-${skip}`).toString("base64url")

const skipOf = (url: URL): number => {
  const token = url.searchParams.get("$skiptoken")
  if (token === null) return whole(url, "$skip") ?? 0
  const [, skip] = TOKEN.exec(Buffer.from(token, "base64url").toString("utf8")) ?? []
  if (skip === undefined) throw Errors.badQuery("The $skiptoken is not valid.")
  return Number(skip)
}

export const parse = (view: View.View, url: URL): Query => {
  refuseUnknown(url)
  const read = (name: string) => url.searchParams.get(name) ?? undefined
  const [select, expand, orderby, filter] = [read("$select"), read("$expand"), read("$orderby"), read("$filter")]
  const top = whole(url, "$top")
  return {
    ...(select === undefined || select === "*" ? {} : { select: parts(select).map((name) => View.field(view, name)) }),
    expand: expand === undefined ? [] : parts(expand).map((one) => expandOf(view, one)),
    orderby: orderby === undefined ? [] : parts(orderby).map((one) => orderOf(view, one)),
    ...(filter === undefined ? {} : { filter: Filter.compile(view, filter) }),
    ...(top === undefined ? {} : { top }),
    skip: skipOf(url),
    count: read("$count") === "true",
    crossCompany: isCrossCompany(url),
  }
}
