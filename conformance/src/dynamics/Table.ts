/**
 * One table of records: by id, by key, by any field that is asked for often, and with commits that readers see late. Keys are
 * unique without regard to case, as in the database.
 */
import type { Doc } from "./Record.ts"
import { recId, text } from "./Record.ts"

interface LateCommit {
  readonly at: number
  readonly id: string
  /** Null deletes. */
  readonly doc: Doc | null
}

export interface TableDump {
  readonly docs: ReadonlyArray<Doc>
  readonly late: ReadonlyArray<LateCommit>
}

const SEPARATOR = "\u0001"

export const fold = (value: string): string => value.toLowerCase()

const keyValue = (doc: Doc, field: string): string => {
  if (field === "dataAreaId") return doc.company
  return field === "$recId" ? recId(doc) : fold(text(doc, field))
}

export class Table {
  private readonly keys: ReadonlyArray<string>
  private docs = new Map<string, Doc>()
  private byKey = new Map<string, string>()
  private indexes = new Map<string, Map<string, Set<string>>>()
  private late: Array<LateCommit> = []
  /** Grows with every change that readers see. */
  version = 0

  constructor(keys: ReadonlyArray<string>) {
    this.keys = keys
  }

  private keyOf(doc: Doc): string {
    return this.keys.map((name) => keyValue(doc, name)).join(SEPARATOR)
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
    const id = this.byKey.get(key.map(fold).join(SEPARATOR))
    return id === undefined ? undefined : this.docs.get(id)
  }

  findLatest(key: ReadonlyArray<string>): Doc | undefined {
    const wanted = key.map(fold).join(SEPARATOR)
    const pending = this.late.findLast((one) => one.doc !== null && this.keyOf(one.doc) === wanted)
    const id = pending?.id ?? this.byKey.get(wanted)
    return id === undefined ? undefined : this.latest(id)
  }

  twin(doc: Doc): Doc | undefined {
    const wanted = this.keyOf(doc)
    const pending = this.late.findLast((one) => one.doc !== null && this.keyOf(one.doc) === wanted)
    const id = pending?.id ?? this.byKey.get(wanted)
    return id === undefined || id === doc.id ? undefined : this.latest(id)
  }

  get size(): number {
    return this.docs.size
  }

  values(): IterableIterator<Doc> {
    return this.docs.values()
  }

  latestValues(): ReadonlyArray<Doc> {
    if (this.late.length === 0) return [...this.docs.values()]
    const ids = new Set([...this.docs.keys(), ...this.late.map((one) => one.id)])
    return [...ids].map((id) => this.latest(id)).filter((doc) => doc !== undefined)
  }

  /** Those whose field has the value, whatever its case, without a scan. */
  where(field: string, value: string): ReadonlyArray<Doc> {
    const index = this.indexes.get(field) ?? this.index(field)
    return [...(index.get(fold(value)) ?? [])].map((id) => this.docs.get(id) as Doc)
  }

  /** The same as the next writer finds it. */
  latestWhere(field: string, value: string): ReadonlyArray<Doc> {
    if (this.late.length === 0) return this.where(field, value)
    return this.latestValues().filter((doc) => keyValue(doc, field) === fold(value))
  }

  private index(field: string): Map<string, Set<string>> {
    const made = new Map<string, Set<string>>()
    for (const doc of this.docs.values()) enter(made, keyValue(doc, field), doc.id)
    this.indexes.set(field, made)
    return made
  }

  put(doc: Doc): void {
    this.forget(doc.id)
    this.docs.set(doc.id, doc)
    this.byKey.set(this.keyOf(doc), doc.id)
    for (const [field, index] of this.indexes) enter(index, keyValue(doc, field), doc.id)
    this.version += 1
  }

  delete(id: string): void {
    if (!this.docs.has(id)) return
    this.forget(id)
    this.docs.delete(id)
    this.version += 1
  }

  private forget(id: string): void {
    const old = this.docs.get(id)
    if (old === undefined) return
    this.byKey.delete(this.keyOf(old))
    for (const [field, index] of this.indexes) index.get(keyValue(old, field))?.delete(id)
  }

  putLate(at: number, doc: Doc): void {
    this.late.push({ at, id: doc.id, doc })
  }

  deleteLate(at: number, id: string): void {
    this.late.push({ at, id, doc: null })
  }

  /** Forgets the last commit of a record that nobody has seen. */
  takeBack(id: string): void {
    const place = this.late.findLastIndex((one) => one.id === id)
    if (place >= 0) this.late.splice(place, 1)
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

  dump(): TableDump {
    return { docs: [...this.docs.values()], late: this.late }
  }

  load(dump: TableDump): void {
    this.docs = new Map()
    this.byKey = new Map()
    this.indexes = new Map()
    this.late = [...dump.late]
    for (const doc of dump.docs) this.put(doc)
  }
}

const enter = (index: Map<string, Set<string>>, value: string, id: string): void => {
  const group = index.get(value)
  if (group === undefined) index.set(value, new Set([id]))
  else group.add(id)
}
