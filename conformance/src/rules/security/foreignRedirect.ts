import type * as Port from "@mortise/core/Port"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Bench } from "../../kit/Bench.ts"
import * as Hazard from "../../kit/Hazard.ts"
import { look } from "../../kit/Looking.ts"
import { has } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"
import type { Asked } from "../../kit/Subject.ts"
import type { Witness } from "../../kit/Witness.ts"

const fault = (what: string) => ({ kind: "redirect", location: `https://elsewhere.example/${what}` }) as const

/** The first request of each way of reading is led elsewhere. */
const reading = ({ isToken, isWrite, party, twin }: Bench, port: Port.Any) =>
  Effect.gen(function* () {
    const at = (request: Asked) => !isWrite(request) && !isToken(request)
    twin.faults.deal({ at, fault: fault("changes") })
    yield* Effect.ignore(Stream.runDrain(port.changes()))
    twin.faults.deal({ at, fault: fault("record") })
    yield* Effect.ignore(look(port, party.write(1)))
    twin.faults.clear()
  })

const writing = ({ isWrite, party, twin }: Bench, port: Port.Any, witness: Witness) =>
  Effect.gen(function* () {
    const before = party.records().length
    twin.faults.deal({ at: isWrite, fault: fault("write") })
    const outcomes = yield* port.upsert([party.write(2)])
    witness.equal(twin.faults.pending().length, 0, "redirects that no write was answered with")
    witness.equal(outcomes.length, 1, "outcomes")
    witness.equal(party.records().length > before + 1, false, "more records than were written")
  })

export const foreignRedirect: Rule = {
  id: "S/foreign-redirect",
  level: "MUST",
  needs: [],
  promise: "a redirect to another origin is not followed, and no credentials go there",
  hazards: [Hazard.fault("redirect", "a redirect to another origin was served")],
  assertions: 2,
  intercepted: true,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { foreign, party } = bench
        const port = party.port(yield* bench.connect())
        const held = party.enter(1, 2)
        yield* bench.catchUp
        yield* reading(bench, port)
        witness.equal(party.records().length, held.length, "records there")
        if (has(bench, "writes")) yield* writing(bench, port, witness)
        witness.equal(foreign, [], "addresses that were asked for")
      }),
    ),
}
