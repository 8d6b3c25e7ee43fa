import * as Outcome from "@mortise/core/Outcome"
import * as Effect from "effect/Effect"
import type { Bench } from "../../kit/Bench.ts"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"
import type { Witness } from "../../kit/Witness.ts"
import type { Fault } from "../../twin/Faults.ts"

/** Writes under the fault, and again; whatever was told, each record is there once in the end. */
export const writeUnder = (bench: Bench, witness: Witness, fault: Fault): Promise<void> =>
  bench.run(
    Effect.gen(function* () {
      const { party, twin } = bench
      const records = [1, 2, 3].map((n) => party.write(n))
      const port = party.port(yield* bench.connect())
      twin.faults.deal({ at: bench.isWrite, fault })
      const outcomes = yield* port.upsert(records)
      witness.equal(outcomes.length, records.length, "outcomes")
      witness.equal(party.records().length, records.length, "records after the fault")
      for (const outcome of outcomes) {
        witness.holds(outcome._tag === "Unknown" || Outcome.isSettled(outcome), `${outcome._tag} of what was applied`)
      }
      yield* bench.catchUp
      const again = yield* port.upsert(records)
      for (const outcome of again) witness.holds(Outcome.isSettled(outcome), `${outcome._tag} in the repetition`)
      witness.equal(
        party
          .records()
          .map(({ key }) => key)
          .sort(),
        records.map(({ key }) => key),
        "keys in the world after the repetition",
      )
    }),
  )

export const lostReply: Rule = {
  id: "I/lost-reply",
  level: "MUST",
  needs: ["writes"],
  promise: "a write whose reply is lost is neither done twice nor told as not done",
  hazards: [Hazard.appliedUnanswered],
  assertions: 9,
  check: (bench, witness) => writeUnder(bench, witness, { kind: "lostReply" }),
}
