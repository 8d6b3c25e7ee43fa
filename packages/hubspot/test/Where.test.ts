import type { Company } from "@mortise/core/Entities"
import type * as Port from "@mortise/core/Port"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { open, readAll, upserted } from "./portal.ts"

type Where = NonNullable<Port.ChangesOptions<typeof Company>["where"]>

const COMPANIES = [
  { name: "Åkerlund", mortise_financial_status: "overdue", mortise_days_overdue: "12" },
  { name: "Brown", mortise_financial_status: "current", mortise_days_overdue: "0" },
  { name: "Cole" },
]

/** What a reading with these conditions finds among them, by name. */
const finds = async (where: Where) => {
  const { journal, later, ready, run, world } = open()
  return run(
    Effect.gen(function* () {
      const { ports } = yield* ready()
      world.seed(COMPANIES.map((properties) => ({ type: "companies" as const, properties })))
      yield* later
      journal.clear()
      const result = yield* Effect.result(readAll(ports.Company, { where, fields: ["name"] }))
      if (result._tag === "Failure") return { reason: result.failure.reason, requests: journal.lines.length }
      return upserted(result.success.changes)
        .map(({ record }) => record.name)
        .sort()
    }),
  )
}

describe("a reading with conditions", () => {
  it.each<[string, Where, ReadonlyArray<string>]>([
    ["a text, whatever its case", [{ field: "name", is: "BROWN" }], ["Brown"]],
    [
      "one of several texts, of other alphabets too",
      [{ field: "name", is: ["Åkerlund", "Cole"] }],
      ["Cole", "Åkerlund"],
    ],
    ["one of several options", [{ field: "financialStatus", is: ["overdue", "creditHold"] }], ["Åkerlund"]],
    ["a number", [{ field: "daysOverdue", is: "12" }], ["Åkerlund"]],
    [
      "conditions that hold together",
      [
        { field: "name", is: "Brown" },
        { field: "daysOverdue", is: "12" },
      ],
      [],
    ],
    [
      "so many values that properties and conditions do not fit one search",
      [{ field: "name", is: ["Cole", ...Array.from({ length: 100 }, (_, at) => `customer ${at}`)] }],
      ["Cole"],
    ],
  ])("finds by %s", async (_, where, expected) => {
    expect(await finds(where)).toEqual(expected)
  })

  it("finds by options that are not in lower case", async () => {
    const { later, ready, run } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        yield* ports.Invoice.upsert(
          (["invoice", "creditNote"] as const).map((kind) => ({
            key: kind,
            fields: { kind, number: kind, currency: "EUR" },
          })),
        )
        yield* later
        const where = [{ field: "kind" as const, is: ["creditNote"] }]
        const { changes } = yield* readAll(ports.Invoice, { where, fields: ["kind"] })
        expect(upserted(changes).map(({ record }) => record.kind)).toEqual(["creditNote"])
      }),
    )
  })

  it.each<[string, Where]>([
    ["a field that no property holds alone", [{ field: "address", is: "Malmö" }]],
    ["a field that there is not", [{ field: "nonsense" as never, is: "x" }]],
    ["one of no values", [{ field: "name", is: [] }]],
    ["more than a search holds", [{ field: "name", is: Array.from({ length: 400 }, (_, at) => `customer ${at}`) }]],
    ["more conditions than a search takes", Array.from({ length: 5 }, () => ({ field: "name" as const, is: "Cole" }))],
  ])("refuses %s, before any search", async (_, where) => {
    expect(await finds(where)).toEqual({ reason: expect.objectContaining({ _tag: "Unsupported" }), requests: 0 })
  })
})
