/** A small connector for Quillbook that keeps every promise, or breaks one, as `Broken` has it. */
import { Account, Contact, Order } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import * as JsonApi from "@mortise/core/JsonApi"
import type * as Port from "@mortise/core/Port"
import * as Replay from "@mortise/core/Replay"
import type * as Scope from "@mortise/core/Scope"
import * as SimpleConnector from "@mortise/core/SimpleConnector"
import * as SimplePort from "@mortise/core/SimplePort"
import type * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { collection, SYSTEM, type Tools, telling } from "./Collections.ts"
import * as Door from "./Door.ts"
import * as Lists from "./Lists.ts"
import { ORIGIN } from "./Quillbook.ts"
import * as References from "./References.ts"
import {
  type AccountRow,
  fromAccount,
  fromOrder,
  marked,
  type OrderRow,
  type PersonRow,
  toAccount,
  toOrder,
  WIRE,
} from "./Rows.ts"

/** What lies under the ports. */
export interface Client {
  readonly api: JsonApi.JsonApi
  readonly turn: Lists.Turn
  readonly baseUrl: URL
  readonly store: StateStore.Service
}

/** Each item of an order has to be there before anything is sent. */
const items = (api: JsonApi.JsonApi): References.Resolve =>
  Effect.fnUntraced(function* (write) {
    const { lines } = write.fields as Entity.Patch<typeof Order>
    for (const [index, { product }] of (lines ?? []).entries()) {
      const code = product?.number ?? ""
      const there = yield* api.read(Replay.read(`${SYSTEM}.products.get`, "api"), ["products", code]).pipe(
        Effect.as(true),
        Effect.catch((error) => (error.reason._tag === "NotFound" ? Effect.succeed(false) : Effect.fail(error))),
      )
      if (!there) return References.missing(SYSTEM, `lines.${index}.product`, code)
    }
    return write
  })

const EVERY = {
  accounts: Object.keys(WIRE.accounts),
  people: Object.keys(WIRE.people),
  orders: Object.keys(WIRE.orders),
}

/** Broken: the token that it was opened with stands in a span. */
const tracing = (port: Port.Any, { broken, refreshToken }: Door.Given): Port.Any =>
  broken === "tracesTokens"
    ? {
        ...port,
        upsert: (records, options) =>
          Effect.withSpan(port.upsert(records, options), "quillbook.upsert", {
            attributes: { token: Redacted.value(refreshToken) },
          }),
      }
    : port

export const make = Effect.fnUntraced(function* (given: Door.Given) {
  const { baseUrl = new URL(`${ORIGIN}/v1`), broken, readOnly = false, store } = given
  const pipeline = yield* Door.pipeline(given, baseUrl)
  const api = JsonApi.make({ pipeline, baseUrl })
  const how = { system: SYSTEM, pipeline, baseUrl }
  const scope: Scope.Scope = { system: SYSTEM, instance: "books", company: "" }
  const tools: Tools = { api, lists: Lists.make(how), store, scope, broken }
  const accounts = collection<AccountRow>(tools, "accounts")
  const people = collection<PersonRow>(tools, "people")
  const orders = collection<OrderRow>(tools, "orders")
  const Accounts = yield* SimplePort.make<typeof Account, AccountRow>({
    ...accounts.port,
    entity: Account,
    fieldsOf: toAccount,
    readable: EVERY.accounts as never,
    writable: EVERY.accounts as never,
    notClearable: ["name", "currency"],
    lookFor: { email: (email) => accounts.living({ email }) },
    create: (fields, writing) => accounts.create(fromAccount(fields), writing),
    update: (id, fields, writing) => accounts.update(id, fromAccount(fields), writing),
  })
  const Contacts = yield* SimplePort.make<typeof Contact, PersonRow>({
    ...people.port,
    entity: Contact,
    fieldsOf: (row) => ({
      lastName: row.last_name,
      ...(row.account === null ? {} : { account: { id: row.account } }),
      ...marked(row),
    }),
    readable: EVERY.people as never,
    writable: EVERY.people as never,
    notClearable: ["lastName"],
    create: ({ account, lastName }, writing) => people.create({ last_name: lastName, account: account?.id }, writing),
    update: (id, { account, lastName }, writing) =>
      people.update(id, { last_name: lastName, account: account === null ? null : account?.id }, writing),
  })
  const Orders = yield* SimplePort.make<typeof Order, OrderRow>({
    ...orders.port,
    entity: Order,
    fieldsOf: toOrder,
    readable: EVERY.orders as never,
    writable: EVERY.orders as never,
    notClearable: ["lines"],
    create: (fields, writing) => orders.create(fromOrder(fields), writing),
    update: (id, fields, writing) => orders.update(id, fromOrder(fields), writing),
  })
  const parent = References.byKey(SYSTEM, "account", Accounts)
  return SimpleConnector.make({
    apiVersion: "v1",
    scope,
    readOnly,
    client: { api, turn: Lists.turns(how), baseUrl, store } satisfies Client,
    probes: { accounts: tools.lists("accounts", {}, 1) },
    ports: {
      Account: tracing(telling(Accounts, broken) as Port.Any, given),
      Contact: References.resolving(telling(Contacts, broken), parent),
      Order: References.resolving(telling(Orders, broken), parent, items(api)),
    },
  })
})
