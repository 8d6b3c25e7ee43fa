import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Row } from "../Bench.ts"
import type { Rule } from "../Rule.ts"

/** Stamps whose rows stood on more than one page. */
const split = (pages: ReadonlyArray<ReadonlyArray<Row>>): number => {
  const seen = new Map<string, number>()
  for (const rows of pages) {
    for (const stamp of new Set(rows.map((row) => row.stamp))) seen.set(stamp, (seen.get(stamp) ?? 0) + 1)
  }
  return [...seen.values()].filter((pagesOfStamp) => pagesOfStamp > 1).length
}

export const eachOnce: Rule = {
  id: "R/each-once",
  level: "MUST",
  promise: "each record is delivered once, also where more records share one stamp than a page holds",
  hazard: "the rows of one stamp stood on several pages of the vendor's",
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const connected = yield* bench.connect()
        const port = party.port(connected)
        const ids = party.enter(1, port.features.pageSize * 2 + 7)
        yield* bench.catchUp
        const delivered: Array<string> = []
        let pages = 0
        yield* Stream.runForEach(port.changes({ fields: ["name"] as never }), (page) =>
          Effect.sync(() => {
            pages += 1
            for (const change of page.changes) if (change._tag === "Upserted") delivered.push(change.id)
          }),
        )
        witness.saw(
          "stamps over several pages",
          split(
            twin.journal.lines.flatMap((line) => {
              const rows = party.page(line)
              return rows === undefined ? [] : [rows]
            }),
          ),
        )
        witness.saw("pages beside the first", pages - 1)
        witness.equal([...delivered].sort(), [...ids].sort(), "ids delivered")
      }),
    ),
}
