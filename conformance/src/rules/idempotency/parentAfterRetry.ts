import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import * as Outcomes from "../../kit/Outcomes.ts"
import type { Rule } from "../../kit/Rule.ts"
import { settled } from "../../kit/Settling.ts"
import { portOf } from "../../kit/Subject.ts"
import type { TwinRequest } from "../../twin/Twin.ts"

export const parentAfterRetry: Rule = {
  id: "I/parent-after-retry",
  level: "MUST",
  needs: ["writes", "person"],
  promise: "after a lost reply and a repetition, a person hangs on the party it was written for, once",
  hazards: [Hazard.appliedUnanswered],
  assertions: 3,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const person = need(bench.person, "person")
        const connected = yield* bench.connect()
        const parents = yield* party.port(connected).upsert([party.write(1), party.write(2)])
        yield* bench.catchUp
        const port = portOf(connected, person.entity)
        const before = twin.journal.count()
        const at = (request: TwinRequest) => request.index > before && !bench.isSafe(request)
        twin.faults.deal({ at, fault: { kind: "lostReply" }, times: 2 })
        const write = person.write(1, party.write(2).key)
        yield* port.upsert([write])
        yield* bench.catchUp
        twin.faults.clear()
        yield* port.upsert([write])
        yield* bench.catchUp
        witness.holds(settled(yield* port.upsert([write])), "the repetition was not settled")
        witness.equal(person.records().length, 1, "people")
        witness.equal(
          person.records().map(({ parties }) => parties),
          [[Outcomes.ids(parents)[1]]],
          "parties that the person hangs on",
        )
      }),
    ),
}
