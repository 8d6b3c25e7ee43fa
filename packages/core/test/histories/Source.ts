/**
 * A source as the world shows it over a network: answers take time, fail, come from older copies, in pages. It watches
 * which hazards its answers really contained.
 */
import type * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { ConnectorError, Decode, Transport } from "../../src/ConnectorError.ts"
import * as Watermark from "../../src/Watermark.ts"
import * as Stamp from "../../src/watermark/Stamp.ts"
import type { Hazards, Name } from "./Hazards.ts"
import type { Script } from "./Script.ts"
import { dayText, hashOf, type Seen, stampText } from "./World.ts"

export type Row = Watermark.Row<Seen>

interface Question {
  readonly from?: bigint
  readonly before?: bigint
  readonly at?: bigint
  readonly afterId?: string
  readonly limit: number
  readonly order: "stamp" | "id" | "none"
}

interface Moment {
  readonly view: number
  readonly now: number
}

export const BROKEN = new Decode({ message: "amount: expected a decimal, got a string of 3 characters", issues: [] })

export class Source {
  readonly script: Script
  readonly hazards: Hazards
  now: number
  /** The versions on committed pages, by id; kept by the consumer. */
  readonly committed = new Map<string, string>()
  /** Requests fail no more: for the end of a history. */
  calm = false
  questions = 0
  /** The last answered question of this run, to tell what changed between two. */
  #lastView: number | undefined
  #highest = Stamp.FLOOR
  readonly #counted = new Set<string>()

  constructor(script: Script, hazards: Hazards) {
    this.script = script
    this.hazards = hazards
    this.now = script.start
  }

  /** The client's clock: off by the skew, and right only about how much time passes. */
  clock(): Clock.Clock {
    const millis = () => this.now + this.script.clientSkew
    const nanos = () => BigInt(Math.round(this.now * 1e6))
    return {
      currentTimeMillisUnsafe: millis,
      currentTimeMillis: Effect.sync(millis),
      currentTimeNanosUnsafe: nanos,
      currentTimeNanos: Effect.sync(nanos),
      monotonicTimeNanosUnsafe: nanos,
      monotonicTimeNanos: Effect.sync(nanos),
      sleep: (duration) =>
        Effect.sync(() => {
          this.now += Duration.toMillis(duration)
        }),
    }
  }

  beginRun(): void {
    this.#lastView = undefined
    this.#highest = Stamp.FLOOR
    if (Math.abs(this.script.clientSkew) > this.script.lag + this.script.overlap) this.hazards.add("skewed clients")
  }

  /** Time passes on both ways, and the answer is of some moment between, or of an older copy. */
  exchange<A>(answer: (moment: Moment) => A): Effect.Effect<A & { readonly serverTime: number }, ConnectorError> {
    const { random, latency, failShare, copyAge, dateLead, clock } = this.script
    return Effect.suspend(() => {
      this.questions += 1
      if (this.questions > 3000) return Effect.die(new Error("the reading does not end"))
      this.now += random.int(1, latency)
      const age = random.chance(0.3) ? random.int(0, copyAge) : 0
      if (age > 0) this.hazards.add("older copies answered")
      const given = answer({ view: this.now - age, now: this.now })
      this.now += random.int(1, latency)
      // The header is written when the answer leaves, long after the rows were read.
      const told = this.now + dateLead
      this.now += random.int(1, latency)
      const result = { ...given, serverTime: clock === "wholeSeconds" ? Math.floor(told / 1000) * 1000 : told }
      if (this.calm || !random.chance(failShare)) return Effect.succeed(result)
      this.hazards.add("failed requests")
      const reason = new Transport({ message: "connection reset", sent: true })
      return Effect.fail(new ConnectorError({ system: "model", reason }))
    })
  }

  compareIds = (a: string, b: string): number =>
    this.script.numericIds ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0

  /** The answer to a question about stamps. */
  batch(question: Question, moment: Moment): { readonly rows: ReadonlyArray<Row>; readonly more: boolean } {
    const { random, world } = this.script
    const all = world.seeAll(moment.view, moment.now).filter((seen) => seen.kind === "live" || seen.kind === "archived")
    const ordered = this.#ordered(random.shuffle(all.filter((seen) => this.#matches(seen, question))), question.order)
    const taken = ordered.slice(0, question.limit)
    this.#observe(question, ordered, taken, moment)
    const shown = this.#ordered([...taken, ...this.#shifted(taken, question, moment)], question.order)
    return { rows: shown.flatMap((seen) => this.rows(seen)), more: ordered.length > taken.length }
  }

  /** A record that moved while the answer was put together stands in it twice, once as it was. */
  #shifted(taken: ReadonlyArray<Seen>, question: Question, moment: Moment): ReadonlyArray<Seen> {
    if (!this.script.random.chance(0.2)) return []
    const seen = this.script.random.pick(taken)
    const before = seen && this.script.world.see(seen.id, seen.visible - 1, moment.now)
    if (before === undefined || before.stamp >= seen.stamp) return []
    // Without a stamp nobody could tell which of the two is the newer one.
    if (before.poison === "stamp" || seen.poison === "stamp") return []
    if (!this.#matches(before, question)) return []
    this.hazards.add("records twice in an answer")
    return [before]
  }

