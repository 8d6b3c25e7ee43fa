import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type { Contact } from "@mortise/core/Entities"
import type * as Port from "@mortise/core/Port"
import * as Relay from "@mortise/core/Relay"
import * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { type Crowd, crowdedBackend } from "./support/crowdedBackend.ts"
import { table, toCrm } from "./support/leadToLedger.ts"
import { world } from "./support/oneRelay.ts"

const CROWD = 100_000
/** No answer of the store and no question to a port may be as large. */
const PAGE = 1_200

const source = (id: string): StateStore.RecordRef => ({ scope: "erp/one/", entity: "Contact", id })

const crowd: Crowd = {
  relay: "people",
  size: CROWD,
  source,
  parked: (of) => ({
    relay: "people",
    source: of,
    version: "1",
    waitsFor: { scope: "erp/one/", entity: "Account", id: "never comes" },
    as: { scope: "crm/two/", entity: "Company" },
    at: 0,
  }),
  dead: (of) => ({
    relay: "people",
    source: of,
    version: "1",
    reason: "Invalid",
    message: "the name is missing",
    at: 0,
  }),
}

setFlagsFromString("--expose-gc")
const collect = runInNewContext("gc") as () => void

const heap = (): number => {
  collect()
  return process.memoryUsage().heapUsed / 2 ** 20
}

/** A relay that finds every record and wants to write none: what is measured is who holds on to them. */
const setUp = () => {
  const all = world()
  const store = crowdedBackend(crowd)
  const seen = { calls: 0, records: 0, largest: 0, ahead: 0, early: 0, late: 0 }
  const look = (ids: ReadonlyArray<string>): void => {
    seen.calls += 1
    seen.largest = Math.max(seen.largest, ids.length)
    // Each is read once to be taken up and once when it is taken off, and each commit looks whether there are any.
    const taken = 2 * seen.records + seen.calls
    seen.ahead = Math.max(seen.ahead, Math.max(store.parked.handedOut, store.dead.handedOut) - taken)
    seen.records += ids.length
    if (seen.early === 0 && seen.records > CROWD * 0.02) seen.early = heap()
    if (seen.late === 0 && seen.records > CROWD * 0.98) seen.late = heap()
  }
  const found = (ids: ReadonlyArray<string>) =>
    new Map<string, Port.Found<typeof Contact>>(ids.map((id) => [id, { id, record: { title: "none" } }]))
  const relay = Relay.make({
    name: "people",
    source: {
      ...all.people,
      get: (ids) =>
        Effect.sync(() => {
          look(ids)
          return found(ids)
        }),
    },
    target: all.contacts,
    table,
    direction: toCrm,
    map: ({ email }) => (email === undefined ? undefined : { email }),
  })
  const run = <A>(effect: Effect.Effect<A, ConnectorError, StateStore.StateStore>): Promise<A> =>
    Effect.runPromise(Effect.provide(effect, StateStore.layer(store.backend)))
  return { all, relay, run, seen, store }
}

describe("a relay of which 100,000 records are parked and 100,000 are dead", () => {
  it("reads no dead letter before or after its pages, and the parked in pages", async () => {
    const { all, relay, run, seen, store } = setUp()
    all.erp.put("Contact", "p1", { email: "p1@example.com" })
    // A commit looks whether there are any at all.
    const steps = Stream.tap(relay.steps, () => Effect.sync(() => expect(store.parked.handedOut).toBe(1)))
    expect(await run(Stream.runCollect(steps))).toMatchObject([{ kind: "page", created: 1 }])
    expect(store.dead.handedOut).toBe(1)
    expect(store.parked.handedOut).toBe(CROWD + 1)
    expect(store.counts.largest).toBeLessThan(PAGE)
    expect(seen.records).toBe(0)
  })

  it("takes the parked up page by page, and holds on to none of them", async () => {
    const { relay, run, seen, store } = setUp()
    expect(await run(relay.unpark({ all: true }))).toMatchObject({ unparked: CROWD, skipped: CROWD, parked: 0 })
    expect(seen.ahead).toBeLessThan(PAGE)
    expect(seen.late - seen.early).toBeLessThan(4)
    expect(store.parked.left()).toBe(0)
    expect(seen.largest).toBeLessThan(PAGE)
    expect(store.counts.largest).toBeLessThan(PAGE)
  })

  it("takes the dead up page by page, and holds on to none of them", async () => {
    const { relay, run, seen, store } = setUp()
    expect(await run(relay.replay())).toMatchObject({ skipped: CROWD, rejected: {} })
    expect(seen.ahead).toBeLessThan(PAGE)
    expect(seen.late - seen.early).toBeLessThan(4)
    expect(store.dead.left()).toBe(0)
    expect(seen.largest).toBeLessThan(PAGE)
    expect(store.counts.largest).toBeLessThan(PAGE)
  })
})
