/** A source that stamps with its wall clock, in the night in which that clock is put back by an hour. */
import type { Instant } from "@mortise/core/Values"
import * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import { assert, describe, it } from "vitest"
import { type Item, idsOf, item, type Page, READING, readAll, readSome, storeOf, Table } from "./support/table.ts"

const HOUR = 3_600_000
/** The wall clock shows two o'clock and is put back to one. */
const TWO = Date.parse("2026-11-01T02:00:00.000Z")

const wall = (millis: number): string => new Date(millis < TWO ? millis : millis - HOUR).toISOString()

/** The least that the wall clock will show from now on. */
const least = (millis: number): number => {
  if (millis >= TWO) return millis - HOUR
  return Math.min(millis, TWO - HOUR)
}

const readerOf = (
  table: Table,
  store: Awaited<ReturnType<typeof storeOf>>,
  pageSize = 100,
  more: Partial<Watermark.KeysetOptions<Item>> = {},
) =>
  Watermark.keyset<Item>({
    reading: READING,
    store,
    pageSize,
    granularityMillis: 1,
    lag: 0,
    overlap: "2 minutes",
    runsBack: "62 minutes",
    read: table.byStamp,
    readAt: table.atStamp,
    ...more,
  })

const textsOf = (pages: ReadonlyArray<Page>): ReadonlyArray<string> =>
  pages.flatMap(({ changes }) => changes.flatMap((change) => (change._tag === "Upserted" ? [change.record.text] : [])))

const at = (table: Table, millis: number): void => {
  table.now = least(millis)
}

