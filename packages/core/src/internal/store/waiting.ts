/** Parked records, findable by what they wait for. An entry of the index counts only while its record still waits so. */
import * as Effect from "effect/Effect"
import type { Commit, Parked, RecordRef } from "../../StateStore.ts"
import type { Op, StoreBackend } from "../../StoreBackend.ts"
import { decode, positive, put, readMany, remove, standsStill } from "./access.ts"
import { join, prefix, refKey, SPACE } from "./keys.ts"
import { nameKey, readNamed } from "./named.ts"

const indexKey = (parked: Parked) => join(parked.relay, refKey(parked.waitsFor), refKey(parked.source))

/** What is taken up, then what is parked. */
export const parkedOps = Effect.fnUntraced(function* (backend: StoreBackend, commit: Commit) {
  const gone = commit.unparked ?? []
  const come = commit.parked ?? []
  const before = yield* readNamed<Parked>(backend, SPACE.parked, [...gone, ...come])
  const ops: Array<Op> = [...before.values()].map((parked) => remove(SPACE.waits, indexKey(parked)))
  for (const named of gone) if (before.has(named)) ops.push(remove(SPACE.parked, nameKey(named)))
  for (const parked of come) {
    ops.push(put(SPACE.parked, nameKey(parked), parked), put(SPACE.waits, indexKey(parked), refKey(parked.source)))
  }
  return ops
})

interface Walk {
  readonly after?: string
  readonly limit: number
}

const all = Effect.fnUntraced(function* (backend: StoreBackend, relay: string, { after, limit }: Walk) {
  const options = { prefix: prefix(relay), limit, ...(after === undefined ? {} : { after: join(relay, after) }) }
  const entries = yield* backend.scan(SPACE.parked, options)
  return yield* Effect.forEach(entries, (entry) => decode<Parked>(SPACE.parked, entry.key, entry.value))
})

/** Some entries of the index, and the records that still wait so. */
const some = Effect.fnUntraced(function* (backend: StoreBackend, relay: string, parent: string, walk: Walk) {
  const after = walk.after === undefined ? {} : { after: join(relay, parent, walk.after) }
  const entries = yield* backend.scan(SPACE.waits, { prefix: prefix(relay, parent), limit: walk.limit, ...after })
  const keys = yield* Effect.forEach(entries, (entry) => decode<string>(SPACE.waits, entry.key, entry.value))
  const records = yield* readMany<string, Parked>(backend, SPACE.parked, keys, (key) => join(relay, key))
  const waiting = [...records.values()].filter((parked) => refKey(parked.waitsFor) === parent)
  return { waiting, last: keys.at(-1), ended: keys.length < walk.limit }
})

/** Entries that are out of date do not make a page shorter: a short page is the last one. */
const waitingFor = Effect.fnUntraced(function* (backend: StoreBackend, relay: string, parent: string, walk: Walk) {
  const found: Array<Parked> = []
  let from = walk
  while (true) {
    const { ended, last, waiting } = yield* some(backend, relay, parent, from)
    found.push(...waiting.slice(0, walk.limit - found.length))
    if (ended || last === undefined || found.length === walk.limit) return found
    if (from.after !== undefined && last <= from.after) return yield* standsStill(SPACE.waits, last)
    from = { after: last, limit: walk.limit }
  }
})

export const parked = Effect.fnUntraced(function* (
  backend: StoreBackend,
  relay: string,
  options: Walk & { readonly waitsFor?: RecordRef },
) {
  yield* positive("parked", options.limit)
  const { waitsFor } = options
  if (waitsFor === undefined) return yield* all(backend, relay, options)
  return yield* waitingFor(backend, relay, refKey(waitsFor), options)
})
