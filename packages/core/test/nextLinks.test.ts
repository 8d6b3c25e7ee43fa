import * as NextLinks from "@mortise/core/NextLinks"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"

const FIRST = new URL("https://erp.example/data/rows")
const guards = { system: "erp", operation: "rows.list" }

const read = (links: Readonly<Record<string, string | null>>, more: { readonly maxPages?: number } = {}) =>
  Effect.runPromise(
    Effect.result(
      NextLinks.all({
        ...guards,
        ...more,
        first: FIRST,
        fetch: (url) => Effect.succeed({ items: [url.search], next: links[url.search] ?? null }),
      }),
    ),
  )

describe("a list that is joined by links", () => {
  it("is read whole, in order, on the configured origin", async () => {
    const read3 = await read({ "": "?p=2", "?p=2": "https://erp.example/data/rows?p=3" })
    expect(read3).toMatchObject({ _tag: "Success", success: ["", "?p=2", "?p=3"] })
  })

  it("that leads elsewhere, goes round in circles or never ends is an error", async () => {
    const endless = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [n === 0 ? "" : `?p=${n}`, `?p=${n + 1}`]))
    const reads = [read({ "": "https://elsewhere.example/rows" }), read({ "": "?p=2", "?p=2": "/data/rows" })]
    for (const found of [...(await Promise.all(reads)), await read(endless, { maxPages: 3 })]) {
      expect(found).toMatchObject({ _tag: "Failure", failure: { reason: { _tag: "Decode" } } })
    }
  })
})
