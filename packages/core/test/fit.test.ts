import * as ContentHash from "@mortise/core/ContentHash"
import * as Decimal from "@mortise/core/Decimal"
import { Product } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import * as Fit from "@mortise/core/Fit"
import { describe, expect, it } from "vitest"

const record = (members: object): Entity.Record<typeof Product> => members as Entity.Record<typeof Product>

const price = { amount: Decimal.make("12.50"), currency: "EUR" }
const sound = record({ sku: "A-1", name: null, active: true, prices: [price] })
const faulty = record({
  ...sound,
  active: "maybe so",
  prices: [price, { ...price, currency: "a secret" }, { ...price, validFrom: "2026-02-30" }],
})

describe("the fit of a record", () => {
  it("is whole where every field is of its type, and the hash is that of its content", () => {
    expect(Fit.misfits(Product, sound)).toEqual([])
    expect(Fit.hashOf(Product, sound)).toEqual({ hash: ContentHash.ofRecord(Product, sound) })
  })

  it("names every fault by its path, down to members of lists, and tells the shape of what is there but not the value", () => {
    const issues = Fit.misfits(Product, faulty)
    expect(issues.map(({ path }) => path.join("."))).toEqual(["active", "prices.1.currency", "prices.2.validFrom"])
    for (const { message } of issues) {
      expect(message).toMatch(/, found a string of \d+ characters$/)
      expect(message).not.toMatch(/maybe so|a secret|02-30/)
    }
  })

  it("gives no hash to a record with a fault, but the faults", () => {
    expect(Fit.hashOf(Product, faulty)).toEqual({ issues: Fit.misfits(Product, faulty) })
  })
})
