import * as Judge from "@mortise/conformance/kit/Judge"
import type { Rule } from "@mortise/conformance/kit/Rule"
import { rules } from "@mortise/conformance/rules/index"
import { describe, expect, it } from "vitest"
import { mutants } from "../src/conformance/mutants/index.ts"
import { subjects } from "../src/conformance/subjects/index.ts"

const rule = (id: string): Rule => {
  const found = rules.find((one) => one.id === id)
  if (found === undefined) throw new RangeError(`no rule ${id}`)
  return found
}

describe("the rules", () => {
  it("have each a name of their own, and a mutant that trips them", () => {
    const ids = rules.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const tripped = new Set(mutants.flatMap(({ caughtBy }) => caughtBy))
    expect(ids.filter((id) => !tripped.has(id))).toEqual([])
    expect([...tripped].filter((id) => !ids.includes(id as Rule["id"]))).toEqual([])
  })

  it("prove nothing when their hazard did not happen", async () => {
    const [subject] = subjects
    if (subject === undefined) throw new RangeError("no subject")
    const idle: Rule = { ...rule("I/again"), assertions: 1, check: async (_, witness) => witness.holds(true, "") }
    expect((await Judge.judge(idle, subject)).verdict).toBe("vacuous")
  })

  it("fail when an assertion was taken out of them", async () => {
    const [subject] = subjects
    if (subject === undefined) throw new RangeError("no subject")
    const { check, ...again } = rule("I/again")
    let taken = 0
    const poorer: Rule = {
      ...again,
      check: (bench, witness) =>
        check(bench, { ...witness, equal: (...args) => (taken++ === 0 ? undefined : witness.equal(...args)) }),
    }
    const { findings, verdict } = await Judge.judge(poorer, subject)
    expect([verdict, findings]).toEqual(["failed", ["only 4 assertions were made, the rule makes at least 5"]])
  })
})
