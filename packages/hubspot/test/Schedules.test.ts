/**
 * Seeded schedules of faults: whatever happens on the way, writing the same records again and again ends with each of
 * them once, under the right parent, with its lines.
 */
import type { Fault } from "@mortise/conformance/twin/Faults"
import * as Decimal from "@mortise/core/Decimal"
import type * as Outcome from "@mortise/core/Outcome"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type * as HubSpot from "../src/HubSpot.ts"
import { key, open, reasonOf } from "./portal.ts"

const KINDS: ReadonlyArray<Fault> = [
  { kind: "lostReply" },
  { kind: "resetBefore" },
  { kind: "errorAfter", status: 502 },
  { kind: "errorBefore", status: 503 },
  { kind: "slow", millis: 90_000, commit: "late" },
  { kind: "slow", millis: 90_000, commit: "early" },
  { kind: "hang", applied: true },
  { kind: "throttle" },
  { kind: "malformedJson" },
  { kind: "truncatedBody" },
  { kind: "htmlPage", status: 502 },
]

/** A small generator: the same numbers for the same seed. */
const numbers = (seed: number) => {
  let state = seed * 2_654_435_761
  return (below: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 3_266_489_917) | 0
    return Math.abs(state) % below
  }
}

const COUNT = 7

const companies = Array.from({ length: COUNT }, (_, at) => ({
  key: key("Account", `C${at}`),
  fields: { name: `Company ${at}`, domain: `c${at}.example` },
  adoptBy: ["domain"] as const,
}))

const contacts = companies.map(({ key: parent }, at) => ({
  key: key("Contact", `P${at}`),
  fields: {
    email: `p${at}@c${at}.example`,
    company: { key: parent },
    roles: at % 2 === 0 ? [{ code: "billing" as const }] : [],
  },
}))

const invoices = companies.map(({ key: parent }, at) => ({
  key: key("Invoice", `R${at}`),
  fields: {
    number: `R${at}`,
    currency: "EUR",
    company: { key: parent },
    lines: Array.from({ length: 1 + (at % 3) }, (_, line) => ({
      key: String(line),
      description: "Same",
      quantity: Decimal.make("1"),
      unitPrice: Decimal.make("9.99"),
    })),
  },
}))

const settled = ({ _tag }: Outcome.Outcome) => ["Created", "Updated", "Written", "Unchanged"].includes(_tag)

const sync = (ports: HubSpot.Service["ports"]) =>
  Effect.gen(function* () {
    return [
      ...(yield* ports.Company.upsert(companies)),
      ...(yield* ports.Contact.upsert(contacts)),
      ...(yield* ports.Invoice.upsert(invoices)),
    ]
  })

const SEEDS = 60

describe("under any schedule of faults", () => {
  it("each record ends there once, under its parent, with its lines", async () => {
    const met = new Map<string, number>()
    for (let seed = 1; seed <= SEEDS; seed++) {
      const draw = numbers(seed)
      const portal = open({ seed })
      const { world } = portal
      const [theirs = ""] = world.seed([{ type: "companies", properties: { name: "Old", domain: "c3.example" } }])
      await portal.run(
        Effect.gen(function* () {
          const { ports } = yield* portal.ready()
          const first = portal.journal.count()
          for (let each = 0; each < 6; each++) {
            const fault = KINDS[draw(KINDS.length)] as Fault
            portal.twin.faults.deal({ at: first + 1 + draw(40), fault, times: 1 + draw(3) })
          }
          if (draw(3) === 0) world.knobs.partial207 = 2
          if (draw(3) === 0) world.knobs.pendingStatus = 1
          world.knobs.shuffleAllBatches = true
          let outcomes: ReadonlyArray<Outcome.Outcome> = []
          for (let round = 0; round < 8; round++) {
            outcomes = yield* sync(ports)
            yield* portal.later
            if (outcomes.every(settled) && portal.twin.faults.pending().length === 0) break
          }
          expect(outcomes.filter((outcome) => !settled(outcome)).map(reasonOf), `seed ${seed}`).toEqual([])
          portal.twin.faults.clear()
          const writes = portal.journal.writes().length
          expect(new Set((yield* sync(ports)).map(({ _tag }) => _tag)), `seed ${seed}`).toEqual(new Set(["Unchanged"]))
          expect(portal.journal.writes().length, `seed ${seed}`).toBe(writes)
        }),
      )
      for (const { faults } of portal.journal.lines) {
        for (const fault of faults) met.set(fault, (met.get(fault) ?? 0) + 1)
      }
      const counts = (["companies", "contacts", "invoices"] as const).map((type) => world.records(type).length)
      expect(counts, `seed ${seed}`).toEqual([COUNT, COUNT, COUNT])
      expect(world.record("companies", theirs)?.properties["name"], `seed ${seed}`).toBe("Company 3")
      const linesOf = (id: string) => world.associations("invoices", id, "line_items").length
      expect(
        world
          .records("invoices")
          .map(({ id, properties }) => [properties["mortise_number"], linesOf(id)])
          .sort(),
      ).toEqual(invoices.map(({ fields }) => [fields.number, fields.lines.length]))
      expect(world.records("line_items")).toHaveLength(invoices.flatMap(({ fields }) => fields.lines).length)
      for (const { id, properties } of world.records("contacts")) {
        const [parent, ...more] = world.associations("contacts", id, "companies")
        expect(more).toEqual([])
        const name = world.record("companies", parent?.id ?? "")?.properties["name"]
        expect(`p${name?.slice(-1)}@c${name?.slice(-1)}.example`).toBe(properties["email"])
      }
    }
    const total = [...met.values()].reduce((sum, count) => sum + count, 0)
    console.log(
      `${SEEDS} schedules, ${total} faults met: ${[...met]
        .map(([kind, count]) => `${kind} ${count}`)
        .sort()
        .join(", ")}`,
    )
    expect(met.size).toBeGreaterThanOrEqual(8)
    expect(total).toBeGreaterThan(SEEDS * 2)
  })
})
