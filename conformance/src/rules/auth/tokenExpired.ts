import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"

const CALLS = 12

export const tokenExpired: Rule = {
  id: "A/token-expired",
  level: "MUST",
  needs: ["oauth"],
  promise: "a token that the vendor does not take any more is replaced once, however many calls wait for it",
  hazards: [Hazard.served(401), Hazard.overlapping],
  assertions: 2,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect({ oauth: true }))
        yield* port.upsert([party.write(1)])
        yield* bench.catchUp
        const before = twin.journal.count()
        twin.faults.deal({ at: (request) => !bench.isToken(request), fault: { kind: "unauthorized" } })
        const calls = Array.from({ length: CALLS }, () => port.find([party.write(1).key]))
        const found = yield* Effect.all(calls, { concurrency: "unbounded" })
        const mine = twin.journal.where(({ index }) => index > before)
        witness.equal(mine.filter(bench.isToken).length, 1, "questions for a token")
        witness.equal(
          found.map((records) => records.size),
          Array.from({ length: CALLS }, () => 1),
          "what the calls found",
        )
      }),
    ),
}
