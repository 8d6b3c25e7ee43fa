import type { Mutant } from "@mortise/conformance/kit/Mutant"
import * as Suite from "@mortise/conformance/kit/Suite"
import { rules } from "@mortise/conformance/rules/index"
import { scenarios } from "@mortise/conformance/scenarios/index"
import { describe, expect, it } from "vitest"
import { type Killed, kill, verdictOf } from "../src/conformance/matrix/Kill.ts"
import * as Matrix from "../src/conformance/matrix/Matrix.ts"
import * as Page from "../src/conformance/matrix/Page.ts"
import { mutants } from "../src/conformance/mutants/index.ts"
import { reference } from "../src/conformance/reference/Reference.ts"
import { subjects } from "../src/conformance/subjects/index.ts"

const all = [...subjects, reference]
const ids = rules.map(({ id }) => id as string)

const harmless = (): Mutant => ({ name: "does nothing wrong", port: (port) => ({ ...port }) })

describe("the mutants", () => {
  it("are at least eighty, each of a name of its own, and tried on connectors that there are", () => {
    const names = mutants.map(({ make }) => make().name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThanOrEqual(80)
    const known = new Set(all.map(({ name }) => name))
    expect(mutants.flatMap(({ on = [] }) => on).filter((name) => !known.has(name))).toEqual([])
    const sweeps = new Set(scenarios.map(({ id }) => id))
    expect(mutants.flatMap(({ sweptBy }) => sweptBy ?? []).filter((id) => !sweeps.has(id))).toEqual([])
  })

  it("have a rule each that has to catch them, and every rule has one that it has to catch", () => {
    expect(mutants.filter(({ caughtBy }) => caughtBy.length === 0)).toEqual([])
    const named = mutants.flatMap(({ caughtBy }) => caughtBy)
    expect(named.filter((id) => !ids.includes(id))).toEqual([])
    expect(ids.filter((id) => !named.includes(id))).toEqual([])
  })

  it.each(mutants.map((known) => [known.make().name, known] as const))(
    "is turned down by every rule that is named for it: %s",
    async (_, known) => {
      const on = all.filter(({ name }) => known.on?.includes(name) ?? true)
      // On the smallest connector that it is for: `npm run conformance:mutants` tries the others.
      const subject = on.at(-1)
      if (subject === undefined) throw new RangeError("no connector")
      const one = await kill(known, subject, { namedOnly: true })
      expect(Matrix.problems([one], [])).toEqual([])
    },
    30_000,
  )

  it("are told to have survived when nobody turns them down", async () => {
    const one = await kill({ make: harmless, caughtBy: ["I/again"] }, reference, { namedOnly: true })
    expect(verdictOf(one)).toBe("survived")
    expect(Matrix.tally([one])).toEqual({ mutants: 1, killed: 0, survived: 1, killedByOtherRule: 0 })
    expect(Matrix.problems([one], ["I/again"])).toEqual([
      '"does nothing wrong" on reference survived: nobody turned it down, and I/again has to',
      "I/again turned down no mutant that it is named for",
    ])
  })
})

describe("the kill matrix", () => {
  const one = (of: Partial<Killed>): Killed => ({
    name: "a",
    connector: "reference",
    caughtBy: ["I/again"],
    killedBy: [],
    alsoBy: [],
    ...of,
  })

  it("tells apart a mutant that only other rules turned down, on whichever connector", () => {
    const matrix = [one({ killedBy: ["I/again"] }), one({ connector: "hubspot", alsoBy: ["I/adopt"] })]
    expect(Matrix.tally(matrix)).toEqual({ mutants: 1, killed: 0, survived: 0, killedByOtherRule: 1 })
    expect(Matrix.problems(matrix, ["I/again"])).toEqual([
      '"a" on hubspot was turned down by I/adopt alone, and not by I/again',
    ])
  })

  it("wants every rule that is named to turn the mutant down", () => {
    const matrix = [one({ caughtBy: ["I/again", "I/adopt"], killedBy: ["I/again"] })]
    expect(Matrix.problems(matrix, [])).toEqual([
      '"a" on reference was not turned down by I/adopt, which is named for it',
    ])
  })

  it("shows in its grid who turned down whom", () => {
    const matrix = [
      one({ killedBy: ["I/again"], alsoBy: ["I/adopt"] }),
      one({ name: "b", caughtBy: ["I/adopt", "I/again"], killedBy: ["I/adopt"] }),
    ]
    const lines = Page.text(matrix, ["I/again", "I/adopt", "I/late-commit"]).split("\n")
    expect(lines.filter((line) => line.startsWith("I/"))).toEqual([
      "I/again       #!",
      "I/adopt       +#",
      "I/late-commit ..",
    ])
  })
})

describe("the reference connector", () => {
  it("passes all that it does not declare absent, and lacks nothing", async () => {
    const result = await Suite.run(reference, { scenarios: [] })
    expect(
      result.rules.flatMap(({ findings, id, verdict }) =>
        verdict === "passed" || verdict === "skipped" ? [] : [`${id} ${verdict} ${findings}`],
      ),
    ).toEqual([])
    // It is tried without the sweeps.
    expect(result.profile).toBe("partial")
  }, 60_000)
})
