/**
 * The world of the twin: everything that the site knows, to be seeded and inspected by tests and kept on disk as JSON.
 *
 * ```ts
 * world.seed("Customer", [{ customer_name: "Blauwal GmbH", default_currency: "EUR" }])
 * world.get("Customer", "Blauwal GmbH")?.columns["customer_type"]   // "Company"
 * ```
 */

import type { Problem } from "../twin/SpecValidator.ts"
import type { World } from "../twin/Twin.ts"
import * as SalesInvoice from "./controllers/SalesInvoice.ts"
import { copy, type Doc, docstatus, nameOf } from "./Doc.ts"
import * as Documents from "./Documents.ts"
import type { Input } from "./Input.ts"
import type { Knobs } from "./Knobs.ts"
import * as OAuth from "./OAuth.ts"
import { ADMINISTRATOR, type Site } from "./Site.ts"
import * as Stamp from "./Stamp.ts"
import * as State from "./State.ts"
import type { StoreDump } from "./Store.ts"
import * as Values from "./Values.ts"
import type { Delivery, Receive, Waiting, WebhooksDump } from "./Webhooks.ts"

/** Fields of a document, rows of its tables as arrays; amounts are text. Names that begin with `$` are no fields. */
export interface SeedRecord {
  readonly [field: string]: unknown
  /** A name of its own, whatever the rule of the doctype. */
  readonly $name?: string
  /** Milliseconds, or a stamp in the zone of the site; now unless told. */
  readonly $modified?: number | string
  readonly $creation?: number | string
  readonly $submitted?: boolean
}

/** A request that the descriptions in `specs/` do not know: the site takes it all the same, or is silent about it. */
export interface Misfit extends Problem {
  readonly request: number
}

export interface WorldDump {
  readonly seed: number
  readonly counter: number
  readonly last: number
  readonly knobs: Knobs
  readonly store: StoreDump
  readonly state: State.StateDump
  readonly webhooks: WebhooksDump
}

const plainFields = (record: SeedRecord): Input =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !name.startsWith("$")))

/** The rows of a document bear the stamp of its last save. */
const restamp = (doc: Doc, stamp: string): void => {
  const modified = Stamp.readStamp(stamp)
  doc.columns["modified"] = modified
  for (const row of Object.values(doc.tables).flat()) row["modified"] = modified
}

export class ErpNextWorld implements World {
  readonly site: Site
  /** Requests that did not fit the descriptions, oldest first. */
  readonly misfits: Array<Misfit> = []

  constructor(site: Site) {
    this.site = site
  }

  get knobs(): Knobs {
    return this.site.knobs
  }

  private quietly<A>(work: () => A): A {
    const { api, notes, user } = this.site
    this.site.user = ADMINISTRATOR
    this.site.notes = []
    try {
      return work()
    } finally {
      Object.assign(this.site, { api, notes, user })
    }
  }

  private stampOf(at: number | string): string {
    return typeof at === "string" ? at : this.site.wallClock().at(at * 1000)
  }

  /** What was there before anybody looked: no webhook tells of it. */
  seed(doctype: string, records: ReadonlyArray<SeedRecord>): ReadonlyArray<Doc> {
    const made = this.quietly(() => records.map((record) => this.plant(doctype, record)))
    this.site.webhooks.settle(false)
    return made
  }

  private plant(doctype: string, record: SeedRecord): Doc {
    const shape = Documents.shapeOf(this.site, doctype)
    const unknown = Object.keys(plainFields(record)).find((field) => shape.field(field) === undefined)
    if (unknown !== undefined) throw new RangeError(`${doctype} has no field ${unknown}`)
    const options = record.$name === undefined ? {} : { name: record.$name }
    const doc = Documents.insert(this.site, doctype, plainFields(record), options)
    if (record.$submitted === true) Documents.move(this.site, doctype, nameOf(doc), 1)
    if (record.$modified !== undefined || record.$creation !== undefined) {
      const stored = copy(this.found(doctype, nameOf(doc)))
      if (record.$modified !== undefined) restamp(stored, this.stampOf(record.$modified))
      stored.columns["creation"] = this.stampOf(record.$creation ?? record.$modified ?? this.site.now())
      this.site.store.put(stored)
    }
    return this.found(doctype, nameOf(doc))
  }

  private found(doctype: string, name: string): Doc {
    const doc = this.get(doctype, name)
    if (doc === undefined) throw new RangeError(`no ${doctype} ${name}`)
    return doc
  }

  get(doctype: string, name: string): Doc | undefined {
    this.site.store.release(this.site.now())
    return this.site.get(doctype, name)
  }

  all(doctype: string): ReadonlyArray<Doc> {
    this.site.store.release(this.site.now())
    return [...this.site.store.all(doctype)]
  }

  /** Documents that hold the value: how many customers bear one key. */
  having(doctype: string, field: string, value: string): ReadonlyArray<Doc> {
    return this.site.store.find(doctype, field, value)
  }

  /**
   * An edit by somebody else, through the form: the stamp moves unless told, and webhooks fire. `seenAfter`: a transaction
   * that takes so many milliseconds from the stamp to its commit.
   */
  edit(
    doctype: string,
    name: string,
    fields: SeedRecord,
    options: { readonly moveStamp?: boolean; readonly at?: number | string; readonly seenAfter?: number } = {},
  ): Doc {
    const before = this.found(doctype, name)
    this.quietly(() => Documents.change(this.site, doctype, name, plainFields(fields)))
    this.site.webhooks.settle(true)
    const doc = copy(this.found(doctype, name))
    if (options.moveStamp === false) restamp(doc, String(before.columns["modified"]))
    else if (options.at !== undefined) restamp(doc, this.stampOf(options.at))
    if (options.seenAfter === undefined) this.site.store.put(doc)
    else {
      this.site.store.put(before)
      this.site.store.hold(doc, this.site.now() + options.seenAfter)
    }
    return doc
  }

