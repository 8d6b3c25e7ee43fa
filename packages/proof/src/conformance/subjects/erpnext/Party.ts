/** The customer, as the rules see it. Its phone is that of its primary contact, which the site makes for it. */
import type * as ErpNextTwin from "@mortise/conformance/erpnext/ErpNextTwin"
import { START } from "@mortise/conformance/kit/Bench"
import type { Party, Row } from "@mortise/conformance/kit/Probe"
import { type Asked, type JournalLine, pathOf, portOf } from "@mortise/conformance/kit/Subject"
import * as ErpNextIdentity from "@mortise/erpnext/Identity"

const KEY_FIELD = "mortise_key"

/** How late a commit may be seen, well within the lag that the connector reckons with. */
const LATE_MILLIS = 8_000

const LIST = /^\/api\/(resource|v2\/document)\/Customer$/
const CUSTOMER = /^\/api\/(resource|v2\/document)\/Customer(\/|$)/
const LONG_LIST = "/api/method/frappe.client.get_list"

export const isWrite = (request: Asked): boolean => request.method !== "GET" && CUSTOMER.test(pathOf(request))
export const isRead = (request: Asked): boolean => request.method === "GET" && LIST.test(pathOf(request))
export const isToken = (request: Asked): boolean => pathOf(request).endsWith("oauth2.get_token")
export const isSafe = (request: Asked): boolean =>
  request.method === "GET" || isToken(request) || pathOf(request) === LONG_LIST

const textOf = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined)

/** Gives the customer's contact another number; the customer takes it when it is saved. */
const call = (world: ErpNextTwin.ErpNextWorld, id: string, phone: string): void => {
  const contact = world.get("Customer", id)?.columns["customer_primary_contact"]
  const phone_nos = [{ phone, is_primary_mobile_no: 1 }]
  if (typeof contact === "string") world.edit("Contact", contact, { phone_nos })
  else world.edit("Customer", id, { mobile_no: phone })
}

const enterAll = (world: ErpNextTwin.ErpNextWorld, from: number, numbers: ReadonlyArray<string>) =>
  world
    .seed(
      "Customer",
      numbers.map((number, at) => ({
        customer_name: `Party ${from + at} (by hand)`,
        tax_id: number,
        $modified: START - 3_600_000,
      })),
    )
    .map(({ columns }) => String(columns["name"]))

/** The rows that a list holds. */
const rowsOf = ({ responseBody = "" }: JournalLine): ReadonlyArray<Row> => {
  const { data } = JSON.parse(responseBody) as { readonly data?: ReadonlyArray<Readonly<Record<string, unknown>>> }
  return (data ?? []).map(({ modified, name }) => ({ id: String(name), stamp: String(modified) }))
}

export const party = (world: ErpNextTwin.ErpNextWorld): Party => {
  const naturalOf = (n: number) => `DE${String(100_000_000 + n)}`
  const write: Party["write"] = (n, fields) => ({
    key: `hubspot/1234/|Company|${n}`,
    fields: fields ?? { name: `Party ${n}`, taxId: naturalOf(n) },
  })
  return {
    entity: "Account",
    port: (connected) => portOf(connected, "Account"),
    natural: "taxId",
    naturalOf,
    write,
    unwelcome: (n) => write(n, { name: `Party ${n}`, currency: "ZZZ" }),
    records: () =>
      world.all("Customer").map(({ columns }) => ({
        id: String(columns["name"]),
        key: ErpNextIdentity.decode(textOf(columns[KEY_FIELD]) ?? ""),
        name: textOf(columns["customer_name"]),
        natural: textOf(columns["tax_id"]),
        phone: textOf(columns["mobile_no"]),
      })),
    enter: (from, count, natural) =>
      enterAll(
        world,
        from,
        Array.from({ length: count }, (_, at) => natural ?? naturalOf(from + at)),
      ),
    edit: (id, { name, phone }) => {
      if (phone !== undefined) call(world, id, phone)
      world.edit("Customer", id, name === undefined ? {} : { customer_name: name })
    },
    editLate: (id, { name }) => void world.edit("Customer", id, { customer_name: name }, { seenAfter: LATE_MILLIS }),
    remove: (id) => world.remove("Customer", id),
    spoil: (id) => {
      world.overwrite("Customer", id, { default_currency: "dollars" })
      return "currency"
    },
    page: (line: JournalLine) => (isRead(line) && line.status === 200 ? rowsOf(line) : undefined),
    sent: (line: JournalLine) => (isWrite(line) ? [Object.keys(JSON.parse(line.requestBody))] : undefined),
    asked: (line: JournalLine) =>
      isRead(line)
        ? (JSON.parse(new URL(line.url).searchParams.get("fields") ?? "[]") as ReadonlyArray<string>)
        : undefined,
    wire: { name: "customer_name", phone: "mobile_no", identity: [KEY_FIELD, "modified"] },
  }
}
