/** Promises of what a relay writes: intents, journal, dead letters, parked records, and all of it in one commit. */
import assert from "node:assert/strict"
import type { Commit, DeadLetter, Intent, JournalEntry, Parked, Service } from "@mortise/core/StateStore"
import { refKey } from "@mortise/core/StateStore"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { failsWith, inVirtualTime, link, openStore, page, ref, type StoreCase, walkPages } from "./Bench.ts"

const ERP = "acumatica/1/main"
const CRM = "hubspot/1/"

const line = (relay: string, id: string): JournalEntry => ({ relay, at: 1, source: ref(ERP, id), decision: "created" })
const intent = (relay: string, key: string): Intent => ({
  relay,
  key,
  source: ref(ERP, key),
  entity: "Account",
  hash: "h",
  announcedAt: 1,
})
const letter = (relay: string, id: string, reason = "Invalid"): DeadLetter => ({
  relay,
  source: ref(ERP, id),
  version: "v1",
  reason,
  message: "the name is missing",
  at: 1,
  details: { issues: [{ path: ["name"], message: "missing" }] },
})
const parked = (id: string, parent: string, relay = "r"): Parked => ({
  relay,
  source: ref(ERP, id, "Contact"),
  version: "v1",
  waitsFor: ref(ERP, parent),
  as: { scope: CRM, entity: "Company" },
  at: 1,
})

const ids = (lines: ReadonlyArray<JournalEntry>) => lines.map((each) => each.source.id)

const walk = (store: Service, limit: number, relay?: string) =>
  walkPages<JournalEntry & { readonly position: string }>(limit, (last) =>
    store.journal({
      limit,
      ...(relay === undefined ? {} : { relay }),
      ...(last === undefined ? {} : { after: last.position }),
    }),
  )

const whole = (fence: Commit["fence"]): Commit => ({
  page: page("stream", 7, ["1", "2"]),
  links: [link(ref(ERP, "1"), ref(CRM, "501"))],
  journal: [line("r", "1")],
  deadLetters: [letter("r", "2")],
  parked: [parked("3", "4")],
  settled: [{ relay: "r", key: "k1" }],
  ...(fence === undefined ? {} : { fence }),
})

/** What a store holds of {@link whole}. */
const holdings = Effect.fnUntraced(function* (store: Service) {
  return {
    cursor: Option.isSome(yield* store.cursor("stream")),
    marks: (yield* store.marks("stream", ["1", "2"])).size,
    links: (yield* store.linksFrom([ref(ERP, "1")], { scope: CRM, entity: "Account" })).size,
    back: (yield* store.linksTo([ref(CRM, "501")], { scope: ERP, entity: "Account" })).size,
    journal: (yield* store.journal({ limit: 10 })).length,
    dead: (yield* store.deadLetters("r", { limit: 10 })).length,
    parked: (yield* store.parked("r", { limit: 10 })).length,
    intents: (yield* store.intents("r")).length,
  }
})
const NOTHING = { cursor: false, marks: 0, links: 0, back: 0, journal: 0, dead: 0, parked: 0, intents: 1 }
const ALL = { cursor: true, marks: 2, links: 1, back: 1, journal: 1, dead: 1, parked: 1, intents: 0 }

