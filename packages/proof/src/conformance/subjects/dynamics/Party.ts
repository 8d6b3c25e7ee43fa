/** The customer, as the rules see it. */
import type * as DynamicsTwin from "@mortise/conformance/dynamics/DynamicsTwin"
import { START } from "@mortise/conformance/kit/Bench"
import type { Party } from "@mortise/conformance/kit/Probe"
import { type Asked, type JournalLine, pathOf, portOf } from "@mortise/conformance/kit/Subject"
import * as DynamicsIdentity from "@mortise/dynamics/Identity"

export const COMPANY = "usmf"

const SET = "CustomersV3"

/** How late a commit may be seen. */
const LATE_MILLIS = 8_000

const HOUR = 3_600_000

type Customer = Readonly<Record<string, unknown>>

export const isWrite = (request: Asked): boolean =>
  (request.method === "POST" || request.method === "PATCH") && pathOf(request).startsWith(`/data/${SET}`)
export const isRead = (request: Asked): boolean => request.method === "GET" && pathOf(request) === `/data/${SET}`
export const isToken = (request: Asked): boolean => pathOf(request).includes("/oauth2/")
export const isSafe = (request: Asked): boolean => request.method === "GET" || isToken(request)

/** What names the company and who is meant, and what a new record cannot be without. */
const IDENTITY = ["dataAreaId", "CustomerAccount", "IdentificationNumber", "CustomerGroupId", "PartyType"]

export const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined

const enterAll = (world: DynamicsTwin.DynamicsWorld, from: number, emails: ReadonlyArray<string>) =>
  world
    .seed(
      SET,
      emails.map((email, at) => ({
        CustomerAccount: `H-${String(from + at).padStart(6, "0")}`,
        OrganizationName: `Party ${from + at} (by hand)`,
        CustomerGroupId: "10",
        SalesCurrencyCode: "USD",
        PrimaryContactEmail: email,
        $modified: START - HOUR,
      })),
      COMPANY,
    )
    .map((doc) => String(world.value(SET, doc, "CustomerAccount")))

export const party = (world: DynamicsTwin.DynamicsWorld): Party => {
  const naturalOf = (n: number) => `post@party-${n}.example`
  const write: Party["write"] = (n, fields) => ({
    key: `hubspot/1234/|Company|${n}`,
    fields: fields ?? { name: `Party ${n}`, email: naturalOf(n) },
  })
  const field = (doc: DynamicsTwin.Doc, name: string) => textOf(world.value(SET, doc, name))
  return {
    entity: "Account",
    port: (connected) => portOf(connected, "Account"),
    natural: "email",
    naturalOf,
    write,
    unwelcome: (n) => write(n, { name: `Party ${n}`, currency: "ZZZ" }),
    records: () =>
      world
        .all(SET, COMPANY)
        .map((doc) => ({
          id: field(doc, "CustomerAccount") ?? "",
          key: DynamicsIdentity.decode(field(doc, "IdentificationNumber") ?? ""),
          name: field(doc, "OrganizationName"),
          natural: field(doc, "PrimaryContactEmail"),
          phone: field(doc, "PrimaryContactPhone"),
        }))
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
    enter: (from, count, natural) =>
      enterAll(
        world,
        from,
        Array.from({ length: count }, (_, at) => natural ?? naturalOf(from + at)),
      ),
    edit: (id, { name, phone }) =>
      void world.edit(SET, [COMPANY, id], {
        ...(name === undefined ? {} : { OrganizationName: name }),
        ...(phone === undefined ? {} : { PrimaryContactPhone: phone }),
      }),
    editLate: (id, { name }) =>
      void world.edit(SET, [COMPANY, id], { OrganizationName: name }, { seenAfter: LATE_MILLIS }),
    remove: (id) => world.remove(SET, COMPANY, id),
    spoil: (id) => {
      world.edit(SET, [COMPANY, id], { SalesCurrencyCode: "dollars" })
      return "currency"
    },
    page: (line: JournalLine) =>
      isRead(line) && line.status === 200
        ? (JSON.parse(line.responseBody ?? "{}") as { readonly value: ReadonlyArray<Customer> }).value.map((row) => ({
            id: String(row["CustomerAccount"]),
            // The set has no modified stamp: a page is a page of one crawl.
            stamp: "",
          }))
        : undefined,
    sent: (line: JournalLine) => (isWrite(line) ? [Object.keys(JSON.parse(line.requestBody) as Customer)] : undefined),
    asked: (line: JournalLine) =>
      isRead(line) ? (new URL(line.url).searchParams.get("$select")?.split(",") ?? "all") : undefined,
    wire: { name: "OrganizationName", phone: "PrimaryContactPhone", identity: IDENTITY },
  }
}
