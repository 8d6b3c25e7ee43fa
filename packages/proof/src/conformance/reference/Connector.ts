/**
 * A small connector for Quillbook that keeps every promise, and the same one broken in one way: what a rule has to catch
 * in a connector's own code stands here beside the code that is right.
 */
import * as ConnectorErrors from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import { Account, Contact, Order } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import * as ExternalKey from "@mortise/core/ExternalKey"
import * as JsonApi from "@mortise/core/JsonApi"
import * as OAuth from "@mortise/core/OAuth"
import * as Pipeline from "@mortise/core/Pipeline"
import type * as Port from "@mortise/core/Port"
import * as RateLimit from "@mortise/core/RateLimit"
import * as Replay from "@mortise/core/Replay"
import type * as Scope from "@mortise/core/Scope"
import * as SimpleConnector from "@mortise/core/SimpleConnector"
import * as SimplePort from "@mortise/core/SimplePort"
import type * as StateStore from "@mortise/core/StateStore"
import * as Statuses from "@mortise/core/Statuses"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import * as Lists from "./Lists.ts"
import { CLIENT, LIMIT, ORIGIN, PAGE, TOKEN_PATH } from "./Quillbook.ts"
import * as References from "./References.ts"

export const SYSTEM = "quillbook"

/** In what way it is broken; whole unless told. */
export type Broken =
  | "followsAnything"
  | "ignoresRevision"
  | "keyAfterwards"
  | "noKeyAtAll"
  | "tellsNoDeletions"
  | "forgetsTokens"
  | "asksForAll"
  | "noLimit"

export interface Given {
  readonly baseUrl?: URL
  readonly fetch: typeof globalThis.fetch
  readonly store: StateStore.Service
  readonly clientSecret: Redacted.Redacted<string>
  readonly refreshToken: Redacted.Redacted<string>
  readonly readOnly?: boolean
  readonly broken?: Broken
}

type Maybe = string | null
interface AccountRow extends Lists.Row {
  readonly name: string
  readonly email: Maybe
  readonly phone: Maybe
  readonly city: Maybe
  readonly country: Maybe
  readonly currency: string
}
interface PersonRow extends Lists.Row {
  readonly last_name: string
  readonly account: Maybe
}
interface LineRow {
  readonly key: string
  readonly product: string
  readonly quantity: Maybe
  readonly price: Maybe
}
interface OrderRow extends Lists.Row {
  readonly account: Maybe
  readonly date: Maybe
  readonly currency: Maybe
  readonly lines: ReadonlyArray<LineRow> | null
}

const CARRIED = { alphabet: /^[A-Za-z0-9|/.:%+~@-]$/, caseFolding: "none", maxLength: 200 } as const

/** Our key from the field; undefined for what somebody else wrote there. */
export const keyOf = (ref: string | null | undefined): string | undefined =>
  ref === null || ref === undefined ? undefined : ExternalKey.decode(ref)

/** What the wire calls the fields of each entity. */
const WIRE = {
  accounts: { name: "name", email: "email", phone: "phone", billingAddress: "city,country", currency: "currency" },
  people: { lastName: "last_name", account: "account" },
  orders: { account: "account", date: "date", currency: "currency", lines: "lines" },
} as const satisfies Readonly<Record<string, Readonly<Record<string, string>>>>

/** A second later: the end of the range in which a stamp stands alone. */
const after = (stamp: string): string => new Date(Date.parse(stamp) + 1000).toISOString()

interface Tools {
  readonly api: JsonApi.JsonApi
  readonly lists: Lists.Lists
  readonly store: StateStore.Service
  readonly scope: Scope.Scope
  readonly broken: Broken | undefined
}

