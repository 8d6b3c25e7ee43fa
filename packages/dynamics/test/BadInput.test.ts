/** Input that nobody should give: refused with what is wrong, or told apart; never a defect, never a changed question. */
import type * as Outcome from "@mortise/core/Outcome"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const COMPANY = Bench.COMPANY
const HOSTILE = [
  "\u0000",
  "a\rb",
  "\ud800",
  "' or 1 eq 1 or '",
  "*",
  "%2F%00",
  "..",
  "a/b/c",
  "x".repeat(2000),
  " ",
  "\u202e",
]

const stage = () => {
  const bench = Bench.make()
  bench.world.seed("CustomersV3", Seeds.customers(2), COMPANY)
  Seeds.items(bench, "BOLT")
  return bench
}
const tags = (outcomes: ReadonlyArray<Outcome.Outcome>) => outcomes.map(({ _tag }) => _tag)

describe("hostile text", () => {
  it.each(HOSTILE)("as an id finds nothing, and as a reference nothing is written for it: %j", async (text) => {
    const bench = stage()
    const found = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.gen(function* () {
        const got = yield* Effect.all([
          ports.Account.get([text]),
          ports.Account.get([text, "C-00000"]),
          ports.Order.get([text]),
          ports.Invoice.get([`F/${text}`, `S/${text}`, text]),
          ports.Payment.get([text]),
        ])
        const keyed = yield* ports.Account.find([text])
        const outcomes = yield* ports.Order.upsert([
          { key: "a/1/|Deal|1", fields: { account: { number: text } } },
          { key: "a/1/|Deal|2", fields: { account: { id: text } } },
          { key: "a/1/|Deal|3", fields: { account: { key: text } } },
          {
            key: "a/1/|Deal|4",
            fields: { account: { id: "C-00000" }, lines: [{ key: "a", product: { number: text } }] },
          },
          { key: "a/1/|Deal|5", fields: { account: {} } },
        ])
        return { sizes: got.map(({ size }) => size), keyed: keyed.size, outcomes }
      }),
    )
    expect(found.sizes).toEqual([0, 1, 0, 0, 0])
    expect(found.keyed).toBe(0)
    expect(tags(found.outcomes)).toEqual(Array(5).fill("Rejected"))
    expect(bench.twin.journal.writes()).toEqual([])
  })

  it.each(HOSTILE)("as a natural key adopts nobody: %j", async (text) => {
    const bench = stage()
    await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert([
        {
          key: "a/1/|Company|1",
          adoptBy: ["number", "taxId", "email"],
          fields: { name: "X", taxId: text, email: text },
        },
      ]),
    )
    const names = bench.world.all("CustomersV3").map(({ fields }) => fields["OrganizationName"])
    expect(names.slice(0, 2)).toEqual(["Customer 0", "Customer 1"])
  })

  it("as a key is spelt out, and comes back from the carrier as it was", async () => {
    const bench = stage()
    const keys = ["a/1/|Company|1'2*3", "a/1/|Company|Ünï", "a/1/|Company|A b"]
    const write = ({ ports }: Parameters<Parameters<typeof Bench.use>[2]>[0]) =>
      ports.Account.upsert(keys.map((key) => ({ key, fields: { name: key } })))
    expect(tags(await Bench.use(bench, Bench.options(bench), write))).toEqual(["Created", "Created", "Created"])
    expect(tags(await Bench.use(bench, Bench.options(bench), write))).toEqual(["Unchanged", "Unchanged", "Unchanged"])
    const found = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.find(keys))
    expect([...found.values()].map(({ key, record }) => [key, record.name])).toEqual(keys.map((key) => [key, key]))
  })
})

describe("fields", () => {
  it("that the port does not write, or of the wrong kind, are refused before any request", async () => {
    const bench = stage()
    const wrong: ReadonlyArray<object> = [
      { legalName: "x" },
      { balance: { amount: "1", currency: "USD" } },
      { name: 7 },
      { currency: "dollars" },
      { billingAddress: { country: "USA" } },
      { nonsense: true },
      { lines: [] },
    ]
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert(wrong.map((fields, index) => ({ key: `a/1/|Company|${index}`, fields }))),
    )
    expect(tags(outcomes)).toEqual(wrong.map(() => "Rejected"))
    expect(bench.twin.journal.count()).toBe(0)
  })

  it("that are asked for and not read are told, in the selection and in conditions", async () => {
    const bench = stage()
    for (const options of [{ fields: ["legalName"] }, { where: [{ field: "salesRepp", is: "x" }] }]) {
      const failure = await Bench.failure(bench, Bench.options(bench), ({ ports }) =>
        Bench.readAll(ports.Account, options as never),
      )
      expect(failure.reason._tag).toBe("Invalid")
    }
    expect(bench.twin.journal.count()).toBe(0)
  })
})
