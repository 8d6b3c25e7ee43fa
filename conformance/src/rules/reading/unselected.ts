import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"

export const unselected: Rule = {
  id: "R/unselected",
  level: "MUST",
  needs: ["reads", "selection"],
  promise: "a field that was not asked for is not asked of the vendor, and does not come",
  hazards: [
    Hazard.make(
      "pages of records were served",
      ({ lines, stage }) => lines.filter((line) => (stage.party.page(line)?.length ?? 0) > 0).length,
    ),
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const askedBy = need(party.asked, "selection")
        party.enter(1, 3)
        const port = party.port(yield* bench.connect())
        yield* bench.catchUp
        const before = twin.journal.count()
        const pages = yield* Stream.runCollect(port.changes({ fields: ["name"] as never }))
        const records = pages.flatMap(({ changes }) =>
          changes.flatMap((change) => (change._tag === "Upserted" ? [change.record as Record<string, unknown>] : [])),
        )
        witness.holds(
          records.length > 0 && records.every((record) => record["name"] !== undefined),
          "the field that was asked for did not come",
        )
        witness.equal(
          records.flatMap((record) => (record["phone"] === undefined ? [] : [record["phone"]])),
          [],
          "values of a field that was not asked for",
        )
        const asked = twin.journal.where(({ index }) => index > before).flatMap((line) => askedBy(line) ?? [])
        witness.holds(
          !asked.includes(party.wire.phone) && !asked.includes("all"),
          `the vendor was asked for ${[...new Set(asked)].join()}`,
        )
      }),
    ),
}
