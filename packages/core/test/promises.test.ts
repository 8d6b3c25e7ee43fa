import type * as Connector from "@mortise/core/Connector"
import { ConnectorError } from "@mortise/core/ConnectorError"
import { Account } from "@mortise/core/Entities"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as Promises from "@mortise/core/Promises"
import * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { ERP, ports, relays } from "./support/leadToLedger.ts"
import { modelPort } from "./support/modelPort.ts"
import { ModelSystem } from "./support/modelSystem.ts"

const system = (accounts: number): ModelSystem => {
  const erp = new ModelSystem("erp")
  for (let n = 1; n <= accounts; n++) erp.put("Account", `a${n}`, { name: `A${n}`, number: `C${n}` })
  return erp
}

const face = (erp: ModelSystem) => Promises.port(modelPort(Account, { fetch: erp.fetch, scope: ERP, pageSize: 2 }))

const collect = async <A>(from: AsyncIterable<A>): Promise<ReadonlyArray<A>> => {
  const all: Array<A> = []
  for await (const each of from) all.push(each)
  return all
}

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "it did not reject",
    (error) => error,
  )

describe("a port without Effect", () => {
  it("reads pages in a loop, goes on from a cursor, and stops when the loop is left", async () => {
    const erp = system(5)
    const port = face(erp)
    const ids: Array<string> = []
    let cursor: Parameters<typeof port.changes>[0] = {}
    for await (const page of port.changes()) {
      ids.push(...page.changes.map((change) => ("id" in change ? change.id : "")))
      cursor = { cursor: page.cursor }
      if (ids.length >= 2) break
    }
    expect(erp.counts.requests).toBe(1)
    for await (const page of port.changes(cursor))
      ids.push(...page.changes.map((change) => ("id" in change ? change.id : "")))
    expect(ids).toEqual(["a1", "a2", "a3", "a4", "a5"])
  })

  it("writes, finds and gets", async () => {
    const port = face(system(1))
    const outcomes = await port.upsert([{ key: "k", fields: { name: "Rossi" } }])
    expect(outcomes).toEqual([{ _tag: "Created", id: "erp-1" }])
    expect((await port.find(["k", "nobody"])).get("k")).toMatchObject({ id: "erp-1", record: { name: "Rossi" } })
    expect([...(await port.get(["a1", "gone"])).keys()]).toEqual(["a1"])
    expect(await port.archive?.(["a1"])).toEqual([{ _tag: "Updated", id: "a1" }])
  })

  it("rejects with the connector's error, from a promise and from a loop", async () => {
    const erp = system(1)
    erp.troubles.set(1, "throttled").set(2, "throttled")
    const port = face(erp)
    const error = await rejection(port.get(["a1"]))
    expect(error).toBeInstanceOf(ConnectorError)
    expect(error).toMatchObject({ reason: { _tag: "Throttled" }, isRetryable: true })
    const looped = await rejection(collect(port.changes()))
    expect(looped).toMatchObject({ _tag: "ConnectorError", reason: { _tag: "Throttled" } })
  })

  it("ends with the signal: reads reject with its reason, writes return what is known", async () => {
    const erp = system(3)
    const abort = new AbortController()
    const hanging = { ...erp, fetch: () => new Promise<Response>(() => abort.abort(new Error("enough"))) }
    const port = Promises.port(modelPort(Account, { fetch: hanging.fetch as typeof fetch, scope: ERP }))
    expect(await rejection(port.get(["a1"], { signal: abort.signal }))).toMatchObject({ message: "enough" })
    expect(await rejection(collect(port.changes({ signal: abort.signal })))).toMatchObject({
      message: "enough",
    })
    const outcomes = await port.upsert([{ key: "k", fields: { name: "Rossi" } }], { signal: abort.signal })
    expect(outcomes.map(({ _tag }) => _tag)).toEqual(["NotAttempted"])
  })

  it("ends a loop that waits for its next page", async () => {
    const erp = system(6)
    const abort = new AbortController()
    const fetch: typeof globalThis.fetch = (input, init) =>
      erp.counts.requests === 0
        ? erp.fetch(input, init)
        : new Promise(() => queueMicrotask(() => abort.abort(new Error("enough"))))
    const port = Promises.port(modelPort(Account, { fetch, scope: ERP, pageSize: 2 }))
    let pages = 0
    const loop = async () => {
      for await (const _ of port.changes({ signal: abort.signal })) pages += 1
    }
    expect(await rejection(loop())).toMatchObject({ message: "enough" })
    expect(pages).toBe(1)
  })
})

describe("a connector without Effect", () => {
  it("has its ports, its check and its prepare as promises, and all else as it was", async () => {
    const account = modelPort(Account, { fetch: system(1).fetch, scope: ERP })
    const connector: Connector.Connector<{ readonly Account: typeof account }, string> = {
      system: "erp",
      apiVersion: "1",
      scope: ERP,
      readOnly: false,
      ports: { Account: account },
      client: "the raw client",
      check: Effect.succeed([{ check: "host", level: "ok", message: "answers" }]),
      prepare: (declarations = []) =>
        Effect.succeed(declarations.map((declaration) => ({ declaration, result: "present" }))),
    }
    const easy = Promises.connector(connector)
    expect(easy).toMatchObject({ system: "erp", apiVersion: "1", client: "the raw client" })
    expect(await easy.check()).toEqual([{ check: "host", level: "ok", message: "answers" }])
    expect(await easy.prepare()).toEqual([])
    const found = await easy.ports.Account.get(["a1"])
    expect(found.get("a1")?.record.name).toBe("A1")
  })
})

describe("a relay without Effect", () => {
  it("runs, tells its steps, and can be aborted and run again", async () => {
    const erp = system(5)
    const crm = new ModelSystem("crm")
    const store = await Effect.runPromise(StateStore.make(MemoryBackend.make()))
    const doors = { erp: erp.fetch, crm: crm.fetch }
    const relay = Promises.relay(relays(doors, { pageSize: 2 }).companiesRelay, { store })
    const abort = new AbortController()
    const steps: Array<number> = []
    const loop = async () => {
      for await (const step of relay.steps({ signal: abort.signal })) {
        steps.push(step.created)
        abort.abort(new Error("enough"))
      }
    }
    expect(await rejection(loop())).toMatchObject({ message: "enough" })
    expect(steps).toEqual([2])
    expect(await relay.run()).toMatchObject({ created: 3 })
    expect(await relay.replay()).toMatchObject({ created: 0 })
    expect(await relay.unpark({ all: true })).toMatchObject({ unparked: 0 })
    expect(crm.rows("Company")).toHaveLength(5)
  })

  it("takes the same ports as one with Effect", async () => {
    const { accounts } = ports({ erp: system(3).fetch, crm: fetch })
    const pages = await Effect.runPromise(Stream.runCollect(accounts.changes()))
    expect(await collect(Promises.port(accounts).changes())).toEqual(pages)
  })
})
