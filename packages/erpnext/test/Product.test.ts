import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

describe("a product", () => {
  it("is named by its code, made once, and told again when it is there", async () => {
    const bench = Bench.make()
    const fields = { sku: "BOLT-8", name: "Bolt M8", description: "steel", active: true, unit: "Box" }
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Product } }) =>
      Effect.gen(function* () {
        const first = yield* Product.upsert([{ key: "shop/1/|Product|1", fields }])
        const again = yield* Product.upsert([{ key: "shop/1/|Product|1", fields }])
        const other = yield* Product.upsert([{ key: "shop/1/|Product|2", fields: { name: "Keyed" } }])
        return { first, again, other, found: yield* Product.find(["shop/1/|Product|2"]) }
      }),
    )
    expect(seen.first).toMatchObject([{ _tag: "Created", id: "BOLT-8" }])
    expect(seen.again).toMatchObject([{ _tag: "Unchanged", id: "BOLT-8" }])
    expect(seen.other).toMatchObject([{ _tag: "Created", id: "shop/1/|_50roduct|2" }])
    expect(seen.found.get("shop/1/|Product|2")).toMatchObject({ id: "shop/1/|_50roduct|2", key: "shop/1/|Product|2" })
    const columns = bench.world.get("Item", "BOLT-8")?.columns ?? {}
    expect([columns["is_stock_item"] ?? 0, columns["stock_uom"]]).toEqual([0, "Box"])
    expect(bench.world.misfits).toEqual([])
  })

  it("that somebody else makes in between is updated instead", async () => {
    const bench = Bench.make()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports: { Product } }) => {
      const upsert = Product.upsert([{ key: "a|Product|1", fields: { sku: "RACE", name: "Ours" } }])
      return Effect.all([upsert, upsert], { concurrency: 2 })
    })
    expect(bench.world.all("Item")).toHaveLength(1)
    const tags = outcomes.flat().map(({ _tag }) => _tag)
    expect(tags.every((tag) => ["Created", "Updated", "Unchanged"].includes(tag))).toBe(true)
  })

  it("keeps its code and its kind, and can be taken out of sale", async () => {
    const bench = Bench.make()
    bench.world.seed("Item", [Seeds.item("BOLT")])
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports: { Product } }) =>
      Effect.gen(function* () {
        const renamed = yield* Product.upsert([{ id: "BOLT", fields: { sku: "NUT" } }])
        const stock = yield* Product.upsert([{ id: "BOLT", fields: { kind: { code: "stock" } } }])
        const service = yield* Product.upsert([{ id: "BOLT", fields: { kind: { code: "service" } } }])
        const off = yield* Product.upsert([{ id: "BOLT", fields: { active: false } }])
        return [...renamed, ...stock, ...service, ...off]
      }),
    )
    expect(outcomes).toMatchObject([
      { _tag: "Rejected", error: { reason: { _tag: "Unsupported", feature: "change.sku" } } },
      { _tag: "Rejected", error: { reason: { _tag: "Unsupported", feature: "change.kind" } } },
      { _tag: "Unchanged" },
      { _tag: "Updated" },
    ])
    expect(bench.world.get("Item", "BOLT")?.columns["disabled"]).toBe(1)
  })

  it("has its price written onto the latest of its list, or a new one made, and the other lists left alone", async () => {
    const bench = Bench.make()
    bench.world.seed("Item", [Seeds.item("BOLT")])
    bench.world.seed("Price List", [{ price_list_name: "Export", currency: "EUR", selling: 1 }])
    const price = { item_code: "BOLT", price_list: "Standard Selling", uom: "Nos" }
    bench.world.seed("Item Price", [
      { ...price, price_list_rate: "8", valid_from: "2025-01-01" },
      { ...price, price_list_rate: "9", valid_from: "2026-01-01" },
    ])
    const write = (
      prices: ReadonlyArray<{ readonly list?: string; readonly currency?: string; readonly amount: string }>,
    ) =>
      Bench.use(bench, Bench.options(bench), ({ ports }) =>
        ports.Product.upsert([
          { id: "BOLT", fields: { prices: prices.map((each) => ({ ...each, amount: Decimal.make(each.amount) })) } },
        ]),
      )
    const shown = () =>
      bench.world
        .all("Item Price")
        .map(({ columns }) => [columns["price_list"], columns["valid_from"], columns["price_list_rate"]].join(" "))
        .sort()
    expect(await write([{ amount: "9.5", currency: "USD" }])).toMatchObject([{ _tag: "Updated" }])
    expect(await write([{ amount: "9.50" }, { list: "Export", amount: "8.75" }])).toMatchObject([{ _tag: "Updated" }])
    expect(await write([{ amount: "9.5" }, { list: "Export", currency: "EUR", amount: "8.75" }])).toMatchObject([
      { _tag: "Unchanged" },
    ])
    await bench.clock.advance("1 day")
    expect(await write([{ list: "Export", amount: "8.8" }])).toMatchObject([{ _tag: "Updated" }])
    expect(shown()).toEqual([
      "Export 2026-11-20 8.8",
      "Standard Selling 2025-01-01 8",
      "Standard Selling 2026-01-01 9.5",
    ])
    expect(await write([{ amount: "7", currency: "EUR" }])).toMatchObject([
      { _tag: "Rejected", error: { reason: { _tag: "Invalid" } } },
    ])
    expect(await write([{ list: "Nowhere", amount: "7" }])).toMatchObject([
      { _tag: "Rejected", error: { reason: { _tag: "Invalid" } } },
    ])
    expect(bench.world.all("Item Price")).toHaveLength(3)
    expect(bench.world.misfits).toEqual([])
  })

  describe("with a price that is planned for a later day", () => {
    const price = { item_code: "BOLT", price_list: "Standard Selling", uom: "Nos" }
    const staged = (prices: ReadonlyArray<object>) => {
      const bench = Bench.make()
      bench.world.seed("Item", [Seeds.item("BOLT")])
      bench.world.seed(
        "Item Price",
        prices.map((each) => ({ ...price, ...each })),
      )
      return bench
    }
    const write = (bench: Bench.Bench, fields: { readonly amount: string; readonly validFrom?: string }) =>
      Bench.use(bench, Bench.options(bench), ({ ports }) => {
        const { amount, ...rest } = fields
        const prices = [{ ...rest, amount: Decimal.make(amount) }] as never
        return ports.Product.upsert([{ id: "BOLT", fields: { prices } }])
      })
    const shown = (bench: Bench.Bench) =>
      bench.world
        .all("Item Price")
        .map(({ columns }) => [columns["valid_from"] ?? "always", columns["price_list_rate"]].join(" "))
        .sort()

    it("has the one of today written when no day is named, and the planned one stays", async () => {
      const bench = staged([
        { price_list_rate: "8", valid_from: "2025-01-01" },
        { price_list_rate: "10", valid_from: "2026-11-20" },
        { price_list_rate: "12", valid_from: "2026-11-21" },
      ])
      expect(await write(bench, { amount: "11" })).toMatchObject([{ _tag: "Updated" }])
      expect(shown(bench)).toEqual(["2025-01-01 8", "2026-11-20 11", "2026-11-21 12"])
      expect(await write(bench, { amount: "11" })).toMatchObject([{ _tag: "Unchanged" }])
      // The planned amount is not the one that holds.
      expect(await write(bench, { amount: "12" })).toMatchObject([{ _tag: "Updated" }])
      expect(await write(bench, { amount: "13", validFrom: "2026-11-21" })).toMatchObject([{ _tag: "Updated" }])
      expect(shown(bench)).toEqual(["2025-01-01 8", "2026-11-20 12", "2026-11-21 13"])
      await bench.clock.advance("1 day")
      expect(await write(bench, { amount: "13" })).toMatchObject([{ _tag: "Unchanged" }])
    })

    it("gets one from today on where none holds yet", async () => {
      const bench = staged([{ price_list_rate: "12", valid_from: "2027-01-01" }])
      expect(await write(bench, { amount: "11" })).toMatchObject([{ _tag: "Updated" }])
      expect(shown(bench)).toEqual(["2026-11-20 11", "2027-01-01 12"])
      expect(await write(bench, { amount: "11" })).toMatchObject([{ _tag: "Unchanged" }])
    })
  })

  it("leaves prices of a batch, of a pack and of a supplier to themselves", async () => {
    const bench = Bench.make()
    bench.world.seed("Item", [Seeds.item("BOLT")])
    const price = { item_code: "BOLT", price_list: "Standard Selling", uom: "Nos", valid_from: "2026-02-01" }
    bench.world.seed("Item Price", [
      { ...price, price_list_rate: "9" },
      { ...price, price_list_rate: "8", packing_unit: 10 },
      { ...price, price_list_rate: "7", valid_from: "2026-03-01" },
      { ...price, price_list_rate: "6", valid_from: "2026-04-01" },
    ])
    const [, , batch, supplier] = bench.world.all("Item Price").map(({ columns }) => String(columns["name"]))
    bench.world.overwrite("Item Price", batch ?? "", { batch_no: "B-1" })
    bench.world.overwrite("Item Price", supplier ?? "", { supplier: "Bolts Ltd" })
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Product } }) =>
      Effect.gen(function* () {
        const read = (yield* Product.get(["BOLT"])).get("BOLT")?.record
        yield* Product.upsert([{ id: "BOLT", fields: { prices: [{ amount: Decimal.make("5") }] } }])
        return read?.prices?.map(({ amount }) => Decimal.format(amount))
      }),
    )
    expect(seen).toEqual(["9"])
    const rates = bench.world.all("Item Price").map(({ columns }) => columns["price_list_rate"])
    expect(rates.sort()).toEqual(["5", "6", "7", "8"])
  })

  it("has the selling prices of its unit that have not ended, and none where the user may not see them", async () => {
    const bench = Bench.make()
    bench.world.seed("Item", [Seeds.item("BOLT")])
    bench.world.seed("Customer", [Seeds.customer(1)])
    const price = { item_code: "BOLT", price_list: "Standard Selling", uom: "Nos" }
    bench.world.seed("Item Price", [
      { ...price, price_list_rate: "9.95", valid_from: "2026-01-01" },
      { ...price, price_list_rate: "8", valid_from: "2025-01-01", valid_upto: "2025-12-31" },
      { ...price, price_list_rate: "7", valid_from: "2026-02-01", customer: "Customer 0001" },
      { ...price, price_list_rate: "90", uom: "Box", valid_from: "2026-03-01" },
      { ...price, price_list: "Standard Buying", price_list_rate: "5", valid_from: "2026-04-01" },
    ])
    const read = (more: object) =>
      Bench.use(bench, Bench.options(bench, more), ({ ports }) => ports.Product.get(["BOLT"]))
    const seen = (await read({})).get("BOLT")?.record
    expect(seen?.prices?.map(({ amount, ...rest }) => ({ ...rest, amount: Decimal.format(amount) }))).toEqual([
      { list: "Standard Selling", currency: "USD", amount: "9.95", validFrom: "2026-01-01" },
    ])
    const few = (await read({ credentials: Bench.limited })).get("BOLT")?.record
    expect(few?.name).toBe("Item BOLT")
    expect(few).not.toHaveProperty("prices")
  })
})