  /** Gives a document and its rows another stamp, as an import does. */
  stamp(doctype: string, name: string, at: number | string): void {
    const doc = copy(this.found(doctype, name))
    restamp(doc, this.stampOf(at))
    this.site.store.put(doc)
  }

  /** Writes past every rule, as SQL would: no stamp moves, nothing is derived. */
  overwrite(doctype: string, name: string, fields: SeedRecord): Doc {
    const shape = Documents.shapeOf(this.site, doctype)
    const doc = copy(this.found(doctype, name))
    for (const [field, value] of Object.entries(plainFields(fields))) {
      const known = shape.field(field)
      if (known === undefined) throw new RangeError(`${doctype} has no field ${field}`)
      doc.columns[field] = Values.cast(known, value)
    }
    this.site.store.put(Values.stored(this.site, shape, doc))
    return this.found(doctype, name)
  }

  private act<A>(work: () => A): A {
    const result = this.quietly(() => this.site.store.transaction(work))
    this.site.webhooks.settle(true)
    return result
  }

  remove(doctype: string, name: string): void {
    this.act(() => Documents.remove(this.site, doctype, name))
  }

  rename(doctype: string, from: string, to: string): void {
    this.act(() => Documents.rename(this.site, doctype, from, to))
  }

  submit(doctype: string, name: string): Doc {
    this.act(() => Documents.move(this.site, doctype, name, 1))
    return this.found(doctype, name)
  }

  cancel(doctype: string, name: string): Doc {
    this.act(() => Documents.move(this.site, doctype, name, 2))
    return this.found(doctype, name)
  }

  /** A payment of what an invoice owes, or of a part of it; submitted. */
  pay(invoice: string, amount?: string): Doc {
    const { columns } = this.found("Sales Invoice", invoice)
    const paid = amount ?? String(columns["outstanding_amount"] ?? "0")
    const company = this.site.get("Company", String(columns["company"]))?.columns ?? {}
    const [payment] = this.seed("Payment Entry", [
      {
        payment_type: "Receive",
        company: columns["company"],
        party_type: "Customer",
        party: columns["customer"],
        paid_from: columns["debit_to"],
        paid_to: company["default_bank_account"],
        paid_amount: paid,
        received_amount: paid,
        reference_no: `PAY-${invoice}`,
        reference_date: this.site.today(),
        references: [{ reference_doctype: "Sales Invoice", reference_name: invoice, allocated_amount: paid }],
        $submitted: true,
      },
    ])
    return payment as Doc
  }

  /** Marks what has become overdue, past every stamp and webhook. Gives how many. */
  runDailyJob(): number {
    return this.quietly(() => SalesInvoice.markOverdue(this.site))
  }

  /** A setting of a document that there is one of. */
  set(settings: string, fields: SeedRecord): void {
    this.overwrite(settings, settings, fields)
  }

  /** Takes a user's access away, or gives it back. */
  enable(user: string, enabled: boolean): void {
    const found = this.site.state.users.get(user)
    if (found === undefined) throw new RangeError(`no user ${user}`)
    found.enabled = enabled
  }

  /** A pair of tokens as if somebody had consented in a browser. */
  consent(client: string, user = ADMINISTRATOR): { readonly accessToken: string; readonly refreshToken: string } {
    return OAuth.consent(this.site, client, user)
  }

  /** The code that a consent in a browser brings back; the query is that of `authorize`. */
  authorize(client: string, query: URLSearchParams, user = ADMINISTRATOR): string {
    return OAuth.newCode(this.site, client, user, query).code
  }

  /** Where webhooks are received. */
  aimWebhooks(receive: Receive): void {
    this.site.webhooks.aim(receive)
  }

  /** Sends the webhooks that are due, as the worker of the site would. */
  deliverWebhooks(): Promise<ReadonlyArray<Delivery>> {
    return this.site.webhooks.deliverDue(this.site)
  }

  pendingWebhooks(): ReadonlyArray<Waiting> {
    return this.site.webhooks.pending()
  }

  lostWebhooks(): ReadonlyArray<Waiting> {
    return this.site.webhooks.lost()
  }

  /** Documents that are neither draft nor cancelled: what nobody but people should have made. */
  submitted(doctype: string): ReadonlyArray<Doc> {
    return this.all(doctype).filter((doc) => docstatus(doc) === 1)
  }

  dump = (): WorldDump => ({
    seed: this.site.seed,
    counter: this.site.counter,
    last: this.site.last,
    knobs: structuredClone(this.site.knobs),
    store: this.site.store.dump(),
    state: State.dump(this.site.state),
    webhooks: this.site.webhooks.dump(),
  })

  load = (from: unknown): void => {
    const dump = from as WorldDump
    this.site.seed = dump.seed
    this.site.counter = dump.counter
    this.site.last = dump.last
    this.site.knobs = structuredClone(dump.knobs)
    this.site.store.load(dump.store)
    this.site.state = State.load(dump.state)
    this.site.webhooks.load(dump.webhooks)
    this.site.readCustomFields()
  }
}
