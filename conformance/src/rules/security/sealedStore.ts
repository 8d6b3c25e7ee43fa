import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"

export const sealedStore: Rule = {
  id: "S/sealed-store",
  level: "MUST",
  needs: ["oauth", "writes"],
  promise: "tokens stand in the store sealed, and nothing else that opens a door stands there at all",
  hazards: [
    Hazard.make(
      "tokens were given",
      ({ lines, stage }) => lines.filter((line) => stage.isToken(line) && line.status === 200).length,
    ),
  ],
  assertions: 3,
  check: async (bench, witness) => {
    const { party } = bench
    await bench.run(
      Effect.gen(function* () {
        const tokens = need(bench.tokens, "oauth")
        const port = party.port(yield* bench.connect({ oauth: true }))
        yield* port.upsert([party.write(1)])
        yield* Effect.sleep(tokens.lifetimeMillis + 1_000)
        yield* port.upsert([party.write(2)])
      }),
    )
    const stored = JSON.stringify(bench.backend.entries())
    witness.holds(bench.backend.entries().length > 0, "the store is empty")
    witness.holds(bench.secrets.size > 1, `${bench.secrets.size} secrets were sent`)
    witness.equal([...bench.secrets].filter((secret) => stored.includes(secret)).length, 0, "secrets in the store")
  },
}
