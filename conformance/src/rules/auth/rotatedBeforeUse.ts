import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Hazard from "../../kit/Hazard.ts"
import { look } from "../../kit/Looking.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"

export const rotatedBeforeUse: Rule = {
  id: "A/rotated-before-use",
  level: "MUST",
  needs: ["oauth", "rotation"],
  promise: "a new refresh token is in the store before the first request that uses what came with it",
  hazards: [
    Hazard.cut,
    Hazard.make("tokens were refreshed", ({ lines, stage }) => lines.filter((line) => stage.isToken(line)).length),
  ],
  assertions: 2,
  check: async (bench, witness) => {
    const { party, twin } = bench
    const { lifetimeMillis } = need(bench.tokens, "oauth")
    const how = { oauth: true, sameConsent: true }
    const ask = Effect.flatMap(bench.connect(how), (connected) => look(party.port(connected), party.write(1)))
    // Dies at the first request after the tokens came.
    const first = bench.begin(bench.backend, {
      cutWhen: (line) => !bench.isToken(line) && twin.journal.lines.some((other) => bench.isToken(other)),
    })
    await first.run(ask)
    await bench.clock.advance(lifetimeMillis + 60_000)
    await bench.renew()
    const end = await bench.begin().run(ask)
    const told = Exit.isExit(end) && Exit.isFailure(end) ? String(end.cause).split("\n")[0] : ""
    witness.holds(Exit.isExit(end) && Exit.isSuccess(end), `the next process got no token: ${told}`)
    const refused = twin.journal.where((line) => bench.isToken(line) && (line.status ?? 0) >= 400)
    witness.equal(refused.length, 0, "refresh tokens that were refused")
  },
}
