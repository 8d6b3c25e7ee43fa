/** Entries of records under the name of a relay: its dead letters, and those that it parked. */
import * as Effect from "effect/Effect"
import type { RecordRef } from "../../StateStore.ts"
import type { StoreBackend } from "../../StoreBackend.ts"
import { readMany } from "./access.ts"
import { join, prefix, refKey } from "./keys.ts"

export interface Named {
  readonly relay: string
  readonly source: RecordRef
}

export const nameKey = ({ relay, source }: Named): string => join(relay, refKey(source))

/** Those that are there. One look tells of a relay that has none at all, which is the rule, and spares all others. */
export const readNamed = Effect.fnUntraced(function* <A>(
  backend: StoreBackend,
  space: string,
  named: ReadonlyArray<Named>,
) {
  const relays = new Set<string>()
  for (const relay of new Set(named.map((each) => each.relay))) {
    const first = yield* backend.scan(space, { prefix: prefix(relay), limit: 1 })
    if (first.length > 0) relays.add(relay)
  }
  const asked = named.filter(({ relay }) => relays.has(relay))
  return yield* readMany<Named, A>(backend, space, asked, nameKey)
})