/** What all collections of Quillbook have in common. */
const collection = <R extends Lists.Row>({ api, broken, lists, scope, store }: Tools, path: keyof typeof WIRE) => {
  const wire: Readonly<Record<string, string>> = WIRE[path]
  const asked = (fields: ReadonlyArray<string>): JsonApi.Query =>
    broken === "asksForAll" ? {} : { fields: ["ref", ...fields.flatMap((field) => wire[field] ?? [])].join(",") }
  const living = (query: JsonApi.Query) =>
    Effect.map(lists<R>(path, query, 10), ({ rows }) => rows.filter((row) => !row.deleted))
  const get = (id: string) =>
    Effect.flatMap(
      JsonApi.data(api.read<R>(Replay.read(`${SYSTEM}.${path}.get`, "api"), [path, id])),
      (row): Effect.Effect<R, ConnectorErrors.ConnectorError> =>
        row.deleted ? Effect.fail(gone(`${path}/${id}`)) : Effect.succeed(row),
    )
  const send = (id: string, body: object, { revision }: SimplePort.Writing<R>) =>
    JsonApi.data(
      api.write<R>(Replay.write(`${SYSTEM}.${path}.update`, "api", "never"), [path, id], {
        method: "PATCH",
        body,
        headers: revision === undefined || broken === "ignoresRevision" ? {} : { "if-match": `"${revision}"` },
      }),
    )
  const create = (body: object, { carry }: SimplePort.Writing<R>) => {
    const once = (whole: object) =>
      JsonApi.data(api.write<R>(Replay.write(`${SYSTEM}.${path}.create`, "api", "never"), [path], { body: whole }))
    if (broken === "noKeyAtAll") return once(body)
    if (broken !== "keyAfterwards") return once({ ...body, ref: carry })
    return Effect.flatMap(once(body), ({ id }) => send(String(id), { ref: carry }, {}))
  }
  const reading: SimplePort.Reading<R> = {
    strategy: "keyset",
    field: "modified",
    granularityMillis: 1000,
    lag: 0,
    read: ({ fields, from, limit }) => lists(path, { order: "modified", modified_from: from, ...asked(fields) }, limit),
    readAt: ({ afterId, fields, limit, stamp }) =>
      lists(path, { modified_from: stamp, modified_before: after(stamp), after_id: afterId, ...asked(fields) }, limit),
  }
  return {
    port: {
      scope,
      store,
      reading,
      get,
      pageSize: 2 * PAGE,
      ids: SimplePort.numericIds,
      idOf: ({ id }: R) => String(id),
      stampOf: ({ modified }: R) => modified,
      revisionOf: ({ version }: R) => String(version),
      identity: {
        carrier: "findThenWrite",
        field: "ref",
        changedBody: "updates",
        ...CARRIED,
        carriedBy: ({ ref }: R) => ref,
        carrying: (ref: string) => living({ ref }),
      },
      archive: (id: string) =>
        api.write(Replay.write(`${SYSTEM}.${path}.archive`, "api", "safe"), [path, id], { method: "DELETE" }),
    } as const,
    living,
    create,
    update: (id: string, body: object, writing: SimplePort.Writing<R>) =>
      send(id, { ...body, ref: writing.carry }, writing),
  }
}

const gone = (what: string) =>
  new ConnectorErrors.ConnectorError({
    system: SYSTEM,
    reason: new ConnectorErrors.NotFound({ message: `${what} was deleted` }),
  })

/** Marks a record that its vendor keeps though it was deleted, from the row to {@link telling}. */
const DELETED = "quillbook.deleted"
const marked = ({ deleted }: Lists.Row) => (deleted ? { custom: { [DELETED]: true } } : {})

type Custom = { readonly custom?: { readonly [DELETED]?: true } }

/** What is marked as deleted is told as deleted. */
const telling = <E extends Entity.Any>(port: Port.Port<E>, broken: Broken | undefined): Port.Port<E> => ({
  ...port,
  features: { ...port.features, deletions: true },
  changes: (options) =>
    Stream.map(port.changes(options), (page) => ({
      ...page,
      changes: page.changes.flatMap((change) => {
        if (change._tag !== "Upserted" || (change.record as Custom).custom?.[DELETED] !== true) return [change]
        return broken === "tellsNoDeletions"
          ? []
          : [{ _tag: "Deleted" as const, id: change.id, version: change.version }]
      }),
    })),
})

