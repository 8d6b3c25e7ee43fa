import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const { tags, writes } = Bench
const batchFrom = 5

const many = (count: number, more: (index: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, index) => ({
    key: `hubspot/1/|Company|${index}`,
    fields: { name: `Company ${index}`, ...more(index) },
  }))

const submissions = (bench: Bench.Bench) =>
  writes(bench).filter(({ url }) => new URL(url).pathname.endsWith("/customer"))

describe("many new records", () => {
  it("are written by jobs of a hundred, waited for, and told one by one what became of them", async () => {
    const bench = Bench.make()
    const outcomes = await Bench.use(bench, Bench.options(bench, { batchFrom }), ({ ports }) =>
      Effect.flatMap(ports.Account.upsert(many(230)), (first) =>
        Effect.map(ports.Account.upsert(many(230)), (second) => [first, second] as const),
      ),
    )
    expect(new Set(tags(outcomes[0]))).toEqual(new Set(["Created"]))
    expect(new Set(tags(outcomes[1]))).toEqual(new Set(["Unchanged"]))
    expect(submissions(bench).map(({ requestBody }) => JSON.parse(requestBody).items.length)).toEqual([100, 100, 30])
    expect(writes(bench).length).toBe(3)
    expect(bench.world.all("customer").length).toBe(230)
    const ids = new Set(bench.world.all("customer").map(({ id }) => id))
    expect(outcomes[0].every((outcome) => "id" in outcome && ids.has(outcome.id ?? ""))).toBe(true)
  })

  it("do not make each other's faults: one that is refused is told why, the others are there", async () => {
    for (const batchMode of ["sequential", "parallel"] as const) {
      const bench = Bench.make({ knobs: { batchMode }, customFields: [{ name: "custentity_rank", kind: "date" }] })
      const config = Bench.options(bench, { batchFrom, custom: { Account: { custentity_rank: "text" } } })
      const custom = (index: number) => ({ custom: { custentity_rank: index === 3 ? "no day" : "2026-01-01" } })
      const outcomes = await Bench.use(bench, config, ({ ports }) => ports.Account.upsert(many(8, custom)))
      expect(tags(outcomes)).toEqual(Array.from({ length: 8 }, (_, index) => (index === 3 ? "Rejected" : "Created")))
      expect(Bench.reasonOf(outcomes[3])?._tag).toBe("Invalid")
    }
  })

  it("are submitted once when the answer is lost: the same key names the first job", async () => {
    for (const fault of [
      { kind: "lostReply" },
      { kind: "errorAfter", status: 500 },
      { kind: "resetBefore" },
    ] as const) {
      const bench = Bench.make()
      bench.twin.faults.deal({ at: ({ method, path }) => method === "PUT" && path.endsWith("/customer"), fault })
      const outcomes = await Bench.use(bench, Bench.options(bench, { batchFrom }), ({ ports }) =>
        ports.Account.upsert(many(8)),
      )
      expect(new Set(tags(outcomes)), fault.kind).toEqual(new Set(["Created"]))
      expect(bench.world.state.jobs.length, fault.kind).toBe(1)
      expect(new Set(submissions(bench).map((line) => line.requestHeaders["x-netsuite-idempotency-key"])).size).toBe(1)
      expect(bench.world.all("customer").length).toBe(8)
    }
  })

  it("are written one by one in an account whose release has no batches, and then no batch is tried again", async () => {
    const bench = Bench.make()
    bench.twin.faults.deal({
      at: ({ method, path }) => method === "PUT" && path.endsWith("/customer"),
      fault: { kind: "errorBefore", status: 405 },
    })
    const outcomes = await Bench.use(bench, Bench.options(bench, { batchFrom }), ({ ports }) =>
      Effect.flatMap(ports.Account.upsert(many(8)), (first) =>
        Effect.map(ports.Account.upsert(many(16)), (second) => [...first, ...second]),
      ),
    )
    expect(tags(outcomes).filter((tag) => tag === "Created").length).toBe(16)
    expect(tags(outcomes).filter((tag) => tag === "Unchanged").length).toBe(8)
    expect(submissions(bench).length).toBe(1)
  })

  it("take their lines with them, once", async () => {
    const bench = Bench.make()
    const [customer] = bench.world.seed("customer", [Seeds.customer(1)])
    bench.world.seed("inventoryItem", [Seeds.item("BOLT")])
    const orders = Array.from({ length: 12 }, (_, index) => ({
      key: `hubspot/1/|Deal|${index}`,
      fields: {
        account: { id: customer?.id ?? "" },
        lines: [{ key: "a", product: { number: "BOLT" }, quantity: Decimal.make(String(index + 1)) }],
      },
    }))
    const outcomes = await Bench.use(bench, Bench.options(bench, { batchFrom }), ({ ports }) =>
      ports.Order.upsert(orders),
    )
    expect(new Set(tags(outcomes))).toEqual(new Set(["Created"]))
    expect(writes(bench).length).toBe(1)
    expect(bench.world.all("salesOrder").map(({ subs }) => subs["item"]?.length)).toEqual(orders.map(() => 1))
  })

  it("are single requests for few of them, and for records that are there", async () => {
    const bench = Bench.make()
    const outcomes = await Bench.use(bench, Bench.options(bench, { batchFrom }), ({ ports }) =>
      Effect.flatMap(ports.Account.upsert(many(4)), () =>
        ports.Account.upsert(many(6, (index) => ({ phone: `${index}` }))),
      ),
    )
    expect(tags(outcomes)).toEqual(["Updated", "Updated", "Updated", "Updated", "Created", "Created"])
    expect(bench.world.state.jobs.length).toBe(1)
  })
})
