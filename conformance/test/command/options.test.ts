import { describe, expect, it } from "vitest"
import * as Options from "../../src/command/Options.ts"
import { rules } from "../../src/rules/index.ts"
import { scenarios } from "../../src/scenarios/index.ts"

describe("the flags of the command", () => {
  it("ask for everything when nothing is chosen", () => {
    expect(Options.parse([])).toMatchObject({ rules, scenarios, isPart: false, seeds: 25 })
  })

  it("choose rules without sweeps, and sweeps without rules", () => {
    const one = Options.parse(["--rule", "I/again,R/cap", "--rule", "S"])
    expect(one.scenarios).toEqual([])
    expect(one.rules.map(({ id }) => id)).toEqual(expect.arrayContaining(["I/again", "R/cap", "S/foreign-redirect"]))
    expect(one.rules.every(({ id }) => id === "I/again" || id === "R/cap" || id.startsWith("S/"))).toBe(true)
    const other = Options.parse(["--scenario", "create", "--schedule", "3:lostReply,5:cut-after-write"])
    expect(other.rules).toEqual([])
    expect(other.schedule).toHaveLength(2)
  })

  it.each([
    [["--rule", "I/agian"], 'There is no rule "I/agian".'],
    [["--scenario", "creat"], 'There is no scenario "creat".'],
    [["--schedule", "3:lostReply"], "A schedule belongs to one scenario."],
    [["--scenario", "create", "--schedule", "3:lostreply"], '"3:lostreply" is no step of a schedule'],
    [["--scenario", "create", "--schedule", ""], "A schedule has at least one step."],
    [["--seeds", "many"], "--seeds many is no number"],
    [["--jobs", "0"], "--jobs 0 is no number"],
    [["--live", "a.json", "--json", "b.json", "--rule", "S"], "With --live there is no --json and --rule."],
    [["--live", "a.json", "--out", "reports"], "With --live there is no --out."],
    [["--frobnicate"], "Unknown option '--frobnicate'"],
  ])("say what is wrong with %j", (args, message) => {
    expect(() => Options.parse(args)).toThrow(message)
  })

  it("name what resembles a rule that is not there", () => {
    try {
      Options.parse(["--rule", "R/cup"])
      expect.unreachable()
    } catch (error) {
      expect((error as { readonly hint?: string }).hint).toMatch(/^There is R\//)
    }
  })
})
