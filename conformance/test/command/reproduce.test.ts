import { describe, expect, it } from "vitest"
import * as Options from "../../src/command/Options.ts"
import * as Suite from "../../src/kit/Suite.ts"
import { scenarios } from "../../src/scenarios/index.ts"
import { ledgerette, subject } from "./support/broken.ts"

/** Sends a create once more when it hears nothing of it, as clients do that take every request for a safe one. */
const blind = subject((given) =>
  ledgerette({
    ...given,
    fetch: async (input, init) => {
      const request = new Request(input, init)
      const copy = request.clone()
      const answer = await given.fetch(request).catch(() => undefined)
      return answer !== undefined && (answer.ok || request.method !== "POST") ? answer : given.fetch(copy)
    },
  }),
)

const command = "npx mortise-conformance ./blind.ts"

/** Enough for one that meets the mistake. */
const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1)

/** The words of a command line as a shell takes them. */
const words = (line: string): ReadonlyArray<string> =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "")

describe("the line that a failing sweep prints", () => {
  it("shows the same failure again, to the letter", async () => {
    const create = scenarios.filter(({ id }) => id === "create")
    const [swept] = await Suite.sweep(blind, { scenarios: create, seeds: SEEDS, command })
    expect(swept?.verdict).toBe("failed")
    const failures = swept?.failures ?? []
    const [single, seeded] = [failures.at(0), failures.find(({ seed }) => seed !== undefined)]
    expect(single?.schedule).toMatch(/^\d+:\w+$/)
    for (const failure of [single, seeded]) {
      if (failure === undefined) throw new Error("the mistake was not found")
      expect(failure.reproduce.startsWith(`${command} --scenario create --schedule "`)).toBe(true)
      const options = Options.parse(words(failure.reproduce).slice(2))
      expect(options.rules).toEqual([])
      const [again] = await Suite.sweep(blind, {
        scenarios: options.scenarios,
        ...(options.schedule === undefined ? {} : { schedule: options.schedule }),
        command,
      })
      const { seed: _, ...expected } = failure
      expect(again?.failures).toEqual([expected])
      expect(again?.seeds).toEqual([])
    }
  })
})
