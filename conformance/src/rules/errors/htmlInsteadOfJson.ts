import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Hazard from "../../kit/Hazard.ts"
import { look } from "../../kit/Looking.ts"
import * as Reasons from "../../kit/Reasons.ts"
import type { Rule } from "../../kit/Rule.ts"

export const htmlInsteadOfJson: Rule = {
  id: "E/html-instead-of-json",
  level: "MUST",
  needs: [],
  promise: "a page of HTML in place of an answer is an error of the contract, and none of the page stands in it",
  hazards: [Hazard.fault("htmlPage", "a page of HTML was served")],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect())
        yield* look(port, party.write(1))
        const before = twin.journal.count()
        const at = (request: { readonly index: number }) => request.index > before
        twin.faults.deal({ at, fault: { kind: "htmlPage", status: 200 }, times: Number.POSITIVE_INFINITY })
        const exit = yield* Effect.exit(look(port, party.write(1)))
        const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
        const tag = Reasons.tagOf(error)
        witness.holds(tag === "Decode" || tag === "Unavailable", `reason ${tag}, expected Decode or Unavailable`)
        witness.holds(!String(error).includes("<html"), "the page stands in the message")
        twin.faults.clear()
        witness.equal((yield* look(port, party.write(1))).size, 0, "records found once it answers again")
      }),
    ),
}
