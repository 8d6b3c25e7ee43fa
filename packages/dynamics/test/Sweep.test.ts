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
import { describe, expect, it } from "vitest"
import type * as Config from "../src/Config.ts"
import * as Dynamics from "../src/Dynamics.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const stage = () => {
  const bench = Bench.make()
  bench.world.seed("CustomersV3", [Seeds.customer(0, { TaxExemptNumber: "DE1" })], Bench.COMPANY)
  Seeds.items(bench, "BOLT")
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

const scenario = ({ ports }: Dynamics.Service) =>
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

/** A server that is done with a lost request sooner than the slowest fault is, and not much. */
const options = (bench: Bench.Bench) => Bench.options(bench, { orders: Seeds.SITE, lateCommit: "6 minutes" })

/** What has to be in the world when everything went through, however often it was tried. */
const expectOne = (bench: Bench.Bench, what: string) => {
  const values = (set: string, field: string) => bench.world.all(set).map((doc) => bench.world.value(set, doc, field))
  expect(values("CustomersV3", "OrganizationName").sort(), what).toEqual(["Adopted", "One"])
  expect(bench.world.all("ContactPersons").length, what).toBe(1)
  expect(bench.world.all("SalesOrderHeadersV2").length, what).toBe(1)
  const quantities = values("SalesOrderLines", "OrderedSalesQuantity")
  const lines = values("SalesOrderLines", "ExternalItemNumber").map((name, index) => [name, quantities[index]])
  expect(lines.sort(), what).toEqual([
    ["a", "7"],
    ["b", "2"],
  ])
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

/** Of a read: one fault that is waited out and one that is not. The reading below meets all of them. */
const OF_READS = new Set(["throttle", "truncatedBody"])

/** The faults for each request of a run: every one for a write. */
const faultsOf = (bench: Bench.Bench): ReadonlyArray<ReadonlyArray<Fault>> =>
  bench.twin.journal.lines.map(({ method, url }) =>
    method === "GET" || url.includes("/oauth2/") ? FAULTS.filter(({ kind }) => OF_READS.has(kind)) : FAULTS,
  )

const settled = (outcomes: ReadonlyArray<Outcome.Outcome>) =>
  outcomes.every(({ _tag }) => ["Created", "Updated", "Written", "Unchanged"].includes(_tag))

type Program = (connector: Dynamics.Service) => Effect.Effect<unknown, ConnectorError>

/** Runs a program once for each point at which its process may die, and once more after that. */
const crashEverywhere = async (
  made: () => Bench.Bench,
  config: (bench: Bench.Bench) => Config.DynamicsConfig,
  program: Program,
  expected: (bench: Bench.Bench, what: string) => void,
  isMeant: (point: Epoch.CutPoint) => boolean = () => true,
) => {
  const run = (bench: Bench.Bench, epoch: Epoch.Epoch) => {
    const body: Effect.Effect<unknown, ConnectorError, StateStore.StateStore> = Effect.flatMap(
      // What was cut off never commits late, and so the lease of the dead need not be long.
      Dynamics.make({ ...config(bench), lateCommit: "1 minute", fetch: epoch.fetch }),
      program,
    )
    return epoch.run(body.pipe(Effect.provide(StateStore.layer(epoch.backend))), { limit: "2 days" })
  }
  const open = (bench: Bench.Bench, backend: ReturnType<typeof MemoryBackend.make>) =>
    Epoch.open({ clock: bench.clock, fetch: bench.twin.fetch, backend })
  const baseline = made()
  const whole = open(baseline, MemoryBackend.make())
  expect(Exit.isExit(await run(baseline, whole))).toBe(true)
  expected(baseline, "without a crash")
  const points = Epoch.cutPoints(whole.counts()).filter(isMeant)
  const restored = restorer(made())
  for (const point of points) {
    const what = `cut ${point.when} ${point.kind} ${point.nth}`
    const bench = restored()
    const backend = MemoryBackend.make()
    const first = open(bench, backend)
    first.cutAt(point)
    expect(await run(bench, first), what).toBeInstanceOf(Epoch.Cut)
    const end = await run(bench, open(bench, backend))
    if (end instanceof VirtualClock.Stuck || end instanceof Epoch.Cut || !Exit.isSuccess(end)) throw new Error(what)
    expected(bench, what)
  }
  console.log(`${points.length} crashes`)
}

describe("a scenario of writes", () => {
  it("leaves each record once under every fault at every request, and a second run mends the rest", async () => {
    const baseline = stage()
    expect(settled(await Bench.use(baseline, options(baseline), scenario))).toBe(true)
    expectOne(baseline, "without a fault")
    const faults = faultsOf(baseline)
    const runs = faults.flat().length
    const restored = restorer(stage())
    const hazards = { dealt: 0, unsettled: 0 }
    for (const [index, dealt] of faults.entries()) {
      for (const fault of dealt) {
        const at = index + 1
        const what = `${fault.kind} at request ${at}`
        const bench = restored()
        dealAt(bench, at, fault)
        const first = await Bench.use(bench, options(bench), scenario).catch((error: ConnectorError) => error)
        if (bench.twin.faults.pending().length === 0) hazards.dealt += 1
        expect(bench.world.all("CustomersV3").length, what).toBeLessThanOrEqual(2)
        if (!Array.isArray(first) || !settled(first)) hazards.unsettled += 1
        await bench.clock.advance("15 minutes")
        expect(settled(await Bench.use(bench, options(bench), scenario)), what).toBe(true)
        expectOne(bench, what)
        expect(
          bench.twin.journal.where((each) => each.url.includes("evil")),
          what,
        ).toEqual([])
      }
    }
    console.log(`${runs} runs, ${hazards.dealt} faults dealt, ${hazards.unsettled} first runs unsettled`)
    expect(hazards.dealt).toBe(runs)
  })

  it("leaves each record once after a crash anywhere, and a new process mends the rest", async () => {
    await crashEverywhere(stage, options, scenario, expectOne)
  })
})

/** Documents whose header and lines go together: an order with a number of ours, and a draft. */
const documents = ({ ports }: Dynamics.Service) =>
  Effect.gen(function* () {
    const account = { id: "C-00000" }
    for (const quantity of ["1", "7"]) {
      const fields = { account, number: "D-1", lines: [line("a", quantity), line("b", "2")] }
      yield* ports.Order.upsert([{ key: "hubspot/1/|Deal|1", fields }])
      const free = { key: "a", description: "Work", quantity: Decimal.make(quantity), unitPrice: Decimal.make("5") }
      yield* ports.Invoice.upsert([{ key: "hubspot/1/|Invoice|1", fields: { account, lines: [free] } }])
    }
  })

describe("documents", () => {
  it("are there once, with each of their lines, after a crash around any request", async () => {
    const numbered = () => {
      const bench = stage()
      bench.world.knobs.manualNumbers = [`${Bench.COMPANY} SalesOrderNumber`]
      return bench
    }
    const byHand = (bench: Bench.Bench) => ({ ...options(bench), orders: { ...Seeds.SITE, manualNumbering: true } })
    const expected = (bench: Bench.Bench, what: string) => {
      const values = (set: string, field: string) =>
        bench.world.all(set).map((doc) => bench.world.value(set, doc, field))
      expect(values("SalesOrderHeadersV2", "SalesOrderNumber"), what).toEqual(["D-1"])
      expect(values("SalesOrderLines", "OrderedSalesQuantity").sort(), what).toEqual(["2", "7"])
      expect(values("FreeTextInvoiceHeaders", "FreeTextNumber"), what).toEqual(["Not posted"])
      expect(values("FreeTextInvoiceLines", "Quantity"), what).toEqual(["7"])
    }
    // The writes of the store are those of the scenario above: the turns of each key.
    await crashEverywhere(numbered, byHand, documents, expected, ({ kind }) => kind === "request")
  })
})

describe("a reading", () => {
  it("delivers everything under every fault at every request, in this run or the next", async () => {
    const world = () => {
      const bench = stage()
      bench.world.seed("CustomersV3", Seeds.customers(12).slice(1), Bench.COMPANY)
      return bench
    }
    const read = (bench: Bench.Bench) =>
      Bench.use(bench, { ...options(bench), pageSize: 5 }, ({ ports }) => Bench.readAll(ports.Account))
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
        if (failed) expect(JSON.stringify(first), what).not.toMatch(/twin~client|eyJ/)
        const whole = failed ? await read(bench) : first
        expect(new Set(Bench.upserted(whole.changes).map(({ id }) => id)).size, what).toBe(12)
      }
    }
  })
})
