/** Promises of what a reading leaves behind: cursors, marks, snapshots, links. */
import assert from "node:assert/strict"
import type { SnapshotRow } from "@mortise/core/Change"
import { type Commit, type Kind, type Link, refKey, type Service } from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { failsWith, link, once, openStore, page, put, ref, type StoreCase, walkPages } from "./Bench.ts"

const CRM = "hubspot/1/"
const ERP = "acumatica/1/main"
const COMPANIES: Kind = { scope: CRM, entity: "Company" }
const ACCOUNTS: Kind = { scope: ERP, entity: "Account" }

const targetOf = Effect.fnUntraced(function* (store: Service, id: string) {
  const source = ref(ERP, id)
  return (yield* store.linksFrom([source], COMPANIES)).get(refKey(source))?.target.id
})
const sourceOf = Effect.fnUntraced(function* (store: Service, id: string) {
  const target = ref(CRM, id, "Company")
  return (yield* store.linksTo([target], ACCOUNTS)).get(refKey(target))?.source.id
})
const join = (source: string, target: string, hash?: string): Link =>
  link(ref(ERP, source), ref(CRM, target, "Company"), hash)

const snapshotPage = (rows: ReadonlyArray<string>, gone: ReadonlyArray<string>): Commit => ({
  page: {
    stream: "s",
    cursor: { v: 1, scope: ERP, entity: "Account", selection: "", strategy: "snapshot", state: null },
    delta: { marks: [], snapshotPut: rows.map((id) => ({ id, hash: `hash of ${id}` })), snapshotRemove: gone },
  },
})

