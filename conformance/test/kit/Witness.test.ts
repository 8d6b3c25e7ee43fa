import { describe, expect, it } from "vitest"
import * as Witness from "../../src/kit/Witness.ts"

describe("a witness", () => {
  it("counts what it looked at, and tells what was not as promised", () => {
    const witness = Witness.make()
    witness.holds(true, "fine")
    witness.equal([1, 2], [1, 2], "lists")
    witness.equal(undefined, 3, "a value")
    expect(witness.seen()).toEqual({ assertions: 3, findings: ["a value: nothing, expected 3"] })
  })

  it("compares multisets: a record that comes twice is not a record that comes once", () => {
    const witness = Witness.make()
    witness.sameMultiset(["a", "b", "b"], ["b", "a", "b"], "in another order")
    witness.sameMultiset(["a", "a"], ["a"], "twice")
    witness.sameMultiset(["a"], ["a", "b"], "short of one")
    expect(witness.seen().findings).toEqual(['twice: too many ["a"]', 'short of one: missing ["b"]'])
  })

  it("shortens what nobody would read", () => {
    const witness = Witness.make()
    witness.equal("x".repeat(10_000), "y", "a long text")
    expect(witness.seen().findings[0]?.length).toBeLessThan(700)
  })
})
