import type * as Change from "@mortise/core/Change"
import * as StateStore from "@mortise/core/StateStore"
import type { Instant } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import * as Register from "./support/register.ts"

const KEY = "crm/1/|Company|Ab"
const write = { key: KEY, fields: { name: "Rossi", email: "post@rossi.example" } }

const refs = ({ world }: ReturnType<typeof Register.open>) => world.all("firms").map(({ ref }) => ref)

describe("a port made of small calls", () => {
  it("writes our key into the field that carries it, and finds the record by it though the store be lost", async () => {
    const bench = Register.open()
    expect(await bench.run((port) => port.upsert([write]))).toEqual([{ _tag: "Created", id: "F000001", revision: "1" }])
    expect(refs(bench)).toEqual(["crm_2f1_2f_7c_43ompany_7c_41b"])
    const found = await bench.run((port) => port.find([KEY, "crm/1/|Company|2"]))
    expect([...found]).toMatchObject([[KEY, { id: "F000001", key: KEY, revision: "1", record: { name: "Rossi" } }]])
  })

  it("finds what a lost create made by the key, without a note in the store", async () => {
    for (const kind of ["lostReply", "resetBefore"] as const) {
      const bench = Register.open()
      bench.twin.faults.deal({ at: ({ method }) => method === "POST", fault: { kind } })
      const [outcome] = await bench.run((port) => port.upsert([write]))
      expect(outcome?._tag).toBe(kind === "lostReply" ? "Written" : "Created")
      expect(bench.world.all("firms")).toHaveLength(1)
    }
  })

  it("sends a create again only when the first can no longer come about", async () => {
    const bench = Register.open()
    bench.twin.faults.deal({ at: ({ method }) => method === "POST", fault: { kind: "resetBefore" } })
    await bench.run((port) => port.upsert([write]))
    const creates = bench.twin.journal.where(({ method }) => method === "POST").map(({ at }) => at)
    expect(creates).toHaveLength(2)
    expect((creates[1] ?? 0) - (creates[0] ?? 0)).toBeGreaterThanOrEqual(300_000)
  })

  it("tells an update whose answers were lost by the record itself", async () => {
    const bench = Register.open()
    await bench.run((port) => port.upsert([write]))
    bench.twin.faults.deal({ at: ({ method }) => method === "PATCH", fault: { kind: "lostReply" } })
    const [outcome] = await bench.run((port) => port.upsert([{ key: KEY, fields: { name: "Bianchi" } }]))
    expect(bench.world.all("firms")).toMatchObject([{ name: "Bianchi" }])
    // The repetition names the revision of before, and is refused as stale: the record tells the rest.
    expect(bench.twin.journal.where(({ status }) => status === 412)).toHaveLength(1)
    expect(outcome?._tag).toBe("Updated")
  })

  it("takes up a change once more when somebody else changed the record meanwhile, unless a revision was meant", async () => {
    for (const meant of [{}, { ifRevision: "1" }]) {
      const bench = Register.open()
      await bench.run((port) => port.upsert([write]))
      bench.twin.faults.deal({
        at: ({ method }) => {
          if (method === "PATCH") bench.world.edit("firms", "F000001", { email: "new@rossi.example" })
          return method === "PATCH"
        },
        fault: { kind: "slow", millis: 10, commit: "late" },
      })
      const outcomes = await bench.run((port) => port.upsert([{ key: KEY, ...meant, fields: { name: "Bianchi" } }]))
      const refused = "ifRevision" in meant
      expect(Register.tags(outcomes)).toEqual([refused ? "Rejected(Conflict)" : "Updated"])
      const name = refused ? "Rossi" : "Bianchi"
      expect(bench.world.all("firms")).toMatchObject([{ name, email: "new@rossi.example" }])
    }
  })

  it("adopts a record by writing our key into it, and leaves one alone that carries another", async () => {
    const bench = Register.open()
    bench.world.seed("firms", [{ name: "By hand", email: write.fields.email }])
    expect(Register.tags(await bench.run((port) => port.upsert([{ ...write, adoptBy: ["email"] }])))).toEqual([
      "Updated",
    ])
    expect(bench.world.all("firms")).toMatchObject([{ name: "Rossi", ref: "crm_2f1_2f_7c_43ompany_7c_41b" }])

    const taken = Register.open()
    taken.world.seed("firms", [{ name: "Theirs", email: write.fields.email, ref: "somebody-else" }])
    expect(Register.tags(await taken.run((port) => port.upsert([{ ...write, adoptBy: ["email"] }])))).toEqual([
      "Rejected(Ambiguous)",
    ])
    expect(taken.world.all("firms")).toMatchObject([{ name: "Theirs", ref: "somebody-else" }])
  })

  it("takes a key that several records carry for ambiguous", async () => {
    const bench = Register.open()
    const ref = "crm_2f1_2f_7c_43ompany_7c_41b"
    bench.world.seed("firms", [
      { name: "A", ref },
      { name: "B", ref },
    ])
    const [outcome] = await bench.run((port) => port.upsert([write]))
    expect(outcome).toMatchObject({
      _tag: "Rejected",
      error: {
        reason: {
          _tag: "Ambiguous",
          candidates: [
            { id: "F000001", label: "A" },
            { id: "F000002", label: "B" },
          ],
        },
      },
    })
  })

  it("writes by id, refuses one that is gone, and a revision that has passed", async () => {
    const bench = Register.open()
    const [id = ""] = bench.world.seed("firms", [{ name: "A" }])
    const outcomes = await bench.run((port) =>
      port.upsert([
        { id, ifRevision: "1", fields: { name: "B" } },
        { id: "F9", fields: { name: "B" } },
      ]),
    )
    expect(Register.tags(outcomes)).toEqual(["Updated", "Rejected(NotFound)"])
    expect(outcomes[0]).toEqual({ _tag: "Updated", id, revision: "2" })
    const stale = await bench.run((port) => port.upsert([{ id, ifRevision: "1", fields: { name: "C" } }]))
    expect(stale).toMatchObject([{ error: { reason: { _tag: "Conflict", expected: "1", found: "2" } } }])
    expect(bench.world.get("firms", id)).toMatchObject({ name: "B" })
  })

  it("creates nothing where only an existing record was meant, or where it cannot", async () => {
    const bench = Register.open()
    expect(Register.tags(await bench.run((port) => port.upsert([{ ...write, create: false }])))).toEqual([
      "Rejected(NotFound)",
    ])
    const reader = Register.open(({ create: _, ...options }) => options)
    expect(Register.tags(await reader.run((port) => port.upsert([write])))).toEqual(["Rejected(Unsupported)"])
    const fixed = Register.open(({ update: _, ...options }) => options)
    await fixed.run((port) => port.upsert([write]))
    const changed = await fixed.run((port) => port.upsert([{ key: KEY, fields: { name: "B" } }]))
    expect(Register.tags(changed)).toEqual(["Rejected(Unsupported)"])
    expect([...bench.world.all("firms"), ...reader.world.all("firms")]).toEqual([])
  })

  it("sends all that is supplied where the comparison is not wanted", async () => {
    const bench = Register.open()
    await bench.run((port) => port.upsert([write]))
    const outcomes = await bench.run((port) => port.upsert([write], { compare: false }))
    expect(Register.tags(outcomes)).toEqual(["Updated"])
  })

  it("takes values for the same that the port calls so", async () => {
    const same = { name: (a: unknown, b: unknown) => String(a).toLowerCase() === String(b).toLowerCase() }
    const bench = Register.open((options) => ({ ...options, same }))
    await bench.run((port) => port.upsert([write]))
    const outcomes = await bench.run((port) => port.upsert([{ key: KEY, fields: { name: "ROSSI" } }]))
    expect(Register.tags(outcomes)).toEqual(["Unchanged"])
  })

  it("tells a look that failed as not attempted, and sends nothing more through a shut door", async () => {
    const bench = Register.open()
    bench.twin.faults.deal({ at: () => true, times: 100, fault: { kind: "errorBefore", status: 401 } })
    const two = [write, { key: "crm/1/|Company|2", fields: { name: "B" } }]
    const outcomes = await bench.run((port) => port.upsert(two))
    expect(Register.tags(outcomes)).toEqual(["NotAttempted(Unauthorized)", "NotAttempted(Unauthorized)"])
    expect(bench.twin.journal.count()).toBe(1)
  })

  it("archives, and takes what is gone for archived", async () => {
    const bench = Register.open()
    const [id = ""] = bench.world.seed("firms", [{ name: "A" }])
    const outcomes = await bench.run((port) => port.archive?.([id, "F9"]) ?? Effect.succeed([]))
    expect(Register.tags(outcomes)).toEqual(["Updated", "Unchanged"])
    expect(bench.world.get("firms", id)).toMatchObject({ archived: true })
  })

  it("makes one record of one key that two fibers write at the same moment", async () => {
    const bench = Register.open()
    const outcomes = await bench.run((port) =>
      Effect.all([port.upsert([write]), port.upsert([write])], { concurrency: "unbounded" }),
    )
    expect(Register.tags(outcomes.flat()).toSorted()).toEqual(["Created", "Unchanged"])
    expect(bench.world.all("firms")).toHaveLength(1)
  })
})

