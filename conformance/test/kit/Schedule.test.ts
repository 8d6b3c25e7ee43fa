import { describe, expect, it } from "vitest"
import * as Schedule from "../../src/kit/Schedule.ts"
import { seededRandom } from "../../src/twin/Twin.ts"

describe("a schedule", () => {
  it("is read back as it was written", () => {
    const text = "3:lostReply,5:throttleFor,2:cut-before-write,9:cut-after-request"
    expect(Schedule.format(Schedule.parse(text))).toBe(text)
    expect(Schedule.parse("")).toEqual([])
  })

  it("that nobody could mean is refused, with what a step looks like", () => {
    for (const text of ["lostReply", "0:lostReply", "3:nothing", "3:cut-during-request", "x:html", "3:toString"]) {
      expect(() => Schedule.parse(text), text).toThrow(/is no step of a schedule: expected <number>:/)
    }
  })

  it("of one seed is one schedule, of one to four steps within the run, with at most one cut", () => {
    const counts = { requests: 12, writes: 5 }
    const kinds = new Set<string>()
    for (let seed = 1; seed <= 400; seed++) {
      const schedule = Schedule.random(seededRandom(seed), counts)
      expect(Schedule.random(seededRandom(seed), counts)).toEqual(schedule)
      expect(schedule.length).toBeGreaterThanOrEqual(1)
      expect(schedule.length).toBeLessThanOrEqual(4)
      expect(schedule.filter(({ _tag }) => _tag === "Cut").length).toBeLessThanOrEqual(1)
      for (const step of schedule) {
        expect(step.nth).toBeGreaterThanOrEqual(1)
        expect(step.nth).toBeLessThanOrEqual(
          step._tag === "Cut" && step.kind === "write" ? counts.writes : counts.requests,
        )
        kinds.add(step._tag === "Cut" ? `${step.kind} ${step.when}` : step.name)
      }
    }
    // Every fault and every kind of cut is drawn in the end.
    expect(kinds.size).toBe(Schedule.faultNames.length + 4)
  })

  it("cuts no write of the store where there is none", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const steps = Schedule.random(seededRandom(seed), { requests: 4, writes: 0 })
      expect(steps.filter((step) => step._tag === "Cut" && step.kind === "write")).toEqual([])
    }
  })
})
