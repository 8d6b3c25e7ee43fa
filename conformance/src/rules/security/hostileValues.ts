import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"
import { settled } from "../../kit/Settling.ts"

const HOSTILE = [
  "Robert'); DROP TABLE customers;--",
  'O\'Brien & Söhne "GmbH"',
  "<script>alert(1)</script>",
  "x' or 1 eq 1 or 'a' eq 'b",
  '{"$ne": null}',
  "{{7*7}} %24%7B7*7%7D",
  "=HYPERLINK(1)",
]

export const hostileValues: Rule = {
  id: "S/hostile-values",
  level: "MUST",
  needs: ["writes"],
  promise: "values with quotes, operators, markup and formulas are values, and arrive as they are",
  hazards: [
    Hazard.calls(
      "hostile values were written",
      ({ keys, method }) => method === "upsert" && keys.length === HOSTILE.length,
    ),
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        party.enter(100, 2)
        const before = party.records()
        const port = party.port(yield* bench.connect())
        const outcomes = yield* port.upsert(HOSTILE.map((name, n) => party.write(n, { name })))
        witness.holds(settled(outcomes), "some were refused")
        const made = party.records().filter(({ id }) => !before.some((one) => one.id === id))
        witness.sameMultiset(
          made.map(({ name }) => name),
          HOSTILE,
          "names in the world",
        )
        witness.equal(
          party.records().filter(({ id }) => before.some((one) => one.id === id)),
          before,
          "the records that were there",
        )
      }),
    ),
}
