import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"
import type { Fault } from "../../twin/Faults.ts"

const FAULTS: ReadonlyArray<Fault> = [
  { kind: "throttle", retryAfter: "3" },
  { kind: "errorBefore", status: 503 },
  { kind: "unauthorized" },
  { kind: "resetBefore" },
]

export const readOnly: Rule = {
  id: "O/read-only",
  level: "MUST",
  needs: ["writes"],
  promise: "a connector that was opened read-only sends no request that changes anything, whatever is asked of it",
  hazards: [
    Hazard.lines("faults met", ({ faults }) => faults.length > 0),
    Hazard.calls("it was asked to write", ({ method }) => method === "upsert"),
  ],
  assertions: 3,
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
    const unsafe = mine().filter((line) => !bench.isSafe(line))
    witness.equal(
      unsafe.map(({ method, url }) => `${method} ${url}`),
      [],
      "unsafe requests",
    )
    witness.equal(party.records(), before, "the world")
  },
}
