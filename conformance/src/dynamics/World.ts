/**
 * The world of the twin: everything that the environment knows, to be seeded and inspected by tests and kept on disk as JSON.
 * Keys are given in the order of the set's keys, the company first.
 *
 * ```ts
 * world.seed("CustomersV3", [{ dataAreaId: "usmf", OrganizationName: "Contoso", CustomerGroupId: "30", SalesCurrencyCode: "USD" }])
 * world.get("CustomersV3", "usmf", "USMF-000001")?.fields["NameAlias"]   // "Contoso"
 * ```
 */
import type { TwinClock, World } from "../twin/Twin.ts"
import { Outbox, type OutboxDump } from "./BusinessEvents.ts"
import * as Chart from "./Chart.ts"
import * as Dimensions from "./Dimensions.ts"
import * as FreeTextPosting from "./FreeTextPosting.ts"
import type * as Form from "./forms/Form.ts"
import * as Forms from "./forms/Forms.ts"
import { defaults, type Knobs } from "./Knobs.ts"
import { Model, type OwnField } from "./Model.ts"
import * as Money from "./Money.ts"
import * as Posting from "./Posting.ts"
import { type Cell, type Doc, day, stamp, text } from "./Record.ts"
import * as Seeding from "./Seeding.ts"
import * as Sets from "./Sets.ts"
import * as Settling from "./Settling.ts"
import * as State from "./State.ts"
import { Storage } from "./Storage.ts"
import type { Table, TableDump } from "./Table.ts"
import * as Values from "./Values.ts"
import * as View from "./View.ts"

export interface WorldOptions {
  readonly clock: TwinClock
  readonly seed: number
  readonly knobs: Partial<Knobs>
  readonly fields: ReadonlyArray<OwnField>
  readonly absent: ReadonlyArray<string>
  /** `standard`: two companies, `usmf` in dollars and `demf` in euros, with what documents need. */
  readonly chart: "standard" | "none"
}

export interface WorldDump {
  readonly seed: number
  readonly count: number
  readonly knobs: Knobs
  readonly fields: ReadonlyArray<OwnField>
  readonly absent: ReadonlyArray<string>
  readonly state: State.State
  readonly tables: Readonly<Record<string, TableDump>>
  readonly events: OutboxDump
}

interface Crawl {
  readonly name: string
  readonly version: number
  readonly docs: ReadonlyArray<Doc>
}

export class DynamicsWorld extends Storage implements World {
  readonly events = new Outbox()
  state: State.State = State.empty()
  model: Model
  /** The rows of the last ordered list of each table, for the pages that follow. */
  readonly crawls = new Map<string, Crawl>()
  private own: Array<OwnField>
  private absent: Array<string>
  private views = new Map<string, View.View>()

  constructor(options: WorldOptions) {
    super(options.clock, options.seed, { ...defaults(), ...options.knobs })
    this.own = [...options.fields]
    this.absent = [...options.absent]
    this.model = new Model(this.own, this.absent)
    if (options.chart === "standard") Chart.seed(this)
  }

  findView(set: string): View.View | undefined {
    const known = this.views.get(set)
    if (known !== undefined) return known
    const [def, model] = [Sets.find(set), this.model.find(set)]
    if (def === undefined || model === undefined) return undefined
    const made = { world: this, set: def, model }
    this.views.set(set, made)
    return made
  }

  view(set: string): View.View {
    const found = this.findView(set)
    if (found === undefined) throw new RangeError(`no entity set ${set}`)
    return found
  }

  company(id: string): State.Company | undefined {
    return this.state.companies.find((one) => one.id === id.toLowerCase())
  }

  /** Puts a company beside the others, with nothing in it. */
  addCompany(company: State.Company): void {
    this.state.companies.push(company)
  }

  /** A field that the tenant's developers added; it shows in the metadata like any other. */
  addField(field: OwnField): void {
    this.own.push(field)
    this.remodel()
  }

  /** Sets that this version, or a configuration key, hides. */
  hide(...sets: ReadonlyArray<string>): void {
    this.absent.push(...sets)
    this.remodel()
  }

  private remodel(): void {
    this.model = new Model(this.own, this.absent)
    this.views = new Map()
    this.crawls.clear()
  }

  /** Number of a sequence; an empty company is what all share. */
  next(company: string, sequence: string): number {
    const name = `${company} ${sequence}`
    const number = (this.state.counters[name] ?? 0) + 1
    this.state.counters[name] = number
    return number
  }

  isManual(company: string, sequence: string): boolean {
    return this.knobs.manualNumbers.includes(`${company} ${sequence}`)
  }

  private activeFormat(type: string): Dimensions.Format {
    const active = [...this.table("DimensionIntegrationFormats").values()].find(
      (doc) => text(doc, "DimensionFormatType") === type && text(doc, "IsActive") === "Yes",
    )
    const { delimiter } = this.knobs
    const shown = active === undefined ? "" : text(active, "FinancialDimensionFormat")
    return { dimensions: shown === "" ? [] : Dimensions.segments(shown, delimiter), delimiter }
  }

  dimensionFormat(): Dimensions.Format {
    return this.activeFormat("DataEntityDefaultDimensionFormat")
  }

  ledgerFormat(): Dimensions.Format {
    return this.activeFormat("DataEntityLedgerDimensionFormat")
  }

