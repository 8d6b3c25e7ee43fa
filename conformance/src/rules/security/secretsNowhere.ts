import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as Hazard from "../../kit/Hazard.ts"
import { has } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"
import * as Watch from "../../kit/Watch.ts"

const FAULTS = [
  { kind: "unauthorized" },
  { kind: "htmlPage", status: 500 },
  { kind: "malformedJson" },
  { kind: "redirect", location: "https://elsewhere.example/collect" },
] as const

export const secretsNowhere: Rule = {
  id: "S/secrets-nowhere",
  level: "MUST",
  needs: [],
  promise: "no secret stands in a result, an error, a log, a span, a metric or a cursor, whatever goes wrong",
  hazards: [
    Hazard.lines("requests went wrong", ({ faults }) => faults.length > 0),
    Hazard.lines("requests were made", () => true),
  ],
  assertions: 6,
  check: async (bench, witness) => {
    const { party, twin } = bench
    party.enter(1, 2)
    await bench.run(bench.catchUp)
    for (const oauth of bench.tokens === undefined ? [false] : [false, true]) {
      for (const fault of FAULTS) {
        const [program, seen] = Watch.watched(
          Effect.gen(function* () {
            const port = party.port(yield* bench.connect({ oauth }))
            twin.faults.deal({ at: twin.journal.count() + 1, fault })
            const outcomes = has(bench, "writes") ? yield* port.upsert([party.write(5)]) : []
            twin.faults.deal({ at: twin.journal.count() + 1, fault })
            const pages = yield* Effect.exit(Stream.runCollect(port.changes()))
            return { outcomes, pages }
          }),
        )
        await bench.run(program)
        twin.faults.clear()
        const text = seen.text()
        const leaked = [...bench.secrets].filter((secret) => text.includes(secret))
        witness.equal(leaked.length, 0, `secrets seen after ${fault.kind}`)
      }
    }
    witness.holds(bench.secrets.size > 0, "no secret was ever sent")
    const transcript = JSON.stringify(twin.journal.lines)
    witness.equal(
      [...bench.secrets].filter((secret) => transcript.includes(secret)).length,
      0,
      "secrets in the transcript",
    )
  },
}
