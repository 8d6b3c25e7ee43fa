import { afterEach, describe, expect, it } from "vitest"
import * as Judge from "../../src/kit/Judge.ts"
import * as Sweep from "../../src/kit/Sweep.ts"
import { rules } from "../../src/rules/index.ts"
import { scenarios } from "../../src/scenarios/index.ts"
import * as VirtualGlobals from "../../src/VirtualGlobals.ts"
import { subject } from "./support/promisedLedger.ts"

afterEach(VirtualGlobals.restore)

const RULES = [
  "I/again",
  "I/lost-reply",
  "I/error-after-write",
  "I/late-commit",
  "I/store-lost",
  "I/two-callers",
  "I/adopt",
  "I/adopt-ambiguous",
  "I/input-order",
  "O/supplied-only",
  "R/late-commit",
  "R/each-once",
  "A/wrong-credentials",
  "T/retry-after",
  "E/no-answer",
]

describe("an adapter from a few async functions", () => {
  it.each(RULES)("keeps %s", async (id) => {
    const rule = rules.find((each) => each.id === id)
    expect(rule, id).toBeDefined()
    if (rule === undefined) return
    const { findings, verdict } = await Judge.judge(rule, subject)
    expect([verdict, findings]).toEqual(["passed", []])
  })

  it("makes one record wherever it dies and whatever goes wrong", async () => {
    const create = scenarios.find(({ id }) => id === "create")
    if (create === undefined) throw new RangeError("there is no scenario create")
    const { cutPoints, failures } = await Sweep.sweep(subject, create, { seeds: [1, 2] })
    expect(failures.map(({ problems, schedule }) => [schedule, problems])).toEqual([])
    expect(cutPoints).toBeGreaterThan(50)
  })
})
