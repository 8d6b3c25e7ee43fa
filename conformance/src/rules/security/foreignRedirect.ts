import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"

const ELSEWHERE = "https://elsewhere.example/collect"

export const foreignRedirect: Rule = {
  id: "S/foreign-redirect",
  level: "MUST",
  needs: ["writes"],
  promise: "a redirect to another origin is not followed, and no credentials go there",
  hazards: [Hazard.fault("redirect", "a redirect to another origin was served")],
  assertions: 3,
  intercepted: true,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { foreign, party, twin } = bench
        const port = party.port(yield* bench.connect())
        const fault = { kind: "redirect", location: ELSEWHERE } as const
        twin.faults.deal({ at: (request) => !bench.isWrite(request) && !bench.isToken(request), fault })
        twin.faults.deal({ at: bench.isWrite, fault })
        yield* Effect.ignore(port.find([party.write(1).key]))
        const outcomes = yield* port.upsert([party.write(2)])
        witness.equal(foreign, [], "addresses that were asked for")
        witness.equal(outcomes.length, 1, "outcomes")
        witness.equal(party.records().length > 1, false, "more records than were written")
      }),
    ),
}
