import * as Effect from "effect/Effect"
import * as Outcomes from "../Outcomes.ts"
import type { Rule } from "../Rule.ts"

const HOSTILE = ["' or 1 eq 1", "x' or AccountRef ne '", '"]}],"filterGroups":[]', "*", "%' --", "a\u0000b", "]|["]

export const hostileKeys: Rule = {
  id: "S/hostile-keys",
  level: "MUST",
  promise: "no key, whatever it holds, changes the question that is asked with it",
  hazard: "records were looked up by keys that hold quotes, operators and control characters, beside others",
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect())
        party.enter(100, 3)
        yield* port.upsert([1, 2].map((n) => party.write(n)))
        yield* bench.catchUp
        const before = party.records()
        const asked = twin.journal.count()
        const found = yield* port.find(HOSTILE)
        witness.saw("questions", twin.journal.count() - asked)
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