  #matches(seen: Seen, { from, before, at, afterId }: Question): boolean {
    if (from !== undefined && seen.stamp < from) return false
    if (before !== undefined && seen.stamp >= before) return false
    if (at !== undefined && seen.stamp !== at) return false
    return afterId === undefined || this.compareIds(seen.id, afterId) > 0
  }

  #ordered(rows: ReadonlyArray<Seen>, order: Question["order"]): ReadonlyArray<Seen> {
    if (order === "none") return rows
    if (order === "id") return [...rows].sort((a, b) => this.compareIds(a.id, b.id))
    return [...rows].sort((a, b) => (a.stamp < b.stamp ? -1 : a.stamp > b.stamp ? 1 : 0))
  }

  /** A record as a connector would hand it over; a survivor comes with its merge. */
  rows(seen: Seen): ReadonlyArray<Row> {
    const marks = { stamp: stampText(seen.stamp, this.script.granularityMillis) }
    const merged = seen.absorbed.length === 0 ? [] : [Watermark.merged(seen.absorbed, seen.id, marks)]
    return [...merged, this.#row(seen, marks)]
  }

  #row(seen: Seen, marks: { readonly stamp: string }): Row {
    if (seen.kind === "archived") return Watermark.deleted(seen.id, marks)
    if (seen.poison === "stamp") return Watermark.undecodable(seen.id, BROKEN, { hash: hashOf(seen) })
    if (seen.poison === "record") return Watermark.undecodable(seen.id, BROKEN, { ...marks, hash: hashOf(seen) })
    return Watermark.record(seen.id, seen, hashOf(seen), marks)
  }

  #observe(question: Question, all: ReadonlyArray<Seen>, taken: ReadonlyArray<Seen>, { view }: Moment): void {
    const { hazards } = this
    const last = taken.at(-1)
    const following = all[taken.length]
    if (question.order === "stamp" && following !== undefined && following.stamp === last?.stamp)
      hazards.add("ties across a page border")
    if (following !== undefined && question.at === undefined && new Set(all.map((seen) => seen.stamp)).size === 1)
      hazards.add("more ties than a page")
    if (question.order === "none" && following !== undefined) hazards.add("window splits")
    if (question.order === "id") hazards.add("keyed scans")
    for (const seen of taken) {
      if (seen.poison !== undefined) hazards.add("poisoned records")
      if (seen.poison === "stamp") hazards.add("unreadable stamps")
    }
    for (const row of taken.flatMap((seen) => this.rows(seen)))
      if (this.committed.get(row.id) === version(row)) hazards.add("doubles read again")
    this.#observeWrites(view)
    for (const seen of taken) if (seen.stamp > this.#highest) this.#highest = seen.stamp
  }

  /** What became visible between the last answer of this run and this one. */
  #observeWrites(view: number): void {
    const since = this.#lastView
    this.#lastView = view
    if (since === undefined) return
    for (const list of this.script.world.versions.values()) {
      list.forEach((version, index) => {
        if (version.visible <= since || version.visible > view) return
        this.hazards.add("changes during a crawl")
        const before = list[index - 1]
        if (before !== undefined && before.stamp > this.#highest) this.hazards.add("rows moved forward while read")
      })
    }
  }

  /** At the end of a run: writes that carry an earlier stamp and that no answer of the run could show. */
  observeLate(): void {
    const answered = this.#lastView ?? this.now
    for (const list of this.script.world.versions.values()) {
      for (const { id, serial, begun, visible } of list) {
        if (begun >= answered || visible <= answered || this.#counted.has(`${id}#${serial}`)) continue
        this.#counted.add(`${id}#${serial}`)
        this.hazards.add("late commits")
      }
    }
  }

  /** Records whose due day lies in (after, through], in the order of their ids. */
  due(after: string, through: string, next: string | undefined, limit: number, moment: Moment) {
    const { world } = this.script
    const rows = world.seeAll(moment.view, moment.now).filter((seen) => {
      const day = seen.due === undefined ? "" : dayText(seen.due)
      return seen.kind === "live" && day > after && day <= through
    })
    return this.#sweptPage("calendar sweeps with news", rows, next, limit)
  }

  /** Records whose address changed from this stamp on. */
  moved(from: bigint, next: string | undefined, limit: number, moment: Moment) {
    const { world } = this.script
    const rows = world.seeAll(moment.view, moment.now).filter((seen) => {
      const moves = world.addresses.get(seen.id) ?? []
      return seen.kind === "live" && moves.some((move) => move.visible <= moment.view && move.stamp >= from)
    })
    return this.#sweptPage("side-table sweeps with news", rows, next, limit)
  }

  #sweptPage(hazard: Name, rows: ReadonlyArray<Seen>, next: string | undefined, limit: number) {
    const ordered = [...rows].sort((a, b) => this.compareIds(a.id, b.id))
    const left = ordered.filter((seen) => next === undefined || this.compareIds(seen.id, next) > 0)
    const taken = left.slice(0, limit)
    const last = taken.at(-1)
    for (const row of taken.flatMap((seen) => this.rows(seen))) {
      const before = this.committed.get(row.id)
      if (before !== undefined && before !== version(row) && before.startsWith(`${row.stamp ?? ""}#`))
        this.hazards.add(hazard)
    }
    return {
      rows: taken.flatMap((seen) => this.rows(seen)),
      ...(left.length > taken.length && last !== undefined ? { next: last.id } : {}),
    }
  }
}

/** What the reader is to know a row by, computed apart from the code under test. */
const version = (row: Row): string => {
  if (row.content._tag === "Record") return `${row.stamp ?? ""}#${row.content.hash}`
  return row.content._tag === "Undecodable" ? `${row.stamp ?? ""}#undecodable:${row.content.hash}` : ""
}
