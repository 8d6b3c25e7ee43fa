/**
 * The copy that search reads: it learns of a write two to five seconds later. Observed: new and changed records appear
 * after seconds, archived and merged-away ones never.
 */
import type { EdgeDump, Edges, End } from "./Edges.ts"
import type { ObjectName } from "./ObjectTypes.ts"
import * as ObjectTypes from "./ObjectTypes.ts"
import { compareIds, type RecordTable } from "./RecordTable.ts"
import type { StoredRecord } from "./State.ts"
import type { Change } from "./Store.ts"

type Order = "created" | "modified"

const STAMP: Readonly<Record<Order, (record: StoredRecord) => number>> = {
  created: (record) => record.createdAt,
  modified: (record) => record.updatedAt,
}

/** The documents of one type, with two sorted views that are mended when they are next read. */
class Documents {
  readonly byId = new Map<string, StoredRecord>()
  readonly #sorted: Record<Order, Array<StoredRecord>> = { created: [], modified: [] }
  readonly #fresh: Record<Order, Array<StoredRecord>> = { created: [], modified: [] }
  readonly #stale: Record<Order, boolean> = { created: false, modified: false }

  set(id: string, record: StoredRecord | undefined): void {
    const had = this.byId.has(id)
    if (record === undefined) this.byId.delete(id)
    else this.byId.set(id, record)
    for (const order of ["created", "modified"] as const) {
      if (had) this.#stale[order] = true
      if (record !== undefined) this.#fresh[order].push(record)
    }
  }

  /** In order of the stamp, oldest first; ties by id. Nearly sorted already, so that sorting is one pass. */
  in(order: Order): ReadonlyArray<StoredRecord> {
    const fresh = this.#fresh[order]
    if (!this.#stale[order] && fresh.length === 0) return this.#sorted[order]
    const all = [...this.#sorted[order], ...fresh].filter((record) => this.byId.get(record.id) === record)
    const stamp = STAMP[order]
    all.sort((a, b) => stamp(a) - stamp(b) || compareIds(a.id, b.id))
    this.#sorted[order] = all
    this.#fresh[order] = []
    this.#stale[order] = false
    return all
  }
}

type Pending =
  | { readonly due: number; readonly type: ObjectName; readonly id: string; readonly after: StoredRecord | null }
  | { readonly due: number; readonly edge: EdgeDump }

/** What a pending note is about: of one thing, only the newest state may show. */
const subject = (one: Pending): string => ("edge" in one ? one.edge.slice(0, 4).join("/") : `${one.type}/${one.id}`)

export interface IndexDump {
  readonly pending: ReadonlyArray<Pending>
  /** Documents that differ from the records, as they still stand in the copy. */
  readonly behind: ReadonlyArray<readonly [ObjectName, string, StoredRecord | null]>
  readonly edges: ReadonlyArray<EdgeDump>
}

export class SearchIndex {
  readonly #documents = new Map<ObjectName, Documents>(ObjectTypes.all.map(({ name }) => [name, new Documents()]))
  readonly edges: Edges
  #pending: Array<Pending> = []
  #nextDue = Number.POSITIVE_INFINITY

  constructor(edges: Edges) {
    this.edges = edges
  }

  documents(type: ObjectName): Documents {
    return this.#documents.get(type) as Documents
  }

  /** Takes note of what was committed; it shows when its own delay is over. */
  note(changes: ReadonlyArray<Change>, at: number, lag: () => number): void {
    for (const change of changes) {
      if (change.kind === "merge") continue
      const due = at + lag()
      this.#nextDue = Math.min(this.#nextDue, due)
      if (change.kind === "record") {
        this.#pending.push({ due, type: change.type, id: change.id, after: change.after ?? null })
      } else {
        const { after, from, to } = change
        this.#pending.push({ due, edge: [from.type, from.id, to.type, to.id, after] })
      }
    }
  }

  /** Lets everything in that is due. A late arrival never undoes a newer state. */
  settle(now: number): void {
    if (now < this.#nextDue) return
    const waiting: Array<Pending> = []
    this.#nextDue = Number.POSITIVE_INFINITY
    // An older state may still be on its way when a newer one is due: the newer one wins, and stays.
    const newest = new Map<string, number>()
    this.#pending.forEach((one, index) => {
      if (one.due <= now) newest.set(subject(one), index)
    })
    this.#pending.forEach((one, index) => {
      if (index < (newest.get(subject(one)) ?? -1)) return
      if (one.due <= now) this.#apply(one)
      else {
        waiting.push(one)
        this.#nextDue = Math.min(this.#nextDue, one.due)
      }
    })
    this.#pending = waiting
  }

  #apply(one: Pending): void {
    if ("edge" in one) {
      const [fromType, fromId, toType, toId, types] = one.edge
      const [from, to]: [End, End] = [
        { type: fromType, id: fromId },
        { type: toType, id: toId },
      ]
      this.edges.set(from, to, types)
      return
    }
    const shown = one.after === null || one.after.archivedAt !== undefined ? undefined : one.after
    this.documents(one.type).set(one.id, shown)
  }

  /** Shows every write at once. */
  catchUp(): void {
    for (const one of this.#pending) this.#apply(one)
    this.#pending = []
    this.#nextDue = Number.POSITIVE_INFINITY
  }

  dump(tables: (type: ObjectName) => RecordTable): IndexDump {
    const behind: Array<readonly [ObjectName, string, StoredRecord | null]> = []
    for (const one of this.#pending) {
      if (!("id" in one)) continue
      const shown = this.documents(one.type).byId.get(one.id)
      if (shown !== tables(one.type).get(one.id)) behind.push([one.type, one.id, shown ?? null])
    }
    return { pending: this.#pending, behind, edges: this.edges.dump() }
  }

  load(dump: IndexDump, tables: (type: ObjectName) => RecordTable): void {
    for (const { name } of ObjectTypes.all) {
      const documents = new Documents()
      this.#documents.set(name, documents)
      for (const record of tables(name).from()) if (record.archivedAt === undefined) documents.set(record.id, record)
    }
    for (const [type, id, shown] of dump.behind) this.documents(type).set(id, shown ?? undefined)
    this.edges.load(dump.edges)
    this.#pending = [...dump.pending]
    this.#nextDue = Math.min(Number.POSITIVE_INFINITY, ...this.#pending.map((one) => one.due))
  }
}
