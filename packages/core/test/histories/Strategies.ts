/** The strategies under test, laid over the model source as a connector would do it. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Reading from "../../src/Reading.ts"
import type * as StateStore from "../../src/StateStore.ts"
import * as Watermark from "../../src/Watermark.ts"
import * as Stamp from "../../src/watermark/Stamp.ts"
import { BROKEN, type Row, type Source } from "./Source.ts"
import { hashOf, type Seen } from "./World.ts"

export const READING = Reading.of({ system: "model", instance: "one" }, "Thing")

const nanos = (text: string | undefined): bigint | undefined => (text === undefined ? undefined : Stamp.parse(text))

const bounds = (question: { readonly from?: string; readonly before?: string; readonly limit: number }) => {
  const from = nanos(question.from)
  const before = nanos(question.before)
  return { limit: question.limit, ...(from === undefined ? {} : { from }), ...(before === undefined ? {} : { before }) }
}

const sweeps = (source: Source): Record<Source["script"]["sweeps"][number], Watermark.Sweep<Seen>> => ({
  calendar: {
    _tag: "Calendar",
    name: "overdue",
    zone: source.script.world.zone.name,
    due: ({ after, through, next, limit }) =>
      source.exchange((moment) => source.due(after, through, next, limit, moment)),
  },
  sideTable: {
    _tag: "SideTable",
    name: "addresses",
    changed: ({ from, next, limit }) =>
      Effect.map(
        source.exchange((moment) => source.moved(nanos(from) ?? Stamp.FLOOR, next, limit, moment)),
        ({ serverTime, ...answer }) => (source.script.sweepsTell ? { ...answer, serverTime } : answer),
      ),
  },
})

const common = (source: Source, store: StateStore.Service): Watermark.Options<Seen> => ({
  reading: READING,
  store,
  pageSize: source.script.pageSize,
  granularityMillis: source.script.granularityMillis,
  lag: Duration.millis(source.script.lag),
  overlap: Duration.millis(source.script.overlap),
  ...(source.script.clock === "endpoint"
    ? {
        serverTime: Effect.map(
          source.exchange(() => ({})),
          (told) => told.serverTime,
        ),
      }
    : {}),
  sweeps: source.script.sweeps.map((name) => sweeps(source)[name]),
})

const keyset = (source: Source, store: StateStore.Service): Watermark.Reader<Seen> =>
  Watermark.keyset({
    ...common(source, store),
    compareIds: source.compareIds,
    read: (question) => source.exchange((moment) => source.batch({ ...bounds(question), order: "stamp" }, moment)),
    readAt: ({ stamp, afterId, limit }) =>
      source.exchange((moment) =>
        source.batch(
          { at: nanos(stamp) ?? 0n, limit, order: "id", ...(afterId === undefined ? {} : { afterId }) },
          moment,
        ),
      ),
  })

const window = (source: Source, store: StateStore.Service, keyed: "granule" | "always"): Watermark.Reader<Seen> =>
  Watermark.window({
    ...common(source, store),
    keyed,
    compareIds: source.compareIds,
    read: (question) => source.exchange((moment) => source.batch({ ...bounds(question), order: "none" }, moment)),
    scan: (question) =>
      source.exchange((moment) => {
        const { afterId } = question
        return source.batch({ ...bounds(question), order: "id", ...(afterId === undefined ? {} : { afterId }) }, moment)
      }),
  })

const withRevision = (seen: Seen): Row =>
  seen.poison === undefined
    ? Watermark.record(seen.id, seen, hashOf(seen), { revision: `v${seen.serial}` })
    : Watermark.undecodable(seen.id, BROKEN, { revision: `v${seen.serial}`, hash: hashOf(seen) })

/** Edits of the side table and of the calendar do not move the revision, so where they count the list tells a hash. */
const listed = (seen: Seen, listing: Source["script"]["listing"]): Watermark.ScanRow<Seen> => {
  if (listing === "revision") return { id: seen.id, revision: `v${seen.serial}` }
  if (listing === "whole") return { id: seen.id, row: withRevision(seen) }
  return { id: seen.id, hash: seen.poison === undefined ? hashOf(seen) : `undecodable:${hashOf(seen)}` }
}

const snapshot = (source: Source, store: StateStore.Service): Watermark.Reader<Seen> => {
  const alive = (moment: { readonly view: number; readonly now: number }) =>
    source.script.world.seeAll(moment.view, moment.now).filter((seen) => seen.kind === "live")
  return Watermark.snapshot({
    reading: READING,
    store,
    pageSize: source.script.pageSize,
    sort: { key: (id) => id.padStart(6, "0"), id: (key) => key.replace(/^0+(?=.)/, "") },
    scan: ({ after, limit }) =>
      source.exchange((moment) => {
        const key = (id: string) => id.padStart(6, "0")
        const left = alive(moment)
          .filter((seen) => after === undefined || key(seen.id) > key(after))
          .sort((a, b) => (key(a.id) < key(b.id) ? -1 : 1))
        const rows = left.slice(0, limit).map((seen) => listed(seen, source.script.listing))
        return { rows, more: left.length > rows.length }
      }),
    fetch: (ids) =>
      Effect.map(
        source.exchange((moment) => ({
          rows: alive(moment)
            .filter((seen) => ids.includes(seen.id))
            .map(withRevision),
        })),
        ({ rows }) => rows,
      ),
  })
}

export const make = (source: Source, store: StateStore.Service): Watermark.Reader<Seen> => {
  switch (source.script.strategy) {
    case "keyset":
      return keyset(source, store)
    case "window":
      return window(source, store, "granule")
    case "keyedWindow":
      return window(source, store, "always")
    case "snapshot":
      return snapshot(source, store)
  }
}
