import * as Ownership from "@mortise/core/Ownership"
import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"

export const createRight: Rule = {
  id: "O/create-right",
  level: "MUST",
  needs: ["writes"],
  promise: "a writer that may change records and not make them changes what is there, and makes nothing",
  hazards: [
    Hazard.calls(
      "a key was looked up that was not there, by a writer without the right to create",
      ({ keys, method, standing }) => method === "find" && keys.length > 0 && standing.length === 0,
    ),
    Hazard.rewritten,
  ],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, subject } = bench
        const port = party.port(yield* bench.connect())
        yield* port.upsert([party.write(1)])
        yield* bench.catchUp
        const writer = subject.side === "crm" ? "erp" : "crm"
        const table = Ownership.edit(Ownership.leadToLedger as Ownership.Table, {
          entities: {
            [party.entity]: {
              create: [subject.side],
              update: [writer],
              retire: [],
              rest: writer,
              fields: { name: writer },
            },
          },
        }) as unknown as Ownership.Table
        const guarded = bench.guarded(port, writer, table)
        const outcomes = yield* guarded.upsert([party.write(1, { name: "Changed" }), party.write(2, { name: "Made" })])
        witness.equal(Outcomes.reasons(outcomes), [undefined, "OwnershipViolation"], "reasons")
        witness.equal(Outcomes.tags(outcomes)[1], "Rejected", "outcome of what was not there")
        witness.equal(party.records().length, 1, "records in the world")
        witness.equal(party.records()[0]?.name, "Changed", "the name of what was there")
      }),
    ),
}
