/** A connector that is written with plain promises, for a twin with one collection; it names its customers itself. */
import type * as Connector from "@mortise/core/Connector"
import { ConnectorError, Transport } from "@mortise/core/ConnectorError"
import { Account } from "@mortise/core/Entities"
import type * as Features from "@mortise/core/Features"
import type * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as Reading from "@mortise/core/Reading"
import type { PromiseConnector, PromiseGiven } from "../../../src/PromiseAdapter.ts"
import type * as TwinKit from "../../../src/TwinKit.ts"

export const ORIGIN = "https://api.plain.example"

export const declaration: TwinKit.Declaration = {
  name: "plain",
  origin: ORIGIN,
  auth: { scheme: "apiKey", header: "x-api-key", key: "made-up-key" },
  paging: { style: "keyset", after: "after", size: "limit", default: 2, most: 2, items: "data", more: "more" },
  collections: {
    customers: {
      key: { field: "id", assigned: "client" },
      fields: { name: { type: "text", required: true }, seen: { type: "integer" } },
      update: { method: "PUT", replace: true },
    },
  },
}

type Customer = typeof Account
type Given = PromiseGiven<{ readonly key: string }>

const features: Features.Features<Customer> = {
  identity: {
    carrier: "clientKey",
    field: "id",
    alphabet: /[\s\S]/u,
    caseFolding: "none",
    maxLength: 100,
    changedBody: "updates",
  },
  modified: { strategy: "none", granularityMillis: 1, zone: "utc", lagMillis: 0, blindTo: [] },
  reads: true,
  creates: true,
  updates: true,
  archives: false,
  deletions: false,
  merges: false,
  revisions: false,
  batchSize: 1,
  pageSize: 2,
  readable: ["name"],
  writable: ["name"],
  notClearable: ["name"],
  derives: [],
}

export const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))

/** Each try has a minute; three tries, two seconds apart, by timers of its own. */
const call = async (
  { baseUrl, credentials, fetch }: Given,
  path: string,
  init: RequestInit = {},
): Promise<Response> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetch(new URL(path, baseUrl), {
        ...init,
        headers: { "x-api-key": credentials.key },
        signal: AbortSignal.timeout(60_000),
      })
    } catch (cause) {
      if (attempt === 3) {
        const reason = new Transport({ message: `no answer (${(cause as Error).name})`, sent: true })
        throw new ConnectorError({ system: "plain", reason })
      }
      await sleep(2000)
    }
  }
}

const get = async (given: Given, ids: ReadonlyArray<string>) => {
  const found = new Map<string, Port.Found<Customer>>()
  for (const id of ids) {
    const response = await call(given, `/customers/${encodeURIComponent(id)}`)
    if (!response.ok) continue
    const { name } = (await response.json()) as { readonly name: string }
    found.set(id, { id, key: id, record: { name } })
  }
  return found
}

const write = async (given: Given, { fields, key: id = "" }: Port.Write<Customer>): Promise<Outcome.Outcome> => {
  const there = (await get(given, [id])).get(id)
  if (there !== undefined && there.record.name === fields.name) return { _tag: "Unchanged", id }
  const body = JSON.stringify({ name: fields.name, seen: Math.floor(Date.now() / 1000) })
  const path = `/customers/${encodeURIComponent(id)}`
  if (there !== undefined) await call(given, path, { method: "PUT", body })
  else await call(given, "/customers", { method: "POST", body: JSON.stringify({ id, ...JSON.parse(body) }) })
  return { _tag: there === undefined ? "Created" : "Updated", id }
}

export const scope = { system: "plain", instance: "plain" }

export const plain = async (given: Given) => {
  const { store } = given
  const reading = Reading.of(scope, "Account")
  const changes = async function* () {
    for (let after = ""; ; ) {
      const query = after === "" ? "" : `&after=${encodeURIComponent(after)}`
      const response = await call(given, `/customers?limit=2${query}`)
      const { data, more } = (await response.json()) as {
        data: ReadonlyArray<{ id: string; name: string }>
        more: boolean
      }
      after = data.at(-1)?.id ?? after
      yield {
        stream: reading.stream,
        changes: data.map(({ id, name }) => ({
          _tag: "Upserted" as const,
          id,
          version: name,
          hash: name,
          record: { name },
        })),
        cursor: Reading.cursor(reading, "plain", after),
        delta: { marks: [] },
        caughtUp: !more,
      }
      await store.putSetting("last", after)
      if (!more) return
    }
  }
  const account = {
    entity: Account,
    scope,
    features,
    changes,
    get: (ids: ReadonlyArray<string>) => get(given, ids),
    find: (keys: ReadonlyArray<string>) => get(given, keys),
    upsert: async (records: ReadonlyArray<Port.Write<Customer>>) => {
      const outcomes: Array<Outcome.Outcome> = []
      for (const record of records) outcomes.push(await write(given, record))
      return outcomes
    },
  }
  return {
    system: "plain",
    apiVersion: "1",
    scope,
    readOnly: false,
    client: undefined,
    ports: { Account: account },
    check: async (): Promise<ReadonlyArray<Connector.Finding>> => [{ check: "host", level: "ok", message: "there" }],
    prepare: async () => [],
  } satisfies PromiseConnector
}
