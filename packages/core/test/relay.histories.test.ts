import { describe, expect, it } from "vitest"
import { type Name, play, RelayHazards } from "./histories/relayPlay.ts"

const HISTORIES = 600

/** MORTISE_SEED plays that one seed only. */
const seeds = (): ReadonlyArray<number> => {
  const one = process.env["MORTISE_SEED"]
  return one === undefined ? Array.from({ length: HISTORIES }, (_, index) => index + 1) : [Number(one)]
}

const tell = (seed: number, faults: ReadonlyArray<string>): string =>
  [
    `history ${seed}:`,
    ...faults.map((fault) => `  ${fault}`),
    `  again: MORTISE_SEED=${seed} npx vitest run packages/core/test/relay.histories.test.ts`,
  ].join("\n")

const least: Readonly<Record<Name, number>> = {
  crashes: 300,
  "crashes in the middle of the writes": 80,
  "failed runs": 200,
  "troubled requests": 400,
  "lost replies of writes": 40,
  "stores lost": 100,
  merges: 200,
  deletions: 200,
  "edits between runs": 1000,
  "undecodable records": 500,
  "records parked": 300,
  "records taken up": 200,
  "dead letters": 500,
}

describe("relays, whatever happens to them", () => {
  it("end with every record of the source in the target once, and with nothing left to do", async () => {
    const hazards = new RelayHazards()
    const from = seeds()
    const failures: Array<string> = []
    for (const seed of from) {
      const faults = await play(seed, hazards)
      if (faults.length > 0) failures.push(tell(seed, faults))
    }
    console.log(`${from.length} histories of two relays: ${hazards}`)
    expect(failures.slice(0, 5).join("\n")).toBe("")
    if (from.length < HISTORIES) return
    for (const [name, count] of Object.entries(least)) expect(hazards.of(name as Name), name).toBeGreaterThan(count)
  })
})
