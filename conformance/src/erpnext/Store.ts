/** Tables of documents and the counters of series, with one transaction a request. */
import { type Doc, nameOf, text } from "./Doc.ts"

const folded = (value: string): string => value.toLowerCase()

type Index = Map<string, Set<string>>

/** What a document holds at a path: `po_no`, or `items.sales_order` for every row of a table. */
const valuesAt = (doc: Doc, path: string): ReadonlyArray<string> => {
  const [first = "", second] = path.split(".")
  if (second === undefined) return [folded(text(doc.columns, first))]
  return (doc.tables[first] ?? []).map((row) => folded(text(row, second)))
}

/** One doctype. What is looked up by value is indexed when it is first asked for. */
export class Table {
  readonly docs = new Map<string, Doc>()
  /** Moves with every change; what was computed from the table is good until then. */
  revision = 0
  private readonly indexes = new Map<string, Index>()

  set(name: string, doc: Doc | undefined): void {
    const before = this.docs.get(name)
    if (doc === undefined) this.docs.delete(name)
    else this.docs.set(name, doc)
    this.revision += 1
    for (const [path, index] of this.indexes) {
      if (before !== undefined) for (const value of valuesAt(before, path)) index.get(value)?.delete(name)
      if (doc !== undefined) enter(index, doc, name, path)
    }
  }

  /** The documents that hold the value. The collation of the database does not tell capitals. */
  find(path: string, value: string): ReadonlyArray<Doc> {
    let index = this.indexes.get(path)
    if (index === undefined) {
      index = new Map()
      for (const [name, doc] of this.docs) enter(index, doc, name, path)
      this.indexes.set(path, index)
    }
    return [...(index.get(folded(value)) ?? [])].flatMap((name) => this.docs.get(name) ?? [])
  }
}

const enter = (index: Index, doc: Doc, name: string, path: string): void => {
  for (const value of valuesAt(doc, path)) {
    const names = index.get(value)
    if (names === undefined) index.set(value, new Set([name]))
    else names.add(name)
  }
}

/** A document that bears its stamp and is not to be seen yet. */
interface Late {
  readonly at: number
  readonly doc: Doc
}

export interface StoreDump {
  readonly docs: ReadonlyArray<Doc>
  readonly late: ReadonlyArray<Late>
  readonly series: ReadonlyArray<readonly [prefix: string, current: number]>
}

export class Store {
  private tables = new Map<string, Table>()
  private counters = new Map<string, number>()
  private late: ReadonlyArray<Late> = []
  private undo: Array<() => void> = []
  private depth = 0

  table(doctype: string): Table {
    const known = this.tables.get(doctype)
    if (known !== undefined) return known
    const made = new Table()
    this.tables.set(doctype, made)
    return made
  }

  get(doctype: string, name: string): Doc | undefined {
    return this.table(doctype).docs.get(name)
  }

  has(doctype: string, name: string): boolean {
    return this.table(doctype).docs.has(name)
  }

  /** By a value of a column, or of a column of its rows. */
  find(doctype: string, path: string, value: string): ReadonlyArray<Doc> {
    return this.table(doctype).find(path, value)
  }

  all(doctype: string): IterableIterator<Doc> {
    return this.table(doctype).docs.values()
  }

  put(doc: Doc): void {
    this.change(doc.doctype, nameOf(doc), doc)
  }

  remove(doctype: string, name: string): void {
    this.change(doctype, name, undefined)
  }

  /** To be put at this moment, when the transaction that stamped it commits. */
  hold(doc: Doc, at: number): void {
    this.late = [...this.late, { at, doc }]
  }

  /** Puts what was held until now. */
  release(now: number): void {
    if (this.late.length === 0) return
    const due = this.late.filter(({ at }) => at <= now)
    this.late = this.late.filter(({ at }) => at > now)
    for (const { doc } of due) this.put(doc)
  }

  private change(doctype: string, name: string, doc: Doc | undefined): void {
    const table = this.table(doctype)
    const before = table.docs.get(name)
    if (this.depth > 0) this.undo.push(() => table.set(name, before))
    table.set(name, doc)
  }

  current(prefix: string): number {
    return this.counters.get(prefix) ?? 0
  }

  count(prefix: string, to: number): void {
    const before = this.current(prefix)
    if (this.depth > 0) this.undo.push(() => this.counters.set(prefix, before))
    this.counters.set(prefix, to)
  }

  /** Anything else that a failed request has to take back. */
  undoing(step: () => void): void {
    if (this.depth > 0) this.undo.push(step)
  }

  /** True when something was changed by the work that runs now. */
  get dirty(): boolean {
    return this.undo.length > 0
  }

  /** A failure leaves nothing; neither does work that is not to be kept. */
  transaction<A>(work: () => A, keep: () => boolean = () => true): A {
    const mark = this.undo.length
    this.depth += 1
    let kept = false
    try {
      const result = work()
      kept = keep()
      return result
    } finally {
      if (!kept) for (const step of this.undo.splice(mark).reverse()) step()
      this.depth -= 1
      if (this.depth === 0) this.undo = []
    }
  }

  dump(): StoreDump {
    const docs = [...this.tables.values()].flatMap((table) => [...table.docs.values()])
    return structuredClone({ docs, late: this.late, series: [...this.counters] })
  }

  load(from: StoreDump): void {
    const { docs, late, series } = structuredClone(from)
    this.tables = new Map()
    this.late = late
    this.counters = new Map(series.map(([prefix, current]) => [prefix, current]))
    for (const doc of docs) this.table(doc.doctype).set(nameOf(doc), doc)
  }
}
