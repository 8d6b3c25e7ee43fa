import { describe, expect, it } from "vitest"
import * as Judge from "../src/conformance/Judge.ts"
import * as Mutants from "../src/conformance/mutants.ts"
import * as Report from "../src/conformance/Report.ts"
import type { Rule } from "../src/conformance/Rule.ts"
import { rules } from "../src/conformance/rules/index.ts"
import { subjects } from "../src/conformance/subjects/index.ts"

const rule = (id: string): Rule => {
  const found = rules.find((one) => one.id === id)
  if (found === undefined) throw new RangeError(`no rule ${id}`)
  return found
}

describe.each(subjects.map((subject) => [subject.name, subject] as const))("the connector for %s", (_, subject) => {
  it("keeps every rule, and each was really tried", async () => {
    const verdicts = await Judge.all(rules, [subject])
    expect(verdicts.filter(({ verdict }) => verdict === "failed" || verdict === "vacuous").map(Report.line)).toEqual([])
    expect(verdicts.filter(({ verdict }) => verdict === "passed").length).toBeGreaterThanOrEqual(19)
    expect(Report.isClean(verdicts)).toBe(true)
  })

  it("is caught when it is broken, by the rule that it breaks", async () => {
    const survivors: Array<string> = []
    for (const { caughtBy, mutant } of Mutants.all()) {
      for (const id of caughtBy) {
        const { verdict } = await Judge.judge(rule(id), subject, mutant)
        if (verdict !== "failed" && verdict !== "absent") survivors.push(`${id} takes no notice of: ${mutant.name}`)
      }
    }
    expect(survivors).toEqual([])
  })
})

describe("the rules", () => {
  it("have each a name of their own, and a mutant that trips them", () => {
    const ids = rules.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    const tripped = new Set(Mutants.all().flatMap(({ caughtBy }) => caughtBy))
    expect(ids.filter((id) => !tripped.has(id))).toEqual([])
  })

  it("prove nothing when their hazard did not happen", async () => {
    const [subject] = subjects
    const idle: Rule = {
      ...rule("I/again"),
      check: async (_, witness) => {
        witness.saw("nothing", 0)
        witness.holds(true, "")
      },
    }
    const verdict = subject === undefined ? undefined : await Judge.judge(idle, subject)
    expect(verdict?.verdict).toBe("vacuous")
    expect(Report.sum(verdict === undefined ? [] : [verdict])).toBe("0 passed, 0 failed, 1 vacuous")
  })
})