export const pageCases: ReadonlyArray<StoreCase> = [
  {
    name: "stands where the last committed page ended, also for the next program",
    run: Effect.fnUntraced(function* (bench) {
      yield* once(bench, (store) =>
        Effect.gen(function* () {
          assert.ok(Option.isNone(yield* store.cursor("a")))
          yield* store.commit({ page: page("a", { at: 1 }, []) })
          yield* store.commit({ page: page("a", { at: 2, text: "😀\u0000\ud800" }, []) })
          yield* store.commit({ page: page("b", { at: 3 }, []) })
        }),
      )
      const cursor = yield* once(bench, (store) => store.cursor("a"))
      assert.deepEqual(Option.getOrUndefined(cursor)?.state, { at: 2, text: "😀\u0000\ud800" })
    }),
  },
  {
    name: "remembers the later version of a record that came twice on a page",
    run: Effect.fnUntraced(function* (bench) {
      const store = yield* openStore(bench)
      const first = page("a", 1, ["1", "2"], "v1")
      const delta = { marks: [...first.delta.marks, { id: "1", version: "v2" }] }
      yield* store.commit({ page: { ...first, delta } })
      yield* store.commit({ page: page("a/1", 1, ["1"], "other stream") })
      assert.deepEqual(
        yield* store.marks("a", ["2", "1", "3"]),
        new Map([
          ["1", "v2"],
          ["2", "v1"],
        ]),
      )
    }),
  },
  {
    name: "keeps the rows of a snapshot in the order of their ids, and takes removed ones out",
    run: Effect.fnUntraced(function* (bench) {
      const store = yield* openStore(bench)
      const ids = ["10", "9", "a/b", "a%2Fb", "a", "ä", "😀", "\ue000", ""]
      yield* store.commit(snapshotPage([...ids, "gone"], []))
      yield* store.commit(snapshotPage(["gone later", "9"], ["gone", "9"]))
      yield* store.commit(snapshotPage([], ["gone later"]))
      const walked = yield* walkPages<SnapshotRow>(4, (last) =>
        store.snapshotScan("s", { limit: 4, ...(last === undefined ? {} : { after: last.id }) }),
      )
      for (const row of walked) assert.equal(row.hash, `hash of ${row.id}`)
      assert.deepEqual(
        walked.map((row) => row.id),
        [...ids].sort(),
      )
      assert.equal((yield* store.snapshot("s", ["a/b", "gone"])).get("a/b")?.hash, "hash of a/b")
      yield* failsWith("Invalid", store.snapshotScan("s", { limit: 0 }))
    }),
  },
  {
    name: "finds a link from both ends",
    run: Effect.fnUntraced(function* (bench) {
      const store = yield* openStore(bench)
      yield* store.commit({ links: [join("C1", "501"), join("C2", "502")] })
      yield* store.commit({ links: [join("C1", "501", "later")] })
      const source = ref(ERP, "C1")
      const found = (yield* store.linksFrom([source, ref(ERP, "C9")], COMPANIES)).get(refKey(source))
      assert.deepEqual(found, join("C1", "501", "later"))
      assert.equal(yield* sourceOf(store, "502"), "C2")
      assert.equal((yield* store.linksFrom([source], { ...COMPANIES, scope: "hubspot/2/" })).size, 0)
      assert.equal((yield* store.linksTo([ref(CRM, "501", "Contact")], ACCOUNTS)).size, 0)
    }),
  },
  {
    name: "turns the way back when a source is linked anew, and ends it when it is unlinked",
    run: Effect.fnUntraced(function* (bench) {
      const store = yield* openStore(bench)
      yield* store.commit({ links: [join("C1", "501")] })
      yield* store.commit({ links: [join("C1", "777")] })
      assert.deepEqual([yield* targetOf(store, "C1"), yield* sourceOf(store, "777")], ["777", "C1"])
      assert.equal(yield* sourceOf(store, "501"), undefined)
      yield* store.commit({ unlink: [{ source: ref(ERP, "C1"), target: COMPANIES }] })
      assert.deepEqual([yield* targetOf(store, "C1"), yield* sourceOf(store, "777")], [undefined, undefined])
      yield* store.commit({ unlink: [{ source: ref(ERP, "C1"), target: COMPANIES }], links: [join("C1", "501")] })
      assert.equal(yield* sourceOf(store, "501"), "C1")
    }),
  },
  {
    name: "keeps several sources of one target, and shows the one that was written last",
    run: Effect.fnUntraced(function* (bench) {
      const store = yield* openStore(bench)
      yield* store.commit({ links: [join("C1", "501"), join("C2", "501"), join("C3", "501")] })
      assert.equal(yield* sourceOf(store, "501"), "C3")
      yield* store.commit({ links: [join("C1", "501", "later")] })
      assert.equal(yield* sourceOf(store, "501"), "C1")
      yield* store.commit({ unlink: [{ source: ref(ERP, "C1"), target: COMPANIES }] })
      assert.equal(yield* sourceOf(store, "501"), "C3")
      assert.deepEqual([yield* targetOf(store, "C2"), yield* targetOf(store, "C3")], ["501", "501"])
    }),
  },
  {
    name: "keeps a source's links to two entities of one system apart, both ways",
    run: Effect.fnUntraced(function* (bench) {
      const store = yield* openStore(bench)
      const source = ref(ERP, "C1")
      const person = ref(CRM, "501", "Contact")
      const contacts = { ...COMPANIES, entity: "Contact" }
      yield* store.commit({ links: [join("C1", "501"), link(source, person, "of the person")] })
      yield* store.commit({ links: [join("C1", "777")] })
      const found = yield* store.linksFrom([source], contacts)
      assert.deepEqual(found.get(refKey(source)), link(source, person, "of the person"))
      assert.equal(yield* targetOf(store, "C1"), "777")
      assert.equal((yield* store.linksTo([person], ACCOUNTS)).get(refKey(person))?.source.id, "C1")
      yield* store.commit({ unlink: [{ source, target: COMPANIES }] })
      assert.deepEqual([yield* targetOf(store, "C1"), yield* sourceOf(store, "777")], [undefined, undefined])
      assert.equal((yield* store.linksFrom([source], contacts)).size, 1)
      assert.equal((yield* store.linksTo([person], ACCOUNTS)).size, 1)
    }),
  },
  {
    name: "keeps the sources of one target apart by their entities",
    run: Effect.fnUntraced(function* (bench) {
      const store = yield* openStore(bench)
      const target = ref(CRM, "501", "Company")
      const branch = ref(ERP, "C1", "Branch")
      yield* store.commit({ links: [join("C1", "501"), link(branch, target, "of the branch")] })
      assert.equal(yield* sourceOf(store, "501"), "C1")
      const back = yield* store.linksTo([target], { ...ACCOUNTS, entity: "Branch" })
      assert.deepEqual(back.get(refKey(target)), link(branch, target, "of the branch"))
      yield* store.commit({ unlink: [{ source: branch, target: COMPANIES }] })
      assert.equal(yield* sourceOf(store, "501"), "C1")
    }),
  },
  {
    name: "does not mix up records whose names share signs",
    run: Effect.fnUntraced(function* (bench) {
      const store = yield* openStore(bench)
      const names = ["a|b", "a%7Cb", "a/b", "a%2Fb", "a", "|", "/", "'", "\ud800", "\udc00", "\u0000"]
      const links = names.map((name, index) => link(ref(name, name, name), ref(CRM, String(index), "Company")))
      yield* store.commit({ links })
      const found = yield* store.linksFrom(
        names.map((name) => ref(name, name, name)),
        COMPANIES,
      )
      assert.deepEqual(
        names.map((name) => found.get(refKey(ref(name, name, name)))?.target.id),
        names.map((_, i) => String(i)),
      )
      assert.equal((yield* store.linksFrom([ref("a", "b", "b|a")], COMPANIES)).size, 0)
      const shifted = { scope: `${CRM}Company`, entity: "" }
      assert.equal((yield* store.linksFrom([ref("a", "a", "a")], shifted)).size, 0)
    }),
  },
  {
    name: "keeps both ends of links whole when two programs link and unlink at once",
    run: Effect.fnUntraced(function* (bench) {
      const stores = [yield* openStore(bench), yield* openStore(bench)] as const
      const work = Array.from({ length: 40 }, (_, index) => {
        const store = stores[index % 2 === 0 ? 0 : 1]
        const source = `C${index % 5}`
        return index % 7 === 6
          ? store.commit({ unlink: [{ source: ref(ERP, source), target: COMPANIES }] })
          : store.commit({ links: [join(source, String(500 + (index % 3)))] })
      })
      yield* Effect.all(work, { concurrency: "unbounded" })
      for (const source of ["C0", "C1", "C2", "C3", "C4"]) {
        const target = yield* targetOf(stores[0], source)
        if (target !== undefined) assert.notEqual(yield* sourceOf(stores[1], target), undefined)
      }
      for (const target of ["500", "501", "502"]) {
        const source = yield* sourceOf(stores[0], target)
        if (source !== undefined) assert.equal(yield* targetOf(stores[1], source), target)
      }
    }),
  },
  {
    name: "refuses a store that a later program wrote, and leaves it as it is",
    run: Effect.fnUntraced(function* (bench) {
      yield* once(bench, (store) => store.putSetting("kept", "yes"))
      const backend = yield* bench.open
      yield* backend.transact([put("layout", "99", "meta")])
      const error = yield* failsWith("VersionMismatch", Effect.scoped(openStore(bench)))
      assert.match(error.message, /99/)
      assert.equal((yield* backend.get("meta", ["layout"])).get("layout"), "99")
    }),
  },
  {
    name: "keeps settings under their names",
    run: Effect.fnUntraced(function* (bench) {
      const text = "any 'text' 😀 \u0000 \ud800"
      yield* once(bench, (store) => Effect.andThen(store.putSetting("a", "1"), store.putSetting("a", text)))
      const store = yield* openStore(bench)
      assert.deepEqual([yield* store.setting("a"), yield* store.setting("b")], [Option.some(text), Option.none()])
    }),
  },
]
