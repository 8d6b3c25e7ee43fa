import { coded, lookUp } from "@mortise/core/Words"
import { describe, expect, it } from "vitest"

const CODES = ["open", "closed"] as const
const builtIn = { open: "open", Completed: "closed", hold: "paused" }

describe("a vendor's word", () => {
  it("is known by the tenant's own words first, then by the built-in ones, in any casing if they are in small letters", () => {
    expect(lookUp("Completed", { Completed: "open" }, builtIn)).toBe("open")
    expect(lookUp("Completed", {}, builtIn)).toBe("closed")
    expect([lookUp("OPEN", undefined, builtIn), lookUp("COMPLETED", undefined, builtIn)]).toEqual(["open", undefined])
  })

  it("stands beside our code, which is `other` where none is known or ours is none of the codes", () => {
    const words = { own: { Offen: "open" }, builtIn }
    const codes = ["Offen", "Completed", "Hold", "Lost"].map((raw) => coded(raw, CODES, words))
    expect(codes).toEqual([
      { code: "open", raw: "Offen" },
      { code: "closed", raw: "Completed" },
      { code: "other", raw: "Hold" },
      { code: "other", raw: "Lost" },
    ])
  })

  it("that is absent stays absent, and an empty one empty", () => {
    const words = { own: undefined, builtIn }
    expect([coded(undefined, CODES, words), coded(null, CODES, words)]).toEqual([undefined, null])
  })
})
