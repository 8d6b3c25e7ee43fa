import * as Json from "@mortise/core/Json"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const number = (text: string) => new Json.JsonNumber({ text })

const staged = () => {
  const bench = Bench.make()
  const field = (fieldname: string, fieldtype: string, more: object = {}) => ({
    dt: "Customer",
    fieldname,
    label: fieldname,
    fieldtype,
    ...more,
  })
  bench.world.seed("Custom Field", [
    field("region_code", "Select", { options: "N\nS" }),
    field("is_key_account", "Check"),
    field("rebate", "Percent"),
    field("renewal", "Date"),
    field("score", "Int", { read_only: 1 }),
  ])
  bench.world.seed("Customer", [Seeds.customer(1, { region_code: "N", is_key_account: 1, rebate: "2.50", score: 7 })])
  return bench
}

describe("the site's own fields", () => {
  it("are found in its doctypes, and read as the generated types have them", async () => {
    const bench = staged()
    const read = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.get(["Customer 0001"]))
    const custom = read.get("Customer 0001")?.record.custom
    expect(custom).toEqual({
      exempt_from_sales_tax: 0,
      region_code: "N",
      is_key_account: 1,
      rebate: number("2.5"),
      renewal: null,
      score: number("7"),
    })
    expect(custom).not.toHaveProperty("mortise_key")
  })

  it("are written, and are unchanged when they are written again", async () => {
    const bench = staged()
    const write = {
      id: "Customer 0001",
      fields: { custom: { region_code: "S", is_key_account: 0, rebate: "2.50", renewal: "2027-01-31" } },
    }
    const [first, again] = await Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
      Effect.all([Account.upsert([write]), Account.upsert([write])]),
    )
    expect(first).toMatchObject([{ _tag: "Updated" }])
    expect(again).toMatchObject([{ _tag: "Unchanged" }])
    expect(bench.world.get("Customer", "Customer 0001")?.columns).toMatchObject({
      region_code: "S",
      renewal: "2027-01-31",
    })
  })

  it("that the site does not have, computes itself, or types otherwise are refused before anything is sent", async () => {
    const bench = staged()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert(
        [
          { gone: "x" },
          { score: number("1") },
          { is_key_account: "yes" },
          { rebate: "much" },
          { mortise_key: "x" },
        ].map((custom, index) => ({ key: `a|Account|${index}`, fields: { name: "N", custom } })),
      ),
    )
    expect(outcomes.map((outcome) => outcome._tag === "Rejected" && outcome.error.reason._tag)).toEqual(
      Array.from({ length: 5 }, () => "Invalid"),
    )
    expect(Bench.writes(bench)).toEqual([])
  })

  it("that an administrator takes away while the connector is open stop nothing", async () => {
    const bench = staged()
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        const before = yield* ports.Account.get(["Customer 0001"])
        bench.world.remove("Custom Field", "Customer-region_code")
        bench.world.site.readCustomFields()
        const after = yield* ports.Account.get(["Customer 0001"])
        const read = yield* Bench.readAll(ports.Account)
        return { before, after, read }
      }),
    )
    expect(bench.twin.journal.where(({ status }) => status === 417)).toHaveLength(1)
    expect(seen.before.get("Customer 0001")?.record.custom).toHaveProperty("region_code")
    expect(seen.after.get("Customer 0001")?.record.custom).not.toHaveProperty("region_code")
    expect(Bench.ids(seen.read.changes)).toEqual(["Customer 0001"])
  })

  it("are narrowed to those that are wanted", async () => {
    const bench = staged()
    const config = Bench.options(bench, { custom: { Account: ["rebate"] } })
    const read = await Bench.use(bench, config, ({ ports }) => ports.Account.get(["Customer 0001"]))
    expect(read.get("Customer 0001")?.record.custom).toEqual({ rebate: number("2.5") })
  })
})

describe("texts", () => {
  it("of any script come back as they went, and hostile keys and names change no question", async () => {
    const bench = Bench.make()
    const names = ["Ölwerk & Söhne", "شركة", "株式会社", "𝒜stral 🧵", `O'Brien "Co"`, "100% -- `drop`", "a/b\\c"]
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
      Effect.gen(function* () {
        const records = names.map((name, index) => ({ key: `x|Account|${index}') OR 1=1 %_`, fields: { name } }))
        const made = yield* Account.upsert(records)
        const again = yield* Account.upsert(records)
        const found = yield* Account.find([...records.map(({ key }) => key), "%", "_", "' OR ''='"])
        return { made, again, names: [...found.values()].map(({ record }) => record.name) }
      }),
    )
    expect(seen.made.map(({ _tag }) => _tag)).toEqual(names.map(() => "Created"))
    expect(seen.again.map(({ _tag }) => _tag)).toEqual(names.map(() => "Unchanged"))
    expect(seen.names).toEqual(names)
  })

  it("in keys that differ in the case of letters alone are two records", async () => {
    const bench = Bench.make()
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
      Effect.gen(function* () {
        yield* Account.upsert([
          { key: "x|Account|abc", fields: { name: "small" } },
          { key: "x|Account|ABC", fields: { name: "large" } },
        ])
        return yield* Account.find(["x|Account|ABC", "x|Account|abc"])
      }),
    )
    expect([...seen].map(([key, { record }]) => [key, record.name])).toEqual([
      ["x|Account|ABC", "large"],
      ["x|Account|abc", "small"],
    ])
  })
})
