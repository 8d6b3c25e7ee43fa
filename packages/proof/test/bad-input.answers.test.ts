import * as Benches from "@mortise/conformance/kit/Bench"
import { need } from "@mortise/conformance/kit/Need"
import type { Fault } from "@mortise/conformance/twin/Faults"
import type * as Change from "@mortise/core/Change"
import type { ReasonTag } from "@mortise/core/ConnectorError"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import type * as Port from "@mortise/core/Port"
import { StateStore } from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import * as Acumatica from "../src/conformance/subjects/acumatica/Acumatica.ts"
import * as HubSpot from "../src/conformance/subjects/hubspot/HubSpot.ts"
import { endOf, failureOf, watch } from "./support/watched.ts"

const subjects = [
  ["HubSpot", HubSpot.subject],
  ["Acumatica", Acumatica.subject],
] as const

/** All pages, each committed before the next is read. */
const readAll = (port: Port.Any, from: Port.ChangesOptions<never> = {}) =>
  Effect.gen(function* () {
    const store = yield* StateStore
    const pages: Array<Change.Page<unknown>> = []
    yield* Stream.runForEach(port.changes(from), (page) => {
      pages.push(page)
      return store.commit({ page })
    })
    return pages
  })

const FOREVER = 99

/** What a fault that never ends leads to, in reading. */
const ANSWERS: ReadonlyArray<readonly [what: string, fault: Fault, reasons: ReadonlyArray<ReasonTag>]> = [
  ["an HTML page in place of JSON", { kind: "htmlPage", status: 200 }, ["Decode", "Unavailable"]],
  ["an HTML page with a 502", { kind: "htmlPage", status: 502 }, ["Unavailable"]],
  ["JSON that does not parse", { kind: "malformedJson" }, ["Decode"]],
  ["half of a body", { kind: "truncatedBody" }, ["Transport"]],
  [
    "a redirect to another host",
    { kind: "redirect", location: "https://elsewhere.example/" },
    ["Transport", "Decode", "Invalid", "Unsupported"],
  ],
  ["429s without an end", { kind: "throttle", retryAfter: "5" }, ["Throttled"]],
  ["429s without an end and without a time", { kind: "throttle" }, ["Throttled"]],
  ["an hour to wait", { kind: "throttle", retryAfter: "3600" }, ["Throttled"]],
  ["401s without an end", { kind: "unauthorized" }, ["Unauthorized"]],
  ["500s without an end", { kind: "errorBefore", status: 500 }, ["Unavailable"]],
]

const ATTEMPTS = 6

describe.each(subjects)("%s, when it answers with", (_, subject) => {
  it.each(ANSWERS)("%s, ends a reading with what it is and no secret", async (_, fault, reasons) => {
    const bench = Benches.make(subject)
    bench.party.enter(1, 5)
    const before = JSON.stringify(bench.party.records())
    const store = MemoryBackend.make()
    const seen = await watch(
      bench,
      Effect.gen(function* () {
        const port = bench.party.port(yield* bench.connect())
        bench.twin.faults.deal({ at: bench.isRead, fault, times: FOREVER })
        return yield* readAll(port)
      }),
      store,
    )
    const error = failureOf(seen)
    expect(reasons).toContain(error.reason._tag)
    expect(error.operation).toMatch(/./)
    expect(error.message).not.toMatch(/<h1>|<html|Party \d|elsewhere/)
    expect(seen.leaks).toEqual([])
    expect(bench.foreign).toEqual([])
    expect(bench.twin.journal.where(({ faults }) => faults.length > 0).length).toBeLessThanOrEqual(ATTEMPTS)
    expect(JSON.stringify(bench.party.records())).toBe(before)
    expect(store.entries().filter(({ space }) => space === "cursor" || space === "mark")).toEqual([])
  })

  it.each(ANSWERS)("%s, leaves of a write one record or none, and a second write mends it", async (_, fault) => {
    const bench = Benches.make(subject)
    const { party } = bench
    const seen = await watch(
      bench,
      Effect.gen(function* () {
        const port = party.port(yield* bench.connect())
        bench.twin.faults.deal({ at: bench.isWrite, fault, times: FOREVER })
        const outcomes = yield* port.upsert([party.write(1)])
        expect(party.records().length).toBeLessThanOrEqual(1)
        bench.twin.faults.clear()
        yield* Effect.sleep("2 hours")
        const again = yield* port.upsert([party.write(1)])
        return [...outcomes, ...again]
      }),
    )
    const [first, second] = endOf(seen)
    expect(["Written", "Unknown", "NotAttempted", "Rejected"]).toContain(first?._tag)
    expect(["Created", "Written", "Unchanged", "Updated"]).toContain(second?._tag)
    expect(party.records().map(({ key }) => key)).toEqual([party.write(1).key])
    expect(seen.leaks).toEqual([])
    expect(bench.foreign).toEqual([])
  })
})

