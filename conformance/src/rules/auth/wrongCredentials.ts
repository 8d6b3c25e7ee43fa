import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Hazard from "../../kit/Hazard.ts"
import { look } from "../../kit/Looking.ts"
import * as Reasons from "../../kit/Reasons.ts"
import type { Rule } from "../../kit/Rule.ts"

export const wrongCredentials: Rule = {
  id: "A/wrong-credentials",
  level: "MUST",
  needs: [],
  promise: "credentials that the vendor does not know are Unauthorized, and are not tried again and again",
  hazards: [Hazard.lines("the vendor refused them", ({ status = 0 }) => status >= 400)],
  assertions: 2,
  check: async (bench, witness) => {
    const { party, twin } = bench
    const use = Effect.flatMap(bench.connect(bench.wrongCredentials), (connected) =>
      look(party.port(connected), party.write(1)),
    )
    const exit = await bench.run(Effect.exit(use))
    const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
    witness.equal(Reasons.tagOf(error), "Unauthorized", "reason")
    const refused = twin.journal.where(({ status = 0 }) => status >= 400)
    witness.holds(refused.length <= 2, `they were shown ${refused.length} times`)
  },
}
