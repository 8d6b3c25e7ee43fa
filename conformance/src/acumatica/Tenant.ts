/** One tenant of an instance: its tables, counters, own fields, custom endpoints, rights and push outbox. */
import type { CustomDef } from "./Custom.ts"
import { STORES, type StoreName } from "./Entities.ts"
import { Outbox, type OutboxDump } from "./Push.ts"
import { Store, type StoreDump } from "./Store.ts"

export interface CustomEndpoint {
  readonly name: string
  readonly version: string
  /** Version of `Default` whose contract and entities it inherits. */
  readonly extends: string
}

export interface TenantDump {
  readonly name: string
  readonly baseCurrency: string
  readonly currencies: ReadonlyArray<string>
  readonly branches: ReadonlyArray<string>
  readonly counters: Readonly<Record<string, number>>
  readonly custom: ReadonlyArray<CustomDef>
  readonly endpoints: ReadonlyArray<CustomEndpoint>
  readonly forbidden: ReadonlyArray<string>
  readonly stores: Readonly<Record<string, StoreDump>>
  readonly push: OutboxDump
}

export class Tenant {
  readonly name: string
  baseCurrency = "USD"
  currencies: Array<string> = ["USD", "EUR", "GBP", "CHF", "JPY", "KWD", "CAD", "ILS", "CNY"]
  branches: Array<string> = ["MAIN"]
  custom: Array<CustomDef> = []
  endpoints: Array<CustomEndpoint> = []
  /** Entities that the API user may not open. */
  forbidden: Array<string> = []
  readonly push = new Outbox()
  private readonly stores: ReadonlyMap<StoreName, Store>
  private counters = new Map<string, number>()

  constructor(name: string, seed: number) {
    this.name = name
    this.stores = new Map(STORES.map((one) => [one, new Store(one, seed)]))
  }

  store(name: StoreName): Store {
    return this.stores.get(name) as Store
  }

  /** The next number of a sequence; numbers given by hand are stepped over by the caller. */
  next(sequence: string): number {
    const number = (this.counters.get(sequence) ?? 0) + 1
    this.counters.set(sequence, number)
    return number
  }

  settle(now: number): void {
    for (const store of this.stores.values()) store.settle(now)
  }

  dump(): TenantDump {
    return {
      name: this.name,
      baseCurrency: this.baseCurrency,
      currencies: this.currencies,
      branches: this.branches,
      counters: Object.fromEntries(this.counters),
      custom: this.custom,
      endpoints: this.endpoints,
      forbidden: this.forbidden,
      stores: Object.fromEntries([...this.stores].map(([name, store]) => [name, store.dump()])),
      push: this.push.dump(),
    }
  }

  load(dump: TenantDump): void {
    this.baseCurrency = dump.baseCurrency
    this.currencies = [...dump.currencies]
    this.branches = [...dump.branches]
    this.counters = new Map(Object.entries(dump.counters))
    this.custom = [...dump.custom]
    this.endpoints = [...dump.endpoints]
    this.forbidden = [...dump.forbidden]
    for (const [name, store] of this.stores) store.load(dump.stores[name] ?? { docs: [], late: [] })
    this.push.load(dump.push)
  }
}
