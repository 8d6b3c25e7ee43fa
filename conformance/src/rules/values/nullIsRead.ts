import * as Effect from "effect/Effect"
import * as Hazard from "../../kit/Hazard.ts"
import type { Rule } from "../../kit/Rule.ts"

type Read = { readonly [field: string]: unknown } | undefined

export const nullIsRead: Rule = {
  id: "V/null-is-read",
  level: "MUST",
  needs: ["writes", "clears"],
  promise:
    "a field that was cleared is read as null or is not there, never as an empty text, and what was not asked for is not there",
  hazards: [Hazard.rewritten],
  assertions: 4,
  check: (bench, witness) =>
    bench.run(
      Effect.gen(function* () {
        const { party } = bench
        const port = party.port(yield* bench.connect())
        const { key } = party.write(1)
        yield* port.upsert([party.write(1, { name: "One", phone: "+49 30 1" })])
        yield* bench.catchUp
        const held = (yield* port.find([key])).get(key)
        witness.equal((held?.record as Read)?.["phone"], "+49 30 1", "the value as it was read")
        yield* port.upsert([party.write(1, { phone: null })])
        yield* bench.catchUp
        const cleared = (yield* port.find([key])).get(key)
        witness.equal((cleared?.record as Read)?.["phone"] ?? null, null, "the cleared field")
        const id = cleared?.id ?? ""
        const narrow = (yield* port.get([id], { fields: ["name"] as never })).get(id)
        witness.equal((narrow?.record as Read)?.["name"], "One", "the field that was asked for")
        witness.holds(!("phone" in ((narrow?.record as Read) ?? {})), "a field came that was not asked for")
      }),
    ),
}
