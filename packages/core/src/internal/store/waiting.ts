/** Parked records, findable by what they wait for. An entry of the index counts only while its record still waits so. */
import * as Effect from "effect/Effect"
import type { Commit, Parked, RecordRef } from "../../StateStore.ts"
import type { Op, StoreBackend } from "../../StoreBackend.ts"
import { decode, put, readMany, remove, scanAll } from "./access.ts"
import { join, prefix, refKey, SPACE } from "./keys.ts"

type Named = Pick<Parked, "relay" | "source">

const recordKey = (named: Named) => join(named.relay, refKey(named.source))
const indexKey = (parked: Parked) => join(parked.relay, refKey(parked.waitsFor), refKey(parked.source))

/** What is taken up, then what is parked. */
export const parkedOps = Effect.fnUntraced(function* (backend: StoreBackend, commit: Commit) {
  const gone = commit.unparked ?? []
  const come = commit.parked ?? []
  const before = yield* readMany<Named, Parked>(backend, SPACE.parked, [...gone, ...come], recordKey)
  const ops: Array<Op> = [...before.values()].map((parked) => remove(SPACE.waits, indexKey(parked)))
  for (const named of gone) ops.push(remove(SPACE.parked, recordKey(named)))
  for (const parked of come) {
    ops.push(put(SPACE.parked, recordKey(parked), parked), put(SPACE.waits, indexKey(parked), refKey(parked.source)))
  }
  return ops
})

const all = Effect.fnUntraced(function* (backend: StoreBackend, relay: string) {
  const entries = yield* scanAll(backend, SPACE.parked, prefix(relay))
  return yield* Effect.forEach(entries, (entry) => decode<Parked>(SPACE.parked, entry.key, entry.value))
})

const waitingFor = Effect.fnUntraced(function* (backend: StoreBackend, relay: string, parent: RecordRef) {
  const entries = yield* scanAll(backend, SPACE.waits, prefix(relay, refKey(parent)))
  const keys = yield* Effect.forEach(entries, (entry) => decode<string>(SPACE.waits, entry.key, entry.value))
  const records = yield* readMany<string, Parked>(backend, SPACE.parked, keys, (key) => join(relay, key))
  return [...records.values()].filter((parked) => refKey(parked.waitsFor) === refKey(parent))
})

export const parked = (backend: StoreBackend, relay: string, waitsFor?: ReadonlyArray<RecordRef>) =>
  waitsFor === undefined
    ? all(backend, relay)
    : Effect.map(
        Effect.forEach(waitsFor, (parent) => waitingFor(backend, relay, parent)),
        (found) => found.flat(),
      )
