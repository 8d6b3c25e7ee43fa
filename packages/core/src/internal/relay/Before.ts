/** What a record held before we wrote it, sealed, for callers who want to undo. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Port from "../../Port.ts"
import { type JournalEntry, type RecordRef, refKey, StateStore } from "../../StateStore.ts"
import type { Ready } from "./Draft.ts"
import type { Loose, Wiring } from "./Wiring.ts"

/** A sealed value opens only for the line of the journal that it was sealed for. */
const about = (relay: string, source: RecordRef, version: string): string => `${relay}|${refKey(source)}|${version}`

type Found = ReadonlyMap<string, Port.Found<Wiring["target"]["entity"]>>

const held = Effect.fnUntraced(function* (wiring: Wiring, all: ReadonlyArray<Ready>) {
  const ids = all.flatMap(({ link }) => (link === undefined ? [] : [link.target.id]))
  const keys = all.flatMap(({ key, link }) => (link === undefined ? [key] : []))
  const byId: Found = ids.length === 0 ? new Map() : yield* wiring.target.get([...new Set(ids)])
  const byKey: Found = keys.length === 0 ? new Map() : yield* wiring.target.find(keys)
  return (ready: Ready) => (ready.link === undefined ? byKey.get(ready.key) : byId.get(ready.link.target.id))
})

/** Only the fields that the write is about to replace, in encoded form; absent ones had no value. */
const replaced = (wiring: Wiring, ready: Ready, record: unknown): Loose => {
  const encoded = Schema.encodeUnknownSync(wiring.target.entity.schema)(record) as Loose
  return Object.fromEntries(Object.keys(ready.fields).map((field) => [field, encoded[field] ?? null]))
}

/** By our key: the sealed fields of those records that are there before the write. */
export const seal = Effect.fnUntraced(function* (wiring: Wiring, all: ReadonlyArray<Ready>) {
  const store = yield* StateStore
  const sealed = new Map<string, string>()
  if (!wiring.undo || all.length === 0) return sealed
  const of = yield* held(wiring, all)
  for (const ready of all) {
    const found = of(ready)
    if (found === undefined) continue
    const text = JSON.stringify(replaced(wiring, ready, found.record))
    const name = about(wiring.name, ready.source, ready.change.version)
    sealed.set(ready.key, yield* store.seal(name, Redacted.make(text)))
  }
  return sealed
})

/** The fields that a line of the journal replaced, in encoded form; undefined where nothing was sealed. */
export const open = Effect.fnUntraced(function* (entry: JournalEntry) {
  const store = yield* StateStore
  if (entry.sealedBefore === undefined) return undefined
  const name = about(entry.relay, entry.source, entry.sourceVersion ?? "")
  return JSON.parse(Redacted.value(yield* store.unseal(name, entry.sealedBefore))) as Loose
})
