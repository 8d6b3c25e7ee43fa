import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { idOf, key, open, plain, reasonOf, tags } from "./portal.ts"

const product = (sku: string, more: object = {}) => ({
  key: key("Product", sku),
  fields: { sku, name: `Product ${sku}`, active: true, kind: { code: "stock" as const, raw: "F" }, ...more },
})

const prices = [
  { currency: "USD", amount: Decimal.make("11") },
  { currency: "EUR", amount: Decimal.make("9.90") },
  { currency: "EUR", amount: Decimal.make("8"), minQuantity: Decimal.make("10"), list: "wholesale" },
]

/** Some portals have it unique. */
const SKU = { name: "hs_sku", hasUniqueValue: true, hubspotDefined: true }

describe("products", () => {
  it("show the price in the currency of the account and keep the whole list beside it", async () => {
    const { ready, run, world } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const write = product("A-1", { prices, recurring: { period: "P1M" }, unit: "HOUR", description: null })
        const [made] = yield* ports.Product.upsert([write])
        expect(world.record("products", idOf(made))?.properties["price"]).toBe("9.9")
        const read = (yield* ports.Product.get([idOf(made)])).get(idOf(made))?.record
        expect(plain(read?.prices)).toEqual(plain(prices))
        expect(read).toMatchObject({
          active: true,
          kind: { code: "stock", raw: "F" },
          recurring: { period: "P1M" },
          unit: "HOUR",
        })
        expect(tags(yield* ports.Product.upsert([write]))).toEqual(["Unchanged"])
        world.update("products", idOf(made), { price: "12" })
        const changed = (yield* ports.Product.get([idOf(made)])).get(idOf(made))?.record
        expect((plain(changed?.prices) as ReadonlyArray<{ amount: string }>).map(({ amount }) => amount)).toEqual([
          "11",
          "12",
          "8",
        ])
      }),
    )
  })

  it("are kept apart by SKU where the portal takes no unique property of ours and has that one", async () => {
    const { ready, run, world } = open({ knobs: { uniquePropertiesOnProducts: false } })
    world.defineProperty("products", SKU)
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        expect(ports.Product.features.identity).toMatchObject({ carrier: "uniqueProperty", field: "hs_sku" })
        const [made] = yield* ports.Product.upsert([product("A-1")])
        expect(made?._tag).toBe("Created")
        expect(tags(yield* ports.Product.upsert([product("A-1")]))).toEqual(["Unchanged"])
        expect((yield* ports.Product.find([key("Product", "A-1")])).get(key("Product", "A-1"))?.id).toBe(idOf(made))
        expect(world.records("products")).toHaveLength(1)
      }),
    )
  })

  it("are remembered in the store where the portal has nothing unique, and never made twice blindly", async () => {
    const { ready, run, twin, world } = open({ knobs: { uniquePropertiesOnProducts: false } })
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        expect(ports.Product.features.identity?.carrier).toBe("storeOnly")
        expect(tags(yield* ports.Product.upsert([product("A-1")]))).toEqual(["Created"])
        expect(tags(yield* ports.Product.upsert([product("A-1")]))).toEqual(["Unchanged"])
        twin.faults.deal({ at: (request) => request.path.endsWith("/batch/create"), fault: { kind: "lostReply" } })
        const [lost] = yield* ports.Product.upsert([product("A-2")])
        expect(lost?._tag).toBe("Unknown")
        expect(world.records("products")).toHaveLength(2)
      }),
    )
  })

  it("remember across restarts that the portal refused our key", async () => {
    const portal = open({ knobs: { uniquePropertiesOnProducts: false } })
    portal.world.defineProperty("products", SKU)
    await portal.run(Effect.asVoid(portal.ready()))
    await portal.run(
      Effect.gen(function* () {
        const { ports } = yield* portal.connect()
        expect(tags(yield* ports.Product.upsert([product("A-1")]))).toEqual(["Created"])
      }),
    )
  })

  it("are adopted by their SKU", async () => {
    const { ready, run, world } = open()
    const [theirs = ""] = world.seed([{ type: "products", properties: { name: "Old", hs_sku: "A-1" } }])
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const [adopted] = yield* ports.Product.upsert([{ ...product("A-1"), adoptBy: ["sku"] }])
        expect(adopted).toEqual({ _tag: "Updated", id: theirs })
        expect(reasonOf(adopted)).toBeUndefined()
      }),
    )
  })
})
