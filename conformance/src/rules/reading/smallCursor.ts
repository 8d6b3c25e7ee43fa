import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"

const MOST_CHARACTERS = 2_000

export const smallCursor: Rule = {
  id: "R/small-cursor",
  level: "MUST",
  needs: ["reads"],
  promise: "a cursor is small plain JSON however much was read, and the same after a way through text",
  hazards: [Hazard.pages],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        party.enter(1, port.features.pageSize * 2 + 5)
        yield* bench.catchUp
        const pages = yield* Stream.runCollect(port.changes({ fields: ["name"] as never }))
        const sizes = pages.map(({ cursor }) => JSON.stringify(cursor).length)
        witness.holds(pages.length > 1, "there was one page")
        witness.holds(Math.max(...sizes) <= MOST_CHARACTERS, `a cursor of ${Math.max(...sizes)} characters`)
        const [first] = pages
        const through = JSON.parse(JSON.stringify(first?.cursor ?? null))
        const rest = yield* Stream.runCollect(port.changes({ fields: ["name"] as never, cursor: through }))
        const count = (all: typeof pages) => all.reduce((sum, { changes }) => sum + changes.length, 0)
        witness.equal(count(rest), count(pages) - (first?.changes.length ?? 0), "records after the first page")
      }),
    ),
}
