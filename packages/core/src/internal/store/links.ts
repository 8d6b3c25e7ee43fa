/** Links in both directions. The way back holds all sources of a target, since one company may have several accounts. */
import * as Effect from "effect/Effect"
import type { Commit, Link, RecordRef } from "../../StateStore.ts"
import type { Op, StoreBackend } from "../../StoreBackend.ts"
import { check, decode, put, readMany, remove } from "./access.ts"
import { join, refKey, SPACE } from "./keys.ts"

type Sources = ReadonlyArray<readonly [entity: string, id: string]>

const forwardKey = (source: RecordRef, targetScope: string) => join(targetScope, refKey(source))
const backKey = (target: RecordRef, sourceScope: string) => join(sourceScope, refKey(target))
const pairKey = (sourceScope: string, targetScope: string) => join("pair", sourceScope, targetScope)

export const linksFrom = Effect.fnUntraced(function* (
  backend: StoreBackend,
  sources: ReadonlyArray<RecordRef>,
  targetScope: string,
) {
  const found = yield* readMany<RecordRef, Link>(backend, SPACE.link, sources, (ref) => forwardKey(ref, targetScope))
  return new Map([...found].map(([ref, link]) => [refKey(ref), link]))
})

export const linksTo = Effect.fnUntraced(function* (
  backend: StoreBackend,
  targets: ReadonlyArray<RecordRef>,
  sourceScope: string,
) {
  const backs = yield* readMany<RecordRef, Sources>(backend, SPACE.back, targets, (ref) => backKey(ref, sourceScope))
  const latest = new Map<RecordRef, RecordRef>()
  for (const [target, sources] of backs) {
    const last = sources.at(-1)
    if (last !== undefined) latest.set(target, { scope: sourceScope, entity: last[0], id: last[1] })
  }
  const links = yield* readMany<RecordRef, Link>(backend, SPACE.link, [...latest.keys()], (target) =>
    forwardKey(latest.get(target) as RecordRef, target.scope),
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

const without = (sources: Sources | undefined, gone: RecordRef): Sources =>
  (sources ?? []).filter(([entity, id]) => entity !== gone.entity || id !== gone.id)

const cut = (forward: Draft<Link>, back: Draft<Sources>, source: RecordRef, targetScope: string): void => {
  const key = forwardKey(source, targetScope)
  const old = forward.get(key)
  if (old === undefined) return
  forward.set(key, undefined)
  const way = backKey(old.target, source.scope)
  const left = without(back.get(way), source)
  back.set(way, left.length === 0 ? undefined : left)
}

const tie = (forward: Draft<Link>, back: Draft<Sources>, link: Link): void => {
  const key = forwardKey(link.source, link.target.scope)
  const old = forward.get(key)
  if (old !== undefined && refKey(old.target) !== refKey(link.target)) {
    cut(forward, back, link.source, link.target.scope)
  }
  forward.set(key, link)
  const way = backKey(link.target, link.source.scope)
  back.set(way, [...without(back.get(way), link.source), [link.source.entity, link.source.id]])
}

/** All keys on the way back that this commit may touch: of the new targets, and of those linked until now. */
const ways = (ties: ReadonlyArray<Link>, before: Iterable<Link>): ReadonlyArray<string> =>
  [...ties, ...before].map((link) => backKey(link.target, link.source.scope))

/**
 * What ends, then what begins. The operations hold only while nobody else changed links of the same two scopes: a
 * number for each pair stands for all that was read.
 */
export const linkOps = Effect.fnUntraced(function* (backend: StoreBackend, commit: Commit) {
  const ties = commit.links ?? []
  const cuts = commit.unlink ?? []
  if (ties.length === 0 && cuts.length === 0) return []
  const ends = [...ties.map((link) => ({ source: link.source, targetScope: link.target.scope })), ...cuts]
  const pairs = [...new Set(ends.map((end) => pairKey(end.source.scope, end.targetScope)))]
  const versions = yield* backend.get(SPACE.meta, pairs)
  const forward = yield* draft<Link>(
    backend,
    SPACE.link,
    ends.map((end) => forwardKey(end.source, end.targetScope)),
  )
  const back = yield* draft<Sources>(backend, SPACE.back, ways(ties, forward.before.values()))
  for (const end of cuts) cut(forward.drafted, back.drafted, end.source, end.targetScope)
  for (const link of ties) tie(forward.drafted, back.drafted, link)
  const guard = pairs.flatMap((key) => {
    const version = versions.get(key)
    return [check(SPACE.meta, key, version), put(SPACE.meta, key, Number(version ?? 0) + 1)]
  })
  return [...guard, ...forward.drafted.ops(), ...back.drafted.ops()]
})
