/** Orders whose answer was lost: what was made is found again, and no line is made twice. */
import * as Decimal from "@mortise/core/Decimal"
import { describe, expect, it } from "vitest"
import type * as Config from "../src/Config.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const stage = () => {
  const bench = Bench.make()
  bench.world.seed("CustomersV3", [Seeds.customer(0)], Bench.COMPANY)
  Seeds.items(bench, "BOLT", "NUT")
  return bench
}

/** Deals a fault to the next writes of this address. */
const deal = (bench: Bench.Bench, address: string, kind: "lostReply" | "resetBefore", times = 1) =>
  bench.twin.faults.deal({
    at: ({ method, path }) => method === "POST" && path.endsWith(address),
    fault: { kind },
    times,
  })

const line = (key: string, item: string, more: object = {}) => ({
  key,
  product: { number: item },
  quantity: Decimal.make("1"),
  ...more,
})

const order = (
  bench: Bench.Bench,
  lines: ReadonlyArray<object>,
  more: Partial<Config.DynamicsConfig> = {},
  fields: object = {},
) =>
  Bench.use(bench, Bench.options(bench, { orders: Seeds.SITE, ...more }), ({ ports }) =>
    ports.Order.upsert([
      { key: "hubspot/1/|Deal|1", fields: { account: { number: "C-00000" }, lines, ...fields } as never },
    ]),
  )

const tags = (outcomes: ReadonlyArray<{ readonly _tag: string }>) => outcomes.map(({ _tag }) => _tag)
const keysOf = (bench: Bench.Bench) =>
  bench.world.all("SalesOrderLines").map((doc) => doc.fields["ExternalItemNumber"] ?? "")
const writes = (bench: Bench.Bench) => Bench.requests(bench).filter((each) => !each.startsWith("GET"))

describe("a lost answer to the lines of an order", () => {
  it("makes no line twice where the service keeps a field of its own", async () => {
    const bench = stage()
    bench.world.knobs.discards = { SalesOrderLines: ["LineDescription"] }
    deal(bench, "/$batch", "lostReply")
    await order(bench, [line("a", "BOLT", { description: "ours" }), line("b", "NUT", { description: "theirs" })])
    expect(keysOf(bench)).toEqual(["a", "b"])
  })

  it("makes no line twice where somebody edits one of them meanwhile", async () => {
    const bench = stage()
    deal(bench, "/$batch", "lostReply")
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init)
      const isBatch = request.url.endsWith("/$batch")
      return bench.twin.fetch(request).finally(() => {
        const [doc] = bench.world.all("SalesOrderLines")
        if (isBatch && doc !== undefined)
          bench.world.edit("SalesOrderLines", [Bench.COMPANY, doc.fields["InventoryLotId"] ?? ""], {
            OrderedSalesQuantity: "9",
          })
      })
    }
    expect(tags(await order(bench, [line("a", "BOLT"), line("b", "NUT")], { fetch }))).not.toContain("Rejected")
    expect(keysOf(bench)).toEqual(["a", "b"])
  })

  it("makes no line twice where one is added to others", async () => {
    const bench = stage()
    await order(bench, [line("a", "BOLT")])
    bench.world.knobs.discards = { SalesOrderLines: ["LineDescription"] }
    deal(bench, "/SalesOrderLines", "lostReply")
    await order(bench, [line("a", "BOLT"), line("b", "NUT", { description: "ours" })])
    expect(keysOf(bench)).toEqual(["a", "b"])
  })

  it("makes no line twice where the field does not keep our key", async () => {
    const bench = stage()
    bench.world.knobs.discards = { SalesOrderLines: ["ExternalItemNumber", "LineDescription"] }
    deal(bench, "/$batch", "lostReply")
    await order(bench, [line("a", "BOLT", { description: "ours" }), line("b", "NUT")])
    expect(bench.world.all("SalesOrderLines").length).toBe(2)
  })

  it("is followed by a new plan, when nothing was made", async () => {
    const bench = stage()
    deal(bench, "/$batch", "resetBefore")
    expect(tags(await order(bench, [line("a", "BOLT"), line("b", "NUT")]))).toEqual(["Written"])
    expect(keysOf(bench)).toEqual(["a", "b"])
    expect(writes(bench)).toEqual(["POST /SalesOrderHeadersV2", "POST /$batch", "POST /$batch"])
  })

  it("ends as unknown, when no answer ever comes", async () => {
    const bench = stage()
    deal(bench, "/$batch", "resetBefore", 9)
    expect(tags(await order(bench, [line("a", "BOLT"), line("b", "NUT")]))).toEqual(["Unknown"])
    expect(keysOf(bench)).toEqual([])
  })
})

describe("a lost answer to header and lines together", () => {
  it("makes neither twice, whatever became of the fields", async () => {
    const bench = stage()
    bench.world.knobs.manualNumbers = [`${Bench.COMPANY} SalesOrderNumber`]
    bench.world.knobs.discards = { SalesOrderLines: ["LineDescription"] }
    deal(bench, "/$batch", "lostReply")
    const lines = [line("a", "BOLT", { description: "ours" }), line("b", "NUT")]
    await order(bench, lines, { orders: { ...Seeds.SITE, manualNumbering: true } }, { number: "DEAL-1" })
    expect(bench.world.all("SalesOrderHeadersV2").length).toBe(1)
    expect(keysOf(bench)).toEqual(["a", "b"])
  })
})
