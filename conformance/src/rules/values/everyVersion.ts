import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import { need } from "../../kit/Need.ts"
import type { Rule } from "../../kit/Rule.ts"
import { settled } from "../../kit/Settling.ts"

export const everyVersion: Rule = {
  id: "V/every-version",
  level: "MUST",
  needs: ["writes", "pinning"],
  promise: "a record that is written and read through each version of the API is the same record with the same values",
  hazards: [
    Hazard.make("versions that were written through", ({ lines, stage }) => {
      const paths = lines
        .filter((line) => line.changed)
        .map(({ url }) => /\/(v3|\d{4}-\d{2}|\d{2}\.\d{3}\.\d{3}|v[12])\//.exec(url)?.[1])
      return Math.min((stage.everyVersion ?? []).length, new Set(paths).size) - 1
    }),
  ],
  assertions: 6,
  check: async (bench, witness) => {
    const { party } = bench
    const versions = need(bench.everyVersion, "pinning")
    const seen: Array<unknown> = []
    for (const [n, how] of versions.entries()) {
      await bench.run(
        Effect.gen(function* () {
          const port = party.port(yield* bench.connect(how))
          const write = party.write(n, { name: "Ünïcode & Co", phone: "+49 30 1" })
          witness.holds(settled(yield* port.upsert([write])), `version ${n}: it was refused`)
          yield* bench.catchUp
          const found = (yield* port.find([write.key])).get(write.key)
          const { name, phone } = (found?.record ?? {}) as { readonly name?: unknown; readonly phone?: unknown }
          seen.push([name, phone])
          witness.equal(
            (yield* port.upsert([write])).map(({ _tag }) => _tag),
            ["Unchanged"],
            `version ${n}: the repetition`,
          )
        }),
      )
    }
    witness.equal(
      seen,
      versions.map(() => ["Ünïcode & Co", "+49 30 1"]),
      "what each version read",
    )
    witness.equal(
      new Set(party.records().map(({ name, phone }) => `${name} ${phone}`)).size,
      1,
      "different records in the world",
    )
  },
}
