import type * as Change from "@mortise/core/Change"
import * as StateStore from "@mortise/core/StateStore"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { open, readAll, upserted } from "./portal.ts"

/** So many companies, the first stamped at `from`, each `step` milliseconds after the one before. */
const companies = (count: number, from?: number, step = 0) =>
  Array.from({ length: count }, (_, index) => ({
    type: "companies" as const,
    properties: { name: `N${index}` },
    ...(from === undefined ? {} : { createdAt: from + index * step }),
  }))

describe("reading what changed", () => {
  it("passes the cap of 10,000 results and gives each record once", async () => {
    const { journal, later, ready, run, world } = open()
    world.seed(companies(10_500, world.now() - 1_000_000, 7))
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        yield* later
        journal.clear()
        const { changes } = yield* readAll(ports.Company, { fields: ["name"] })
        expect(new Set(upserted(changes).map(({ id }) => id)).size).toBe(10_500)
        expect(changes).toHaveLength(10_500)
        const searched = journal.where(({ url }) => url.endsWith("/search"))
        expect(searched.length).toBeGreaterThan(50)
        for (const { requestBody, status } of searched) {
          expect([status, JSON.parse(requestBody).after]).toEqual([200, undefined])
        }
      }),
    )
  })

  it("passes the cap where all of 10,500 records have one stamp, without a search too many", async () => {
    const { journal, later, ready, run, world } = open()
    world.seed(companies(10_500, world.now() - 1_000_000))
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        yield* later
        journal.clear()
        const { changes } = yield* readAll(ports.Company, { fields: ["name"] })
        expect(changes).toHaveLength(10_500)
        expect(new Set(upserted(changes).map(({ id }) => id)).size).toBe(10_500)
        expect(journal.where(({ status }) => status !== 200)).toEqual([])
        expect(journal.lines.length).toBeLessThanOrEqual(Math.ceil(10_500 / 200) + 4)
      }),
    )
  })

  it("gives more records on one stamp than a page holds, each once", async () => {
    const { later, ready, run, world } = open()
    const at = world.now() - 500_000
    world.seed([...companies(3, at - 5), ...companies(777, at), ...companies(3, at + 5)])
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        yield* later
        const { changes } = yield* readAll(ports.Company, { fields: ["name"] })
        expect(changes).toHaveLength(783)
        expect(new Set(upserted(changes).map(({ id }) => id)).size).toBe(783)
      }),
    )
  })

  it("misses no write that search shows late, and repeats none that was committed", async () => {
    const { later, ready, run, world } = open({ knobs: { indexLag: { min: 20_000, max: 40_000 } } })
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        world.seed(companies(5))
        yield* later
        const first = yield* readAll(ports.Company, { fields: ["name"] })
        const late = world.create("companies", { name: "Late" })
        yield* Effect.sleep(Duration.seconds(15))
        const second = yield* readAll(ports.Company, { fields: ["name"], cursor: first.cursor })
        expect(upserted(second.changes)).toHaveLength(0)
        yield* later
        const third = yield* readAll(ports.Company, { fields: ["name"], cursor: second.cursor })
        expect(upserted(third.changes).map(({ id }) => id)).toEqual([late])
        yield* later
        const fourth = yield* readAll(ports.Company, { fields: ["name"], cursor: third.cursor })
        expect(fourth.changes).toHaveLength(0)
      }),
    )
  })

  it("loses nothing of what changes while it reads, and goes on from any page", async () => {
    const { later, ready, run, world } = open()
    world.seed(companies(900, world.now() - 900_000, 10))
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        yield* later
        const seen = new Map<string, string>()
        const take = (page: Change.Page<{ readonly name?: string | null }>) => {
          for (const change of upserted(page.changes)) seen.set(change.id, change.record.name ?? "")
        }
        let cursor: Change.Cursor | undefined
        let stops = 0
        const touched = world.records("companies").slice(0, 40)
        for (const { id } of touched) {
          const options = { fields: ["name"] as const, ...(cursor === undefined ? {} : { cursor }) }
          yield* ports.Company.changes(options).pipe(
            Stream.take(1),
            Stream.runForEach((page) => {
              take(page)
              cursor = page.cursor
              stops += 1
              world.update("companies", id, { name: `changed ${id}` })
              return Effect.void
            }),
          )
        }
        yield* later
        yield* ports.Company.changes({ fields: ["name"], ...(cursor === undefined ? {} : { cursor }) }).pipe(
          Stream.runForEach((page) => Effect.sync(() => take(page))),
        )
        expect(stops).toBe(40)
        expect(seen.size).toBe(900)
        for (const { id } of touched) expect(seen.get(id)).toBe(`changed ${id}`)
      }),
    )
  })

  it("tells records that were archived, and records that became one", async () => {
    const { later, ready, run, world } = open()
    const [a = "", b = "", c = ""] = world.seed(companies(3))
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready({ deletionsEvery: Duration.zero })
        yield* later
        const first = yield* readAll(ports.Company, { fields: ["name"] })
        world.archive("companies", a)
        const survivor = world.mergeRecords("companies", b, c)
        yield* later
        const second = yield* readAll(ports.Company, { fields: ["name"], cursor: first.cursor })
        expect(second.changes.filter(({ _tag }) => _tag === "Deleted")).toMatchObject([{ id: a }])
        const merged = second.changes.flatMap((change) => (change._tag === "Merged" ? [change] : []))
        expect(merged.map(({ from, into }) => [[...from].sort(), into])).toEqual([[[b, c].sort(), survivor]])
        expect(upserted(second.changes).map(({ id }) => id)).toEqual([survivor])
        yield* later
        const third = yield* readAll(ports.Company, { fields: ["name"], cursor: second.cursor })
        expect(third.changes).toEqual([])
        // A survivor names for ever what it took in; that is no news when it changes later.
        world.update("companies", survivor, { name: "changed" })
        yield* later
        const fourth = yield* readAll(ports.Company, { fields: ["name"], cursor: third.cursor })
        expect(fourth.changes).toMatchObject([{ _tag: "Upserted", id: survivor }])
      }),
    )
  })

  it("lists the archived records once an hour, not in every poll, and misses none, whichever process polls", async () => {
    const { journal, ready, run, world } = open()
    const ids = world.seed(companies(260))
    await run(
      Effect.gen(function* () {
        yield* Effect.sleep(Duration.minutes(2))
        let { cursor } = yield* readAll((yield* ready()).ports.Company, { fields: ["name"] })
        for (const id of ids.slice(0, 250)) world.archive("companies", id)
        journal.clear()
        const told: Array<string> = []
        const poll = Effect.fnUntraced(function* (times: number) {
          // A connector of its own for each, with nothing but the cursor from before.
          const { ports } = yield* ready()
          for (let time = 0; time < times; time++) {
            yield* Effect.sleep(Duration.minutes(1))
            const { changes, cursor: next } = yield* readAll(ports.Company, { fields: ["name"], cursor })
            told.push(...changes.flatMap((change) => (change._tag === "Deleted" ? [change.id] : [])))
            cursor = next
          }
        })
        const listed = () =>
          journal.where(({ method, url }) => method === "GET" && url.includes("archived=true")).length
        yield* poll(30)
        world.archive("companies", ids[255] as string)
        yield* poll(25)
        expect([told.length, listed()]).toEqual([0, 0])
        yield* poll(6)
        expect([new Set(told).size, told.length, listed()]).toEqual([251, 251, 3])
        world.archive("companies", ids[256] as string)
        yield* poll(61)
        expect([told.length, told.at(-1), listed()]).toEqual([252, ids[256], 6])
      }),
    )
  })

  it("says how late a deletion is told, and is not opened with an interval that outlasts the archive", async () => {
    const { connect, fails, run } = open()
    await run(
      Effect.gen(function* () {
        const { ports } = yield* connect()
        expect(ports.Company.features.deletionLagMillis).toBe(3_600_000)
        expect(ports.Company.features.modified.sweep).toContain("every 60 minutes")
        const often = yield* connect({ deletionsEvery: Duration.minutes(10) })
        expect(often.ports.Company.features.deletionLagMillis).toBe(600_000)
      }),
    )
    const error = await fails(connect({ deletionsEvery: Duration.days(31) }))
    expect(error.reason).toMatchObject({ _tag: "Invalid", issues: [{ path: ["deletionsEvery"] }] })
  })

  it("tells a merge that happens between two of its pages, and loses nobody", async () => {
    const { later, ready, run, world } = open()
    const ids = world.seed(companies(450, world.now() - 900_000, 10))
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        yield* later
        const store = yield* StateStore.StateStore
        const seen: Array<Change.Change<unknown>> = []
        let survivor = ""
        yield* Stream.runForEach(ports.Company.changes({ fields: ["name"] }), (page) => {
          seen.push(...page.changes)
          // One that was told already, and one that is still to come.
          if (survivor === "") survivor = world.mergeRecords("companies", ids[0] as string, ids[440] as string)
          return store.commit({ page })
        })
        yield* later
        const cursor = (yield* store.cursor(`hubspot/${world.portal.portalId}/|Company|default`)) as never
        const again = yield* readAll(ports.Company, { fields: ["name"], cursor: Option.getOrThrow(cursor) as never })
        const told = [...seen, ...again.changes]
        expect(told.filter(({ _tag }) => _tag === "Merged")).toMatchObject([
          { from: expect.arrayContaining([ids[0], ids[440]]), into: survivor },
        ])
        const last = new Set(upserted(told).map(({ id }) => id))
        for (const id of [...ids.filter((_, at) => at !== 0 && at !== 440), survivor]) expect(last.has(id)).toBe(true)
      }),
    )
  })

  it("sets a record apart that does not decode, and goes on", async () => {
    const { later, ready, run, world } = open()
    const ids = world.seed(companies(7))
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        // Somebody put words into a field that another tool keeps as text.
        world.update("companies", ids[3] as string, { mortise_accounts: "not a list" })
        yield* later
        const { changes } = yield* readAll(ports.Company)
        const bad = changes.flatMap((change) => (change._tag === "Undecodable" ? [change] : []))
        expect(bad.map(({ id }) => id)).toEqual([ids[3]])
        expect(bad[0]?.reason).toMatchObject({ _tag: "Decode", issues: [{ path: ["accounts"] }] })
        expect(JSON.stringify(bad[0]?.reason)).not.toContain("not a list")
        expect(upserted(changes)).toHaveLength(6)
      }),
    )
  })

  it("asks for more properties than a search body holds by reading them record by record of the page", async () => {
    const { journal, later, ready, run, world } = open()
    const names = Array.from({ length: 120 }, (_, index) => `own_property_with_a_long_name_${index}`)
    for (const name of names) world.defineProperty("companies", { name })
    world.seed([{ type: "companies", properties: { name: "A", [names[7] as string]: "seven" } }])
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready({ custom: { Company: names } })
        yield* later
        journal.clear()
        const { changes } = yield* readAll(ports.Company)
        expect(upserted(changes)[0]?.record.custom).toMatchObject({
          [names[7] as string]: "seven",
          [names[8] as string]: null,
        })
        for (const line of journal.lines) {
          expect(line.status).toBe(200)
          if (line.url.endsWith("/search")) expect(line.requestBody.length).toBeLessThan(3_000)
        }
      }),
    )
  })

  it("starts from a time when told, and refuses a cursor of another selection", async () => {
    const { fails, later, ready, run, world } = open()
    world.seed([...companies(2, world.now() - 3_600_000), ...companies(3, world.now() - 60_000)])
    const cursor = await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        yield* later
        const since = new Date(world.now() - 1_800_000).toISOString() as never
        const { changes, cursor } = yield* readAll(ports.Company, { fields: ["name"], since })
        expect(upserted(changes)).toHaveLength(3)
        return cursor
      }),
    )
    const error = await fails(
      Effect.flatMap(ready(), ({ ports }) => readAll(ports.Company, { fields: ["phone"], cursor })),
    )
    expect(error.reason).toMatchObject({ _tag: "Invalid", issues: [{ path: ["cursor", "selection"] }] })
  })

  it("refuses a cursor of another portal, entity or strategy, and one that is none, before any search", async () => {
    const { journal, later, ready, run, world } = open()
    world.seed(companies(2))
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        yield* later
        const { cursor } = yield* readAll(ports.Company)
        journal.clear()
        const foreign: ReadonlyArray<readonly [unknown, ReadonlyArray<string>]> = [
          [{ ...cursor, scope: "hubspot/1/" }, ["cursor", "scope"]],
          [{ ...cursor, entity: "Contact" }, ["cursor", "entity"]],
          [{ ...cursor, strategy: "window" }, ["cursor", "strategy"]],
          [{ ...cursor, v: 2 }, ["cursor"]],
          [{ ...cursor, state: { from: "yesterday" } }, ["cursor", "state"]],
          ["not a cursor", ["cursor"]],
          [null, ["cursor"]],
        ]
        for (const [given, path] of foreign) {
          const read = yield* Effect.result(readAll(ports.Company, { cursor: given as never }))
          expect(read, path.join(".")).toMatchObject({ failure: { reason: { _tag: "Invalid", issues: [{ path }] } } })
        }
        expect(journal.lines).toEqual([])
      }),
    )
  })

  it("refuses a field that it does not read", async () => {
    const { fails, ready } = open()
    const error = await fails(
      Effect.flatMap(ready(), ({ ports }) => readAll(ports.Contact, { fields: ["displayName"] })),
    )
    expect(error.reason).toMatchObject({ _tag: "Invalid", issues: [{ path: ["fields", "displayName"] }] })
  })

  it("finds deals of which only a line changed, more such lines than a page holds too", async () => {
    const { later, ready, run, world } = open()
    const deals = world.seed([1, 2, 3].map((at) => ({ type: "deals" as const, properties: { dealname: `D${at}` } })))
    const [changed = "", quiet = "", last = ""] = deals
    const lines = world.seed(
      Array.from({ length: 450 }, (_, at) => ({
        type: "line_items" as const,
        properties: { name: `L${at}`, quantity: "1", price: "1" },
        associations: [{ type: "deals" as const, id: at === 449 ? quiet : at === 439 ? last : changed }],
      })),
    )
    await run(
      Effect.gen(function* () {
        const { ports } = yield* ready()
        yield* later
        const first = yield* readAll(ports.Deal)
        expect(upserted(first.changes)).toHaveLength(3)
        yield* later
        const before = world.record("deals", changed)?.updatedAt
        for (const id of lines.slice(0, 440)) world.update("line_items", id, { quantity: "2" })
        expect(world.record("deals", changed)?.updatedAt).toBe(before)
        yield* later
        const second = yield* readAll(ports.Deal, { cursor: first.cursor })
        // All of one stamp: the last one is on the third page of them.
        expect(upserted(second.changes).map(({ id }) => id)).toEqual([changed, last])
        yield* later
        expect((yield* readAll(ports.Deal, { cursor: second.cursor })).changes).toEqual([])
      }),
    )
  })
})
