/** Several faults at random places, by seed, while writers of the same records meet. */
import type { Fault } from "@mortise/conformance/twin/Faults"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import type * as Outcome from "@mortise/core/Outcome"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type * as ErpNext from "../src/ErpNext.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const FAULTS: ReadonlyArray<Fault> = [
  { kind: "lostReply" },
  { kind: "resetBefore" },
  { kind: "errorAfter", status: 500 },
  { kind: "errorBefore", status: 500 },
  { kind: "errorBefore", status: 503 },
  { kind: "slow", millis: 150_000, commit: "late" },
  { kind: "hang", applied: true },
  { kind: "throttle" },
  { kind: "malformedJson" },
  { kind: "htmlPage", status: 502 },
  { kind: "truncatedBody" },
]

const chance = (seed: number) => {
  let state = seed
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const line = (key: string, product: string, quantity: number) => ({
  key,
  product: { number: product },
  quantity: Decimal.make(String(quantity)),
  unitPrice: Decimal.make("1.5"),
})

const address = { lines: ["Hafenstr. 1"], city: "Hamburg", country: "DE" }

/** Customers of one name, their contacts and invoices, and two writers of the same orders, of whom one has another line. */
const scenario =
  (random: () => number) =>
  ({ ports }: ErpNext.Service) =>
    Effect.gen(function* () {
      const account = (n: number) => ({ key: `h|Company|${n}` })
      const accounts = yield* ports.Account.upsert(
        [1, 2].map((n) => ({
          ...account(n),
          fields: { name: "Same Name", email: `p${n}@x.example`, billingAddress: address },
        })),
      )
      const contacts = yield* ports.Contact.upsert([
        { key: "h|Contact|1", fields: { firstName: "Ann", email: "ann@x.example", account: account(1) } },
      ])
      const orders = (other: string) =>
        ports.Order.upsert(
          [1, 2].map((n) => ({
            key: `h|Deal|${n}`,
            fields: {
              account: account(n),
              lines: [line("a", "BOLT", 1 + Math.floor(random() * 5)), line(other, "NUT", 2)],
            },
          })),
        )
      const documents = yield* Effect.all(
        [
          ports.Invoice.upsert([
            { key: "h|Invoice|1", fields: { account: account(1), lines: [line("a", "BOLT", 1), line("b", "NUT", 2)] } },
          ]),
          orders("b"),
          orders("c"),
        ],
        { concurrency: 3 },
      )
      return [...accounts, ...contacts, ...documents.flat()]
    })

const isSettled = ({ _tag }: Outcome.Outcome) => ["Created", "Updated", "Written", "Unchanged"].includes(_tag)

const DOCTYPES = ["Customer", "Address", "Contact", "Sales Invoice", "Sales Order"]

describe("writers that meet while much goes wrong", () => {
  it("end with each record once, and with the lines of one of them, whatever the seed", async () => {
    let drawn = 0
    for (const seed of [1, 2, 3, 4]) {
      const random = chance(seed)
      const bench = Bench.make()
      bench.world.seed("Item", [Seeds.item("BOLT"), Seeds.item("NUT")])
      const run = () => Bench.use(bench, Bench.options(bench), scenario(random)).catch((error: ConnectorError) => error)
      for (let round = 0; round < 3; round++) {
        const fault = FAULTS[Math.floor(random() * FAULTS.length)] as Fault
        bench.twin.faults.deal({ at: () => random() < 0.15, fault, times: 3 })
        await run()
        bench.twin.faults.clear()
        await bench.clock.advance("10 minutes")
      }
      drawn += bench.twin.journal.where(({ faults }) => faults.length > 0).length
      const last = await run()
      expect(Array.isArray(last) && last.every(isSettled), `seed ${seed}`).toBe(true)
      // A contact of each customer is made by the site, of its email.
      expect(
        DOCTYPES.map((doctype) => bench.world.all(doctype).length),
        `seed ${seed}`,
      ).toEqual([2, 2, 3, 1, 2])
      for (const order of bench.world.all("Sales Order")) {
        const keys = (order.tables["items"] ?? []).map((row) => String(row["mortise_line_key"])).sort()
        expect(["a,b", "a,c"], `seed ${seed}`).toContain(keys.join())
      }
      expect(bench.world.misfits, `seed ${seed}`).toEqual([])
    }
    expect(drawn).toBeGreaterThan(12)
  })
})
