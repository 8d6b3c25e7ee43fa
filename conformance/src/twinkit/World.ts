/**
 * The vendor's data. A record keeps the versions that lists still show while their index lags. What a test does here it
 * does as a person would in the vendor's own pages: stamps move, derived values follow, limits do not count.
 */
import type { TwinClock, World } from "../twin/Twin.ts"
import type { Collection, Declaration, Fields, Row, Value } from "./Declaration.ts"
import * as Values from "./Values.ts"

/** A record as it stands, with what the vendor keeps about it. */
export interface Kept {
  readonly id: string
  readonly row: Row
  /** The modified stamp, in milliseconds since the epoch, on its grid. */
  readonly modified: number
  /** From when on lists show this version. */
  readonly shownFrom: number
  readonly revision: number
  /** It was written through the API. */
  readonly written: boolean
  readonly gone: boolean
  /** The version that lists may still show. */
  readonly before?: Kept
}

export interface Edit {
  /** When it was done; now unless told. */
  readonly at?: number
  /** An edit that does not move the stamp: of another table, of the calendar. */
  readonly silent?: boolean
  /** Lists show it at once, whatever their lag. */
  readonly atOnce?: boolean
}

export interface KitWorld extends World {
  /**
   * Enters records by hand; numbers may be numbers. Gives their ids. The key may be given under its own name. Nothing is
   * checked: a world may hold what its own API would refuse.
   */
  readonly seed: (collection: string, rows: ReadonlyArray<object>, how?: Edit) => ReadonlyArray<string>
  /** All records in the order of their keys, the key among their fields, numbers by their text. */
  readonly all: (collection: string) => ReadonlyArray<Row>
  readonly get: (collection: string, id: string) => Row | undefined
  readonly edit: (collection: string, id: string, fields: object, how?: Edit) => void
  readonly remove: (collection: string, id: string, how?: Edit) => void
  /** True for a record that was written through the API, be it once, and not only by hand. */
  readonly isWritten: (collection: string, id: string) => boolean
  /** Every access token that was given is refused from now on. */
  readonly expireTokens: () => void
  /** Nor are new ones given. */
  readonly revoke: () => void
  /** The refresh token that would be taken now, where there is one. */
  readonly refreshToken: () => string | undefined
}

/** What a session at the token endpoint has come to. */
export interface Session {
  tokens: { readonly [token: string]: number }
  refreshToken: string | undefined
  revoked: boolean
  issued: number
}

interface Shelf {
  /** The next number of a key. */
  next: number
  records: Map<string, Kept>
}

interface Dump {
  readonly shelves: Readonly<Record<string, { readonly next: number; readonly records: ReadonlyArray<Kept> }>>
  readonly session: Session
}

const nameOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Numbers by their value, texts by code unit. */
export const keyOrder =
  ({ key }: Collection) =>
  (a: string, b: string): number =>
    key.assigned === "number" ? Number(a) - Number(b) || nameOrder(a, b) : nameOrder(a, b)

const initialSession = ({ auth }: Declaration): Session => ({
  tokens: {},
  refreshToken: auth.scheme === "oauth" ? auth.refreshToken : undefined,
  revoked: false,
  issued: 0,
})

export class State {
  readonly declaration: Declaration
  readonly clock: TwinClock
  session: Session
  readonly #shelves = new Map<string, Shelf>()

  constructor(declaration: Declaration, clock: TwinClock) {
    this.declaration = declaration
    this.clock = clock
    this.session = initialSession(declaration)
    for (const [name, { key }] of Object.entries(declaration.collections)) {
      this.#shelves.set(name, { next: key.start ?? 1, records: new Map() })
    }
  }

  collection(name: string): Collection {
    const found = this.declaration.collections[name]
    if (found === undefined) throw new RangeError(`${this.declaration.name} has no collection ${name}`)
    return found
  }