/** Small and repeatable; mulberry32. */
const random = (seed: number) => {
  let state = seed
  return (below: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

const play = async (seed: number): Promise<void> => {
  const pick = random(seed)
  const store = await storeOf()
  let now = TWO - 2 * HOUR
  const table = new Table([item("r0", wall(now), "start")], wall(now))
  const pages: Array<Page> = []
  const check = (what: string): void => {
    const told = new Map<string, string>()
    const versions = pages.flatMap(({ changes }) =>
      changes.flatMap((change) => {
        if (change._tag !== "Upserted") return []
        told.set(change.id, change.record.text)
        return [`${change.id} ${change.version}`]
      }),
    )
    assert.strictEqual(new Set(versions).size, versions.length, `seed ${seed}: ${what} told a version twice`)
    for (const { id, text } of table.rows) assert.strictEqual(told.get(id), text, `seed ${seed}: ${what}, record ${id}`)
  }
  for (let step = 0; step < 40; step += 1) {
    now += 1000 + pick(12 * 60_000)
    table.put(item(`r${pick(4)}`, wall(now), `text ${step}`))
    now += 1000
    at(table, now)
    const pageSize = 1 + pick(8)
    const reader = readerOf(table, store, pageSize)
    const choice = pick(4)
    if (choice === 0) pages.push(...(await readSome(reader, store, 1)))
    if (choice === 1) {
      pages.push(...(await readAll(reader, store)))
      // A full page that ends after the told time ends the crawl: what is behind it is left to the next one.
      if (pageSize > 4) check(`step ${step}`)
    }
  }
  at(table, now + 6 * HOUR)
  pages.push(...(await readAll(readerOf(table, store), store)))
  check("the end")
}

describe("a clock that is put back", () => {
  it("hides no record that is saved again in the hour that comes twice", async () => {
    const store = await storeOf()
    const table = new Table([item("a", "2026-11-01T01:50:00.000Z", "first")], "2026-11-01T01:00:00.000Z")
    assert.deepStrictEqual(textsOf(await readAll(readerOf(table, store), store)), ["first"])
    table.put(item("a", "2026-11-01T01:10:00.000Z", "second"))
    assert.deepStrictEqual(textsOf(await readAll(readerOf(table, store), store)), ["second"])
    assert.deepStrictEqual(textsOf(await readAll(readerOf(table, store), store)), [])
    table.put(item("a", "2026-11-01T01:20:00.000Z", "third"))
    assert.deepStrictEqual(textsOf(await readAll(readerOf(table, store), store)), ["third"])
  })

  it("tells nothing of a record that only got an earlier stamp, nor of a state older than the clock can make it", async () => {
    const store = await storeOf()
    const table = new Table([item("a", "2026-11-01T01:50:00.000Z", "first")], "2026-10-31T12:00:00.000Z")
    await readAll(readerOf(table, store), store)
    table.put(item("a", "2026-11-01T01:10:00.000Z", "first"))
    assert.deepStrictEqual(textsOf(await readAll(readerOf(table, store), store)), [])
    table.put(item("a", "2026-11-01T00:40:00.000Z", "ancient"))
    assert.deepStrictEqual(textsOf(await readAll(readerOf(table, store), store)), [])
  })

  it("takes a state for new that comes back, though a sweep told the one between them just before", async () => {
    const store = await storeOf()
    const table = new Table([item("a", "2026-11-01T01:50:00.000Z", "first")], "2026-11-01T01:00:00.000Z")
    const rowOf = (text: string, stamp: string) => Watermark.record("a", item("a", stamp, text), text, { stamp })
    let swept: ReadonlyArray<Watermark.Row<ReturnType<typeof item>>> = []
    const reader = readerOf(table, store, 100, {
      sweeps: [
        {
          _tag: "SideTable",
          name: "side",
          changed: () => {
            const rows = swept
            if (rows.length > 0) table.put(item("a", "2026-11-01T01:20:00.000Z", "first"))
            return Effect.succeed({ rows })
          },
        },
      ],
    })
    await readAll(reader, store)
    swept = [rowOf("second", "2026-11-01T01:10:00.000Z")]
    assert.deepStrictEqual(textsOf(await readAll(reader, store)), ["second", "first"])
  })

  it("loses and repeats nothing in any history of that night", async () => {
    for (let seed = 1; seed <= 100; seed += 1) await play(seed)
  })
})

/** How a source shows an instant that its clock is taken to be so many hours ahead of. */
const shownBy = (hours: number) => ({
  text: (stamp: Instant) => new Date(Date.parse(stamp) + hours * HOUR).toISOString(),
  stamp: (text: string) => new Date(Date.parse(text) - hours * HOUR).toISOString() as Instant,
})

/** The rows of a table whose texts are the same under every such clock. */
const under = (hours: number, shown: ReadonlyArray<string>) => {
  const { stamp } = shownBy(hours)
  return new Table(
    shown.map((text, index) => item(`r${index}`, stamp(text))),
    "2026-01-20T00:00:00.000Z",
  )
}

describe("a clock that is taken for another one", () => {
  const shown = Array.from({ length: 12 }, (_, index) => `2026-01-14T${String(index).padStart(2, "0")}:00:00.000Z`)

  it("skips nothing when a reading goes on, and asks again for nothing when the clock is the same", async () => {
    for (const [before, after] of [
      [0, 9],
      [0, -8],
      [-8, -7],
      [-7, -7],
    ] as const) {
      const store = await storeOf()
      const make = (hours: number) => {
        const table = under(hours, shown)
        return { table, reader: readerOf(table, store, 4, { shown: shownBy(hours) }) }
      }
      const first = await readSome(make(before).reader, store, 1)
      const { reader, table } = make(after)
      const second = await readAll(reader, store)
      assert.strictEqual(new Set([...idsOf(first), ...idsOf(second)]).size, 12, `${before} to ${after}`)
      const asked = table.log[0]
      if (before === after) assert.strictEqual(asked, `read ${shownBy(after).stamp(shown[3] ?? "")}`)
    }
  })

  it("takes a sweep back by as much as the reading", async () => {
    const store = await storeOf()
    const asked: Array<string> = []
    const make = (hours: number) =>
      readerOf(under(hours, shown), store, 100, {
        shown: shownBy(hours),
        sweeps: [
          {
            _tag: "SideTable",
            name: "side",
            changed: ({ from }) => {
              asked.push(from)
              return Effect.succeed({ rows: [] })
            },
          },
        ],
      })
    await readAll(make(-8), store)
    await readAll(make(-8), store)
    await readAll(make(0), store)
    assert.deepStrictEqual(asked, ["2026-01-19T23:58:00.000Z", "2026-01-19T15:58:00.000Z"])
  })
})
