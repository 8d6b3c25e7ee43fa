import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Hazard from "../../kit/Hazard.ts"
import { look } from "../../kit/Looking.ts"
import { need } from "../../kit/Need.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

const CALLS = 8

export const refusedRefresh: Rule = {
  id: "A/refused-refresh",
  level: "MUST",
  needs: ["oauth"],
  promise: "a refresh that the vendor refuses is told as Unauthorized at once, and is not asked for again and again",
  hazards: [
    Hazard.lines("a refresh was refused", (line, { stage }) => stage.isToken(line) && (line.status ?? 0) >= 400),
  ],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const tokens = need(bench.tokens, "oauth")
        const port = party.port(yield* bench.connect({ oauth: true }))
        yield* look(port, party.write(1))
        tokens.revoke()
        yield* Effect.sleep(tokens.lifetimeMillis + 1_000)
        const before = twin.journal.count()
        const exits = yield* Effect.forEach(
          Array.from({ length: CALLS }),
          () => Effect.exit(look(port, party.write(1))),
          { concurrency: 4 },
        )
        witness.equal(
          exits.map(Exit.isFailure),
          exits.map(() => true),
          "calls that failed",
        )
        const [outcome] = yield* port.upsert([party.write(1)])
        witness.equal(Outcomes.reasons(outcome === undefined ? [] : [outcome]), ["Unauthorized"], "reason")
        const asked = twin.journal.where((line) => line.index > before && bench.isToken(line)).length
        witness.equal(asked, 1, "questions for a token")
      }),
    ),
}
