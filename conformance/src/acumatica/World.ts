/**
 * The world of the twin: everything that the instance knows, to be seeded and inspected by tests and kept on disk as
 * JSON.
 *
 * ```ts
 * world.seed("Customer", [{ CustomerID: "C1", CustomerName: "Blauwal GmbH", MainContact: { Email: "post@blauwal.example" } }])
 * world.get("Customer", "C1")?.fields["Status"]   // "Active"
 * ```
 */
import type { TwinClock, World } from "../twin/Twin.ts"
import { byName, type EntityDef, type StoreName } from "./Entities.ts"
import type { FormContext } from "./forms/Form.ts"
import * as Guid from "./Guid.ts"
import { defaults, type Knobs } from "./Knobs.ts"
import type { LicenseLimits } from "./License.ts"
import { type Doc, day, flag, stamp, text } from "./Record.ts"
import * as Release from "./Release.ts"
import * as Seed from "./Seed.ts"
import * as Shapes from "./Shapes.ts"
import * as State from "./State.ts"
import { Tenant, type TenantDump } from "./Tenant.ts"

export interface WorldOptions {
  readonly clock: TwinClock
  readonly seed: number
  readonly tenants: ReadonlyArray<string>
  readonly license: LicenseLimits
  readonly knobs: Partial<Knobs>
}

export interface WorldDump {
  readonly seed: number
  readonly counter: number
  readonly knobs: Knobs
  readonly license: LicenseLimits
  readonly processed: ReadonlyArray<number>
  readonly tenants: ReadonlyArray<TenantDump>
  readonly state: State.StateDump
}

/** Names in seeds are those of the newest version. */
const SEED_VERSION = "25.200.001"

export class AcumaticaWorld implements World {
  readonly clock: TwinClock
  readonly shapes = Shapes.make()
  knobs: Knobs
  license: LicenseLimits
  /** When the requests of the last minute began, for the limit of the rate. */
  processed: Array<number> = []
  state: State.State = State.empty()
  private seedNumber: number
  private counter = 0
  private tenants = new Map<string, Tenant>()

  constructor(options: WorldOptions) {
    this.clock = options.clock
    this.seedNumber = options.seed
    this.knobs = { ...defaults(), ...options.knobs }
    this.license = options.license
    for (const name of options.tenants) this.tenants.set(name, new Tenant(name, options.seed))
  }

  /** The first one unless named. */
  tenant(name?: string): Tenant {
    const found = name === undefined ? this.tenants.values().next().value : this.tenants.get(name)
    if (found === undefined) throw new RangeError(`no tenant ${name}`)
    return found
  }

  findTenant(name: string): Tenant | undefined {
    return this.tenants.get(name)
  }

  tenantNames(): ReadonlyArray<string> {
    return [...this.tenants.keys()]
  }

  /** The server's clock, which may be off. */
  now(): number {
    return this.clock.now() + this.knobs.clockSkew
  }

  guid(): string {
    this.counter += 1
    return Guid.make(this.seedNumber, this.counter)
  }

  /** The salt of a list that is shuffled anew each time. */
  salt(): number {
    this.counter += 1
    return this.counter
  }

  formContext(tenant: Tenant, branch = "MAIN", today?: string): FormContext {
    return {
      tenant,
      knobs: this.knobs,
      now: this.now(),
      today: today ?? day(this.now(), this.knobs.zoneMinutes),
      branch,
      guid: () => this.guid(),
      save: (store, before, after) => this.save(tenant, store, before, after),
    }
  }

  private seedContext(tenant: Tenant): Seed.SeedContext {
    return { ...this.formContext(tenant, tenant.branches[0]), shapes: this.shapes, version: SEED_VERSION }
  }

  /** Records as if people had entered them. Released payments settle what they are applied to. */
  seed(entity: string, records: ReadonlyArray<Seed.SeedRecord>, tenantName?: string): ReadonlyArray<Doc> {
    const tenant = this.tenant(tenantName)
    const context = this.seedContext(tenant)
    const def = byName(entity)
    return records.map((record) => {
      const doc = Seed.insert(context, def, record)
      return record.$released === true ? this.seedReleased(context, def, doc, record) : doc
    })
  }

  private seedReleased(context: Seed.SeedContext, def: EntityDef, doc: Doc, record: Seed.SeedRecord): Doc {
    const at = { ...context, now: Seed.millisOf(record.$modified, context.now) }
    const quiet = {
      ...at,
      save: (store: StoreName, _: Doc | undefined, after: Doc) => context.tenant.store(store).put(after),
    }
    const failed = def.store === "payments" ? Release.payment(quiet, doc) : Release.invoice(quiet, doc)
    if (failed !== undefined)
      throw new RangeError(`${def.name} ${def.keys.map((key) => record[key]).join("/")}: ${failed}`)
    const released = context.tenant.store(def.store).get(doc.id) as Doc
    const made = Seed.restated(context, released, record, def.name)
    context.tenant.store(def.store).put(made)
    return made
  }

  /** One record by its key, as readers see it. */
  get(entity: string, ...key: ReadonlyArray<string>): Doc | undefined {
    const def = byName(entity)
    const doc = this.tenant().store(def.store).find(key)
    return doc !== undefined && this.shown(def, doc) ? doc : undefined
  }