export const relayCases: ReadonlyArray<StoreCase> = [
  {
    name: "writes everything of a commit while its lease is held, and nothing once it is lost",
    run: inVirtualTime(
      Effect.fnUntraced(function* (bench) {
        const store = yield* openStore(bench)
        yield* store.announce([intent("r", "k1")])
        const ttl = Duration.seconds(10)
        const lease = Option.getOrThrow(yield* store.acquire("relay r", { holder: "one", ttl }))
        yield* Effect.sleep("11 seconds")
        yield* failsWith("Conflict", store.commit(whole(lease)))
        assert.deepEqual(yield* holdings(store), NOTHING)
        const next = Option.getOrThrow(yield* store.acquire("relay r", { holder: "other", ttl }))
        yield* failsWith("Conflict", store.commit(whole(lease)))
        yield* failsWith("Conflict", store.commit(whole({ ...lease, holder: "other" })))
        yield* failsWith("Conflict", store.commit(whole({ ...next, name: "another lease" })))
        assert.deepEqual(yield* holdings(store), NOTHING)
        yield* store.commit(whole(next))
        assert.deepEqual(yield* holdings(store), ALL)
      }),
    ),
  },
  {
    name: "knows announced writes until they are settled",
    run: Effect.fnUntraced(function* (bench) {
      const store = yield* openStore(bench)
      yield* store.announce([intent("r", "a"), intent("r", "b/c"), intent("r2", "a")])
      yield* store.announce([{ ...intent("r", "a"), hash: "later" }])
      yield* store.announce([])
      assert.deepEqual(yield* store.intents("r"), [{ ...intent("r", "a"), hash: "later" }, intent("r", "b/c")])
      yield* store.commit({ settled: [{ relay: "r", key: "a" }] })
      assert.deepEqual(
        [yield* store.intents("r"), yield* store.intents("r2")],
        [[intent("r", "b/c")], [intent("r2", "a")]],
      )
    }),
  },
  {
    name: "finds thousands of announced writes again",
    run: Effect.fnUntraced(function* (bench) {
      const store = yield* openStore(bench)
      yield* store.announce(Array.from({ length: 2500 }, (_, index) => intent("r", `k${index}`)))
      assert.equal(new Set((yield* store.intents("r")).map((each) => each.key)).size, 2500)
    }),
  },
  {
    name: "keeps the journal in the order of its commits, in pages of any size",
    run: Effect.fnUntraced(function* (bench) {
      const store = yield* openStore(bench)
      const written: Array<string> = []
      for (const [commit, size] of [1, 300, 2, 128, 129].entries()) {
        const lines = Array.from({ length: size }, (_, index) => line("r", `${commit}-${index}`))
        written.push(...ids(lines))
        yield* store.commit({ journal: lines })
      }
      for (const limit of [1000, 250, 128, 7]) {
        const lines = yield* walk(store, limit, "r")
        assert.deepEqual(ids(lines), written)
        assert.deepEqual(
          lines.map((each) => each.position),
          [...new Set(lines.map((each) => each.position))].sort(),
        )
      }
    }),
  },
  {
    name: "shows the journal of one relay or of all, in one order",
    run: Effect.fnUntraced(function* (bench) {
      const store = yield* openStore(bench)
      yield* store.commit({ journal: [line("a", "1"), line("b", "2"), line("a", "3")] })
      yield* store.commit({ journal: [line("a/x", "4")] })
      yield* store.commit({ journal: [line("b", "5"), line("a", "6")] })
      assert.deepEqual(ids(yield* walk(store, 2)), ["1", "2", "3", "4", "5", "6"])
      assert.deepEqual(ids(yield* walk(store, 2, "a")), ["1", "3", "6"])
      assert.deepEqual(ids(yield* walk(store, 2, "a/x")), ["4"])
      yield* failsWith("Invalid", store.journal({ limit: -1 }))
    }),
  },
  {
    name: "loses no line of the journal when two programs write at once",
    run: Effect.fnUntraced(function* (bench) {
      const stores = [yield* openStore(bench), yield* openStore(bench)] as const
      const work = Array.from({ length: 60 }, (_, index) =>
        stores[index % 2 === 0 ? 0 : 1].commit({
          journal: [line(`r${index % 3}`, `${index}a`), line(`r${index % 3}`, `${index}b`)],
        }),
      )
      yield* Effect.all(work, { concurrency: "unbounded" })
      const lines = yield* walk(stores[0], 13)
      assert.equal(new Set(ids(lines)).size, 120)
      assert.equal(lines.length, 120)
      for (const [at, each] of lines.entries()) {
        if (each.source.id.endsWith("a")) assert.equal(lines[at + 1]?.source.id, each.source.id.replace("a", "b"))
      }
    }),
  },
  {
    name: "keeps one dead letter for a record, the latest, until it is buried",
    run: Effect.fnUntraced(function* (bench) {
      const store = yield* openStore(bench)
      yield* store.commit({ deadLetters: [letter("r", "1"), letter("r", "2"), letter("r", "3"), letter("r2", "1")] })
      yield* store.commit({ deadLetters: [letter("r", "2", "Ambiguous")] })
      const first = yield* store.deadLetters("r", { limit: 2 })
      assert.deepEqual(first, [letter("r", "1"), letter("r", "2", "Ambiguous")])
      const after = refKey(ref(ERP, "2"))
      assert.deepEqual(yield* store.deadLetters("r", { limit: 2, after }), [letter("r", "3")])
      yield* store.commit({ buried: [1, 2, 3].map((id) => ({ relay: "r", source: ref(ERP, String(id)) })) })
      assert.deepEqual(yield* store.deadLetters("r", { limit: 5 }), [])
      assert.equal((yield* store.deadLetters("r2", { limit: 5 })).length, 1)
    }),
  },
  {
    name: "finds parked records by the parent that they wait for",
    run: Effect.fnUntraced(function* (bench) {
      const store = yield* openStore(bench)
      yield* store.commit({ parked: [parked("1", "A"), parked("2", "A"), parked("3", "B"), parked("4", "A", "r2")] })
      const waiting = Effect.fnUntraced(function* (parent: string) {
        const found = yield* store.parked("r", { waitsFor: ref(ERP, parent), limit: 10 })
        return found.map((each) => each.source.id)
      })
      assert.deepEqual(yield* waiting("A"), ["1", "2"])
      yield* store.commit({ parked: [parked("1", "B")] })
      assert.deepEqual([yield* waiting("A"), yield* waiting("B"), yield* waiting("C")], [["2"], ["1", "3"], []])
      yield* store.commit({ unparked: [{ relay: "r", source: ref(ERP, "1", "Contact") }] })
      assert.deepEqual([yield* waiting("A"), yield* waiting("B")], [["2"], ["3"]])
    }),
  },
  {
    name: "shows parked records in pages of any size, all of them or those of one parent",
    run: Effect.fnUntraced(function* (bench) {
      const store = yield* openStore(bench)
      const all = Array.from({ length: 25 }, (_, index) => parked(String(index), index % 3 === 0 ? "A" : "B"))
      yield* store.commit({ parked: all })
      for (const limit of [1, 4, 25, 100]) {
        for (const parent of [undefined, "A", "B", "C"]) {
          const waitsFor = parent === undefined ? {} : { waitsFor: ref(ERP, parent) }
          const walked = yield* walkPages<Parked>(limit, (last) =>
            store.parked("r", { limit, ...waitsFor, ...(last === undefined ? {} : { after: refKey(last.source) }) }),
          )
          const meant = all.filter((each) => parent === undefined || each.waitsFor.id === parent)
          assert.deepEqual(
            walked.map((each) => each.source.id),
            meant.map((each) => each.source.id).sort(),
          )
        }
      }
      yield* failsWith("Invalid", store.parked("r", { limit: 0 }))
      yield* failsWith("Invalid", store.parked("r", { waitsFor: ref(ERP, "A"), limit: 0.5 }))
    }),
  },
  {
    name: "takes no harm from records that end without having begun",
    run: Effect.fnUntraced(function* (bench) {
      const store = yield* openStore(bench)
      const never = { relay: "r", source: ref(ERP, "9", "Contact") }
      yield* store.commit({ parked: [parked("1", "A")], deadLetters: [letter("r", "2")] })
      yield* store.commit({ buried: [never], unparked: [never], settled: [{ relay: "r", key: "9" }] })
      assert.equal((yield* store.parked("r", { limit: 10 })).length, 1)
      assert.equal((yield* store.deadLetters("r", { limit: 10 })).length, 1)
      yield* store.commit({
        unparked: [never],
        buried: [never],
        parked: [parked("9", "A")],
        deadLetters: [letter("r", "9")],
      })
      assert.equal((yield* store.parked("r", { limit: 10 })).length, 2)
      assert.equal((yield* store.deadLetters("r", { limit: 10 })).length, 2)
    }),
  },
]
