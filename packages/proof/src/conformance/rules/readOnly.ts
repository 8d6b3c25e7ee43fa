import type { Fault } from "@mortise/conformance/twin/Faults"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Rule } from "../Rule.ts"

const FAULTS: ReadonlyArray<Fault> = [
  { kind: "throttle", retryAfter: "3" },
  { kind: "errorBefore", status: 503 },
  { kind: "unauthorized" },
  { kind: "resetBefore" },
]

export const readOnly: Rule = {
  id: "O/read-only",
  level: "MUST",
  promise: "a connector that was opened read-only sends no request that changes anything, whatever is asked of it",
  hazard: "it was asked to write, archive and prepare, while requests failed in several ways",
  check: async (bench, witness) => {
    const { party, twin } = bench
    party.enter(1, 3)
    await bench.run(Effect.asVoid(bench.connect()))
    await bench.run(bench.catchUp)
    const [before, asked] = [party.records(), twin.journal.count()]
    const mine = () => twin.journal.where(({ index }) => index > asked)
    await bench.run(
      Effect.gen(function* () {
        const connected = yield* bench.connect({ readOnly: true })
        const port = party.port(connected)
        for (const fault of FAULTS) twin.faults.deal({ at: (request) => !bench.isToken(request), fault })
        yield* Stream.runDrain(port.changes()).pipe(Effect.ignore)
        const written = yield* port.upsert([1, 2, 9].map((n) => party.write(n)))
        const known = party.records().map(({ id }) => ({ id, fields: { name: "Other" } }))
        yield* port.upsert(known)
        yield* port.archive?.(party.records().map(({ id }) => id)) ?? Effect.succeed([])
        yield* Effect.ignore(connected.prepare())
        witness.equal(
          written.filter(({ _tag }) => _tag !== "Rejected" && _tag !== "NotAttempted"),
          [],
          "outcomes of writing",
        )
      }),
    )
    witness.saw("requests", mine().length)
    witness.saw("faults", mine().filter(({ faults }) => faults.length > 0).length)
    const unsafe = mine().filter((line) => !bench.isSafe(line))
    witness.equal(
      unsafe.map(({ method, url }) => `${method} ${url}`),
      [],
      "unsafe requests",
    )
    witness.equal(party.records(), before, "the world")
  },
}
