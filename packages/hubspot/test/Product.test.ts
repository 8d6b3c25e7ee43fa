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

  it("are found again after a lost answer where the portal has nothing unique, and made once", async () => {
    const { journal, later, ready, run, twin, world } = open({ knobs: { uniquePropertiesOnProducts: false } })
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        twin.faults.deal({ at: (request) => request.path.endsWith("/batch/create"), fault: { kind: "lostReply" } })
        expect(tags(yield* ports.Product.upsert([product("A-1")]))).toEqual(["Unknown"])
        // Search does not show it yet, and so nobody can tell.
        expect(reasonOf((yield* ports.Product.upsert([product("A-1")]))[0])).toMatchObject({ _tag: "UnknownOutcome" })
        yield* later
        const writes = journal.writes().length
        const again = yield* ports.Product.upsert([product("A-1")])
        expect(again).toEqual([{ _tag: "Unchanged", id: world.records("products")[0]?.id }])
        expect(journal.writes()).toHaveLength(writes)
        expect(tags(yield* ports.Product.upsert([product("A-1", { name: "Other" })]))).toEqual(["Updated"])
        expect(world.records("products")).toHaveLength(1)
      }),
    )
  })

  it("are made in the end when the create never arrived, and told apart from those of other keys", async () => {
    const { later, ready, run, twin, world } = open({ knobs: { uniquePropertiesOnProducts: false } })
    const create = { at: (request: { readonly path: string }) => request.path.endsWith("/batch/create") }
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const sibling = { ...product("A-1"), key: key("Product", "sibling") }
        expect(tags(yield* ports.Product.upsert([sibling]))).toEqual(["Created"])
        twin.faults.deal({ ...create, fault: { kind: "resetBefore" } })
        expect(tags(yield* ports.Product.upsert([product("A-1")]))).toEqual(["Unknown"])
        yield* later
        expect(tags(yield* ports.Product.upsert([product("A-1")]))).toEqual(["Unknown"])
        yield* Effect.sleep("10 minutes")
        expect(tags(yield* ports.Product.upsert([product("A-1"), sibling]))).toEqual(["Created", "Unchanged"])
        expect(world.records("products")).toHaveLength(2)
      }),
    )
  })

  it("wait for a person when a lost answer may have been about several", async () => {
    const { later, ready, run, twin, world } = open({ knobs: { uniquePropertiesOnProducts: false } })
    const theirs = world.seed(
      [1, 2].map(() => ({ type: "products" as const, properties: { hs_sku: "A-1", name: "x" } })),
    )
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        twin.faults.deal({ at: (request) => request.path.endsWith("/batch/create"), fault: { kind: "resetBefore" } })
        yield* ports.Product.upsert([product("A-1")])
        yield* later
        const [outcome] = yield* ports.Product.upsert([product("A-1")])
        expect(reasonOf(outcome)).toMatchObject({ _tag: "Ambiguous", candidates: theirs.map((id) => ({ id })) })
        expect(world.records("products")).toHaveLength(2)
      }),
    )
  })

  it("that were refused are sent again at once", async () => {
    const { ready, run, world } = open({ knobs: { uniquePropertiesOnProducts: false } })
    world.defineProperty("products", { name: "weight", type: "number" })
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready({ custom: { Product: ["weight"] } })
        const bad = yield* ports.Product.upsert([product("A-1", { custom: { weight: "1,5" } }), product("A-2")])
        expect(tags(bad)).toEqual(["Rejected", "Created"])
        expect(tags(yield* ports.Product.upsert([product("A-1", { custom: { weight: "1.5" } })]))).toEqual(["Created"])
      }),
    )
  })

  it("of another key are not adopted by their SKU where only the store knows the keys", async () => {
    const { later, ready, run, world } = open({ knobs: { uniquePropertiesOnProducts: false } })
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        const [made] = yield* ports.Product.upsert([product("A-1")])
        yield* later
        const other = { ...product("A-1", { name: "Other" }), key: key("Product", "other"), adoptBy: ["sku"] as const }
        expect(reasonOf((yield* ports.Product.upsert([other]))[0])).toMatchObject({
          _tag: "Ambiguous",
          candidates: [{ id: idOf(made), key: key("Product", "A-1"), matchedBy: ["sku"] }],
        })
        expect(world.records("products").map(({ properties }) => properties["name"])).toEqual(["Product A-1"])
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
        // Search knows no case; a SKU of other letters is another product.
        const [other] = yield* ports.Product.upsert([{ ...product("a-1"), adoptBy: ["sku"] }])
        expect(other?._tag).toBe("Created")
      }),
    )
  })
})
