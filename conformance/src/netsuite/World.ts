/**
 * The world of the twin: everything that the account knows, to be seeded and inspected by tests and kept on disk as JSON.
 *
 * ```ts
 * world.seed("customer", [{ companyName: "Blauwal GmbH", subsidiary: "2", email: "post@blauwal.example" }])
 * world.all("customer")[0]?.fields["entityId"]   // "CUST1001"
 * ```
 */
import type { TwinClock, World } from "../twin/Twin.ts"
import * as Body from "./Body.ts"
import * as Chart from "./Chart.ts"
import * as Custom from "./Custom.ts"
import { defaults, type Knobs } from "./Knobs.ts"
import type { Doc } from "./Record.ts"
import * as Record from "./Record.ts"
import * as Shapes from "./Shapes.ts"
import * as State from "./State.ts"
import { Table, type TableDump } from "./Table.ts"
import * as Types from "./Types.ts"
import * as Write from "./Write.ts"

export interface WorldOptions {
  readonly clock: TwinClock
  readonly account: string
  readonly knobs: Partial<Knobs>
  readonly customFields: ReadonlyArray<Custom.CustomField>
}

export type SeedValue = string | number | boolean | null | SeedRecord | ReadonlyArray<SeedRecord>

/**
 * Members by their names in the record API: `{ companyName: "One", subsidiary: "2", item: [{ item: "7", rate: "2.50" }] }`.
 * References and enums are ids, amounts are text, sublists are lists. Names that begin with `$` are no members.
 */
export interface SeedRecord {
  readonly [member: string]: SeedValue | undefined
  readonly $id?: string
  /** Milliseconds or ISO text; now unless told. */
  readonly $modified?: number | string
  readonly $created?: number | string
}

export interface EditOptions {
  readonly moveStamp?: boolean
  readonly at?: number
  /** Readers see it so many milliseconds later. */
  readonly seenAfter?: number
}

export interface WorldDump {
  readonly account: string
  readonly knobs: Knobs
  readonly customFields: ReadonlyArray<Custom.CustomField>
  readonly tables: ReadonlyArray<TableDump>
  readonly numbers: ReadonlyArray<readonly [string, number]>
  readonly lineKeys: number
  readonly secrets: number
  readonly state: State.State
}

const FIRST_IDS: Readonly<Record<string, number>> = { entities: 101, items: 201, transactions: 1001 }
const FIRST_NUMBER = 1001

const millisOf = (value: number | string | undefined, otherwise: number): number =>
  typeof value === "number" ? value : value === undefined ? otherwise : Date.parse(value)

export class NetSuiteWorld implements World {
  readonly clock: TwinClock
  account: string
  knobs: Knobs
  customFields: Array<Custom.CustomField>
  state: State.State = State.empty()
  /** Runs the tasks of jobs that are due. The twin puts it in: how requests are answered is its business. */
  runJobs: () => void = () => undefined
  private tables = new Map<string, Table>()
  private numbers = new Map<string, number>()
  private lineKeys = 0
  private secrets = 0
  private known: { readonly key: string; readonly shapes: Shapes.Shapes } | undefined

  constructor(options: WorldOptions) {
    this.clock = options.clock
    this.account = options.account
    this.knobs = { ...defaults(), ...options.knobs }
    this.customFields = options.customFields.map(Custom.check)
    for (const doc of Chart.docs(this.now(), this.knobs.oneWorld)) this.put(doc)
  }

  /** The server's clock, which may be off. */
  now(): number {
    return this.clock.now() + this.knobs.clockSkew
  }

  get shapes(): Shapes.Shapes {
    const key = JSON.stringify([this.customFields, this.knobs.oneWorld])
    if (this.known?.key !== key) this.known = { key, shapes: Shapes.make(this.customFields, this.knobs.oneWorld) }
    return this.known.shapes
  }

  /** `entities`, `items`, `transactions`, or a list by the name of its records. */
  table(name: string): Table {
    const found = this.tables.get(name)
    if (found !== undefined) return found
    const made = new Table(name, FIRST_IDS[name] ?? 101)
    this.tables.set(name, made)
    return made
  }

  tableOf(type: string): Table {
    return this.table(Types.tableOf(type))
  }

  /** The next number of a sequence; each company counts its documents for itself. */
  nextNumber(type: string, subsidiary = ""): string {
    const sequence = subsidiary === "" || subsidiary === "1" ? type : `${type} ${subsidiary}`
    const { field, prefix } = Types.get(type).number ?? { field: "", prefix: "" }
    for (;;) {
      const next = this.numbers.get(sequence) ?? FIRST_NUMBER
      this.numbers.set(sequence, next + 1)
      const number = sequence === type ? `${prefix}${next}` : `${prefix}${subsidiary}-${next}`
      if (field === "" || this.tableOf(type).hasNumber(type, number) === undefined) return number
    }
  }

  nextLineKey(): string {
    this.lineKeys += 1
    return String(this.lineKeys)
  }

  /** Tells one secret from the next. */
  nextSecret(): number {
    this.secrets += 1
    return this.secrets
  }

  /** What people see of a record where another one refers to it. */
  nameOf(doc: Doc): string {
    const { group, label, number } = Types.get(doc.type)
    if (group === "items") return Record.text(doc, "itemId")
    if (group === "transactions") return `${label} #${Record.text(doc, number?.field ?? "")}`
    if (group === "lists") return Record.text(doc, "name")
    const entityId = Record.text(doc, "entityId")
    const name = Record.text(doc, "altName")
    return name === "" || name === entityId ? entityId : `${entityId} ${name}`
  }

