/** The tables of an environment: how rows are made, saved, seen late and taken back, and how their versions move. */
import type { TwinClock } from "../twin/Twin.ts"
import type { Knobs } from "./Knobs.ts"
import { keysOf } from "./Model.ts"
import * as Random from "./Random.ts"
import type { Cell, Doc } from "./Record.ts"
import * as Sets from "./Sets.ts"
import { Table, type TableDump } from "./Table.ts"
import { TABLES, tableOf } from "./Tables.ts"

/** Ids of rows begin here, as in every environment. */
const FIRST_REC_ID = 5_637_144_576

export class Storage {
  readonly clock: TwinClock
  seedNumber: number
  knobs: Knobs
  protected count = 0
  private tables: ReadonlyMap<string, Table> = tables()
  private undo: Array<() => void> | undefined

  constructor(clock: TwinClock, seed: number, knobs: Knobs) {
    this.clock = clock
    this.seedNumber = seed
    this.knobs = knobs
  }

  /** The server's clock, which may be off. */
  now(): number {
    return this.clock.now() + this.knobs.clockSkew
  }

  salt(): number {
    this.count += 1
    return this.count
  }

  guid(): string {
    return Random.guid(this.seedNumber, this.salt())
  }

  table(name: string): Table {
    const found = this.tables.get(name)
    if (found === undefined) throw new RangeError(`no table ${name}`)
    return found
  }

  private recId(): number {
    return FIRST_REC_ID + this.salt()
  }

  /** A record that is not saved yet, with the rows of its join. */
  blank(table: string, company: string, fields: Readonly<Record<string, Cell>>, now: string): Doc {
    const def = tableOf(table)
    const matched = def.matched ?? [0]
    const sources = Array.from({ length: def.sources }, (_, place): [number, number] =>
      matched.includes(place) ? [1, this.recId()] : [0, 0],
    )
    return { id: `${table}-${this.salt()}`, company, fields: { ...fields }, sources, created: now, modified: now }
  }

  /** Writes a row without its code: a new one, or over another. */
  write(
    table: string,
    before: Doc | undefined,
    company: string,
    fields: Readonly<Record<string, Cell>>,
    now: string,
  ): Doc {
    if (before === undefined) {
      const made = this.blank(table, company, fields, now)
      this.save(table, made)
      return made
    }
    const doc = { ...structuredClone(before), fields: { ...before.fields, ...fields } }
    this.saveChanged(table, before, doc, now)
    return doc
  }

  /** Saves what changed and moves the versions of the rows that hold it. False when nothing did. */
  saveChanged(table: string, before: Doc, doc: Doc, now: string): boolean {
    const def = tableOf(table)
    const names = new Set([...Object.keys(before.fields), ...Object.keys(doc.fields)])
    const changed = [...names].filter((name) => (before.fields[name] ?? "") !== (doc.fields[name] ?? ""))
    if (changed.length === 0) return false
    const places = new Set(changed.map((name) => (def.sourceOf === undefined ? 0 : def.sourceOf(name, this.knobs))))
    for (const place of places) this.bump(doc, place)
    if (places.has(0) || (table === "customers" && places.has(4) && this.knobs.partyMovesStamp)) doc.modified = now
    this.save(table, doc)
    return true
  }

  private bump(doc: Doc, place: number | undefined): void {
    const source = place === undefined ? undefined : doc.sources[place]
    if (source !== undefined) source[0] = Random.version(this.seedNumber, this.salt())
  }

  save(name: string, doc: Doc): void {
    const table = this.table(name)
    const before = table.get(doc.id)
    if (this.knobs.commitDelay > 0) {
      table.putLate(this.now() + this.knobs.commitDelay, doc)
      this.undo?.push(() => table.takeBack(doc.id))
      return
    }
    table.put(doc)
    this.undo?.push(() => (before === undefined ? table.delete(doc.id) : table.put(before)))
  }

  drop(name: string, doc: Doc): void {
    const table = this.table(name)
    if (this.knobs.commitDelay > 0) {
      table.deleteLate(this.now() + this.knobs.commitDelay, doc.id)
      this.undo?.push(() => table.takeBack(doc.id))
      return
    }
    table.delete(doc.id)
    this.undo?.push(() => table.put(doc))
  }

  /** All of it or nothing: what was written is taken back when the work fails. */
  atomically<A>(work: () => A): A {
    const undo: Array<() => void> = []
    this.undo = undo
    try {
      return work()
    } catch (failure) {
      this.undo = undefined
      for (const one of undo.reverse()) one()
      throw failure
    } finally {
      this.undo = undefined
    }
  }

  /** Lets late commits be seen whose time has come. */
  settle(): void {
    const now = this.now()
    for (const table of this.tables.values()) table.settle(now)
  }

  protected dumpTables(): Readonly<Record<string, TableDump>> {
    return Object.fromEntries([...this.tables].map(([name, table]) => [name, table.dump()]))
  }

  protected loadTables(dump: Readonly<Record<string, TableDump>>): void {
    this.tables = tables()
    for (const [name, table] of this.tables) table.load(dump[name] ?? { docs: [], late: [] })
  }
}

/** Keys by which the rows of a table are told apart, under the names of the table. */
const tables = (): ReadonlyMap<string, Table> =>
  new Map(TABLES.map(({ name, set }) => [name, new Table(keysOf(set).map((key) => Sets.column(Sets.setOf(set), key)))]))
