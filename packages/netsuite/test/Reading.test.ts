import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"

const HOUR = 3_600_000

describe("reading accounts", () => {
  it("types the values of a query back, with addresses, currency and terms", async () => {
    const bench = Bench.make()
    const [doc] = bench.world.seed("customer", [
      {
        companyName: "Blauwal GmbH",
        subsidiary: "2",
        email: "post@blauwal.example",
        phone: "+49 40 1",
        url: "https://www.blauwal.example",
        vatRegNumber: "DE1",
        currency: "4",
        terms: "2",
        creditLimit: "1000.50",
        addressBook: [
          {
            defaultBilling: true,
            defaultShipping: false,
            addressBookAddress: { addr1: "Hafen 1", addr2: "Tor 3", city: "Hamburg", zip: "20457", country: "DE" },
          },
        ],
        $modified: Bench.START - HOUR,
      },
    ])
    const { changes } = await Bench.use(bench, Bench.options(bench), ({ ports }) => Bench.readAll(ports.Account))
    console.log(JSON.stringify(changes, null, 1), Bench.requests(bench), Bench.queries(bench))
    expect(changes.length).toBe(1)
    expect(doc?.id).toBe(changes[0]?.id)
    void Effect.void
  })
})
