/** Values on their way into the world and back, for the rules of values. */
import * as Effect from "effect/Effect"
import type { Bench } from "./Bench.ts"
import type { ValueProbe } from "./Probe.ts"
import { settled } from "./Settling.ts"
import { type Program, portOf } from "./Subject.ts"
import type { Witness } from "./Witness.ts"

export interface Wanted {
  readonly value: string
  readonly currency?: string
}

/** Writes each into a record of its own; each has to stand in the world and come back as it went in. */
export const roundTrip = (
  bench: Bench,
  witness: Witness,
  probe: ValueProbe,
  wanted: ReadonlyArray<Wanted>,
): Program<void> =>
  Effect.gen(function* () {
    yield* probe.enter ?? Effect.void
    const port = portOf(yield* bench.connect(), probe.entity)
    const records = wanted.map(({ currency, value }, n) => probe.write(n + 1, value, currency))
    witness.holds(settled(yield* port.upsert(records)), "some were refused")
    yield* bench.catchUp
    const found = yield* port.find(records.map(({ key }) => key))
    records.forEach(({ key }, n) => {
      const { currency, value } = wanted[n] ?? { value: "" }
      const what = currency === undefined ? value : `${value} ${currency}`
      witness.equal(probe.inWorld(key), value, `${what} in the world`)
      witness.equal(probe.read(found.get(key)?.record), value, `${what} as it was read back`)
    })
    yield* bench.catchUp
    const again = yield* port.upsert(records)
    witness.equal(
      again.map(({ _tag }) => _tag),
      records.map(() => "Unchanged"),
      "outcomes of the repetition",
    )
  })
