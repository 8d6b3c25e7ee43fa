/** Reading: what is there, what changed, what went away. */
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

describe("reading accounts", () => {
  it("delivers each once, then only what changed, an email that moves no ETag among them, and what went away", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", Seeds.customers(12), Bench.COMPANY)
    bench.world.seed("CustomersV3", Seeds.customers(3), "demf")
    const found = await Bench.use(bench, Bench.options(bench, { pageSize: 5 }), ({ ports }) =>
      Effect.gen(function* () {
        const first = yield* Bench.readAll(ports.Account)
        bench.world.edit("CustomersV3", [Bench.COMPANY, "C-00003"], { PrimaryContactEmail: "new@customer3.example" })
        bench.world.remove("CustomersV3", Bench.COMPANY, "C-00007")
        const second = yield* Bench.readAll(ports.Account)
        return { first, second }
      }),
    )
    expect(Bench.upserted(found.first.changes).length).toBe(12)
    expect(found.second.changes.map((change) => [change._tag, "id" in change ? change.id : ""])).toEqual([
      ["Upserted", "C-00003"],
      ["Deleted", "C-00007"],
    ])
  })
})
