import { assert, describe, it } from "vitest"
import { playAll } from "./histories/play.ts"
import { right, wrong } from "./histories/Wrong.ts"

const ONLY = { strategy: "window", plain: true } as const
const SEEDS = Array.from({ length: 300 }, (_, index) => 900_000 + index)

describe("the checker of histories", () => {
  for (const [name, make] of Object.entries(wrong)) {
    it(`catches ${name}`, async () => {
      const { failures } = await playAll(SEEDS, make, ONLY)
      const lost = failures.filter(({ violations }) => violations.some(({ fault }) => fault === "lost"))
      assert.isAbove(lost.length, 30, `only ${lost.length} of ${SEEDS.length} histories lost a record`)
    })
  }

  it("finds nothing in the same frame without a fault", async () => {
    const { failures } = await playAll(SEEDS, right, ONLY)
    assert.deepStrictEqual(failures, [])
  })
})
