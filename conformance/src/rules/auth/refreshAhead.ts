import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { look } from "../../kit/Looking.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"

const CALLS = 30

export const refreshAhead: Rule = {
  id: "A/refresh-ahead",
  level: "MUST",
  needs: ["oauth"],
  promise: "a token is replaced before it expires, once a lifetime, so that no request is ever sent with a dead one",
  hazards: [
    Hazard.make("requests were made after the first token had expired", ({ lines, stage }) => {
      const first = lines.find((line) => stage.isToken(line))?.at ?? Number.POSITIVE_INFINITY
      return lines.filter(({ at }) => at > first + (stage.tokens?.lifetimeMillis ?? Number.POSITIVE_INFINITY)).length
    }),
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const { lifetimeMillis } = need(bench.tokens, "oauth")
        const port = party.port(yield* bench.connect({ oauth: true }))
        // Over three lifetimes, ten calls in each.
        for (let call = 0; call < CALLS; call++) {
          yield* look(port, party.write(1))
          yield* Effect.sleep(Duration.millis(lifetimeMillis / 10))
        }
        witness.equal(twin.journal.where(({ status }) => status === 401).length, 0, "requests with a dead token")
        const asked = twin.journal.where(bench.isToken).length
        witness.holds(asked >= 3, `${asked} questions for a token in three lifetimes`)
        witness.holds(asked <= 5, `${asked} questions for a token in three lifetimes`)
      }),
    ),
}
