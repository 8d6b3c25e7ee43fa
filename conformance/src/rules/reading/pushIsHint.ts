import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"
import { Ledger, readOn } from "../../kit/Settling.ts"

export const pushIsHint: Rule = {
  id: "R/push-is-hint",
  level: "MUST",
  needs: ["reads", "push"],
  promise:
    "a push changes nothing but the time of the next poll: a forged one wakes nobody, a repeated one once, a lost one loses nothing",
  hazards: [
    Hazard.make(
      "a record changed of which a push was lost",
      ({ stage }) => stage.party.records().filter(({ name }) => name === "Push was lost").length,
    ),
  ],
  assertions: 7,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party, twin } = bench
        const [id = ""] = party.enter(1, 2)
        const port = party.port(yield* bench.connect())
        yield* bench.catchUp
        const ledger = new Ledger()
        yield* readOn(port, ledger)
        const receiver = yield* need(bench.push, "push").receiver
        const before = party.records()
        const changed = twin.journal.writes().length
        const forged = yield* receiver.forged
        witness.holds(forged.status >= 400, `a forged push was answered with ${forged.status}`)
        witness.equal([forged.events, forged.woken], [0, 0], "events and polls of the forged push")
        const genuine = yield* receiver.genuine(id)
        witness.equal([genuine.status, genuine.events, genuine.woken], [200, 1, 1], "status, events, polls of a push")
        const repeated = yield* receiver.repeated
        witness.equal([repeated.events, repeated.woken], [0, 0], "events and polls of its repetition")
        witness.equal(party.records(), before, "the world")
        witness.equal(twin.journal.writes().length, changed, "requests that changed something")
        party.edit(id, { name: "Push was lost" })
        yield* bench.catchUp
        yield* readOn(port, ledger)
        const last = ledger.changes.at(-1)
        const name = last?._tag === "Upserted" ? (last.record as { readonly name?: unknown }).name : undefined
        witness.equal(name, "Push was lost", "what the next poll brought")
      }),
    ),
}
