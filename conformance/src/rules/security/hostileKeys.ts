import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

const HOSTILE = ["' or 1 eq 1", "x' or AccountRef ne '", '"]}],"filterGroups":[]', "*", "%' --", "a\u0000b", "]|["]

export const hostileKeys: Rule = {
  id: "S/hostile-keys",
  level: "MUST",
  needs: ["writes"],
  promise: "no key, whatever it holds, changes the question that is asked with it",
  hazards: [Hazard.lines("questions", (line, { stage }) => stage.isSafe(line))],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        party.enter(100, 3)
        yield* port.upsert([1, 2].map((n) => party.write(n)))
        yield* bench.catchUp
        const before = party.records()
        const found = yield* port.find(HOSTILE)
        witness.equal([...found.keys()], [], "keys that were found")
        const outcomes = yield* port.upsert(HOSTILE.map((key, n) => ({ ...party.write(n), key })))
        const made = party.records().filter(({ id }) => !before.some((one) => one.id === id))
        witness.equal(
          made.map(({ key }) => key).sort(),
          HOSTILE.filter((_, n) => Outcomes.reasons(outcomes)[n] === undefined).sort(),
          "keys of what was made",
        )
        witness.equal(
          party.records().filter(({ id }) => before.some((one) => one.id === id)),
          before,
          "the records that were there",
        )
      }),
    ),
}
