/** The records of one type, with indexes by id and by each unique property. Knows nothing of rules. */
import type { StoredRecord } from "./State.ts"

/** Ids are numbers in text and come in order of creation. */
export const compareIds = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)

/** Where `id` stands or would stand in a sorted list. */
const position = (ids: ReadonlyArray<string>, id: string): number => {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareIds(ids[middle] as string, id) < 0) low = middle + 1
    else high = middle
  }
  return low
}

interface UniqueIndex {
  readonly live: Map<string, string>
  readonly archived: Map<string, string>
}

/** The values by which a record is found under a unique property; several for a contact with secondary emails. */
export type KeysOf = (property: string, record: StoredRecord) => ReadonlyArray<string>

export class RecordTable {
  readonly #records = new Map<string, StoredRecord>()
  /** In order of id, archived ones too. */
  readonly #ids: Array<string> = []
  /** Ids that were merged away, and where to. */
  readonly aliases = new Map<string, string>()
  readonly #unique = new Map<string, UniqueIndex>()
  readonly #keysOf: KeysOf

  constructor(keysOf: KeysOf) {
    this.#keysOf = keysOf
  }

  /** Starts an index; `properties` replaces the set of indexed ones. */
  indexBy(properties: ReadonlyArray<string>): void {
    for (const name of this.#unique.keys()) if (!properties.includes(name)) this.#unique.delete(name)
    for (const name of properties) {
      if (this.#unique.has(name)) continue
      const index: UniqueIndex = { live: new Map(), archived: new Map() }
      this.#unique.set(name, index)
      for (const record of this.#records.values()) this.#add(name, index, record)
    }
  }

  #add(name: string, index: UniqueIndex, record: StoredRecord): void {
    const side = record.archivedAt === undefined ? index.live : index.archived
    for (const key of this.#keysOf(name, record)) side.set(key, record.id)
  }

  #remove(name: string, index: UniqueIndex, record: StoredRecord): void {
    const side = record.archivedAt === undefined ? index.live : index.archived
    for (const key of this.#keysOf(name, record)) if (side.get(key) === record.id) side.delete(key)
  }

  /** The id after merges. */
  resolve(id: string): string {
    let current = id
    for (let next = this.aliases.get(current); next !== undefined; next = this.aliases.get(current)) current = next
    return current
  }

  get(id: string): StoredRecord | undefined {
    return this.#records.get(this.resolve(id))
  }

  /** The owner of a unique value. Keys come folded, see {@link KeysOf}. */
  owner(property: string, key: string, archived = false): StoredRecord | undefined {
    const index = this.#unique.get(property)
    const id = archived ? index?.archived.get(key) : index?.live.get(key)
    return id === undefined ? undefined : this.#records.get(id)
  }

  put(record: StoredRecord): StoredRecord | undefined {
    const before = this.#records.get(record.id)
    if (before === undefined) this.#ids.splice(position(this.#ids, record.id), 0, record.id)
    for (const [name, index] of this.#unique) {
      if (before !== undefined) this.#remove(name, index, before)
      this.#add(name, index, record)
    }
    this.#records.set(record.id, record)
    return before
  }

  delete(id: string): StoredRecord | undefined {
    const before = this.#records.get(id)
    if (before === undefined) return undefined
    for (const [name, index] of this.#unique) this.#remove(name, index, before)
    this.#records.delete(id)
    this.#ids.splice(position(this.#ids, id), 1)
    return before
  }

  /** Records from an id on, in order of id. */
  *from(id?: string): Generator<StoredRecord> {
    for (let at = id === undefined ? 0 : position(this.#ids, id); at < this.#ids.length; at += 1) {
      const record = this.#records.get(this.#ids[at] as string)
      if (record !== undefined) yield record
    }
  }

  get size(): number {
    return this.#records.size
  }

  clear(): void {
    this.#records.clear()
    this.#ids.length = 0
    this.aliases.clear()
    this.#unique.clear()
  }
}