  #shelf(name: string): Shelf {
    this.collection(name)
    return this.#shelves.get(name) as Shelf
  }

  /** The record as it is now, wherever lists stand. */
  find(name: string, id: string): Kept | undefined {
    const kept = this.#shelf(name).records.get(id)
    return kept === undefined || kept.gone ? undefined : kept
  }

  current(name: string): ReadonlyArray<Kept> {
    const order = keyOrder(this.collection(name))
    return [...this.#shelf(name).records.values()].filter(({ gone }) => !gone).sort((a, b) => order(a.id, b.id))
  }

  /** What lists show now: every record as it was one lag ago, in the order of the keys. */
  listed(name: string): ReadonlyArray<Kept> {
    const collection = this.collection(name)
    const now = this.clock.now()
    const order = keyOrder(collection)
    return [...this.#shelf(name).records.values()]
      .flatMap((kept) => {
        let shown: Kept | undefined = kept
        while (shown !== undefined && shown.shownFrom > now) shown = shown.before
        return shown === undefined || shown.gone ? [] : [shown]
      })
      .sort((a, b) => order(a.id, b.id))
  }

  nextId(name: string): string {
    const { key } = this.collection(name)
    const shelf = this.#shelf(name)
    const next = shelf.next++
    return key.assigned === "number" ? String(next) : `${key.prefix ?? ""}${String(next).padStart(6, "0")}`
  }

  /** Writes a version of a record. Derived values are computed by it. */
  put(name: string, id: string, row: Row, how: Edit & { readonly byHand?: boolean } = {}): Kept {
    const collection = this.collection(name)
    const before = this.#shelf(name).records.get(id)
    const at = how.at ?? this.clock.now()
    const grain = collection.modified?.granularityMillis ?? 1
    const stamp = how.silent === true && before !== undefined ? before.modified : Math.floor(at / grain) * grain
    const kept: Kept = {
      id,
      row: this.#derived(collection.fields, row),
      modified: stamp,
      shownFrom: this.#shownFrom(collection, at, how),
      revision: (before?.revision ?? 0) + 1,
      written: before?.written === true || how.byHand !== true,
      gone: false,
      ...this.#shownBefore(collection, before),
    }
    this.#shelf(name).records.set(id, kept)
    return kept
  }

  remove(name: string, id: string, how: Edit = {}): void {
    const collection = this.collection(name)
    const kept = this.find(name, id)
    if (kept === undefined) return
    const flag = typeof collection.delete === "object" ? collection.delete.flag : undefined
    if (flag !== undefined) {
      this.put(name, id, { ...kept.row, [flag]: true }, how)
      return
    }
    const at = how.at ?? this.clock.now()
    const shown = this.#shownBefore(collection, kept)
    if (shown.before === undefined) this.#shelf(name).records.delete(id)
    else {
      const gone = { ...kept, gone: true, shownFrom: this.#shownFrom(collection, at, how) }
      this.#shelf(name).records.set(id, { ...gone, ...shown })
    }
  }

  #shownFrom({ modified }: Collection, at: number, { atOnce }: Edit): number {
    return atOnce === true ? at : at + (modified?.lagMillis ?? 0)
  }

  /** The versions that a lagging list may still show; older ones are forgotten. */
  #shownBefore(collection: Collection, before: Kept | undefined): { readonly before?: Kept } {
    const lag = collection.modified?.lagMillis ?? 0
    if (before === undefined || lag === 0) return {}
    const now = this.clock.now()
    const cut = (kept: Kept): Kept => {
      const { before: older, ...bare } = kept
      return kept.shownFrom <= now || older === undefined ? bare : { ...bare, before: cut(older) }
    }
    return { before: cut(before) }
  }

  #derived(fields: Fields, row: Row): Row {
    const filled: { [field: string]: Value } = { ...row }
    for (const [name, { derive }] of Object.entries(fields)) {
      if (derive !== undefined) filled[name] = Values.seeded(derive(filled, (other) => this.rows(other)))
    }
    return filled
  }

  rows(name: string): ReadonlyArray<Row> {
    return this.current(name).map((kept) => this.rowOf(name, kept))
  }

  rowOf(name: string, { id, row }: Kept): Row {
    return { [this.collection(name).key.field]: id, ...row }
  }

  dump(): Dump {
    const shelves = [...this.#shelves].map(([name, { next, records }]) => [
      name,
      { next, records: [...records.values()] },
    ])
    return structuredClone({ shelves: Object.fromEntries(shelves), session: this.session }) as Dump
  }

  load(dump: Dump): void {
    const { session, shelves } = structuredClone(dump)
    this.session = session
    for (const [name, { next, records }] of Object.entries(shelves)) {
      this.collection(name)
      this.#shelves.set(name, { next, records: new Map(records.map((kept) => [kept.id, kept])) })
    }
  }
}

const seed = (state: State, name: string, given: object, how: Edit | undefined): string => {
  const { fields, key } = state.collection(name)
  const { [key.field]: own, ...rest } = Values.seeded(given) as Row
  const row: { [field: string]: Value } = {}
  for (const [field, { default: usual }] of Object.entries(fields)) row[field] = rest[field] ?? usual ?? null
  const id = typeof own === "string" ? own : state.nextId(name)
  return state.put(name, id, { ...rest, ...row }, { ...how, byHand: true }).id
}

export const make = (state: State): KitWorld => ({
  seed: (name, rows, how) => rows.map((row) => seed(state, name, row, how)),
  all: (name) => state.rows(name),
  get: (name, id) => {
    const kept = state.find(name, id)
    return kept === undefined ? undefined : state.rowOf(name, kept)
  },
  edit: (name, id, fields, how) => {
    const kept = state.find(name, id)
    if (kept === undefined) throw new RangeError(`${name} ${id} is not there`)
    state.put(name, id, { ...kept.row, ...(Values.seeded(fields) as Row) }, { ...how, byHand: true })
  },
  remove: (name, id, how) => state.remove(name, id, how),
  isWritten: (name, id) => state.find(name, id)?.written === true,
  expireTokens: () => {
    state.session.tokens = {}
  },
  revoke: () => {
    state.session = { ...state.session, tokens: {}, refreshToken: undefined, revoked: true }
  },
  refreshToken: () => state.session.refreshToken,
  dump: () => state.dump(),
  load: (dump) => state.load(dump as Dump),
})
