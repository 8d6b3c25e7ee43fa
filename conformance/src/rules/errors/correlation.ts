import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"

export const correlation: Rule = {
  id: "E/correlation",
  level: "SHOULD",
  needs: ["writes", "correlation"],
  promise: "an error carries the vendor's id of the exchange, to hand to its support",
  hazards: [
    Hazard.lines(
      "an exchange failed, and the vendor gave its id",
      (line, { stage }) => (line.status ?? 0) >= 400 && stage.correlation?.(line) !== undefined,
    ),
  ],
  assertions: 2,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const idOf = need(bench.correlation, "correlation")
        const port = party.port(yield* bench.connect())
        twin.faults.deal({ at: bench.isWrite, fault: { kind: "errorBefore", status: 403 } })
        const [outcome] = yield* port.upsert([party.write(1)])
        const told = outcome !== undefined && "error" in outcome ? outcome.error.correlationId : undefined
        const ids = twin.journal.lines.flatMap((line) => idOf(line) ?? [])
        witness.holds(told !== undefined, "the error carries no id")
        witness.holds(told !== undefined && ids.includes(told), `"${told}" is no id that the vendor gave`)
      }),
    ),
}
