import { beforeAll, describe, expect, it } from "vitest"
import * as Replay from "./replay.ts"

const all = Replay.exchanges()
const topics = [...new Set(all.map(({ topic }) => topic))].sort()

describe("the exchanges that were observed on a running site", () => {
  let verdicts: ReadonlyArray<Replay.Verdict> = []
  beforeAll(async () => {
    verdicts = await Replay.run(all)
  })

  it("are answered by the twin as the site answered them: 199 of 199", () => {
    expect(all).toHaveLength(199)
    expect(verdicts.filter(({ differences }) => differences.length === 0)).toHaveLength(199)
  })

  it.each(topics)("%s", (topic) => {
    const own = verdicts.filter(({ exchange }) => exchange.topic === topic)
    expect(own.length).toBeGreaterThan(0)
    const wrong = own.flatMap(({ differences, exchange }) => differences.map((one) => `${exchange.id} ${one}`))
    expect(wrong).toEqual([])
  })
})
