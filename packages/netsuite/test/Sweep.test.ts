/** Every fault at every request, and a crash before and after every request and every write of the store. */
import * as Epoch from "@mortise/conformance/Epoch"
import type { Fault } from "@mortise/conformance/twin/Faults"
import * as VirtualClock from "@mortise/conformance/VirtualClock"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import type * as Outcome from "@mortise/core/Outcome"
import * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as EffectScope from "effect/Scope"
import { describe, expect, it } from "vitest"
import type * as Config from "../src/Config.ts"
import * as NetSuite from "../src/NetSuite.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const stage = () => {
  const bench = Bench.make()
  bench.world.seed("customer", [Seeds.customer(0, { vatRegNumber: "DE1" })])
  bench.world.seed("inventoryItem", [Seeds.item("BOLT")])
  return bench
}

/** The same world again on the same twin, whose descriptions are compiled only once. */
const restorer = (bench: Bench.Bench) => {
  const dump = structuredClone(bench.world.dump())
  return () => {
    bench.world.load(structuredClone(dump))
    bench.twin.faults.clear()
    bench.twin.journal.clear()
    return bench
  }
}

/** Deals a fault to the nth request from now. */
const dealAt = (bench: Bench.Bench, nth: number, fault: Fault) =>
  bench.twin.faults.deal({ at: bench.twin.journal.count() + nth, fault })

const line = (key: string, quantity: string) => ({
  key,
  product: { number: "BOLT" },
  quantity: Decimal.make(quantity),
  unitPrice: Decimal.make("1.5"),
})

const scenario = ({ ports }: NetSuite.Service) =>
  Effect.gen(function* () {
    const accounts = yield* ports.Account.upsert([
      { key: "hubspot/1/|Company|1", fields: { name: "One" } },
      { key: "hubspot/1/|Company|2", adoptBy: ["taxId"], fields: { name: "Adopted", taxId: "DE1" } },
    ])
    const contacts = yield* ports.Contact.upsert([
      { key: "hubspot/1/|Contact|1", fields: { lastName: "Nagy", account: { key: "hubspot/1/|Company|1" } } },
    ])
    const order = (quantity: string) => ({
      key: "hubspot/1/|Deal|1",
      fields: { account: { key: "hubspot/1/|Company|1" }, lines: [line("a", quantity), line("b", "2")] },
    })
    const first = yield* ports.Order.upsert([order("1")])
    const second = yield* ports.Order.upsert([order("7")])
    return [...accounts, ...contacts, ...first, ...second]
  })

/** What has to be in the world when everything went through, however often it was tried. */
const expectOne = (bench: Bench.Bench, what: string) => {
  const names = bench.world.all("customer").map((doc) => doc.fields["companyName"])
  expect([...names].sort(), what).toEqual(["Adopted", "One"])
  expect(bench.world.all("contact").length, what).toBe(1)
  expect(bench.world.all("salesOrder").length, what).toBe(1)
  const lines = bench.world.all("salesOrder")[0]?.subs["item"] ?? []
  expect(
    lines.map(({ fields }) => fields["quantity"]),
    what,
  ).toEqual(["7", "2"])
}

const FAULTS: ReadonlyArray<Fault> = [
  { kind: "lostReply" },
  { kind: "refused" },
  { kind: "resetBefore" },
  { kind: "errorAfter", status: 500 },
  { kind: "errorBefore", status: 503 },
  { kind: "slow", millis: 300_000, commit: "late" },
  { kind: "hang", applied: true },
  { kind: "hang", applied: false },
  { kind: "throttle" },
  { kind: "unauthorized" },
  { kind: "malformedJson" },
  { kind: "htmlPage", status: 200 },
  { kind: "htmlPage", status: 502 },
  { kind: "truncatedBody" },
  { kind: "redirect", location: "https://evil.example/steal" },
]

/** Every fault at what writes; at what reads, a part of them that is another one from request to request. */
const faultsAt = (bench: Bench.Bench, at: number): ReadonlyArray<Fault> => {
  const line = bench.twin.journal.lines[at - 1]
  const isWrite = line !== undefined && /\/record\//.test(line.url) && line.method !== "GET"
  return isWrite ? FAULTS : FAULTS.filter((_, index) => index % 4 === at % 4)
}

const settled = (outcomes: ReadonlyArray<Outcome.Outcome>) =>
  outcomes.every(({ _tag }) => ["Created", "Updated", "Written", "Unchanged"].includes(_tag))

