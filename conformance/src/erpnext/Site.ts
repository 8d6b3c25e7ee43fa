/** One site: its documents and their meta, its clock and zone, and who asks now. */
import { seededRandom, type TwinClock } from "../twin/Twin.ts"
import type { Controller } from "./controllers/Controller.ts"
import { type Columns, type Doc, integer, text, type Value } from "./Doc.ts"
import type { Note } from "./Errors.ts"
import { defaults, type Knobs } from "./Knobs.ts"
import { type Field, Meta, type Shape } from "./Meta.ts"
import { type Name, type Release, releases } from "./Release.ts"
import { WallClock } from "./Stamp.ts"
import * as State from "./State.ts"
import { Store } from "./Store.ts"
import type { Webhooks } from "./Webhooks.ts"

export const ADMINISTRATOR = "Administrator"
export const GUEST = "Guest"

const LETTERS = "0123456789abcdefghijklmnopqrstuv"

export interface SiteOptions {
  readonly clock: TwinClock
  readonly seed: number
  readonly release: Name
  readonly origin: string
  readonly knobs: Partial<Knobs>
  readonly webhooks: Webhooks
  readonly controllers: { readonly [doctype: string]: Controller }
}

const PLAIN: Controller = {}

export class Site {
  readonly clock: TwinClock
  readonly origin: string
  readonly webhooks: Webhooks
  readonly release: Release
  readonly meta: Meta
  readonly store = new Store()
  private readonly controllers: SiteOptions["controllers"]
  knobs: Knobs
  state: State.State = State.empty()
  /** Who asks, through which API, and what he is told beside the answer. */
  user = ADMINISTRATOR
  api: 1 | 2 = 1
  notes: Array<Note> = []
  seed: number
  counter = 0
  /** Microseconds of the last stamp. */
  last = 0
  private wall = new WallClock("UTC")

  constructor(options: SiteOptions) {
    this.clock = options.clock
    this.origin = options.origin
    this.webhooks = options.webhooks
    this.controllers = options.controllers
    this.release = releases[options.release]
    this.meta = new Meta(this.release.doctypes)
    this.knobs = { ...defaults(), ...options.knobs }
    this.seed = options.seed
  }

  shape(doctype: string): Shape | undefined {
    return this.meta.find(doctype)
  }

  controller(doctype: string): Controller {
    return this.controllers[doctype] ?? PLAIN
  }

  /** Milliseconds of the server's clock. */
  now(): number {
    return this.clock.now() + this.knobs.clockSkew
  }

  /** Another microsecond at each call, so that no two stamps of the site are alike by chance. */
  micros(): number {
    this.last = Math.max(this.last + 1, this.now() * 1000)
    return this.last
  }

  stamp(): string {
    return this.wallClock().at(this.micros())
  }

  wallClock(): WallClock {
    const zone = text(this.settings("System Settings"), "time_zone") || "UTC"
    if (this.wall.zone !== zone) this.wall = new WallClock(zone)
    return this.wall
  }

  today(): string {
    return this.wallClock()
      .at(this.now() * 1000)
      .slice(0, 10)
  }

  /** Columns of a document that there is one of. */
  settings(doctype: string): Columns {
    return this.store.get(doctype, doctype)?.columns ?? {}
  }

  on(doctype: string, field: string): boolean {
    return integer(this.settings(doctype), field) === 1
  }

  value(doctype: string, name: string, field: string): Value {
    return this.store.get(doctype, name)?.columns[field] ?? null
  }

  get(doctype: string, name: string): Doc | undefined {
    return this.store.get(doctype, name)
  }

  /** Seeded, and the same again after a dump and a load. */
  random(): number {
    this.counter += 1
    return seededRandom(this.seed * 7919 + this.counter)()
  }

  private letters(length: number, alphabet: string): string {
    return Array.from({ length }, () => alphabet[Math.floor(this.random() * alphabet.length)]).join("")
  }

  /** A name such as rows have. */
  hash = (): string => this.letters(10, LETTERS)

  secret = (length: number): string =>
    this.letters(length, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")

  excId = (): string => this.letters(56, "0123456789abcdef")

  note(note: Note): void {
    this.notes.push(note)
  }

  /** Reads the tenant's fields anew from their documents. */
  readCustomFields(): void {
    const fields = new Map<string, Array<Field>>()
    for (const { columns } of this.store.all("Custom Field")) {
      const made = customField(columns)
      fields.set(text(columns, "dt"), [...(fields.get(text(columns, "dt")) ?? []), made])
    }
    this.meta.setCustom(fields)
  }
}

const FLAGS = ["reqd", "unique", "read_only", "allow_on_submit", "no_copy", "non_negative", "is_virtual"] as const

const customField = (columns: Columns): Field => {
  const flags = Object.fromEntries(FLAGS.filter((flag) => integer(columns, flag) === 1).map((flag) => [flag, 1]))
  const texts = Object.fromEntries(
    (["label", "options", "default", "insert_after"] as const)
      .filter((name) => text(columns, name) !== "")
      .map((name) => [name, text(columns, name)]),
  )
  return {
    fieldname: text(columns, "fieldname"),
    fieldtype: text(columns, "fieldtype"),
    ...flags,
    ...texts,
    ...(integer(columns, "length") > 0 ? { length: integer(columns, "length") } : {}),
    is_custom_field: 1,
  }
}
