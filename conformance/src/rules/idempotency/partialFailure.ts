import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

const COUNT = 12
const BAD = [0, 5, 6, 11]

export const partialFailure: Rule = {
  id: "I/partial-failure",
  level: "MUST",
  needs: ["writes"],
  promise:
    "of records that are written together, the good ones are written and told so, and only the bad ones are refused",
  hazards: [
    Hazard.calls(
      "some were refused beside some that were written",
      ({ outcomes = [] }) =>
        outcomes.filter(({ _tag }) => _tag === "Rejected").length > 1 &&
        outcomes.some(({ _tag }) => _tag === "Created" || _tag === "Written"),
    ),
  ],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        const records = Array.from({ length: COUNT }, (_, n) => (BAD.includes(n) ? party.unwelcome(n) : party.write(n)))
        const outcomes = yield* port.upsert(records)
        const refused = Outcomes.tags(outcomes).flatMap((tag, n) => (tag === "Rejected" ? [n] : []))
        witness.equal(refused, BAD, "inputs that were refused")
        const good = records.filter((_, n) => !BAD.includes(n)).map(({ key }) => key)
        witness.sameMultiset(
          party.records().map(({ key }) => key),
          good,
          "keys in the world",
        )
        yield* bench.catchUp
        const again = yield* port.upsert(records)
        witness.equal(
          Outcomes.tags(again).map((tag, n) => (BAD.includes(n) ? tag === "Rejected" : tag === "Unchanged")),
          records.map(() => true),
          "outcomes of the repetition",
        )
        witness.equal(party.records().length, good.length, "records after the repetition")
      }),
    ),
}
