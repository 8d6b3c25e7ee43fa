import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Operations from "../src/Operations.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

describe("documents that others made", () => {
  const stage = () => {
    const bench = Bench.make()
    const [customer] = bench.world.seed("customer", [Seeds.customer(1)])
    const [bolt] = bench.world.seed("inventoryItem", [Seeds.item("BOLT")])
    return { bench, customer: customer?.id ?? "", bolt: bolt?.id ?? "" }
  }

  it("are linked: an invoice tells the order that it bills", async () => {
    const { bench, bolt, customer } = stage()
    const [order] = bench.world.seed("salesOrder", [Seeds.order(customer, bolt, { orderStatus: "B" })])
    const id = order?.id ?? ""
    const [invoices, orders] = await Bench.use(bench, Bench.options(bench), ({ client, ports }) =>
      Effect.gen(function* () {
        yield* client.once(Operations.records("salesOrder").transform, ({ records }, door) =>
          records.POST("/salesOrder/{id}/!transform/invoice", {
            ...door,
            params: { path: { id } },
            body: { entity: { id: customer } },
          }),
        )
        return [yield* Bench.readAll(ports.Invoice), yield* ports.Order.get([id])] as const
      }),
    )
    expect(Bench.upserted(invoices.changes).map(({ record }) => record.order)).toEqual([{ id }])
    expect(orders.get(id)?.record.state?.code).not.toBe("held")
    expect(Bench.writes(bench).length).toBe(1)
  })

  it("are credit memos too, whose amounts are told without a sign and which are never overdue", async () => {
    const { bench, bolt, customer } = stage()
    bench.world.seed("creditMemo", [Seeds.invoice(customer, bolt, { dueDate: "2026-01-03" })])
    const { changes } = await Bench.use(bench, Bench.options(bench), ({ ports }) => Bench.readAll(ports.Invoice))
    const [record] = Bench.upserted(changes).map((change) => change.record)
    const amounts = [record?.totals?.gross, record?.balance, record?.lines?.[0]?.quantity, record?.lines?.[0]?.net]
    expect(record?.kind).toBe("creditNote")
    expect(amounts.map((amount) => amount && Decimal.format(amount))).toEqual(["100", "100", "2", "100"])
    expect(record?.state?.code).toBe("awaiting")
  })

  it("are read with all their lines and prices, though these fill more than a page", async () => {
    const { bench, bolt, customer } = stage()
    const lines = Array.from({ length: 450 }, (_, index) => ({ item: bolt, quantity: String(index + 1), rate: "1" }))
    const orders = bench.world.seed(
      "salesOrder",
      Array.from({ length: 3 }, () => Seeds.order(customer, bolt, { item: lines })),
    )
    const price = ["1", "2", "3", "4", "5"].flatMap((currencyPage) =>
      ["1", "2", "5"].map((priceLevel) => ({ priceLevel, currencyPage, price: `${priceLevel}${currencyPage}` })),
    )
    bench.world.seed(
      "serviceSaleItem",
      Array.from({ length: 80 }, (_, index) => Seeds.item(`S${index}`, { price })),
    )
    const read = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.all([Bench.readAll(ports.Order), Bench.readAll(ports.Product)]),
    )
    const quantities = Bench.upserted(read[0].changes).map(({ record }) =>
      record.lines?.map(({ quantity }) => (quantity ? Decimal.format(quantity) : "")),
    )
    expect(quantities).toEqual(orders.map(() => lines.map(({ quantity }) => quantity)))
    const prices = Bench.upserted(read[1].changes)
      .filter(({ record }) => record.sku !== "BOLT")
      .map(({ record }) => record.prices)
    expect(
      prices.map(
        (all) =>
          new Set(all?.map(({ amount, currency, list }) => `${list} ${currency} ${Decimal.format(amount)}`)).size,
      ),
    ).toEqual(Array(80).fill(15))
  })

  it("are of one currency in an account that has no other, which is configured", async () => {
    const missingFields = {
      customer: ["currency"],
      salesOrder: ["currency", "exchangeRate"],
      invoice: ["currency", "exchangeRate"],
      creditMemo: ["currency", "exchangeRate"],
      customerPayment: ["currency", "exchangeRate"],
    }
    const bench = Bench.make({ knobs: { oneWorld: false, missingFields } })
    const [customer] = bench.world.seed("customer", [{ companyName: "Only" }])
    const [bolt] = bench.world.seed("inventoryItem", [Seeds.item("BOLT", { price: [] })])
    bench.world.seed("salesOrder", [
      { entity: customer?.id ?? "", item: [{ item: bolt?.id ?? "", quantity: "2", rate: "50" }] },
    ])
    const { subsidiary: _, ...config } = Bench.options(bench, { baseCurrency: "USD" })
    const read = await Bench.use(bench, config, ({ ports }) =>
      Effect.all([Bench.readAll(ports.Account), Bench.readAll(ports.Order)]),
    )
    expect(Bench.upserted(read[0].changes).map(({ record }) => [record.currency, record.balance?.currency])).toEqual([
      ["USD", "USD"],
    ])
    expect(Bench.upserted(read[1].changes).map(({ record }) => record.currency)).toEqual(["USD"])
  })
})
