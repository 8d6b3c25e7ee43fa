/** The Acumatica connector on its twin. Its party is the customer. */
import * as Acumatica from "@mortise/acumatica/Acumatica"
import * as AcumaticaIdentity from "@mortise/acumatica/Identity"
import * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import type { JournalLine } from "@mortise/conformance/twin/Journal"
import * as Decimal from "@mortise/core/Decimal"
import type { LocalDate } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Asked, Bench, Connected, Documents, How, Party, Setup, Subject } from "../Bench.ts"
import * as Stage from "../Stage.ts"

const { CREDENTIALS, INSTANCE_PATH, ORIGIN, TENANT } = AcumaticaTwin

type Wrapped = { readonly value?: unknown }
type Wire = { readonly [member: string]: Wrapped | Wire }

const isList = (request: Asked, entity: string): boolean =>
  request.method === "GET" && Stage.pathOf(request).endsWith(`/${entity}`)
const isWrite = (request: Asked): boolean => request.method === "PUT" && Stage.pathOf(request).endsWith("/Customer")
const isRead = (request: Asked): boolean => isList(request, "Customer")
const isToken = (request: Asked): boolean => Stage.pathOf(request).endsWith("/identity/connect/token")
const isSafe = (request: Asked): boolean =>
  request.method === "GET" || isToken(request) || /\/entity\/auth\/(login|logout)$/.test(Stage.pathOf(request))

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
        $modified: Stage.START - 3_600_000,
      })),
    )
    .map(({ fields }) => String(fields["CustomerID"]))

const party = (world: AcumaticaTwin.AcumaticaWorld): Party => {
  const naturalOf = (n: number) => `post@party-${n}.example`
  const write: Party["write"] = (n, fields) => ({
    key: `hubspot/1234/|Company|${n}`,
    fields: fields ?? { name: `Party ${n}`, email: naturalOf(n) },
  })
  return {
    entity: "Account",
    port: Stage.portOf("Account"),
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
    spoil: (id) => {
      world.edit("Customer", [id], { CurrencyID: "dollars" }, { at: Stage.START - 3_600_000 })
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
    wire: { name: "CustomerName", phone: "MainContact/Phone1", identity: ["AccountRef", "CustomerID"] },
  }
}

const money = (amount: string) => ({ amount: Decimal.make(amount), currency: "USD" })

const documents = (world: AcumaticaTwin.AcumaticaWorld): Documents => {
  const enter = Effect.sync(() => {
    world.seed("Customer", [{ CustomerID: "BUYER", CustomerName: "Buyer", $modified: Stage.START - 7_200_000 }])
    world.seed("StockItem", [{ InventoryID: "BOLT", Description: "Bolt", DefaultPrice: "2" }])
  })
  const account = { id: "BUYER" }
  const date = "2026-10-30" as LocalDate
  const lines = [{ key: "a", product: { number: "BOLT" }, quantity: Decimal.make("3"), unitPrice: Decimal.make("2.5") }]
  const key = (entity: string) => `hubspot/1234/|${entity}|1`
  return {
    enter,
    write: ({ ports }) =>
      Effect.forEach(
        [
          ["Order", { account, lines }],
          ["Invoice", { kind: "invoice", account, date, lines }],
          ["Payment", { kind: "payment", account, date, amount: money("7.5") }],
        ] as const,
        ([entity, fields]) =>
          Effect.map(
            ports[entity]?.upsert([{ key: key(entity), fields }]) ?? Effect.succeed([]),
            ([outcome]) => outcome?._tag ?? "none",
          ),
      ),
    states: () =>
      ["SalesOrder", "SalesInvoice", "Invoice", "Payment"].flatMap((entity) =>
        world.all(entity).map(({ fields }) => ({
          document: `${entity} ${fields["Status"]}`,
          final: fields["Status"] !== "On Hold" || fields["Released"] === true,
        })),
      ),
  }
}

const open = ({ mutant, served }: Setup = {}): Bench => {
  const { clock, backend, door, foreign, run, secrets } = Stage.make(mutant)
  const twin = AcumaticaTwin.make({ clock, ...(served === undefined ? {} : { versions: served }) })
  const { world } = twin
  const connect = Effect.fnUntraced(function* (asked: How = {}) {
    const how = mutant?.how?.(asked) ?? asked
    const { refreshToken } = AcumaticaTwin.consent(world, CREDENTIALS.clientId)
    const connected = yield* Acumatica.make({
      url: ORIGIN + INSTANCE_PATH,
      tenant: TENANT,
      credentials: {
        type: "oauth",
        clientId: CREDENTIALS.clientId,
        clientSecret: Redacted.make(CREDENTIALS.clientSecret),
        refreshToken: Redacted.make(refreshToken),
      },
      licence: { requestsPerMinute: null },
      baseCurrency: "USD",
      payments: { method: "CHECK" },
      readOnly: how.readOnly ?? false,
      fetch: door(twin.origin, twin.fetch),
      ...how.options,
    })
    return Stage.mutated(connected as unknown as Connected, mutant)
  })
  return {
    clock,
    twin,
    backend,
    foreign,
    secrets,
    party: party(world),
    documents: documents(world),
    connect,
    run,
    catchUp: Effect.sleep("10 minutes"),
    isWrite,
    isRead,
    isToken,
    isSafe,
  }
}

export const subject: Subject = { name: "acumatica", absent: {}, open }