const toAccount = (row: AccountRow): SimplePort.Fields<typeof Account> => ({
  name: row.name,
  email: row.email,
  phone: row.phone,
  currency: row.currency,
  ...(row.city === undefined ? {} : { billingAddress: { city: row.city, country: row.country } }),
  ...marked(row),
})

const fromAccount = ({ billingAddress, currency, email, name, phone }: Entity.Patch<typeof Account>) => ({
  name,
  email,
  phone,
  currency,
  ...(billingAddress === undefined ? {} : { city: billingAddress?.city, country: billingAddress?.country }),
})

const toOrder = (row: OrderRow): SimplePort.Fields<typeof Order> => ({
  ...(row.account === null ? {} : { account: { id: row.account } }),
  date: row.date,
  currency: row.currency,
  lines: row.lines?.map(({ key, price, product, quantity }) => ({
    key,
    product: { number: product },
    quantity,
    unitPrice: price,
  })),
  ...marked(row),
})

const textOf = (amount: Decimal.Decimal | null | undefined): Maybe | undefined =>
  amount === null || amount === undefined ? amount : Decimal.format(amount)

const fromOrder = ({ account, currency, date, lines }: Entity.Patch<typeof Order>) => ({
  account: account === null ? null : account?.id,
  date,
  currency,
  lines: lines?.map(({ key, product, quantity, unitPrice }) => ({
    key,
    product: product?.number,
    quantity: textOf(quantity),
    price: textOf(unitPrice),
  })),
})

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

interface Told {
  readonly error: { readonly code?: string; readonly message?: string; readonly field?: string; existing_id?: string }
}

const classify: Pipeline.Options["classify"] = (exchange) => {
  const told = (exchange.body as Told | undefined)?.error
  if (told?.code === "daily_allowance") return new ConnectorErrors.QuotaExhausted({ message: String(told.message) })
  return Statuses.reason(exchange, () => ({
    message: told?.message,
    field: told?.field,
    existingId: told?.existing_id,
  }))
}

const limits: ReadonlyArray<RateLimit.Limit> = [
  { name: "window", requests: LIMIT.requests, window: Duration.millis(LIMIT.millis), source: "Quillbook: Limits" },
]

const pipelineOf = Effect.fnUntraced(function* (given: Given, baseUrl: URL) {
  const { broken, clientSecret, fetch, readOnly = false, refreshToken, store } = given
  const auth = yield* OAuth.refreshToken({
    system: SYSTEM,
    tokenUrl: new URL(TOKEN_PATH, baseUrl),
    clientId: CLIENT.clientId,
    clientSecret,
    initial: refreshToken,
    fetch,
    ...(broken === "forgetsTokens" ? {} : { storage: { store, name: "quillbook" } }),
  })
  const limiter = broken === "noLimit" ? RateLimit.unlimited : yield* RateLimit.make({ system: SYSTEM, limits })
  return yield* Pipeline.make({ system: SYSTEM, baseUrl, auth, limiter, classify, json: "exact", fetch, readOnly })
})

const EVERY = {
  accounts: Object.keys(WIRE.accounts),
  people: Object.keys(WIRE.people),
  orders: Object.keys(WIRE.orders),
}

export const make = Effect.fnUntraced(function* (given: Given) {
  const { baseUrl = new URL(`${ORIGIN}/v1`), broken, readOnly = false, store } = given
  const pipeline = yield* pipelineOf(given, baseUrl)
  const api = JsonApi.make({ pipeline, baseUrl })
  const how = { system: SYSTEM, pipeline, baseUrl, followsAnything: broken === "followsAnything" }
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
    client: { api, turn: Lists.turns(how), baseUrl },
    probes: { accounts: tools.lists("accounts", {}, 1) },
    ports: {
      Account: telling(Accounts, broken) as Port.Any,
      Contact: References.resolving(telling(Contacts, broken), parent),
      Order: References.resolving(telling(Orders, broken), parent, items(api)),
    },
  })
})
