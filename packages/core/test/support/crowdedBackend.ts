/**
 * A store in which very many records of one relay are parked and dead. They are not kept: each is made up when it is
 * asked for, so that whoever holds on to them shows in the memory. Counts what it hands out, and the largest answer.
 */
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import type { DeadLetter, Parked, RecordRef } from "@mortise/core/StateStore"
import type { Entry, Op, StoreBackend } from "@mortise/core/StoreBackend"
import * as Effect from "effect/Effect"
import { join, prefix, refKey, SPACE } from "../../src/internal/store/keys.ts"

export interface Crowd {
  readonly relay: string
  readonly size: number
  readonly source: (id: string) => RecordRef
  readonly parked: (source: RecordRef) => Parked
  readonly dead: (source: RecordRef) => DeadLetter
}

const WIDTH = 8
export const idOf = (index: number): string => String(index).padStart(WIDTH, "0")

/** One space of made up entries, some of which may have been taken away. */
class Made {
  readonly gone: Uint8Array
  handedOut = 0
  readonly #crowd: Crowd
  readonly #value: (source: RecordRef) => unknown
  readonly #start: string

  constructor(crowd: Crowd, value: (source: RecordRef) => unknown) {
    this.#crowd = crowd
    this.#value = value
    this.#start = this.#key(0).slice(0, -WIDTH)
    this.gone = new Uint8Array(crowd.size)
  }

  #key(index: number): string {
    return join(this.#crowd.relay, refKey(this.#crowd.source(idOf(index))))
  }

  #index(key: string): number | undefined {
    if (!key.startsWith(this.#start)) return undefined
    const index = Number(key.slice(this.#start.length))
    return Number.isInteger(index) && index < this.#crowd.size ? index : undefined
  }

  #entry(index: number): Entry {
    this.handedOut += 1
    return { key: this.#key(index), value: JSON.stringify(this.#value(this.#crowd.source(idOf(index)))) }
  }

  get(keys: ReadonlyArray<string>): ReadonlyMap<string, string> {
    const found = new Map<string, string>()
    for (const key of keys) {
      const index = this.#index(key)
      if (index !== undefined && this.gone[index] === 0) found.set(key, this.#entry(index).value)
    }
    return found
  }

  scan(from: string, after: string | undefined, limit: number): ReadonlyArray<Entry> {
    if (from !== prefix(this.#crowd.relay)) return []
    const entries: Array<Entry> = []
    const last = after === undefined ? undefined : this.#index(after)
    for (let index = last === undefined ? 0 : last + 1; index < this.#crowd.size && entries.length < limit; index++) {
      if (this.gone[index] === 0) entries.push(this.#entry(index))
    }
    return entries
  }

  apply(op: Op): void {
    const index = op._tag === "Check" ? undefined : this.#index(op.key)
    if (index !== undefined) this.gone[index] = op._tag === "Delete" ? 1 : 0
  }

  left(): number {
    return this.gone.reduce((sum, gone) => sum - gone, this.gone.length)
  }
}

export const crowdedBackend = (crowd: Crowd) => {
  const memory = MemoryBackend.make()
  const made = new Map([
    [SPACE.parked as string, new Made(crowd, crowd.parked)],
    [SPACE.dead as string, new Made(crowd, crowd.dead)],
  ])
  const counts = { largest: 0 }
  const counted = <A extends { readonly size: number } | { readonly length: number }>(answer: A): A => {
    counts.largest = Math.max(counts.largest, "size" in answer ? answer.size : answer.length)
    return answer
  }
  const backend: StoreBackend = {
    get: (space, keys) =>
      Effect.map(
        Effect.suspend(() => {
          const there = made.get(space)
          return there === undefined ? memory.get(space, keys) : Effect.succeed(there.get(keys))
        }),
        counted,
      ),
    scan: (space, options) =>
      Effect.map(
        Effect.suspend(() => {
          const there = made.get(space)
          if (there === undefined) return memory.scan(space, options)
          return Effect.succeed(there.scan(options.prefix ?? "", options.after, options.limit))
        }),
        counted,
      ),
    transact: (ops) =>
      Effect.tap(memory.transact(ops.filter(({ space }) => !made.has(space))), (written) =>
        Effect.sync(() => {
          if (written) for (const op of ops) made.get(op.space)?.apply(op)
        }),
      ),
  }
  const of = (space: string): Made => made.get(space) as Made
  return { backend, counts, parked: of(SPACE.parked), dead: of(SPACE.dead) }
}
