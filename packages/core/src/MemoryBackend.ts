/** The store in memory: for tests and for programs that may forget. Two programs share one by sharing the value. */
import * as Effect from "effect/Effect"
import type { Entry, Op, ScanOptions, StoreBackend } from "./StoreBackend.ts"

export interface MemoryBackend extends StoreBackend {
  /** Everything that is stored, ordered by space and key. */
  readonly entries: () => ReadonlyArray<Entry & { readonly space: string }>
}

/** A map that can be walked in the order of its keys; it sorts when somebody walks, not when somebody writes. */
class OrderedMap {
  readonly #values = new Map<string, string>()
  #order: Array<string> = []
  #added: Array<string> = []

  get(key: string): string | undefined {
    return this.#values.get(key)
  }

  put(key: string, value: string): void {
    if (!this.#values.has(key)) this.#added.push(key)
    this.#values.set(key, value)
  }

  delete(key: string): void {
    this.#values.delete(key)
  }

  scan(options: ScanOptions): ReadonlyArray<Entry> {
    const order = this.#sorted()
    const prefix = options.prefix ?? ""
    const found: Array<Entry> = []
    for (let index = firstNotBelow(order, prefix, options.after); index < order.length; index++) {
      const key = order[index] as string
      if (!key.startsWith(prefix) || found.length >= options.limit) break
      const value = this.#values.get(key)
      if (value !== undefined) found.push({ key, value })
    }
    return found
  }

  /** A key that was deleted and put again may stand twice until here. Engines sort nearly sorted arrays in one pass. */
  #sorted(): ReadonlyArray<string> {
    if (this.#added.length > 0 || this.#order.length > 2 * this.#values.size) {
      const all = [...this.#order, ...this.#added].sort()
      this.#order = all.filter((key, index) => key !== all[index - 1] && this.#values.has(key))
      this.#added = []
    }
    return this.#order
  }
}

const firstNotBelow = (order: ReadonlyArray<string>, prefix: string, after: string | undefined): number => {
  let low = 0
  let high = order.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const key = order[middle] as string
    if (key < prefix || (after !== undefined && key <= after)) low = middle + 1
    else high = middle
  }
  return low
}

/** Empty, or with what `entries` of another one gave. */
export const make = (entries: ReadonlyArray<Entry & { readonly space: string }> = []): MemoryBackend => {
  const spaces = new Map<string, OrderedMap>()
  const space = (name: string): OrderedMap => {
    const found = spaces.get(name) ?? new OrderedMap()
    spaces.set(name, found)
    return found
  }
  const apply = (op: Op): void => {
    if (op._tag === "Put") space(op.space).put(op.key, op.value)
    if (op._tag === "Delete") space(op.space).delete(op.key)
  }
  for (const { key, space: name, value } of entries) space(name).put(key, value)
  const holds = (op: Op): boolean => op._tag !== "Check" || (space(op.space).get(op.key) ?? null) === op.value

  return {
    get: (name, keys) =>
      Effect.sync(() => {
        const found = new Map<string, string>()
        for (const key of keys) {
          const value = space(name).get(key)
          if (value !== undefined) found.set(key, value)
        }
        return found
      }),
    scan: (name, options) => Effect.sync(() => space(name).scan(options)),
    transact: (ops) =>
      Effect.sync(() => {
        if (!ops.every(holds)) return false
        ops.forEach(apply)
        return true
      }),
    entries: () =>
      [...spaces.keys()].sort().flatMap((name) =>
        space(name)
          .scan({ limit: Number.POSITIVE_INFINITY })
          .map((entry) => ({ space: name, ...entry })),
      ),
  }
}
