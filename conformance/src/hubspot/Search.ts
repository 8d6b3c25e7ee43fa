/** `POST .../search`. HubSpot: guide "Search the CRM". */

import type { TwinReply } from "../twin/Twin.ts"
import * as Errors from "./Errors.ts"
import type { Call } from "./Hub.ts"
import type { ObjectName, ObjectType } from "./ObjectTypes.ts"
import * as RecordView from "./RecordView.ts"
import { linkTo, type Parsed, typeOf } from "./Request.ts"
import * as SearchFilters from "./SearchFilters.ts"
import type { SearchIndex } from "./SearchIndex.ts"
import type { StoredRecord } from "./State.ts"

const PAGE = 200
const RESULTS = 10_000
const BODY = 3_000

interface Body {
  readonly filterGroups?: SearchFilters.Groups
  readonly query?: string
  readonly sorts?: ReadonlyArray<string | { readonly propertyName: string; readonly direction?: string }>
  readonly properties?: ReadonlyArray<string>
  readonly limit?: number
  readonly after?: string
}

interface Sort {
  readonly property: string
  readonly descending: boolean
}

const sortOf = (sorts: Body["sorts"]): Sort | undefined => {
  const [first] = sorts ?? []
  if (first === undefined) return undefined
  if (typeof first === "string") {
    return { property: first.replace(/^-/, ""), descending: first.startsWith("-") }
  }
  return { property: first.propertyName, descending: first.direction === "DESCENDING" }
}

/** What `query` looks through. */
const SEARCHED: Readonly<Partial<Record<ObjectName, ReadonlyArray<string>>>> = {
  contacts: ["firstname", "lastname", "email", "phone", "company", "hs_additional_emails"],
  companies: ["name", "domain", "phone", "website"],
  deals: ["dealname", "pipeline", "dealstage", "description"],
  products: ["name", "description", "price", "hs_sku"],
  invoices: ["hs_number", "hs_title"],
}

const queryMatch = (type: ObjectType, query: string | undefined): SearchFilters.Predicate => {
  if (query === undefined || query.trim() === "") return () => true
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((one) => one !== "")
  const names = SEARCHED[type.name] ?? ["name"]
  return (record) => {
    const text = names
      .map((name) => record.properties[name] ?? "")
      .join(" ")
      .toLowerCase()
    return words.every((word) => text.includes(word))
  }
}

const compareValues =
  (numeric: boolean) =>
  (a: string, b: string): number =>
    numeric ? Number(a) - Number(b) : a.toLowerCase() < b.toLowerCase() ? -1 : a.toLowerCase() > b.toLowerCase() ? 1 : 0

/** Matches in order: creation unless told, stamps by the sorted views, other properties by sorting. Empty ones last. */
const ordered = (
  call: Call,
  index: SearchIndex,
  type: ObjectType,
  sort: Sort | undefined,
  passes: SearchFilters.Predicate,
): ReadonlyArray<StoredRecord> => {
  const documents = index.documents(type.name)
  const byStamp =
    sort === undefined || type.createdProperty.includes(sort.property) || sort.property === type.modifiedProperty
  if (byStamp) {
    const order = sort?.property === type.modifiedProperty ? "modified" : "created"
    const found = documents.in(order).filter(passes)
    return sort?.descending === true ? found.reverse() : found
  }
  const definition = call.hub.book.active(type.name, sort.property)
  if (definition === undefined) throw Errors.validation(`There is no property ${sort.property} to sort by.`)
  const found = documents.in("created").filter(passes)
  const compare = compareValues(definition.type === "number")
  const value = (record: StoredRecord) => RecordView.propertyOf(type, record, sort.property)
  return found
    .map((record) => ({ record, key: value(record) }))
    .sort((a, b) => {
      if (a.key === undefined || b.key === undefined)
        return (a.key === undefined ? 1 : 0) - (b.key === undefined ? 1 : 0)
      return sort.descending ? compare(b.key, a.key) : compare(a.key, b.key)
    })
    .map(({ record }) => record)
}

const window = (body: Body): { readonly offset: number; readonly limit: number } => {
  const limit = body.limit ?? 10
  if (limit > PAGE) throw Errors.validation(`limit is ${limit}; at most ${PAGE} is allowed.`)
  const offset = Number(body.after === undefined || body.after === "" ? 0 : body.after)
  if (!Number.isInteger(offset) || offset < 0) throw Errors.validation("after must be an offset in digits.")
  if (offset + limit > RESULTS) throw Errors.validation(`A search gives at most ${RESULTS} results.`)
  return { offset, limit }
}

export const search =
  (index: SearchIndex) =>
  (call: Call, request: Parsed): TwinReply => {
    const type = typeOf(request.params["objectType"])
    const body = request.body as Body
    if (request.bodyLength > BODY) throw Errors.validation(`The body of a search holds at most ${BODY} characters.`)
    const { limit, offset } = window(body)
    index.settle(call.now)
    const passes = SearchFilters.compile(call, index, type, body.filterGroups ?? [])
    const asked = queryMatch(type, body.query)
    const found = ordered(call, index, type, sortOf(body.sorts), (record) => passes(record) && asked(record))
    const end = offset + limit
    const results = found
      .slice(offset, end)
      .map((record) => RecordView.view(call, type, record, { properties: body.properties ?? [] }))
    const paging =
      end < found.length ? { paging: { next: { after: String(end), link: linkTo(request, String(end)) } } } : {}
    return { status: 200, body: { total: found.length, results, ...paging } }
  }
