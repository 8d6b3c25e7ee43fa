/** The customer, as the rules see it. Pages of it are read by query, and every query is one address. */

import { START } from "@mortise/conformance/kit/Bench"
import type { Party, Row } from "@mortise/conformance/kit/Probe"
import { type Asked, type JournalLine, pathOf, portOf } from "@mortise/conformance/kit/Subject"
import type * as NetSuiteTwin from "@mortise/conformance/netsuite/NetSuiteTwin"
import { cellOf, EURO, keyOf, SUBSIDIARY } from "./Cells.ts"

/** How late a commit may be seen, well within the lag that the connector reckons with. */
const LATE_MILLIS = 8_000

const CUSTOMERS = /\/record\/v1\/customer(?:\/[^/]+)?$/
const WRITING: ReadonlySet<string> = new Set(["PUT", "PATCH", "POST"])

/** One customer by its id or external id, or a job of many. */
export const isWrite = (request: Asked): boolean =>
  WRITING.has(request.method) && CUSTOMERS.test(decodeURIComponent(pathOf(request)))
export const isRead = (request: Asked): boolean =>
  request.method === "POST" && pathOf(request).endsWith("/query/v1/suiteql")
export const isToken = (request: Asked): boolean => pathOf(request).endsWith("/auth/oauth2/v1/token")
export const isSafe = (request: Asked): boolean => request.method === "GET" || isToken(request) || isRead(request)

interface Query {
  readonly columns: ReadonlyArray<string>
  /** From the table on. */
  readonly rest: string
}

/** A query of customers; undefined for every other request. */
const queryOf = (line: JournalLine): Query | undefined => {
  if (!isRead(line)) return undefined
  const { q } = JSON.parse(line.requestBody) as { readonly q: string }
  const [, columns = "", rest = ""] = /^SELECT (.*?) FROM (.*)$/s.exec(q) ?? []
  if (!/^customer\b/.test(rest)) return undefined
  return { columns: columns.split(", ").map((column) => column.replace(/^.* AS /, "")), rest }
}

/** Those that are asked for by their stamp: the others look up what is written. */
const isPage = (query: Query | undefined): boolean => query?.rest.includes("lastmodifieddate") === true

type Record = { readonly [member: string]: unknown }

/** The records that a request carries: one, or those of a job. */
const bodiesOf = (line: JournalLine): ReadonlyArray<Record> => {
  const body = JSON.parse(line.requestBody) as Record
  return Array.isArray(body["items"]) ? (body["items"] as ReadonlyArray<Record>) : [body]
}

export const party = (world: NetSuiteTwin.NetSuiteWorld): Party => {
  const naturalOf = (n: number) => `post@party-${n}.example`
  const write: Party["write"] = (n, fields) => ({
    key: `hubspot/1234/|Company|${n}`,
    fields: fields ?? { name: `Party ${n}`, email: naturalOf(n) },
  })
  const edit = (id: string, { name, phone }: { readonly name?: string; readonly phone?: string }, seenAfter = 0) =>
    void world.edit(
      "customer",
      id,
      { ...(name === undefined ? {} : { companyName: name }), ...(phone === undefined ? {} : { phone }) },
      { seenAfter },
    )
  return {
    entity: "Account",
    port: (connected) => portOf(connected, "Account"),
    natural: "email",
    naturalOf,
    write,
    // A person without a first name.
    unwelcome: (n) => write(n, { party: "person", name: `Party${n}` }),
    records: () =>
      world.all("customer").map((doc) => ({
        id: doc.id,
        key: keyOf(doc, "Account"),
        name: cellOf(doc, "companyName") ?? cellOf(doc, "altName"),
        natural: cellOf(doc, "email"),
        phone: cellOf(doc, "phone"),
      })),
    enter: (from, count, natural) =>
      world
        .seed(
          "customer",
          Array.from({ length: count }, (_, at) => ({
            companyName: `Party ${from + at} (by hand)`,
            email: natural ?? naturalOf(from + at),
            subsidiary: SUBSIDIARY,
            currency: EURO,
            $modified: START - 3_600_000,
          })),
        )
        .map(({ id }) => id),
    edit: (id, fields) => edit(id, fields),
    editLate: (id, fields) => edit(id, fields, LATE_MILLIS),
    remove: (id) => world.remove("customer", id),
    spoil: (id) => {
      const doc = world.get("customer", id)
      if (doc !== undefined) world.put({ ...doc, fields: { ...doc.fields, isInactive: "perhaps" } })
      return "isinactive"
    },
    page: (line) => {
      if (line.status !== 200 || !isPage(queryOf(line))) return undefined
      const { items = [] } = JSON.parse(line.responseBody ?? "{}") as { readonly items?: ReadonlyArray<Record> }
      return items.map((item): Row => ({ id: String(item["id"]), stamp: String(item["modified"]) }))
    },
    sent: (line) => (isWrite(line) ? bodiesOf(line).map((body) => Object.keys(body)) : undefined),
    asked: (line) => {
      const query = queryOf(line)
      return isPage(query) ? query?.columns : undefined
    },
    wire: { name: "companyName", phone: "phone", identity: ["externalId", "isPerson", "subsidiary"] },
  }
}
