import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import * as Reasons from "../../kit/Reasons.ts"
import type { Rule } from "../../kit/Rule.ts"

export const plainHttp: Rule = {
  id: "S/plain-http",
  level: "MUST",
  needs: ["address"],
  promise: "an address without https is refused before anything is sent, but for this machine's own",
  hazards: [Hazard.make("a connector was opened on it", ({ processes }) => processes)],
  assertions: 3,
  check: async (bench, witness) => {
    const { party, twin } = bench
    const how = need(bench.plainHttp, "address")
    const use = Effect.flatMap(bench.connect(how), (connected) => party.port(connected).find([party.write(1).key]))
    const exit = await bench.run(Effect.exit(use))
    const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
    witness.equal(Reasons.tagOf(error), "Invalid", "reason")
    witness.equal(twin.journal.count(), 0, "requests")
    witness.equal(bench.foreign, [], "addresses that were asked for")
  },
}
