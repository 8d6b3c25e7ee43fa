/** What nobody has confirmed of the vendor: whichever way it is, records are made once and found again. */
import type { Knobs } from "@mortise/conformance/dynamics/DynamicsTwin"
import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type * as Dynamics from "../src/Dynamics.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const scenario = ({ ports }: Dynamics.Service) =>
  Effect.gen(function* () {
    const account = { key: "hubspot/1/|Company|1" }
    const accounts = yield* ports.Account.upsert([{ ...account, fields: { name: "One", email: "a@one.example" } }])
    const contacts = yield* ports.Contact.upsert([
      { key: "hubspot/1/|Contact|1", fields: { lastName: "Nagy", account } },
    ])
    const lines = ["a", "b"].map((key) => ({ key, product: { number: "BOLT" }, quantity: Decimal.make("2") }))
    const orders = yield* ports.Order.upsert([{ key: "hubspot/1/|Deal|1", fields: { account, lines } }])
    const free = [{ key: "a", description: "Work", quantity: Decimal.make("2"), unitPrice: Decimal.make("5") }]
    const invoices = yield* ports.Invoice.upsert([{ key: "hubspot/1/|Invoice|1", fields: { account, lines: free } }])
    const gone = yield* ports.Account.get(["GONE"])
    return { tags: [...accounts, ...contacts, ...orders, ...invoices].map(({ _tag }) => _tag), gone: gone.size }
  })

const variants: ReadonlyArray<Partial<Knobs>> = [
  { missingRecord: 400 },
  { duplicateStatus: 500 },
  { createdStatus: 200 },
  { createWithoutFlag: "default" },
  { listOrder: "shuffled" },
  { nextLink: "skiptoken", pageSize: 1 },
  { collation: "exact" },
  { staleEtag: "ignored" },
  { addressMovesEtag: true, contactMovesEtag: true, partyMovesStamp: true, contactInfoMovesEdit: true },
  { bi: "absent" },
  { errorShape: "internalexception" },
  { virtualFields: { CustomersV3: ["PrimaryContactEmail"], ContactPersons: ["PrimaryEmailAddress"] } },
  { clockSkew: -3_600_000 },
]

describe("a scenario of writes", () => {
  it.each(variants)("goes as anywhere where the environment has %j", async (knobs) => {
    const bench = Bench.make({ knobs })
    Seeds.items(bench, "BOLT")
    const config = Bench.options(bench, { orders: Seeds.SITE })
    const first = await Bench.use(bench, config, scenario)
    expect(first).toEqual({ tags: ["Created", "Created", "Created", "Created"], gone: 0 })
    const again = await Bench.use(bench, config, scenario)
    expect(again.tags).toEqual(["Unchanged", "Unchanged", "Unchanged", "Unchanged"])
    const read = await Bench.use(bench, config, ({ ports }) =>
      Effect.map(Effect.all([Bench.readAll(ports.Account), Bench.readAll(ports.Order)]), (all) =>
        all.map(({ changes }) => Bench.upserted(changes).length),
      ),
    )
    expect(read).toEqual([1, 1])
  })

  it("waits for an update that is seen late, and tells a create by its answer", async () => {
    const bench = Bench.make({ knobs: { commitDelay: 4000 } })
    const write = (email: string) =>
      Bench.use(bench, Bench.options(bench), ({ ports }) =>
        ports.Account.upsert([{ key: "hubspot/1/|Company|1", fields: { name: "One", email } }]),
      )
    expect((await write("a@one.example")).map(({ _tag }) => _tag)).toEqual(["Created"])
    await bench.clock.advance("1 minute")
    expect((await write("b@one.example")).map(({ _tag }) => _tag)).toEqual(["Updated"])
  })
})
