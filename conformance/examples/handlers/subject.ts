/** Ledgerette's customers with plain promises: a port from a few async functions, and retries of its own. */

import * as PromiseAdapter from "@mortise/conformance/PromiseAdapter"
import * as TwinSubject from "@mortise/conformance/TwinSubject"
import { ConnectorError } from "@mortise/core/ConnectorError"
import { Account } from "@mortise/core/Entities"
import * as SimplePort from "@mortise/core/SimplePort"
import * as SimplePromises from "@mortise/core/SimplePromises"
import * as Duration from "effect/Duration"
import * as Redacted from "effect/Redacted"
import * as Ledgerette from "../ledgerette/twin.ts"
import { make } from "./twin.ts"

interface Customer {
  readonly id: unknown
  readonly name: string
  readonly email: string | null
  readonly phone: string | null
  readonly updated_at: string
}

interface Listed {
  readonly data: ReadonlyArray<Customer>
  readonly total: unknown
}

type Given = PromiseAdapter.PromiseGiven<{ readonly token: Redacted.Redacted<string> }>

const SYSTEM = "ledgerette"
const TRIES = 4

const told = (body: unknown) => {
  const { field, message } = (body as { readonly error: { readonly message: string; readonly field?: string } }).error
  return { message, field }
}

/** A create is sent again only after a refusal that surely made nothing. */
const mayRepeat = (cause: unknown, method: string): boolean => {
  if (!(cause instanceof ConnectorError)) return method !== "POST"
  return method === "POST" ? cause.reason._tag === "Throttled" : cause.isRetryable
}

/** Sends, and sends a read again after a pause: what failed by itself may pass. */
const call = async <A>({ baseUrl, credentials, fetch }: Given, path: string, body?: object, method = "GET") => {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(`${baseUrl}/${path}`, {
        method,
        redirect: "manual",
        headers: { authorization: `Bearer ${Redacted.value(credentials.token)}` },
        signal: AbortSignal.timeout(30_000),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return {
        data: await SimplePromises.json<A>(SYSTEM, response, told),
        serverTime: SimplePromises.serverTime(response),
      }
    } catch (cause) {
      if (attempt === TRIES || !mayRepeat(cause, method)) throw cause
      const wait = cause instanceof ConnectorError ? cause.retryAfter : undefined
      const millis = wait === undefined ? 2000 * attempt : Duration.toMillis(wait)
      await new Promise((resolve) => setTimeout(resolve, millis))
    }
  }
}

const query = (values: Readonly<Record<string, string | number | undefined>>): string =>
  new URLSearchParams(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  ).toString()

const open = async (given: Given) => {
  const scope = { system: SYSTEM, instance: given.baseUrl.host }
  const list = (asked: Parameters<typeof query>[0]) => call<Listed>(given, `customers?${query(asked)}`)
  const port = await given.port<typeof Account, Customer>({
    entity: Account,
    scope,
    identity: { carrier: "storeOnly" },
    readable: ["name", "email", "phone"],
    writable: given.readOnly === true ? [] : ["name", "email", "phone"],
    notClearable: ["name"],
    idOf: ({ id }) => String(id),
    fieldsOf: ({ email, name, phone }) => ({ name, email, phone }),
    stampOf: (row) => row.updated_at,
    get: async (id) => (await call<Customer>(given, `customers/${encodeURIComponent(id)}`)).data,
    lookFor: { email: async (email) => (await list({ email, per_page: 50 })).data.data },
    create: async (fields) => (await call<Customer>(given, "customers", fields, "POST")).data,
    update: async (id, fields) =>
      (await call<Customer>(given, `customers/${encodeURIComponent(id)}`, fields, "PATCH")).data,
    pageSize: 50,
    ids: SimplePort.numericIds,
    reading: {
      strategy: "window",
      field: "updated_at",
      granularityMillis: 1000,
      lag: "5 seconds",
      read: async ({ before, from, limit }) => {
        const { data, serverTime } = await list({ updated_from: from, updated_before: before, per_page: limit })
        return { rows: data.data, more: Number(data.total) > data.data.length, serverTime }
      },
      scan: async ({ afterId, before, from, limit }) => {
        for (let page = 1; ; page++) {
          const asked = { updated_from: from, updated_before: before, page, per_page: limit }
          const { data, serverTime } = await list(asked)
          const rows = data.data.filter(({ id }) => Number(id) > Number(afterId ?? 0))
          const more = page * limit < Number(data.total)
          if (rows.length > 0 || !more) return { rows, more, serverTime }
        }
      },
    },
  })
  return {
    system: SYSTEM,
    apiVersion: "v1",
    scope,
    readOnly: given.readOnly ?? false,
    client: undefined,
    ports: { Account: port },
    check: async () => [],
    prepare: async () => [],
  } satisfies PromiseAdapter.PromiseConnector
}

export const subject = TwinSubject.make({
  name: "ledgerette by handlers",
  version: "1.0.0",
  apiVersion: "v1",
  declaration: { ...Ledgerette.declaration, limits: [] },
  twin: make,
  adapter: PromiseAdapter.factory(open),
  credentials: { token: Redacted.make(Ledgerette.TOKEN) },
  wrongCredentials: { token: Redacted.make("not-the-token") },
  party: {
    entity: "Account",
    collection: "customers",
    natural: "email",
    wire: { name: "name", phone: "phone", natural: "email" },
    unwelcome: { name: "x".repeat(101) },
  },
  absent: {
    lag: "a list shows a write at once",
    deletions: "a list filtered by its stamp does not tell what is gone",
    archives: "customers are not archived",
  },
})