describe.each(subjects)("a reading of %s", (_, subject) => {
  const setUp = (): { readonly bench: Benches.Bench; readonly ids: ReadonlyArray<string> } => {
    const bench = Benches.make(subject)
    return { bench, ids: bench.party.enter(1, 12) }
  }

  it("sets a record apart that does not decode, in the middle of a page, and commits the others", async () => {
    const { bench, ids } = setUp()
    const store = MemoryBackend.make()
    const seen = await watch(
      bench,
      Effect.gen(function* () {
        const port = bench.party.port(yield* bench.connect())
        const field = need(bench.party.spoil, "unreadable")(ids[5] ?? "")
        yield* bench.catchUp
        const pages = yield* readAll(port)
        const again = yield* readAll(port, { cursor: pages.at(-1)?.cursor as Change.Cursor })
        return {
          field,
          changes: pages.flatMap(({ changes }) => changes),
          again: again.flatMap(({ changes }) => changes),
        }
      }),
      store,
    )
    const { again, changes, field } = endOf(seen)
    const bad = changes.flatMap((change) => (change._tag === "Undecodable" ? [change] : []))
    expect(bad.map(({ id }) => id)).toEqual([ids[5]])
    const paths = bad.flatMap(({ reason }) => (reason._tag === "Decode" ? reason.issues.map(({ path }) => path) : []))
    expect(paths).toEqual([[field]])
    expect(bad[0]?.reason.message).toContain(field)
    expect(changes.filter(({ _tag }) => _tag === "Upserted")).toHaveLength(11)
    expect(again).toEqual([])
    expect(seen.leaks).toEqual([])
    expect(JSON.stringify(bad)).not.toMatch(/dollars|no list of anything/)
  })

  it("refuses a cursor that is another entity's, another selection's, another tenant's, or none at all", async () => {
    const { bench } = setUp()
    const asked = await bench.run(
      Effect.gen(function* () {
        const connected = yield* bench.connect()
        const port = bench.party.port(connected)
        const cursor = (yield* readAll(port)).at(-1)?.cursor as Change.Cursor
        const other = connected.ports["Contact"] as Port.Any
        const wrong: ReadonlyArray<readonly [string, Port.Any, unknown]> = [
          ["entity", other, cursor],
          ["scope", port, { ...cursor, scope: "elsewhere/1/" }],
          ["selection", port, { ...cursor, selection: "all" }],
          ["strategy", port, { ...cursor, strategy: "guess" }],
          ["v", port, { ...cursor, v: 7 }],
          ["cursor", port, "yesterday"],
          ["cursor", port, {}],
          ["state", port, { ...cursor, state: { from: "the dawn of time" } }],
          ["state", port, { ...cursor, state: null }],
        ]
        const before = bench.twin.journal.count()
        const errors = yield* Effect.forEach(wrong, ([what, from, bad]) =>
          Effect.map(Effect.result(readAll(from, { cursor: bad as Change.Cursor })), (result) => ({
            what,
            tag: result._tag === "Failure" ? result.failure.reason._tag : "it was taken",
          })),
        )
        return { errors, requests: bench.twin.journal.count() - before }
      }),
    )
    expect(asked.errors.filter(({ tag }) => tag !== "Invalid")).toEqual([])
    expect(asked.requests).toBe(0)
  })

  it("refuses a field, a condition and a start that make no sense, before any request", async () => {
    const { bench } = setUp()
    const tags = await bench.run(
      Effect.gen(function* () {
        const port = bench.party.port(yield* bench.connect())
        const wrong: ReadonlyArray<unknown> = [
          { fields: ["shoeSize"] },
          { where: [{ field: "shoeSize", is: "44" }] },
          { since: "yesterday" },
          { since: "2026-02-30T00:00:00Z" },
        ]
        const before = bench.twin.journal.count()
        const ends = yield* Effect.forEach(wrong, (options) =>
          Effect.map(Effect.result(readAll(port, options as Port.ChangesOptions<never>)), (result) =>
            result._tag === "Failure" ? result.failure.reason._tag : `${JSON.stringify(options)} was taken`,
          ),
        )
        return [...ends, bench.twin.journal.count() === before ? "Invalid" : "requests were sent"]
      }),
    )
    expect(tags.filter((tag) => tag !== "Invalid" && tag !== "Unsupported")).toEqual([])
  })
})
