/**
 * One group of records: by id, by external id without regard to case, by the number that people see, and with commits
 * that readers do not see yet.
 */
import { type Doc, text } from "./Record.ts"
import * as Types from "./Types.ts"

interface LateCommit {
  readonly at: number
  readonly doc: Doc
}

export interface TableDump {
  readonly name: string
  readonly lastId: number
  readonly docs: ReadonlyArray<Doc>
  readonly late: ReadonlyArray<LateCommit>
}

export const fold = (externalId: string): string => externalId.toLowerCase()

const numberOf = (doc: Doc): string => {
  const field = Types.get(doc.type).number?.field
  return field === undefined ? "" : `${doc.type} ${text(doc, field).toLowerCase()}`
}

export class Table {
  readonly name: string
  private lastId: number
  private docs = new Map<string, Doc>()
  private byExternalId = new Map<string, string>()
  private byNumber = new Map<string, string>()
  private late: Array<LateCommit> = []
  private groups = new Map<string, Map<string, ReadonlyArray<Doc>>>()

  constructor(name: string, firstId: number) {
    this.name = name
    this.lastId = firstId - 1
  }

  nextId(): string {
    this.lastId += 1
    return String(this.lastId)
  }

  /** As readers see it. */
  get(id: string): Doc | undefined {
    return this.docs.get(id)
  }

  /** As the next writer finds it: with the commits that readers do not see yet. */
  latest(id: string): Doc | undefined {
    return this.late.findLast((one) => one.doc.id === id)?.doc ?? this.docs.get(id)
  }

  byExternal(externalId: string): Doc | undefined {
    const wanted = fold(externalId)
    const pending = this.late.findLast((one) => fold(text(one.doc, "externalId")) === wanted)
    const id = this.byExternalId.get(wanted) ?? pending?.doc.id
    return id === undefined ? undefined : this.latest(id)
  }

  hasNumber(type: string, number: string): string | undefined {
    return this.byNumber.get(`${type} ${number.toLowerCase()}`)
  }

  get size(): number {
    return this.docs.size
  }

  values(): IterableIterator<Doc> {
    return this.docs.values()
  }

  private unindex(doc: Doc): void {
    this.byExternalId.delete(fold(text(doc, "externalId")))
    if (this.byNumber.get(numberOf(doc)) === doc.id) this.byNumber.delete(numberOf(doc))
  }

  put(doc: Doc): void {
    const old = this.docs.get(doc.id)
    if (old !== undefined) this.unindex(old)
    this.docs.set(doc.id, doc)
    this.lastId = Math.max(this.lastId, Number(doc.id))
    const externalId = text(doc, "externalId")
    if (externalId !== "") this.byExternalId.set(fold(externalId), doc.id)
    if (numberOf(doc) !== "") this.byNumber.set(numberOf(doc), doc.id)
    this.groups.clear()
  }

  putLate(at: number, doc: Doc): void {
    this.late.push({ at, doc })
  }

  delete(id: string): void {
    const doc = this.docs.get(id)
    if (doc === undefined) return
    this.docs.delete(id)
    this.unindex(doc)
    this.groups.clear()
  }

  /** Lets readers see the commits whose time has come. */
  settle(now: number): void {
    if (this.late.length === 0) return
    const due = this.late.filter((one) => one.at <= now)
    this.late = this.late.filter((one) => one.at > now)
    for (const { doc } of due) this.put(doc)
  }

  /** The records whose field has the value, without a scan. */
  where(field: string, value: string): ReadonlyArray<Doc> {
    const known = this.groups.get(field) ?? this.groupBy(field)
    this.groups.set(field, known)
    return known.get(value) ?? []
  }

  private groupBy(field: string): Map<string, ReadonlyArray<Doc>> {
    const groups = new Map<string, Array<Doc>>()
    for (const doc of this.docs.values()) {
      const group = groups.get(text(doc, field))
      if (group === undefined) groups.set(text(doc, field), [doc])
      else group.push(doc)
    }
    return groups
  }

  dump(): TableDump {
    return structuredClone({ name: this.name, lastId: this.lastId, docs: [...this.docs.values()], late: this.late })
  }

  static load(from: TableDump): Table {
    const dump = structuredClone(from)
    const table = new Table(dump.name, dump.lastId + 1)
    for (const doc of dump.docs) table.put(doc)
    table.late = [...dump.late]
    return table
  }
}
