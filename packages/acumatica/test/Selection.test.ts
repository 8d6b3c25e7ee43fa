import type * as Port from "@mortise/core/Port"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

type Options = Port.ChangesOptions<never>

const refused = async (options: unknown) => {
  const bench = Bench.make()
  bench.world.seed("Customer", Seeds.customers(3))
  const error = await Bench.failure(bench, Bench.options(bench), ({ ports }) =>
    Bench.readAll(ports.Account, options as Options),
  )
  expect(bench.twin.journal.where(({ url }) => url.includes("/Customer"))).toEqual([])
  return error.reason
}

describe("a reading", () => {
  it("is refused for a field that nobody has, before any request", async () => {
    expect(await refused({ fields: ["name", "shoeSize"] })).toMatchObject({
      _tag: "Invalid",
      issues: [
        { path: ["fields", "shoeSize"], message: expect.stringContaining("Account has no readable field shoeSize") },
      ],
    })
  })

  it("is refused for a condition on a field that is not read: it would hold for nobody and lose every record", async () => {
    for (const field of ["shoeSize", "balance"]) {
      expect(await refused({ where: [{ field, is: "44" }] })).toMatchObject({
        _tag: "Invalid",
        issues: [{ path: ["where", field] }],
      })
    }
  })

  it("by id is refused for the same", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", Seeds.customers(1))
    const error = await Bench.failure(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.get(["C0000"], { fields: ["shoeSize" as never] }),
    )
    expect(error.reason).toMatchObject({ _tag: "Invalid", issues: [{ path: ["fields", "shoeSize"] }] })
  })
})
