import { describe, expect, it } from "vitest"
import { playAll, seeds, tell } from "./histories/play.ts"
import * as Strategies from "./histories/Strategies.ts"

describe("reading changes", () => {
  it("loses nothing, repeats nothing committed and brings again what was not, in any history", async () => {
    const { failures, hazards, histories } = await playAll(seeds(1, Number(process.env["N"] ?? 300)), Strategies.make)
    console.log(`${histories} histories of reading: ${hazards}`)
    expect(failures.slice(0, 5).map(tell).join("\n")).toBe("")
  })
})