describe("a scenario of writes", () => {
  it("leaves each record once under every fault at every request, and a second run mends the rest", async () => {
    const baseline = stage()
    expect(settled(await Bench.use(baseline, Bench.options(baseline), scenario))).toBe(true)
    expectOne(baseline, "without a fault")
    const requests = baseline.twin.journal.count()
    const restored = restorer(stage())
    const hazards = { runs: 0, dealt: 0, unsettled: 0 }
    for (let at = 1; at <= requests; at++) {
      for (const fault of faultsAt(baseline, at)) {
        hazards.runs += 1
        const what = `${fault.kind} at request ${at}`
        const bench = restored()
        dealAt(bench, at, fault)
        const first = await Bench.use(bench, Bench.options(bench), scenario).catch((error: ConnectorError) => error)
        if (bench.twin.faults.pending().length === 0) hazards.dealt += 1
        expect(bench.world.all("customer").length, what).toBeLessThanOrEqual(2)
        if (!Array.isArray(first) || !settled(first)) hazards.unsettled += 1
        await bench.clock.advance("15 minutes")
        expect(settled(await Bench.use(bench, Bench.options(bench), scenario)), what).toBe(true)
        expectOne(bench, what)
        expect(
          bench.twin.journal.where((each) => each.url.includes("evil")),
          what,
        ).toEqual([])
      }
    }
    console.log(`${hazards.runs} runs, ${hazards.dealt} faults dealt, ${hazards.unsettled} first runs unsettled`)
    expect(hazards.dealt).toBe(hazards.runs)
  })

  it("leaves each record once after a crash anywhere, and a new process mends the rest", async () => {
    const run = (config: Config.NetSuiteConfig, epoch: Epoch.Epoch) => {
      const body: Effect.Effect<unknown, ConnectorError, StateStore.StateStore | EffectScope.Scope> = Effect.flatMap(
        NetSuite.make({ ...config, fetch: epoch.fetch }),
        scenario,
      )
      return epoch.run(Effect.scoped(body).pipe(Effect.provide(StateStore.layer(epoch.backend))), { limit: "2 days" })
    }
    const open = (bench: Bench.Bench, backend: ReturnType<typeof MemoryBackend.make>) =>
      Epoch.open({ clock: bench.clock, fetch: bench.twin.fetch, backend })
    const baseline = stage()
    const whole = open(baseline, MemoryBackend.make())
    expect(Exit.isExit(await run(Bench.options(baseline), whole))).toBe(true)
    const points = Epoch.cutPoints(whole.counts())
    const restored = restorer(stage())
    for (const point of points) {
      const what = `cut ${point.when} ${point.kind} ${point.nth}`
      const bench = restored()
      const backend = MemoryBackend.make()
      const first = open(bench, backend)
      first.cutAt(point)
      expect(await run(Bench.options(bench), first), what).toBeInstanceOf(Epoch.Cut)
      const end = await run(Bench.options(bench), open(bench, backend))
      if (end instanceof VirtualClock.Stuck || end instanceof Epoch.Cut || !Exit.isSuccess(end)) throw new Error(what)
      expectOne(bench, what)
    }
    console.log(`${points.length} crashes`)
  })
})

describe("a job", () => {
  it("leaves each record once after a crash anywhere, and a new process mends the rest", async () => {
    const records = Array.from({ length: 6 }, (_, index) => ({
      key: `hubspot/1/|Company|${index}`,
      fields: { name: `Company ${index}` },
    }))
    const run = (bench: Bench.Bench, epoch: Epoch.Epoch) => {
      const body = Effect.flatMap(
        NetSuite.make(Bench.options(bench, { batchFrom: 3, fetch: epoch.fetch })),
        ({ ports }) => ports.Account.upsert(records),
      )
      return epoch.run(Effect.scoped(body).pipe(Effect.provide(StateStore.layer(epoch.backend))), { limit: "2 days" })
    }
    const open = (bench: Bench.Bench, backend: ReturnType<typeof MemoryBackend.make>) =>
      Epoch.open({ clock: bench.clock, fetch: bench.twin.fetch, backend })
    const baseline = Bench.make()
    const whole = open(baseline, MemoryBackend.make())
    expect(Exit.isExit(await run(baseline, whole))).toBe(true)
    expect(baseline.world.state.jobs.length).toBe(1)
    const restored = restorer(Bench.make())
    for (const point of Epoch.cutPoints(whole.counts())) {
      const what = `cut ${point.when} ${point.kind} ${point.nth}`
      const bench = restored()
      const backend = MemoryBackend.make()
      const first = open(bench, backend)
      first.cutAt(point)
      expect(await run(bench, first), what).toBeInstanceOf(Epoch.Cut)
      const end = await run(bench, open(bench, backend))
      if (end instanceof VirtualClock.Stuck || end instanceof Epoch.Cut || !Exit.isSuccess(end)) throw new Error(what)
      expect(settled(end.value), what).toBe(true)
      const names = bench.world.all("customer").map(({ fields }) => fields["companyName"])
      expect([...names].sort(), what).toEqual(records.map(({ fields }) => fields.name))
    }
  })
})

describe("a reading", () => {
  it("delivers everything under every fault at every request, in this run or the next", async () => {
    const world = () => {
      const bench = stage()
      bench.world.seed("customer", Seeds.customers(12).slice(1))
      return bench
    }
    const read = (bench: Bench.Bench) =>
      Bench.use(bench, Bench.options(bench, { pageSize: 5 }), ({ ports }) => Bench.readAll(ports.Account))
    const baseline = world()
    await read(baseline)
    const requests = baseline.twin.journal.count()
    const restored = restorer(world())
    for (let at = 1; at <= requests; at++) {
      for (const fault of FAULTS) {
        const what = `${fault.kind} at request ${at}`
        const bench = restored()
        dealAt(bench, at, fault)
        const first = await read(bench).catch((error: ConnectorError) => error)
        const failed = !("changes" in first)
        if (failed) expect(JSON.stringify(first), what).not.toMatch(/PRIVATE KEY|eyJ/)
        const whole = failed ? await read(bench) : first
        expect(new Set(Bench.upserted(whole.changes).map(({ id }) => id)).size, what).toBe(12)
      }
    }
  })
})
