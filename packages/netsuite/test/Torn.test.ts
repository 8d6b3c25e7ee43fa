/** What stands in other tables comes in pages as well, and people go on working between two of them. */
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const { HOUR, MINUTE } = Seeds

/** Documents with so many lines each, and what somebody does after the first page of their lines. */
const stage = (documents: number, count: number) => {
  const bench = Bench.make()
  const [customer] = bench.world.seed("customer", [Seeds.customer(1)])
  const [item] = bench.world.seed("serviceSaleItem", [Seeds.item("SVC")])
  const lines = (many: number) =>
    Array.from({ length: many }, (_, index) => ({ item: item?.id ?? "", quantity: String(index + 1), rate: "50" }))
  const orders = bench.world.seed(
    "salesOrder",
    Array.from({ length: documents }, (_, index) =>
      Seeds.order(customer?.id ?? "", item?.id ?? "", {
        item: lines(count),
        $modified: Bench.START - 9 * HOUR + index * MINUTE,
      }),
    ),
  )
  const shorten = (index: number, many: number) =>
    bench.world.edit("salesOrder", orders[index]?.id ?? "", { item: lines(many) })
  return { bench, orders: orders.map(({ id }) => id), shorten }
}

/** The twin, with something that happens once, after its first answer about lines. */
const interrupted = (bench: Bench.Bench, happens: () => void): typeof globalThis.fetch => {
  let isArmed = true
  return async (input, init) => {
    const request = new Request(input, init)
    const isOfLines = (await request.clone().text()).includes("SELECT transaction, id")
    const answer = await bench.twin.fetch(request)
    if (isArmed && isOfLines) {
      isArmed = false
      happens()
    }
    return answer
  }
}

const countsOf = async (bench: Bench.Bench, fetch: typeof globalThis.fetch) => {
  const { changes } = await Bench.use(bench, Bench.options(bench, { fetch }), ({ ports: { Order } }) =>
    Bench.readAll(Order),
  )
  return new Map(Bench.upserted(changes).map(({ id, record }) => [id, record.lines?.map(({ id: line }) => line)]))
}

describe("lines that fill more than a page", () => {
  it("are all there, each once, though somebody takes lines of another document away between two pages", async () => {
    const { bench, orders, shorten } = stage(150, 10)
    const told = await countsOf(
      bench,
      interrupted(bench, () => shorten(3, 8)),
    )
    const wrong = orders.filter((id) => new Set(told.get(id)).size !== 10 || told.get(id)?.length !== 10)
    expect(wrong.filter((id) => id !== orders[3])).toEqual([])
  })

  it("are all there, each once, where one document alone fills a page", async () => {
    const { bench, orders } = stage(3, 1001)
    const told = await countsOf(bench, bench.twin.fetch)
    for (const id of orders) {
      expect(told.get(id)?.length).toBe(1001)
      expect(new Set(told.get(id)).size).toBe(1001)
    }
  })
})