  /** Commits of `work` are seen by readers so many milliseconds later. */
  private delayed<A>(millis: number, work: () => A): A {
    const { commitDelay } = this.knobs
    this.knobs.commitDelay = millis
    try {
      return work()
    } finally {
      this.knobs.commitDelay = commitDelay
    }
  }

  /** Records as if people had entered them, seen at once. */
  seed(type: string, records: ReadonlyArray<SeedRecord>): ReadonlyArray<Doc> {
    return this.delayed(0, () => records.map((record) => this.seedOne(type, record)))
  }

  private seedOne(type: string, record: SeedRecord): Doc {
    const created = millisOf(record.$created, millisOf(record.$modified, this.now()))
    const { patch, unknown } = Body.read(this, type, record)
    if (unknown.length > 0) throw new RangeError(`${type} has no member ${unknown[0]}`)
    const id = record.$id === undefined ? {} : { id: record.$id }
    const made = Write.create(this, type, patch, created, { asTold: true, ...id })
    made.modified = millisOf(record.$modified, created)
    return made
  }

  /** One record as readers see it. */
  get(type: string, id: string): Doc | undefined {
    const doc = this.tableOf(type).get(id)
    return doc?.type === type ? doc : undefined
  }

  byExternalId(type: string, externalId: string): Doc | undefined {
    const doc = this.tableOf(type).byExternal(externalId)
    return doc?.type === type ? doc : undefined
  }

  all(type: string): ReadonlyArray<Doc> {
    return [...this.tableOf(type).values()].filter((doc) => doc.type === type)
  }

  private wanted(type: string, id: string): Doc {
    const doc = this.tableOf(type).latest(id)
    if (doc?.type !== type) throw new RangeError(`no ${type} ${id}`)
    return doc
  }

  /** An edit by somebody else: the form runs, what it computes may be told as well, and the stamp moves unless told. */
  edit(type: string, id: string, members: SeedRecord, options: EditOptions = {}): Doc {
    const before = this.wanted(type, id)
    const at = options.at ?? this.now()
    const { patch } = Body.read(this, type, members)
    return this.delayed(options.seenAfter ?? this.knobs.commitDelay, () => {
      const made = Write.update(this, before, patch, at, { asTold: true, replace: new Set(Object.keys(patch.subs)) })
      made.modified = options.moveStamp === false ? before.modified : at
      return made
    })
  }

  /** Deleted by somebody else. */
  remove(type: string, id: string): void {
    Write.remove(this, this.wanted(type, id), this.now())
  }

  /** A workflow takes hold of the record, or lets it go. */
  lock(type: string, id: string, locked = true): void {
    this.put({ ...this.wanted(type, id), locked })
  }

  /** Somebody approves an order or an invoice. */
  approve(type: "salesOrder" | "invoice", id: string): Doc {
    const { orderStatusWritable } = this.knobs
    this.knobs.orderStatusWritable = true
    try {
      return this.edit(type, id, type === "salesOrder" ? { orderStatus: "B" } : { approvalStatus: "2" })
    } finally {
      this.knobs.orderStatusWritable = orderStatusWritable
    }
  }

  /** Goods of an order leave: so many of each line, all of them unless told. */
  fulfil(id: string, quantities: Readonly<Record<string, string>> = {}): Doc {
    const made = Record.copy(this.wanted("salesOrder", id))
    for (const line of Record.lines(made, "item")) {
      line.fields["quantityFulfilled"] = quantities[Record.text(line, "line")] ?? line.fields["quantity"] ?? null
    }
    this.put(made)
    return this.edit("salesOrder", id, {})
  }

  put(doc: Doc): void {
    this.tableOf(doc.type).put(doc)
  }

  /** A save that readers may see later. */
  commit(doc: Doc, now: number): void {
    const { commitDelay } = this.knobs
    if (commitDelay > 0) this.tableOf(doc.type).putLate(now + commitDelay, doc)
    else this.put(doc)
  }

  drop(doc: Doc, now: number): void {
    this.tableOf(doc.type).delete(doc.id)
    this.state.attachments = this.state.attachments.filter((one) => one.contact !== doc.id && one.to !== doc.id)
    if (!this.knobs.deletionsOf.includes(doc.type)) return
    this.state.deletions.push({ type: doc.type, id: doc.id, name: this.nameOf(doc), at: now })
  }

  /** Lets late commits be seen whose time has come, and jobs do what is due. */
  settle(): void {
    const now = this.now()
    for (const table of this.tables.values()) table.settle(now)
    this.runJobs()
  }

  dump = (): WorldDump => ({
    ...structuredClone({
      account: this.account,
      knobs: this.knobs,
      customFields: this.customFields,
      numbers: [...this.numbers],
      lineKeys: this.lineKeys,
      secrets: this.secrets,
      state: this.state,
    }),
    tables: [...this.tables.values()].map((one) => one.dump()),
  })

  load = (from: unknown): void => {
    const { tables, ...rest } = from as WorldDump
    const dump = structuredClone(rest)
    this.account = dump.account
    this.knobs = dump.knobs
    this.customFields = [...dump.customFields]
    this.tables = new Map(tables.map((one) => [one.name, Table.load(one)]))
    this.numbers = new Map(dump.numbers)
    this.lineKeys = dump.lineKeys
    this.secrets = dump.secrets
    this.state = dump.state
  }
}