  /** The first value that its dimension does not have, as a text. */
  badDimension(cell: Cell): string | undefined {
    const known = this.table("FinancialDimensionValues")
    for (const [dimension, value] of Object.entries(Dimensions.valuesOf(cell))) {
      if (dimension === "MainAccount") continue
      const values = known.latestWhere("FinancialDimension", dimension)
      if (!values.some((doc) => text(doc, "DimensionValue") === value)) {
        return `The value '${value}' is not valid in dimension '${dimension}'`
      }
    }
    return undefined
  }

  context(company: string, at = this.now(), seeding = false): Form.Context {
    return { world: this, knobs: this.knobs, company, now: stamp(at), today: day(at), issues: [], seeding }
  }

  /** Records as if people had entered them. */
  seed(set: string, records: ReadonlyArray<Seeding.SeedRecord>, company?: string): ReadonlyArray<Doc> {
    const view = this.view(set)
    return records.map((record) => Seeding.insert(view, record, company))
  }

  /** One record by its key, as readers see it. */
  get(set: string, ...key: ReadonlyArray<string>): Doc | undefined {
    return this.byKey(
      this.view(set),
      key,
      (table) => table.values(),
      (table, field, value) => table.where(field, value),
    )
  }

  private byKey(
    view: View.View,
    key: ReadonlyArray<string>,
    all: (table: Table) => Iterable<Doc>,
    where: (table: Table, field: string, value: string) => ReadonlyArray<Doc>,
  ): Doc | undefined {
    const fields = view.model.keys.map((name) => View.field(view, name))
    const columns = fields.map((field) => Sets.column(view.set, field.name))
    const table = this.table(view.set.table)
    const place = fields.findIndex(
      ({ kind, name }, at) => kind === "text" && name !== "dataAreaId" && !/^\$/.test(columns[at] ?? ""),
    )
    const candidates = place < 0 ? all(table) : where(table, columns[place] ?? "", key[place] ?? "")
    for (const doc of candidates) {
      const fits = fields.every((field, at) => {
        const [cell, wanted] = [View.cell(view, doc, field) ?? "", key[at] ?? ""]
        return Values.isNumber(field) ? Money.compare(cell, wanted) === 0 : cell.toLowerCase() === wanted.toLowerCase()
      })
      if (fits) return doc
    }
    return undefined
  }

  all(set: string, company?: string): ReadonlyArray<Doc> {
    const docs = [...this.table(Sets.setOf(set).table).values()]
    return company === undefined ? docs : docs.filter((doc) => doc.company === company)
  }

  /** One field of a record as the set shows it; amounts as their text. */
  value(set: string, doc: Doc, field: string): Cell {
    const view = this.view(set)
    return View.cell(view, doc, View.field(view, field))
  }

  private existing(set: string, key: ReadonlyArray<string>): Doc {
    const found = this.byKey(
      this.view(set),
      key,
      (table) => table.latestValues(),
      (table, field, value) => table.latestWhere(field, value),
    )
    if (found === undefined) throw new RangeError(`no ${set} ${key.join("/")}`)
    return found
  }

  /** An edit by somebody else, who meets no checks. Versions and stamps move as for any edit, unless told. */
  edit(
    set: string,
    key: ReadonlyArray<string>,
    members: Seeding.SeedRecord,
    options: { readonly moveStamp?: boolean; readonly seenAfter?: number } = {},
  ): Doc {
    const view = this.view(set)
    const before = this.existing(set, key)
    const cells = Seeding.cells(view, members)
    const doc = { ...structuredClone(before), fields: { ...before.fields, ...Object.fromEntries(cells) } }
    const context = this.context(before.company)
    const { commitDelay } = this.knobs
    this.knobs.commitDelay = options.seenAfter ?? commitDelay
    if (options.moveStamp === false) this.save(view.set.table, doc)
    else if (this.saveChanged(view.set.table, before, doc, context.now)) {
      Forms.of(view.set.table).saved?.({ doc, before, sent: new Set(cells.keys()) }, context)
    }
    this.knobs.commitDelay = commitDelay
    return doc
  }

  remove(set: string, ...key: ReadonlyArray<string>): void {
    this.drop(Sets.setOf(set).table, this.existing(set, key))
  }

  /** Posts the invoice of an order, whole or in part, as a person does. Gives the number of the invoice. */
  postOrder(company: string, order: string, options: Posting.OrderOptions = {}): string {
    return Posting.order(this.context(company), order, options)
  }

  /** Posts a free text invoice, under a number of its sequence or this one. A negative total makes it a credit note. */
  postFreeText(company: string, invoiceIdentifier: string, number?: string): string {
    return FreeTextPosting.post(this.context(company), invoiceIdentifier, number)
  }

  /** A payment of a customer, settled against invoices. Gives its voucher. */
  pay(company: string, payment: Settling.PaymentOptions): string {
    return Settling.pay(this.context(company), payment)
  }

  /** Posts a payment journal and settles the invoices that its lines mark. */
  postJournal(company: string, journal: string): void {
    Settling.postJournal(this.context(company), journal)
  }

  dump = (): WorldDump =>
    structuredClone({
      seed: this.seedNumber,
      count: this.count,
      knobs: this.knobs,
      fields: this.own,
      absent: this.absent,
      state: this.state,
      tables: this.dumpTables(),
      events: this.events.dump(),
    })

  load = (from: unknown): void => {
    const dump = structuredClone(from as WorldDump)
    this.seedNumber = dump.seed
    this.count = dump.count
    this.knobs = dump.knobs
    this.own = [...dump.fields]
    this.absent = [...dump.absent]
    this.state = dump.state
    this.remodel()
    this.loadTables(dump.tables)
    this.events.load(dump.events)
  }
}