  all(entity: string, tenantName?: string): ReadonlyArray<Doc> {
    const def = byName(entity)
    return [...this.tenant(tenantName).store(def.store).values()].filter((doc) => this.shown(def, doc))
  }

  /** Sales invoices and AR invoices share a table; what each form shows of it is a matter of origin. */
  shown(def: EntityDef, doc: Doc): boolean {
    if (def.store !== "receivables") return true
    const sales = text(doc, "Module") === "SO"
    if (def.name === "SalesInvoice") return sales
    if (!sales) return true
    const { salesInvoicesShowAsInvoices: rule } = this.knobs
    return rule === "always" || (rule === "released" && flag(doc, "Released"))
  }

  customer = (id: string): Doc | undefined => this.get("Customer", id)
  contact = (id: string): Doc | undefined => this.get("Contact", id)
  stockItem = (id: string): Doc | undefined => this.get("StockItem", id)
  nonStockItem = (id: string): Doc | undefined => this.get("NonStockItem", id)
  order = (nbr: string, type = "SO"): Doc | undefined => this.get("SalesOrder", type, nbr)
  invoice = (nbr: string, type = "Invoice"): Doc | undefined => this.tenant().store("receivables").find([type, nbr])
  payment = (nbr: string, type = "Payment"): Doc | undefined => this.get("Payment", type, nbr)

  /** An edit by somebody else: members are overwritten, and the stamp moves unless told. */
  edit(
    entity: string,
    key: ReadonlyArray<string>,
    members: Seed.SeedRecord,
    options: { readonly moveStamp?: boolean; readonly at?: number; readonly seenAfter?: number } = {},
  ): Doc {
    const def = byName(entity)
    const tenant = this.tenant()
    const before = tenant.store(def.store).findLatest(key)
    if (before === undefined) throw new RangeError(`no ${entity} ${key.join("/")}`)
    const made = Seed.overwrite(this.seedContext(tenant), def, before, members)
    const at = options.at ?? this.now()
    if (options.moveStamp !== false) {
      made.modified = stamp(at)
      if (made.accountModified !== undefined) made.accountModified = made.modified
    }
    const seen = options.seenAfter ?? 0
    if (seen > 0) tenant.store(def.store).putLate(at + seen, made)
    else this.save(tenant, def.store, before, made)
    return made
  }

  remove(entity: string, ...key: ReadonlyArray<string>): void {
    const def = byName(entity)
    const store = this.tenant().store(def.store)
    const doc = store.find(key)
    if (doc !== undefined) this.drop(this.tenant(), def.store, doc)
  }

  /** Releases or voids outside of any session. Gives the text of the failure. */
  release(entity: string, ...key: ReadonlyArray<string>): Release.Outcome {
    const def = byName(entity)
    const doc = this.tenant().store(def.store).findLatest(key)
    if (doc === undefined) throw new RangeError(`no ${entity} ${key.join("/")}`)
    const context = this.formContext(this.tenant())
    return def.store === "payments" ? Release.payment(context, doc) : Release.invoice(context, doc)
  }

  /** Takes a released payment back, as its form would. Gives the text of the failure. */
  voidPayment(nbr: string, type = "Payment"): Release.Outcome {
    const doc = this.payment(nbr, type)
    if (doc === undefined) throw new RangeError(`no Payment ${type}/${nbr}`)
    return Release.voidPayment(this.formContext(this.tenant()), doc)
  }

  save(tenant: Tenant, store: StoreName, before: Doc | undefined, after: Doc): void {
    const { commitDelay } = this.knobs
    if (commitDelay > 0) tenant.store(store).putLate(this.now() + commitDelay, after)
    else tenant.store(store).put(after)
    this.notify(tenant, store, before, after)
  }

  drop(tenant: Tenant, store: StoreName, doc: Doc): void {
    tenant.store(store).delete(doc.id)
    this.notify(tenant, store, doc, undefined)
  }

  private notify(tenant: Tenant, store: StoreName, before: Doc | undefined, after: Doc | undefined): void {
    const change = { store, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }
    tenant.push.record(tenant.name, change, this.now(), () => this.guid(), this.knobs.pushTwice)
  }

  /** Lets late commits be seen whose time has come. */
  settle(): void {
    const now = this.now()
    for (const tenant of this.tenants.values()) tenant.settle(now)
  }

  dump = (): WorldDump => ({
    seed: this.seedNumber,
    counter: this.counter,
    knobs: structuredClone(this.knobs),
    license: this.license,
    processed: [...this.processed],
    tenants: [...this.tenants.values()].map((one) => one.dump()),
    state: State.dump(this.state),
  })

  load = (from: unknown): void => {
    const dump = from as WorldDump
    this.seedNumber = dump.seed
    this.counter = dump.counter
    this.knobs = structuredClone(dump.knobs)
    this.license = dump.license
    this.processed = [...dump.processed]
    this.state = State.load(dump.state)
    this.tenants = new Map()
    for (const one of dump.tenants) {
      const tenant = new Tenant(one.name, dump.seed)
      tenant.load(one)
      this.tenants.set(one.name, tenant)
    }
  }
}
