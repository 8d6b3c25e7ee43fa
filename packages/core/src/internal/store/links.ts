/**
 * Links in both directions, apart for each pair of kinds. The way back holds all sources of a target, since one company
 * may have several accounts.
 */
import * as Effect from "effect/Effect"
import type { Commit, Kind, Link, RecordRef } from "../../StateStore.ts"
import type { Op, StoreBackend } from "../../StoreBackend.ts"
import { check, decode, put, readMany, remove } from "./access.ts"
import { join, refKey, SPACE } from "./keys.ts"

/** The ids of the sources of one target, all of one kind. */
type Sources = ReadonlyArray<string>

const forwardKey = (source: RecordRef, target: Kind) => join(target.scope, target.entity, refKey(source))
const backKey = (target: RecordRef, source: Kind) => join(source.scope, source.entity, refKey(target))
const pairKey = (source: Kind, target: Kind) => join("pair", source.scope, source.entity, target.scope, target.entity)

export const linksFrom = Effect.fnUntraced(function* (
  backend: StoreBackend,
  sources: ReadonlyArray<RecordRef>,
  target: Kind,
) {
  const found = yield* readMany<RecordRef, Link>(backend, SPACE.link, sources, (ref) => forwardKey(ref, target))
  return new Map([...found].map(([ref, link]) => [refKey(ref), link]))
})

export const linksTo = Effect.fnUntraced(function* (
  backend: StoreBackend,
  targets: ReadonlyArray<RecordRef>,
  source: Kind,
) {
  const backs = yield* readMany<RecordRef, Sources>(backend, SPACE.back, targets, (ref) => backKey(ref, source))
  const latest = new Map<RecordRef, RecordRef>()
  for (const [target, ids] of backs) {
    const id = ids.at(-1)
    if (id !== undefined) latest.set(target, { scope: source.scope, entity: source.entity, id })
  }
  const links = yield* readMany<RecordRef, Link>(backend, SPACE.link, [...latest.keys()], (target) =>
    forwardKey(latest.get(target) as RecordRef, target),
  )
  return new Map([...links].map(([target, link]) => [refKey(target), link]))
})

/** Entries of one space as they are, and as they shall be. */
class Draft<A> {
  readonly #space: string
  readonly #texts: ReadonlyMap<string, string>
  readonly #values: Map<string, A | undefined>
  readonly #changed = new Set<string>()

  constructor(space: string, texts: ReadonlyMap<string, string>, values: ReadonlyMap<string, A>) {
    this.#space = space
    this.#texts = texts
    this.#values = new Map(values)
  }

  get(key: string): A | undefined {
    return this.#values.get(key)
  }

  set(key: string, value: A | undefined): void {
    this.#values.set(key, value)
    this.#changed.add(key)
  }

  ops(): ReadonlyArray<Op> {
    const ops: Array<Op> = []
    for (const key of this.#changed) {
      const value = this.#values.get(key)
      const before = this.#texts.get(key)
      if (value === undefined) ops.push(remove(this.#space, key))
      else if (JSON.stringify(value) !== before) ops.push(put(this.#space, key, value))
    }
    return ops
  }
}

const draft = Effect.fnUntraced(function* <A>(backend: StoreBackend, space: string, keys: Iterable<string>) {
  const texts = yield* backend.get(space, [...new Set(keys)])
  const values = new Map<string, A>()
  for (const [key, text] of texts) values.set(key, yield* decode<A>(space, key, text))
  return { drafted: new Draft<A>(space, texts, values), before: values }
})

const without = (sources: Sources | undefined, gone: string): Sources => (sources ?? []).filter((id) => id !== gone)

const cut = (forward: Draft<Link>, back: Draft<Sources>, source: RecordRef, target: Kind): void => {
  const key = forwardKey(source, target)
  const old = forward.get(key)
  if (old === undefined) return
  forward.set(key, undefined)
  const way = backKey(old.target, source)
  const left = without(back.get(way), source.id)
  back.set(way, left.length === 0 ? undefined : left)
}

const tie = (forward: Draft<Link>, back: Draft<Sources>, link: Link): void => {
  const key = forwardKey(link.source, link.target)
  const old = forward.get(key)
  if (old !== undefined && old.target.id !== link.target.id) cut(forward, back, link.source, link.target)
  forward.set(key, link)
  const way = backKey(link.target, link.source)
  back.set(way, [...without(back.get(way), link.source.id), link.source.id])
}

/** All keys on the way back that this commit may touch: of the new targets, and of those linked until now. */
const ways = (ties: ReadonlyArray<Link>, before: Iterable<Link>): ReadonlyArray<string> =>
  [...ties, ...before].map((link) => backKey(link.target, link.source))

/**
 * What ends, then what begins. The operations hold only while nobody else changed links between the same two kinds of
 * records: a number for each pair of kinds stands for all that was read.
 */
export const linkOps = Effect.fnUntraced(function* (backend: StoreBackend, commit: Commit) {
  const ties = commit.links ?? []
  const cuts = commit.unlink ?? []
  const ends = [...ties, ...cuts]
  if (ends.length === 0) return []
  const pairs = [...new Set(ends.map(({ source, target }) => pairKey(source, target)))]
  const versions = yield* backend.get(SPACE.meta, pairs)
  const forward = yield* draft<Link>(
    backend,
    SPACE.link,
    ends.map(({ source, target }) => forwardKey(source, target)),
  )
  const back = yield* draft<Sources>(backend, SPACE.back, ways(ties, forward.before.values()))
  for (const { source, target } of cuts) cut(forward.drafted, back.drafted, source, target)
  for (const link of ties) tie(forward.drafted, back.drafted, link)
  const guard = pairs.flatMap((key) => {
    const version = versions.get(key)
    return [check(SPACE.meta, key, version), put(SPACE.meta, key, Number(version ?? 0) + 1)]
  })
  return [...guard, ...forward.drafted.ops(), ...back.drafted.ops()]
})
