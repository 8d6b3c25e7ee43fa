/** Directed association edges, each with its set of type ids. Both directions are kept; pairing them is a rule's work. */
import type { ObjectName } from "./ObjectTypes.ts"
import { compareIds } from "./RecordTable.ts"

export interface End {
  readonly type: ObjectName
  readonly id: string
}

export type EdgeDump = readonly [
  fromType: ObjectName,
  fromId: string,
  toType: ObjectName,
  toId: string,
  types: ReadonlyArray<number>,
]

export class Edges {
  readonly #none: ReadonlyMap<string, ReadonlyArray<number>> = new Map()
  readonly #out = new Map<string, Map<ObjectName, Map<string, ReadonlyArray<number>>>>()

  /** What `from` is associated with, by id. */
  targets(from: End, to: ObjectName): ReadonlyMap<string, ReadonlyArray<number>> {
    return this.#out.get(`${from.type}/${from.id}`)?.get(to) ?? this.#none
  }

  /** The same in order of id. */
  sorted(from: End, to: ObjectName): ReadonlyArray<readonly [id: string, types: ReadonlyArray<number>]> {
    return [...this.targets(from, to)].sort(([a], [b]) => compareIds(a, b))
  }

  types(from: End, to: End): ReadonlyArray<number> {
    return this.targets(from, to.type).get(to.id) ?? []
  }

  /** Replaces the types of one direction; none takes the edge away. Gives those before. */
  set(from: End, to: End, types: ReadonlyArray<number>): ReadonlyArray<number> {
    const before = this.types(from, to)
    const key = `${from.type}/${from.id}`
    if (types.length === 0) {
      this.#out.get(key)?.get(to.type)?.delete(to.id)
      return before
    }
    const byType = this.#out.get(key) ?? new Map<ObjectName, Map<string, ReadonlyArray<number>>>()
    const byId = byType.get(to.type) ?? new Map<string, ReadonlyArray<number>>()
    this.#out.set(key, byType)
    byType.set(to.type, byId)
    byId.set(to.id, types)
    return before
  }

  /** Every edge that leaves a record. */
  *leaving(from: End): Generator<readonly [to: End, types: ReadonlyArray<number>]> {
    for (const [type, byId] of [...(this.#out.get(`${from.type}/${from.id}`) ?? [])]) {
      for (const [id, types] of [...byId]) yield [{ type, id }, types]
    }
  }

  dump(): ReadonlyArray<EdgeDump> {
    const rows: Array<EdgeDump> = []
    for (const [key, byType] of this.#out) {
      const slash = key.indexOf("/")
      const [fromType, fromId] = [key.slice(0, slash) as ObjectName, key.slice(slash + 1)]
      for (const [toType, byId] of byType) {
        for (const [toId, types] of byId) rows.push([fromType, fromId, toType, toId, types])
      }
    }
    return rows
  }

  load(rows: ReadonlyArray<EdgeDump>): void {
    this.#out.clear()
    for (const [fromType, fromId, toType, toId, types] of rows) {
      this.set({ type: fromType, id: fromId }, { type: toType, id: toId }, types)
    }
  }
}
