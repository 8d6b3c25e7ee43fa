/** Quillbook's accounts, people and orders, as the rules see them. */
import { START } from "@mortise/conformance/kit/Bench"
import type { Lined, Party, Person, ValueProbe, Values } from "@mortise/conformance/kit/Probe"
import { type Asked, type JournalLine, pathOf, portOf } from "@mortise/conformance/kit/Subject"
import type { Row } from "@mortise/conformance/TwinKit"
import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import { keyOf } from "./Collections.ts"
import { TOKEN_PATH, type World } from "./Quillbook.ts"

const path = (request: Asked, collection: string): boolean =>
  pathOf(request) === `/v1/${collection}` || pathOf(request).startsWith(`/v1/${collection}/`)
export const isSafe = (request: Asked): boolean => request.method === "GET" || isToken(request)
export const isToken = (request: Asked): boolean => pathOf(request) === TOKEN_PATH
export const isWrite = (request: Asked): boolean => !isSafe(request) && path(request, "accounts")
export const isRead = (request: Asked): boolean => request.method === "GET" && pathOf(request) === "/v1/accounts"

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)
const standing = (world: World, collection: string): ReadonlyArray<Row> =>
  world.all(collection).filter(({ deleted }) => deleted !== true)

/** An hour before the run, as one who entered everything at once. */
const BEFORE = { at: START - 3_600_000 }

const members = (line: JournalLine): ReadonlyArray<string> => Object.keys(JSON.parse(line.requestBody) as object)

export const party = (world: World): Party => {
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
      standing(world, "accounts").map((row) => ({
        id: String(row["id"]),
        key: keyOf(textOf(row["ref"])),
        name: textOf(row["name"]),
        natural: textOf(row["email"]),
        phone: textOf(row["phone"]),
      })),
    enter: (from, count, natural) =>
      world.seed(
        "accounts",
        Array.from({ length: count }, (_, at) => ({
          name: `Party ${from + at} (by hand)`,
          email: natural ?? naturalOf(from + at),
        })),
        BEFORE,
      ),
    edit: (id, fields) => world.edit("accounts", id, fields),
    remove: (id) => world.remove("accounts", id),
    spoil: (id) => {
      world.edit("accounts", id, { currency: "dollars" }, BEFORE)
      return "currency"
    },
    page: (line: JournalLine) =>
      isRead(line) && line.status === 200
        ? (
            JSON.parse(line.responseBody ?? "{}") as { items?: ReadonlyArray<{ id: number; modified: string }> }
          ).items?.map(({ id, modified }) => ({ id: String(id), stamp: modified }))
        : undefined,
    sent: (line: JournalLine) => (isWrite(line) && line.method !== "DELETE" ? [members(line)] : undefined),
    wire: { name: "name", phone: "phone", identity: ["ref"] },
    asked: (line: JournalLine) =>
      isRead(line) ? (new URL(line.url).searchParams.get("fields")?.split(",") ?? "all") : undefined,
  }
}

export const person = (world: World): Person => ({
  entity: "Contact",
  write: (n, of, fields) => ({
    key: `hubspot/1234/|Contact|${n}`,
    fields: { lastName: `Person ${n}`, account: { key: of }, ...fields },
  }),
  records: () =>
    standing(world, "people").map((row) => ({
      id: String(row["id"]),
      key: keyOf(textOf(row["ref"])),
      name: textOf(row["last_name"]),
      parties: [row["account"]].flatMap((id) => textOf(id) ?? []),
    })),
  isWrite: (line) => !isSafe(line) && path(line, "people"),
})

interface LineRow {
  readonly product: string
  readonly quantity: string
  readonly price: string
}

const linesOf = (row: Row | undefined): ReadonlyArray<LineRow> =>
  (row?.["lines"] ?? []) as unknown as ReadonlyArray<LineRow>

const enterItems = (world: World) =>
  Effect.sync(() => {
    world.seed("accounts", [{ id: "1", name: "Buyer" }], { at: START - 7_200_000 })
    world.seed("products", [
      { code: "BOLT", name: "Bolt" },
      { code: "NUT", name: "Nut" },
    ])
  })

export const lined = (world: World): Lined => ({
  entity: "Order",
  enter: enterItems(world),
  write: (n, lines, fields) => ({
    key: `hubspot/1234/|Deal|${n}`,
    fields: {
      account: { id: "1" },
      ...fields,
      lines: lines.map(({ key, product, quantity }) => ({
        key,
        product: { number: product },
        quantity: Decimal.make(quantity),
        unitPrice: Decimal.make("1.5"),
      })),
    },
  }),
  records: () =>
    standing(world, "orders").map((row) => ({
      id: String(row["id"]),
      key: keyOf(textOf(row["ref"])),
      name: undefined,
      lines: linesOf(row).map(({ product, quantity }) => ({ product, quantity })),
    })),
})

/** The price of a line, and the day of an order. */
export const values = (world: World): Values => {
  const enter = enterItems(world)
  const rowOf = (key: string) => standing(world, "orders").find(({ ref }) => keyOf(textOf(ref)) === key)
  const order = (n: number, fields: { readonly [field: string]: unknown }, price = "1") => ({
    key: `hubspot/1234/|Deal|V${n}`,
    fields: {
      account: { id: "1" },
      ...fields,
      lines: [{ key: "a", product: { number: "BOLT" }, quantity: Decimal.make("1"), unitPrice: Decimal.make(price) }],
    },
  })
  const price: ValueProbe = {
    entity: "Order",
    enter,
    write: (n, value, currency = "EUR") => order(n, { currency }, value),
    inWorld: (key) => linesOf(rowOf(key))[0]?.price,
    read: (record) => {
      const unitPrice = (record as { readonly lines?: ReadonlyArray<{ readonly unitPrice?: Decimal.Decimal }> })
        .lines?.[0]?.unitPrice
      return unitPrice === undefined ? undefined : Decimal.format(unitPrice)
    },
  }
  return {
    decimal: price,
    money: price,
    date: {
      entity: "Order",
      enter,
      write: (n, date) => order(n, { date }),
      inWorld: (key) => textOf(rowOf(key)?.["date"]),
      read: (record) => (record as { readonly date?: string }).date,
    },
  }
}

/** What stands in the books; a number that was counted out stands for the record that got it. */
export const census = (world: World) => (): ReadonlyArray<string> => {
  const names = new Map(world.all("accounts").map((row) => [String(row["id"]), String(row["ref"] ?? row["name"])]))
  return ["accounts", "people", "products", "orders"].flatMap((collection) =>
    world.all(collection).map(({ account, id: _, ...row }) => {
      const of = typeof account === "string" ? { account: names.get(account) ?? account } : {}
      return `${collection} ${JSON.stringify({ ...row, ...of })}`
    }),
  )
}
