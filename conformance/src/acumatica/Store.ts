/** One table of records: by id, by key, in the order that lists come in, and with commits that readers see late. */
import type { StoreName } from "./Entities.ts"
import { keyColumns } from "./Entities.ts"
import * as Guid from "./Guid.ts"
import type { Doc } from "./Record.ts"
import { text } from "./Record.ts"

interface LateCommit {
  readonly at: number
  readonly id: string
  /** Null deletes. */
  readonly doc: Doc | null
}

export interface StoreDump {
  readonly docs: ReadonlyArray<Doc>
  readonly late: ReadonlyArray<LateCommit>
}

interface Place {
  readonly id: string
  readonly rank: number
  readonly key: string
}

const before = (a: Place, b: Place): number => a.rank - b.rank || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

const SEPARATOR = "\u0001"

export class Store {
  readonly name: StoreName
  private readonly seed: number
  private docs = new Map<string, Doc>()
  private byKey = new Map<string, string>()
  /** How many records end their key with a number. */
  private numbers = new Map<string, number>()
  private late: Array<LateCommit> = []
  private sorted: { order: string; entries: Array<Place> } | undefined
  private groups = new Map<string, Map<string, ReadonlyArray<Doc>>>()

  constructor(name: StoreName, seed: number) {
    this.name = name
    this.seed = seed
  }

  private keyOf(doc: Doc): string {
    return keyColumns(this.name)
      .map((column) => text(doc, column))
      .join(SEPARATOR)
  }

  /** As readers see it. */
  get(id: string): Doc | undefined {
    return this.docs.get(id)
  }

  /** As the next writer finds it: with the commits that readers do not see yet. */
  latest(id: string): Doc | undefined {
    const pending = this.late.findLast((one) => one.id === id)
    return pending === undefined ? this.docs.get(id) : (pending.doc ?? undefined)
  }

  find(key: ReadonlyArray<string>): Doc | undefined {
    const id = this.byKey.get(key.join(SEPARATOR))
    return id === undefined ? undefined : this.docs.get(id)
  }

  findLatest(key: ReadonlyArray<string>): Doc | undefined {
    const wanted = key.join(SEPARATOR)
    const pending = this.late.findLast((one) => one.doc !== null && this.keyOf(one.doc) === wanted)
    const id = pending?.id ?? this.byKey.get(wanted)
    return id === undefined ? undefined : this.latest(id)
  }

  private countNumber(doc: Doc, by: number): void {
    const number = text(doc, keyColumns(this.name).at(-1) ?? "")
    this.numbers.set(number, (this.numbers.get(number) ?? 0) + by)
  }

  /** Whether any record, of whatever type, has the number. */
  hasNumber(number: string): boolean {
    return (this.numbers.get(number) ?? 0) > 0
  }

  count(): number {
    return this.docs.size
  }

  values(): IterableIterator<Doc> {
    return this.docs.values()
  }

  /** With what is committed and not seen yet. */
  latestValues(): ReadonlyArray<Doc> {
    if (this.late.length === 0) return [...this.docs.values()]
    const ids = new Set([...this.docs.keys(), ...this.late.map((one) => one.id)])
    return [...ids].map((id) => this.latest(id)).filter((doc) => doc !== undefined)
  }

  put(doc: Doc): void {
    const old = this.docs.get(doc.id)
    const key = this.keyOf(doc)
    if (old !== undefined && this.keyOf(old) !== key) this.delete(doc.id)
    if (!this.docs.has(doc.id)) {
      this.place(doc, key)
      this.countNumber(doc, 1)
    }
    this.docs.set(doc.id, doc)
    this.byKey.set(key, doc.id)
    this.groups.clear()
  }

  delete(id: string): void {
    const doc = this.docs.get(id)
    if (doc === undefined) return
    this.docs.delete(id)
    this.byKey.delete(this.keyOf(doc))
    this.countNumber(doc, -1)
    this.sorted = undefined
    this.groups.clear()
  }

  putLate(at: number, doc: Doc): void {
    this.late.push({ at, id: doc.id, doc })
  }

  deleteLate(at: number, id: string): void {
    this.late.push({ at, id, doc: null })
  }

  /** Lets readers see the commits whose time has come. */
  settle(now: number): void {
    if (this.late.length === 0) return
    const due = this.late.filter((one) => one.at <= now)
    this.late = this.late.filter((one) => one.at > now)
    for (const { doc, id } of due) {
      if (doc === null) this.delete(id)
      else this.put(doc)
    }
  }

  /** The records in the order of a list; `salt` makes another shuffle. */
  *list(order: "key" | "shuffled", salt = 0): Generator<Doc> {
    const name = `${order} ${salt}`
    if (this.sorted?.order !== name) this.sorted = { order: name, entries: this.sort(order, salt) }
    for (const { id } of this.sorted.entries) yield this.docs.get(id) as Doc
  }

  private sort(order: string, salt: number): Array<Place> {
    return [...this.docs.values()].map((doc) => this.placeOf(doc, this.keyOf(doc), order, salt)).sort(before)
  }

  private placeOf(doc: Doc, key: string, order: string, salt: number): Place {
    return { id: doc.id, key, rank: order === "key" ? 0 : Guid.rank(this.seed + salt, doc.id) }
  }

  /** Puts a new record where it belongs in the order at hand. */
  private place(doc: Doc, key: string): void {
    if (this.sorted === undefined) return
    const [order = "", salt = ""] = this.sorted.order.split(" ")
    const place = this.placeOf(doc, key, order, Number(salt))
    const { entries } = this.sorted
    let low = 0
    let high = entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (before(entries[middle] as Place, place) < 0) low = middle + 1
      else high = middle
    }
    entries.splice(low, 0, place)
  }

  /** The records whose column has the value, without a scan of the table. */
  where(column: string, value: string): ReadonlyArray<Doc> {
    const known = this.groups.get(column) ?? this.groupBy(column)
    this.groups.set(column, known)
    return known.get(value) ?? []
  }

  private groupBy(column: string): Map<string, ReadonlyArray<Doc>> {
    const groups = new Map<string, Array<Doc>>()
    for (const doc of this.docs.values()) {
      const value = text(doc, column)
      const group = groups.get(value)
      if (group === undefined) groups.set(value, [doc])
      else group.push(doc)
    }
    return groups
  }

  dump(): StoreDump {
    return { docs: [...this.docs.values()], late: this.late }
  }

  load(dump: StoreDump): void {
    this.docs = new Map()
    this.byKey = new Map()
    this.numbers = new Map()
    this.sorted = undefined
    this.late = [...dump.late]
    for (const doc of dump.docs) this.put(doc)
  }
}
