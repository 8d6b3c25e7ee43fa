/** A source held in an array, for tests that look at single answers. */

import type * as Change from "@mortise/core/Change"
import { ConnectorError } from "@mortise/core/ConnectorError"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as Reading from "@mortise/core/Reading"
import * as StateStore from "@mortise/core/StateStore"
import * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"

export interface Item {
  readonly id: string
  readonly stamp: string
  readonly text: string
}

export const READING = Reading.of({ system: "acme", instance: "one" }, "Thing")

export const item = (id: string, stamp: string, text = "a"): Item => ({ id, stamp, text })

const rowOf = (each: Item): Watermark.Row<Item> => Watermark.record(each.id, each, each.text, { stamp: each.stamp })

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** The rows, the clock and a log of the questions. Rows may be replaced while it is read. */
export class Table {
  rows: Array<Item>
  now: number
  readonly log: Array<string> = []

  constructor(rows: ReadonlyArray<Item>, now: string) {
    this.rows = [...rows]
    this.now = Date.parse(now)
  }

  put(changed: Item): void {
    this.rows = [...this.rows.filter((each) => each.id !== changed.id), changed]
  }

  answer(what: string, limit: number, order: (a: Item, b: Item) => number, matches: (each: Item) => boolean) {
    return Effect.sync((): Watermark.Batch<Item> => {
      this.log.push(what)
      const all = this.rows.filter(matches).sort(order)
      return { rows: all.slice(0, limit).map(rowOf), more: all.length > limit, serverTime: this.now }
    })
  }

  readonly byStamp = ({ from, limit }: { readonly from?: string; readonly limit: number }) =>
    this.answer(
      `read ${from ?? "all"}`,
      limit,
      (a, b) => compare(a.stamp, b.stamp),
      (each) => from === undefined || each.stamp >= from,
    )

  readonly atStamp = ({
    stamp,
    afterId,
    limit,
  }: {
    readonly stamp: string
    readonly afterId?: string
    readonly limit: number
  }) =>
    this.answer(
      `at ${stamp} ${afterId ?? ""}`,
      limit,
      (a, b) => compare(a.id, b.id),
      (each) => each.stamp === stamp && (afterId === undefined || each.id > afterId),
    )

  readonly inRange = (question: Watermark.Range & { readonly afterId?: string; readonly limit: number }) =>
    this.answer(
      `range ${question.from ?? ""}..${question.before ?? ""} ${question.afterId ?? ""}`,
      question.limit,
      (a, b) => compare(a.id, b.id),
      (each) =>
        (question.from === undefined || each.stamp >= question.from) &&
        (question.before === undefined || each.stamp < question.before) &&
        (question.afterId === undefined || each.id > question.afterId),
    )
}

/** Under a clock that stands still, so that an answer takes no time. */
export const run = <A, E>(effect: Effect.Effect<A, E>): Promise<A> =>
  Effect.runPromise(Effect.provide(effect, TestClock.layer()))

export const storeOf = (): Promise<StateStore.Service> => run(StateStore.make(MemoryBackend.make()))

export type Page<A = Item> = Change.Page<A>

export const pagesOf = <A>(reader: Watermark.Reader<A>, from?: Watermark.From): Promise<ReadonlyArray<Page<A>>> =>
  run(Stream.runCollect(reader(from)))

/** Reads until it has caught up and commits every page. */
export const readAll = async <A>(
  reader: Watermark.Reader<A>,
  store: StateStore.Service,
): Promise<ReadonlyArray<Page<A>>> => {
  const cursor = await run(store.cursor(READING.stream))
  const pages: Array<Page<A>> = []
  await run(
    Stream.runForEach(reader(cursor._tag === "Some" ? { cursor: cursor.value } : {}), (page) => {
      pages.push(page)
      return store.commit({ page })
    }),
  )
  return pages
}

/** Commits so many pages and stops there. */
export const readSome = async <A>(
  reader: Watermark.Reader<A>,
  store: StateStore.Service,
  pages: number,
): Promise<ReadonlyArray<Page<A>>> => {
  const cursor = await run(store.cursor(READING.stream))
  const from = cursor._tag === "Some" ? { cursor: cursor.value } : {}
  const read = await run(Stream.runCollect(Stream.take(reader(from), pages)))
  for (const page of read) await run(store.commit({ page }))
  return read
}

export const idsOf = (pages: ReadonlyArray<Page<unknown>>): ReadonlyArray<string> =>
  pages.flatMap((page) => page.changes.map((change) => (change._tag === "Merged" ? `>${change.into}` : change.id)))

/** The error with which a reading ends. */
export const errorOf = async <A>(reader: Watermark.Reader<A>, from?: Watermark.From): Promise<ConnectorError> => {
  const error = await run(Effect.flip(Stream.runDrain(reader(from))))
  if (!(error instanceof ConnectorError)) throw new Error("not a connector's error")
  return error
}