describe("reading through such a port", () => {
  const drain = (port: Parameters<Parameters<ReturnType<typeof Register.open>["run"]>[0]>[0], asked = {}) =>
    Effect.gen(function* () {
      const store = yield* StateStore.StateStore
      const cursor = yield* store.cursor("register/register.example/|Account|default")
      const options = { ...asked, ...(cursor._tag === "Some" ? { cursor: cursor.value } : {}) }
      const pages = yield* Stream.runCollect(Stream.tap(port.changes(options), (page) => store.commit({ page })))
      return pages.flatMap(({ changes }): ReadonlyArray<Change.Change<{ readonly name?: string | null }>> => changes)
    })
  const seen = (changes: ReadonlyArray<Change.Change<{ readonly name?: string | null }>>) =>
    changes.map((change) =>
      change._tag === "Upserted" ? change.record.name : `${change._tag} ${"id" in change ? change.id : ""}`,
    )

  const rows = Array.from({ length: 8 }, (_, n) => ({ name: `T${n + 1}` }))

  it("goes by the order of the stamp, over more ties than a page holds", async () => {
    const bench = Register.open()
    bench.world.seed("firms", rows, { at: Register.START - 60_000 })
    bench.world.seed("firms", [{ name: "first" }], { at: Register.START - 90_000 })
    expect(seen(await bench.run(drain)).toSorted()).toEqual(["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "first"])
    bench.world.edit("firms", "F000003", { name: "T3 b" })
    await bench.clock.advance("1 minute")
    expect(seen(await bench.run(drain))).toEqual(["T3 b"])
  })

  it("compares a list without stamps with the last one, and tells what went away", async () => {
    const bench = Register.open(Register.snapshot)
    bench.world.seed("firms", rows)
    expect(seen(await bench.run(drain))).toHaveLength(8)
    bench.world.edit("firms", "F000002", { name: "T2 b" })
    expect(seen(await bench.run(drain))).toEqual(["T2 b"])
    expect(seen(await bench.run(drain))).toEqual([])
  })

  it("delivers only the fields and records that were asked for, and refuses what it does not read", async () => {
    const bench = Register.open()
    bench.world.seed("firms", [{ name: "A", email: "a@a.example" }, { name: "B" }], { at: Register.START - 60_000 })
    const changes = await bench.run((port) => drain(port, { fields: ["name"], where: [{ field: "name", is: "A" }] }))
    expect(changes).toMatchObject([{ record: { name: "A" } }])
    expect(changes[0]).not.toHaveProperty("record.email")
    const refused = await bench.run((port) => Effect.result(Stream.runDrain(port.changes({ fields: ["phone"] }))))
    expect(refused).toMatchObject({ failure: { reason: { _tag: "Invalid", issues: [{ path: ["fields", "phone"] }] } } })
    const late = { since: "2026-11-02T08:59:30.000Z" as Instant, reader: "late" }
    const since = await bench.run((port) => Stream.runCollect(port.changes(late)))
    expect(since.flatMap((page) => page.changes)).toEqual([])
  })

  it("gives what could be read of a record, and names the rest", async () => {
    const bench = Register.open((options) => ({
      ...options,
      fieldsOf: ({ name }) => ({ name, email: name === "B" ? 5 : "a@a.example" }),
    }))
    bench.world.seed("firms", [{ name: "A" }, { name: "B" }], { at: Register.START - 60_000 })
    const found = await bench.run((port) => port.get(["F000001", "F000002", "F9"]))
    expect([...found.keys()]).toEqual(["F000001", "F000002"])
    expect(found.get("F000002")).toMatchObject({ record: { name: "B" }, issues: [{ path: ["email"] }] })
    const changes = await bench.run(drain)
    expect(changes.map(({ _tag }) => _tag)).toEqual(["Upserted", "Undecodable"])
  })

  it("isolates a record over which the adapter's own code breaks", async () => {
    const bench = Register.open((options) => ({
      ...options,
      fieldsOf: ({ email, name }) => ({ name, email: (email as string).trim() }),
    }))
    bench.world.seed("firms", [{ name: "A" }, { name: "B", email: "b@b.example" }], { at: Register.START - 60_000 })
    const changes = await bench.run(drain)
    expect(changes).toMatchObject([
      { _tag: "Undecodable", id: "F000001" },
      { _tag: "Upserted", id: "F000002" },
    ])
  })
})
