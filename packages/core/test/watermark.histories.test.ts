import { assert, describe, it } from "vitest"
import type { Name } from "./histories/Hazards.ts"
import { playAll, seeds, tell } from "./histories/play.ts"
import * as Strategies from "./histories/Strategies.ts"

const HISTORIES = 6000

/** What the histories must have contained, as the model saw it, for the test to mean anything. */
const LEAST: Readonly<Record<Name, number>> = {
  "ties across a page border": 2000,
  "more ties than a page": 4000,
  "late commits": 800,
  "skewed clients": 30_000,
  "changes during a crawl": 5000,
  "rows moved forward while read": 1500,
  "older copies answered": 10_000,
  "records twice in an answer": 800,
  stops: 6000,
  "resumes in mid crawl": 3000,
  "uncommitted pages": 4000,
  "failed requests": 1500,
  "poisoned records": 5000,
  "unreadable stamps": 500,
  "window splits": 8000,
  "keyed scans": 8000,
  "doubles read again": 20_000,
  "calendar sweeps with news": 600,
  "side-table sweeps with news": 100,
  merges: 1000,
  deletions: 1500,
}

describe("reading changes", () => {
  it("loses nothing, repeats nothing committed and brings again what was not, in any history", async () => {
    const { failures, hazards, histories } = await playAll(seeds(1, HISTORIES), Strategies.make)
    console.log(`${histories} histories of reading: ${hazards}`)
    assert.strictEqual(failures.slice(0, 5).map(tell).join("\n"), "", `${failures.length} histories failed`)
    if (process.env["MORTISE_SEED"] !== undefined) return
    for (const [name, least] of Object.entries(LEAST)) assert.isAtLeast(hazards.of(name as Name), least, name)
  })
})
