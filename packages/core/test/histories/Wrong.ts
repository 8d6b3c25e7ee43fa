/**
 * The strategies that well-known products ship and that lose or repeat records, each as simple as it is usually written,
 * over the same source and the same store. They prove that the checker can fail.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type * as Change from "../../src/Change.ts"
import type { ConnectorError } from "../../src/ConnectorError.ts"
import * as Reading from "../../src/Reading.ts"
import type * as StateStore from "../../src/StateStore.ts"
import type * as Watermark from "../../src/Watermark.ts"
import * as Page from "../../src/watermark/Page.ts"
import * as Stamp from "../../src/watermark/Stamp.ts"
import type { Row, Source } from "./Source.ts"
import { READING } from "./Strategies.ts"
import type { Seen } from "./World.ts"

const State = Schema.Struct({ from: Schema.optionalKey(Schema.String) })

interface Batch {
  readonly rows: ReadonlyArray<Row>
  readonly more: boolean
}

interface Next {
  readonly rows: ReadonlyArray<Row>
  /** What the cursor says after this page. */
  readonly mark: bigint | undefined
  /** Where the crawl goes on; undefined when it has ended. */
  readonly place: Place | undefined
}

interface Place {
  readonly from?: bigint
  readonly afterId?: string
  readonly highest?: bigint
}

type Ask = (question: Parameters<Source["batch"]>[0]) => Effect.Effect<Batch, ConnectorError>

type Crawl = (ask: Ask, place: Place, source: Source) => Effect.Effect<Next, ConnectorError>

type Dedupe = (store: StateStore.Service, rows: ReadonlyArray<Row>) => Effect.Effect<Page.Draft<Seen>, ConnectorError>

const byVersion: Dedupe = (store, rows) => Page.draft(store, READING.stream, rows)

/** Turns a naive crawl into the `changes` of a port. */
const reader =
  (crawl: Crawl, dedupe: Dedupe = byVersion) =>
  (source: Source, store: StateStore.Service): Watermark.Reader<Seen> =>
  (from = {}) => {
    const ask: Ask = (question) => source.exchange((moment) => source.batch(question, moment))
    const step = (place: Place) =>
      Effect.gen(function* () {
        const next = yield* crawl(ask, place, source)
        const draft = yield* dedupe(store, next.rows)
        const state = next.mark === undefined ? {} : { from: text(source, next.mark) }
        const page: Change.Page<Seen> = {
          stream: READING.stream,
          changes: draft.changes,
          cursor: Reading.cursor(READING, "wrong", state),
          delta: { marks: draft.marks },
          caughtUp: next.place === undefined,
        }
        return [[page], Option.fromUndefinedOr(next.place)] as const
      })
    const start =
      from.cursor === undefined
        ? Effect.succeed<typeof State.Type>({})
        : Reading.resume(READING, "wrong", State, from.cursor)
    return Stream.unwrap(
      Effect.map(start, (state) => {
        const mark = Stamp.parse(state.from ?? "")
        return Stream.paginate<Place, Change.Page<Seen>, ConnectorError>(mark === undefined ? {} : { from: mark }, step)
      }),
    )
  }

const grain = (source: Source): bigint => Stamp.grain(source.script.granularityMillis)
const text = (source: Source, stamp: bigint): string => Stamp.format(stamp, grain(source))

const highest = (rows: ReadonlyArray<Row>, before: bigint | undefined): bigint | undefined =>
  rows.reduce<bigint | undefined>((most, row) => {
    const stamp = Stamp.parse(row.stamp ?? "")
    return stamp !== undefined && (most === undefined || stamp > most) ? stamp : most
  }, before)

/** Pages in the order of the stamp, each from strictly after the last stamp of the one before. */
const strictlyGreater: Crawl = (ask, place, source) =>
  Effect.map(ask({ ...place, limit: source.script.pageSize, order: "stamp" }), ({ rows, more }) => {
    const last = highest(rows, undefined)
    const mark = last === undefined ? place.from : last + grain(source)
    return { rows, mark, place: more && mark !== undefined ? { from: mark } : undefined }
  })

/** Pages in the order of the id, with the highest stamp seen so far as the mark. */
const highestSeen: Crawl = (ask, place, source) =>
  Effect.map(
    ask({
      limit: source.script.pageSize,
      order: "id",
      ...(place.from === undefined ? {} : { from: place.from }),
      ...(place.afterId === undefined ? {} : { afterId: place.afterId }),
    }),
    ({ rows, more }) => {
      const most = highest(rows, place.highest)
      const afterId = rows.at(-1)?.id
      const on = {
        ...place,
        ...(most === undefined ? {} : { highest: most }),
        ...(afterId === undefined ? {} : { afterId }),
      }
      return { rows, mark: most ?? place.from, place: more ? on : undefined }
    },
  )

/** Everything from the mark on, and our own clock as the next mark. */
const wallClock: Crawl = (ask, place, source) =>
  Effect.gen(function* () {
    const { rows } = yield* ask({ ...place, limit: 10_000, order: "none" })
    const now = yield* Clock.currentTimeMillis
    return { rows, mark: Stamp.floorTo(Stamp.ofMillis(now), grain(source)), place: undefined }
  })

/** A margin of a lag that is known, and whatever came once is not taken again. */
const withMargin: Crawl = (ask, place, source) =>
  Effect.map(ask({ ...place, limit: 10_000, order: "none" }), ({ rows }) => {
    const margin = Stamp.ofMillis(source.script.lag + source.script.latency * 2 + 1000)
    const from = Stamp.floorTo(Stamp.ofMillis(source.now) - margin, grain(source))
    return { rows, mark: from, place: undefined }
  })

const byKeyAlone: Dedupe = (store, rows) =>
  Effect.gen(function* () {
    const known = yield* store.marks(
      READING.stream,
      rows.map((row) => row.id),
    )
    return yield* Page.draft(
      store,
      READING.stream,
      rows.filter((row) => !known.has(row.id)),
    )
  })

/** Takes what a result cap leaves for the whole answer. */
const capIgnored: Crawl = (ask, place, source) =>
  Effect.map(ask({ ...place, limit: source.script.pageSize, order: "none" }), ({ rows }) => {
    const margin = Stamp.ofMillis(source.script.lag + source.script.latency * 2 + 1000)
    return { rows, mark: Stamp.floorTo(Stamp.ofMillis(source.now) - margin, grain(source)), place: undefined }
  })

export const wrong = {
  "a watermark that is strictly greater": reader(strictlyGreater),
  "the highest value seen in an unordered backfill": reader(highestSeen),
  "the wall clock as the next mark": reader(wallClock),
  "doubles recognised by key alone": reader(withMargin, byKeyAlone),
  "no handling of a result cap": reader(capIgnored),
} as const

/** Like the last two, done right: the checker finds nothing in it where the source has no cap. */
export const right = reader(withMargin)
