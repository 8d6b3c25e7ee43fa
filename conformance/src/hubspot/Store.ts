/**
 * The portal's records and associations behind transactions: a body that throws leaves no trace. What was committed is
 * told to listeners (search index, webhooks), never what was rolled back.
 */
import { Edges, type End } from "./Edges.ts"
import type { ObjectName } from "./ObjectTypes.ts"
import * as ObjectTypes from "./ObjectTypes.ts"
import { type KeysOf, RecordTable } from "./RecordTable.ts"
import type { StoredRecord } from "./State.ts"

export interface Merge {
  readonly kind: "merge"
  readonly type: ObjectName
  readonly primary: string
  readonly merged: ReadonlyArray<string>
  readonly survivor: string
}

export type Change =
  | {
      readonly kind: "record"
      readonly type: ObjectName
      readonly id: string
      readonly before: StoredRecord | undefined
      readonly after: StoredRecord | undefined
    }
  | {
      readonly kind: "edge"
      readonly from: End
      readonly to: End
      readonly before: ReadonlyArray<number>
      readonly after: ReadonlyArray<number>
    }
  | Merge

export type Listener = (changes: ReadonlyArray<Change>, at: number) => void

export class Store {
  readonly edges = new Edges()
  readonly #tables: ReadonlyMap<ObjectName, RecordTable>
  readonly #undo: Array<() => void> = []
  readonly #changes: Array<Change> = []
  #depth = 0
  /** Commits so far that changed anything: how the twin tells a write from a read. */
  revision = 0
  nextId = 30_100_000_001
  readonly #listener: Listener

  constructor(keysOf: KeysOf, listener: Listener) {
    this.#tables = new Map(ObjectTypes.all.map(({ name }) => [name, new RecordTable(keysOf)]))
    this.#listener = listener
  }

  table(type: ObjectName): RecordTable {
    const table = this.#tables.get(type)
    if (table === undefined) throw new Error(`no table of ${type}`)
    return table
  }

  freshId(): string {
    const id = this.nextId
    // Gaps as in a portal that is shared with other writers, so that nobody counts on neighbours.
    this.nextId += 1 + (id % 7)
    return String(id)
  }

  /** Runs all or nothing. Nested ones join the outer one, and can fail on their own. */
  transaction<A>(at: number, body: () => A): A {
    const undoMark = this.#undo.length
    const changeMark = this.#changes.length
    this.#depth += 1
    try {
      const result = body()
      this.#depth -= 1
      if (this.#depth === 0) this.#commit(at)
      return result
    } catch (error) {
      this.#depth -= 1
      while (this.#undo.length > undoMark) this.#undo.pop()?.()
      this.#changes.length = changeMark
      throw error
    }
  }

  #commit(at: number): void {
    this.#undo.length = 0
    if (this.#changes.length === 0) return
    const changes = this.#changes.splice(0)
    this.revision += 1
    this.#listener(changes, at)
  }

  put(type: ObjectName, record: StoredRecord): void {
    const table = this.table(type)
    const before = table.put(record)
    this.#undo.push(() => (before === undefined ? table.delete(record.id) : table.put(before)))
    this.#changes.push({ kind: "record", type, id: record.id, before, after: record })
  }

  /** Takes a record away for good, as merge and privacy deletion do. */
  remove(type: ObjectName, id: string): void {
    const table = this.table(type)
    const before = table.delete(id)
    if (before === undefined) return
    this.#undo.push(() => table.put(before))
    this.#changes.push({ kind: "record", type, id, before, after: undefined })
  }

  alias(type: ObjectName, from: string, to: string): void {
    const { aliases } = this.table(type)
    aliases.set(from, to)
    this.#undo.push(() => aliases.delete(from))
  }

  setEdge(from: End, to: End, types: ReadonlyArray<number>): void {
    const before = this.edges.set(from, to, types)
    if (before.length === types.length && before.every((id, index) => id === types[index])) return
    this.#undo.push(() => this.edges.set(from, to, before))
    this.#changes.push({ kind: "edge", from, to, before, after: types })
  }

  noteMerge(merge: Merge): void {
    this.#changes.push(merge)
  }
}
