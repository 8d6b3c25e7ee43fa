/** The customer, as the rules see it. */
import * as AcumaticaIdentity from "@mortise/acumatica/Identity"
import type * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import { START } from "@mortise/conformance/kit/Bench"
import type { Party } from "@mortise/conformance/kit/Probe"
import { type Asked, type JournalLine, pathOf, portOf } from "@mortise/conformance/kit/Subject"

type Wrapped = { readonly value?: unknown }
type Wire = { readonly [member: string]: Wrapped | Wire }

/** How late a commit may be seen, well within the lag that the connector reckons with. */
const LATE_MILLIS = 8_000

const isList = (request: Asked, entity: string): boolean =>
  request.method === "GET" && pathOf(request).endsWith(`/${entity}`)
export const isWrite = (request: Asked): boolean => request.method === "PUT" && pathOf(request).endsWith("/Customer")
export const isRead = (request: Asked): boolean => isList(request, "Customer")
export const isToken = (request: Asked): boolean => pathOf(request).endsWith("/identity/connect/token")
export const isSafe = (request: Asked): boolean =>
  request.method === "GET" || isToken(request) || /\/entity\/auth\/(login|logout)$/.test(pathOf(request))

/** The names of all members that carry a value, those of parts by their path. */
const members = (body: Wire, path = ""): ReadonlyArray<string> =>
  Object.entries(body).flatMap(([name, member]) =>
    typeof member !== "object" || member === null || "value" in member
      ? [path + name]
      : members(member as Wire, `${path + name}/`),
  )

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

const enterAll = (world: AcumaticaTwin.AcumaticaWorld, from: number, emails: ReadonlyArray<string>) =>
  world
    .seed(
      "Customer",
      emails.map((email, at) => ({
        CustomerID: `H${String(from + at).padStart(6, "0")}`,
        CustomerName: `Party ${from + at} (by hand)`,
        MainContact: { Email: email },
        $modified: START - 3_600_000,
      })),
    )
    .map(({ fields }) => String(fields["CustomerID"]))

export const party = (world: AcumaticaTwin.AcumaticaWorld): Party => {
  const naturalOf = (n: number) => `post@party-${n}.example`
  const write: Party["write"] = (n, fields) => ({
    key: `hubspot/1234/|Company|${n}`,
    fields: fields ?? { name: `Party ${n}`, email: naturalOf(n) },
  })
  return {
    entity: "Account",
    port: (connected) => portOf(connected, "Account"),
    natural: "email",
    naturalOf,
    write,
    unwelcome: (n) => write(n, { name: `Party ${n}`, currency: "ZZZ" }),
    records: () =>
      world.all("Customer").map(({ fields, links }) => ({
        id: String(fields["CustomerID"]),
        key: AcumaticaIdentity.decode(textOf(fields["AccountRef"]) ?? ""),
        name: textOf(fields["CustomerName"]),
        natural: textOf(links["MainContact"]?.fields["Email"]),
        phone: textOf(links["MainContact"]?.fields["Phone1"]),
      })),
    enter: (from, count, natural) =>
      enterAll(
        world,
        from,
        Array.from({ length: count }, (_, at) => natural ?? naturalOf(from + at)),
      ),
    edit: (id, { name, phone }) =>
      world.edit("Customer", [id], {
        ...(name === undefined ? {} : { CustomerName: name }),
        ...(phone === undefined ? {} : { MainContact: { Phone1: phone } }),
      }),
    editLate: (id, { name }) => void world.edit("Customer", [id], { CustomerName: name }, { seenAfter: LATE_MILLIS }),
    remove: (id) => world.remove("Customer", id),
    spoil: (id) => {
      world.edit("Customer", [id], { CurrencyID: "dollars" }, { at: START - 3_600_000 })
      return "currency"
    },
    page: (line: JournalLine) =>
      isRead(line) && line.status === 200
        ? (JSON.parse(line.responseBody ?? "[]") as ReadonlyArray<Readonly<Record<string, Wrapped>>>).map((row) => ({
            id: String(row["CustomerID"]?.value),
            stamp: String(row["LastModifiedDateTime"]?.value),
          }))
        : undefined,
    sent: (line: JournalLine) => (isWrite(line) ? [members(JSON.parse(line.requestBody) as Wire)] : undefined),
    asked: (line: JournalLine) =>
      isRead(line) ? (new URL(line.url).searchParams.get("$select")?.split(",") ?? "all") : undefined,
    wire: { name: "CustomerName", phone: "MainContact/Phone1", identity: ["AccountRef", "CustomerID"] },
  }
}
