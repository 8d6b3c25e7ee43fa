import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const twoScopes: Rule = {
  id: "I/two-scopes",
  level: "MUST",
  needs: ["writes"],
  promise: "one number in two legal entities stays two records, each found by its own key",
  hazards: [
    Hazard.calls("keys that differ in their scope alone were written", ({ keys }) => {
      const ids = keys.map((key) => key.split("|").slice(1).join("|"))
      return new Set(ids).size < new Set(keys).size
    }),
  ],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        const here = party.write(1, { name: "Here" })
        const [scope = "", ...rest] = here.key.split("|")
        const there = { ...party.write(1, { name: "There" }), key: [`${scope}x`, ...rest].join("|") }
        const outcomes = yield* port.upsert([here, there])
        witness.equal(new Set(Outcomes.ids(outcomes)).size, 2, "records")
        yield* bench.catchUp
        const found = yield* port.find([here.key, there.key])
        witness.equal(found.get(here.key)?.id, Outcomes.ids(outcomes)[0], "the one here")
        witness.equal(found.get(there.key)?.id, Outcomes.ids(outcomes)[1], "the one there")
        witness.sameMultiset(
          party.records().map(({ name }) => name),
          ["Here", "There"],
          "names in the world",
        )
      }),
    ),
}
