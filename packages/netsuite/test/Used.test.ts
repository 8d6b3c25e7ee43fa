/** Lines of an order that was billed or shipped in part are named by other documents, so their set is not replaced. */
import * as Decimal from "@mortise/core/Decimal"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

/** An account or a role without a column: a query that names it is refused. */
const without = (bench: Bench.Bench, column: string | undefined): typeof globalThis.fetch => {
  const detail = `Invalid search query. Detailed unprocessed description follows. Search error occurred: Field '${column}' for record 'transactionLine' was not found.`
  const body = { status: 400, "o:errorDetails": [{ detail, "o:errorCode": "INVALID_PARAMETER" }] }
  return async (input, init) => {
    const request = new Request(input, init)
    const text = await request.clone().text()
    const isRefused = column !== undefined && request.url.includes("/suiteql") && text.includes(column)
    return isRefused ? Response.json(body, { status: 400 }) : bench.twin.fetch(request)
  }
}

/** What becomes of one more line on an order of which one of two pieces was shipped, or none. */
const addLine = async (options: { readonly shipped: boolean; readonly hidden?: string }) => {
  const bench = Bench.make()
  const [customer] = bench.world.seed("customer", [Seeds.customer(1)])
  const [first, second] = bench.world.seed("inventoryItem", [Seeds.item("ONE"), Seeds.item("TWO")])
  const [order] = bench.world.seed("salesOrder", [
    Seeds.order(customer?.id ?? "", first?.id ?? "", {
      orderStatus: "B",
      item: [{ item: first?.id ?? "", quantity: "2", rate: "50" }],
    }),
  ])
  if (options.shipped) bench.world.fulfil(order?.id ?? "", { "1": "1" })
  const lines = [
    { key: "a", product: { id: first?.id ?? "" }, quantity: Decimal.make("2"), unitPrice: Decimal.make("50") },
    { key: "b", product: { id: second?.id ?? "" }, quantity: Decimal.make("1"), unitPrice: Decimal.make("7") },
  ]
  const config = Bench.options(bench, { fetch: without(bench, options.hidden) })
  const outcomes = await Bench.use(bench, config, ({ ports }) =>
    ports.Order.upsert([{ id: order?.id ?? "", fields: { lines } }]),
  )
  return { tags: Bench.tags(outcomes), reason: Bench.reasonOf(outcomes[0]), writes: Bench.writes(bench).length }
}

describe("the lines of an order", () => {
  it("are replaced while nothing of it was billed or shipped, and not after", async () => {
    expect(await addLine({ shipped: false })).toMatchObject({ tags: ["Updated"], writes: 1 })
    expect(await addLine({ shipped: true })).toMatchObject({ tags: ["Rejected"], writes: 0 })
  })

  it("are not replaced where the role does not see whether something was billed or shipped", async () => {
    for (const hidden of ["quantityshiprecv", "quantitybilled"])
      for (const shipped of [true, false]) {
        const { reason, tags, writes } = await addLine({ shipped, hidden })
        expect([tags, writes], hidden).toEqual([["Rejected"], 0])
        if (!shipped) expect(reason?.message).toContain("quantitybilled and quantityshiprecv")
      }
  })
})
