/** A connector for Ledgerette: customers as accounts, and products. It has no field that could carry a key of ours. */
import type * as Adapter from "@mortise/conformance/Adapter"
import * as Decimal from "@mortise/core/Decimal"
import { Account, Product } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type { JsonNumber } from "@mortise/core/Json"
import * as JsonApi from "@mortise/core/JsonApi"
import * as NumberedList from "@mortise/core/NumberedList"
import * as Pipeline from "@mortise/core/Pipeline"
import * as RateLimit from "@mortise/core/RateLimit"
import * as Replay from "@mortise/core/Replay"
import * as SimpleConnector from "@mortise/core/SimpleConnector"
import * as SimplePort from "@mortise/core/SimplePort"
import * as StaticAuth from "@mortise/core/StaticAuth"
import * as Statuses from "@mortise/core/Statuses"
import type { Address } from "@mortise/core/Values"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"

type Maybe = string | null
type Place = { readonly street: Maybe; readonly city: Maybe; readonly postcode: Maybe; readonly country: Maybe }
type Row = { readonly id: JsonNumber; readonly updated_at: string; readonly name: string; readonly currency: string }
type Customer = Row & { readonly email: Maybe; phone: Maybe; vat_number: Maybe; address: Place | null }
type Item = Row & { readonly code: string; active: boolean; price: JsonNumber | null }
type Listed<R> = { readonly data: ReadonlyArray<R>; readonly total: JsonNumber }

export interface Credentials {
  readonly token: Redacted.Redacted<string>
}

const system = "ledgerette"
const limits = [{ name: "minute", requests: 60, window: Duration.minutes(1), source: "Ledgerette: Limits" }]
const ids = SimplePort.numericIds

/** What all collections of Ledgerette have in common: how one reads, looks, creates and changes. */
const collection = <R extends Row>(api: JsonApi.JsonApi, path: string) => {
  const operation = `${system}.${path}.list`
  const list = (query: JsonApi.Query) => api.read<Listed<R>>(Replay.read(operation, "api"), [path], query)
  const idOf = ({ id }: R) => String(id)
  const reading = NumberedList.window<R>({
    ...{ system, operation, idOf, ids, field: "updated_at", granularityMillis: 1000, lag: "5 seconds" },
    list: ({ before, from, page, size }) =>
      Effect.map(list({ updated_from: from, updated_before: before, page, per_page: size }), ({ data, exchange }) => ({
        items: data.data,
        total: Number(data.total),
        serverTime: exchange.serverTime,
      })),
  })
  return {
    port: {
      ...({ identity: { carrier: "storeOnly" }, pageSize: 50, ids, idOf, reading } as const),
      stampOf: (row: R) => row.updated_at,
      get: (id: string) => JsonApi.data(api.read<R>(Replay.read(`${system}.${path}.get`, "api"), [path, id])),
    },
    probe: list({ per_page: 1 }),
    lookFor: (field: string) => (value: string) =>
      Effect.map(list({ [field]: value, per_page: 50 }), ({ data }) => data.data),
    create: (body: object) =>
      JsonApi.data(api.write<R>(Replay.write(`${system}.${path}.create`, "api", "never"), [path], { body })),
    update: (id: string, body: object) => {
      const safe = Replay.write(`${system}.${path}.update`, "api", "safe")
      return JsonApi.data(api.write<R>(safe, [path, id], { method: "PATCH", body }))
    },
  }
}

/** Of a patch, what is not told stays as it is: Ledgerette takes an address only as a whole. */
const placeOf = (address: Address | null | undefined, held: Place | null | undefined) =>
  address && {
    street: address.lines === undefined ? held?.street : address.lines?.join("\n"),
    city: address.city === undefined ? held?.city : address.city,
    postcode: address.postalCode === undefined ? held?.postcode : address.postalCode,
    country: address.country === undefined ? held?.country : address.country,
  }

const customerOf = (fields: Entity.Patch<typeof Account>, held?: Customer) => {
  const { billingAddress, taxId: vat_number, currency, email, name, phone } = fields
  return { name, email, phone, vat_number, currency, address: placeOf(billingAddress, held?.address) }
}

const accountOf = ({ address, currency, email, name, phone, vat_number }: Customer) => {
  const [city, country] = [address?.city, address?.country]
  const lines = address?.street?.split("\n") ?? null
  const billingAddress = address && { lines, city, postalCode: address.postcode, country }
  return { name, email, phone, taxId: vat_number, currency, billingAddress }
}

const itemOf = ({ active, name, prices, sku: code }: Entity.Patch<typeof Product>) => {
  const [first] = prices ?? []
  return { code, name, active, ...(first && { price: Decimal.toJson(first.amount), currency: first.currency }) }
}

const productOf = ({ active, code: sku, currency, name, price }: Item) => ({
  ...{ sku, name, active },
  prices: price === null ? [] : [{ amount: String(price), currency }],
})

export const ledgerette = Effect.fnUntraced(function* (given: Adapter.Given<Credentials>) {
  const { baseUrl, credentials, fetch, readOnly = false, store } = given
  const auth = yield* StaticAuth.bearer(system, credentials.token)
  const limiter = yield* RateLimit.make({ system, limits })
  const classify = Statuses.classify((body) => {
    const { existing_id, field, message } = (body as { readonly error: Readonly<Record<string, string>> }).error
    return { message, field, existingId: existing_id }
  })
  const doors = { system, baseUrl, auth, limiter, classify, json: "exact", fetch, readOnly } as const
  const api = JsonApi.make({ baseUrl, pipeline: yield* Pipeline.make(doors) })
  const scope = { system, instance: baseUrl.host }
  const customers = collection<Customer>(api, "customers")
  const items = collection<Item>(api, "products")
  const Accounts = yield* SimplePort.make<typeof Account, Customer>({
    ...{ ...customers.port, entity: Account, scope, store, fieldsOf: accountOf },
    readable: ["name", "email", "phone", "taxId", "currency", "billingAddress"],
    writable: ["name", "email", "phone", "taxId", "currency", "billingAddress"],
    notClearable: ["name", "currency"],
    lookFor: { taxId: customers.lookFor("vat_number"), email: customers.lookFor("email") },
    create: (fields) => customers.create(customerOf(fields)),
    update: (id, fields, { held }) => customers.update(id, customerOf(fields, held)),
  })
  const Products = yield* SimplePort.make<typeof Product, Item>({
    ...{ ...items.port, entity: Product, scope, store, fieldsOf: productOf },
    readable: ["sku", "name", "active", "prices"],
    writable: ["sku", "name", "active", "prices"],
    notClearable: ["sku", "name", "active", "prices"],
    lookFor: { sku: items.lookFor("code") },
    create: (fields) => items.create(itemOf(fields)),
    update: (id, fields) => items.update(id, itemOf(fields)),
  })
  const probes = { customers: customers.probe, products: items.probe }
  const ports = { Account: Accounts, Product: Products }
  return SimpleConnector.make({ apiVersion: "v1", scope, readOnly, ports, client: api, probes })
})
