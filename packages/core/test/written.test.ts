import * as VirtualClock from "@mortise/conformance/VirtualClock"
import { covers, sameText } from "@mortise/core/Covers"
import * as Decimal from "@mortise/core/Decimal"
import * as Written from "@mortise/core/Written"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"

const START = Date.UTC(2026, 0, 1)
const MINUTE = 60_000

const run = async <A>(program: Effect.Effect<A>): Promise<A> => {
  const exit = await VirtualClock.make({ start: START }).run(program)
  if (exit instanceof VirtualClock.Stuck || !Exit.isSuccess(exit)) throw exit
  return exit.value
}

/** A server that takes `takes` ms to answer what it held when it was asked; a record comes about after `commits` ms. */
const server = (options: { readonly takes: number; readonly commits: number }) => {
  const asked: Array<number> = []
  const look = Effect.gen(function* () {
    const at = (yield* Clock.currentTimeMillis) - START
    asked.push(at)
    yield* Effect.sleep(options.takes)
    return at >= options.commits ? Option.some("made") : Option.none()
  })
  return { asked, look }
}

describe("a request whose answer was lost", () => {
  it("made nothing only by a look that began when the server could not be at work any more", async () => {
    // Asked shortly before the end, answered after it; the record comes about between the two.
    for (const takes of [1, 2_500, 20_000, 3 * MINUTE]) {
      for (const commits of [0, 1, 30_000, 5 * MINUTE - 1, 5 * MINUTE]) {
        const { look } = server({ takes, commits })
        const found = await run(Written.lookUntil(look, START + 5 * MINUTE))
        expect([takes, commits, found]).toEqual([takes, commits, Option.some("made")])
      }
    }
  })

  it("is looked for at growing distances, of a minute at most, and once more at the end", async () => {
    const { asked, look } = server({ takes: 0, commits: Number.POSITIVE_INFINITY })
    expect(await run(Written.lookUntil(look, START + 5 * MINUTE))).toEqual(Option.none())
    expect(asked).toEqual([0, 2, 6, 14, 30, 62, 122, 182, 242, 300].map((seconds) => seconds * 1_000))
  })

  it("is looked for once where nothing can come about any more", async () => {
    const { asked, look } = server({ takes: 10, commits: 1 })
    expect(await run(Written.lookUntil(look, START))).toEqual(Option.none())
    expect(asked).toEqual([0])
  })
})

describe("what was answered as saved", () => {
  it("is read at once, and for ten seconds more", async () => {
    for (const [commits, looks] of [
      [0, [0]],
      [1, [0, 2_000]],
      [2_001, [0, 2_000, 10_000]],
    ] as const) {
      const { asked, look } = server({ takes: 0, commits })
      expect(await run(Written.readBack(look))).toEqual(Option.some("made"))
      expect(asked).toEqual(looks)
    }
    const { asked, look } = server({ takes: 0, commits: 10_001 })
    expect(await run(Written.readBack(look))).toEqual(Option.none())
    expect(asked).toHaveLength(3)
  })
})

describe("what a record does not hold", () => {
  const wanted = { name: "Møller", sku: "a-1", price: Decimal.make("12.50"), note: null, left: undefined }
  const comparison = (field: string) => (field === "sku" ? sameText : covers)

  it("is told by field, each by the comparison for it; what is not supplied is not looked at", () => {
    const held = { name: "Møller ", sku: "A-1", price: Decimal.make("12.5"), note: "", left: "stays", other: 1 }
    expect(Written.differing(wanted, held, comparison)).toEqual([])
    expect(Written.differing(wanted, { ...held, sku: "A-2", note: "new" }, comparison)).toEqual(["sku", "note"])
    expect(Written.differing(wanted, {}, comparison)).toEqual(["name", "sku", "price"])
  })

  it("is all that is supplied where there is none", () => {
    expect(Written.differing(wanted, undefined, comparison)).toEqual(["name", "sku", "price", "note"])
  })
})
