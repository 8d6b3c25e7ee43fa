import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"
import { settled } from "../../kit/Settling.ts"

export const refusedConnection: Rule = {
  id: "E/refused-connection",
  level: "MUST",
  needs: ["writes"],
  promise: "a write whose connection was refused surely did not happen: it is sent again, and is there once",
  hazards: [Hazard.fault("refused", "the connection of a write was refused")],
  assertions: 2,
  intercepted: true,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const port = party.port(yield* bench.connect())
        twin.faults.deal({ at: bench.isWrite, fault: { kind: "refused" } })
        witness.holds(settled(yield* port.upsert([party.write(1)])), "it was left undone")
        witness.equal(
          party.records().map(({ key }) => key),
          [party.write(1).key],
          "keys in the world",
        )
      }),
    ),
}
