/** Oracle shows a number between -1 and 1 without the zero before its point. */
import * as Decimal from "@mortise/core/Decimal"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

describe("a number between -1 and 1", () => {
  it("is read, in a field of the account's own as in any other", async () => {
    const bench = Bench.make({ customFields: [{ name: "custentity_rate", kind: "number" }] })
    for (const rate of ["0.5", "-0.25", "0", "12.5"])
      bench.world.seed("customer", [Seeds.customer(1, { custentity_rate: rate, creditLimit: "0.75" })])
    const config = Bench.options(bench, { custom: { Account: { custentity_rate: "decimal" } } })
    const { changes } = await Bench.use(bench, config, ({ ports }) => Bench.readAll(ports.Account))
    expect(changes.map(({ _tag }) => _tag)).toEqual(["Upserted", "Upserted", "Upserted", "Upserted"])
    const told = Bench.upserted(changes).map(({ record }) => record)
    expect(told.map(({ custom }) => (custom as { readonly custentity_rate: unknown }).custentity_rate)).toEqual([
      "0.5",
      "-0.25",
      "0",
      "12.5",
    ])
    expect(told.map(({ creditLimit }) => creditLimit && Decimal.format(creditLimit.amount))).toEqual(
      Array(4).fill("0.75"),
    )
    const shown = bench.twin.journal.lines.map(({ responseBody }) => responseBody).join()
    expect(shown).toContain('"custentity_rate":".5"')
    expect(shown).toContain('"custentity_rate":"-.25"')
  })
})
