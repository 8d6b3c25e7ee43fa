import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"

const KEY = "hubspot/123/|Company|77"

describe("an account", () => {
  it("is created with our key, found by it, and unchanged when it is written again", async () => {
    const bench = Bench.make()
    const fields = {
      name: "Blauwal GmbH",
      party: "organization" as const,
      taxId: "DE123",
      web: "https://blauwal.example",
      billingAddress: { lines: ["Hafenstr. 1"], city: "Hamburg", postalCode: "20457", country: "DE" },
    }
    const seen = await Bench.use(bench, Bench.options(bench), (connector) =>
      Effect.gen(function* () {
        const { Account } = connector.ports
        const first = yield* Account.upsert([{ key: KEY, fields }])
        const again = yield* Account.upsert([{ key: KEY, fields }])
        const found = yield* Account.find([KEY])
        return { first, again, found }
      }),
    )
    console.log(JSON.stringify(seen.first), JSON.stringify(seen.again), JSON.stringify([...seen.found]))
    console.log(Bench.requests(bench).join("\n"), JSON.stringify(bench.world.misfits))
    expect(bench.world.all("Customer")).toHaveLength(1)
  })
})
