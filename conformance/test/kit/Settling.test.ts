import type * as Change from "@mortise/core/Change"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import type * as Port from "@mortise/core/Port"
import * as Reading from "@mortise/core/Reading"
import * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { SEAL_KEY } from "../../src/kit/Bench.ts"
import { Ledger, readOn } from "../../src/kit/Settling.ts"
import type { Program } from "../../src/kit/Subject.ts"

const scope = { system: "books", instance: "books.example" }
const reading = Reading.of(scope, "Account", {})

/** The only page of a crawl, whose cursor is the same before and after each. */
const page = (version: string): Change.Page<unknown> => ({
  stream: reading.stream,
  changes: [{ _tag: "Upserted", id: "1", version, hash: version, record: { name: version } }],
  cursor: Reading.cursor(reading, "snapshot", {}),
  delta: { marks: [], snapshotPut: [{ id: "1", hash: version }] },
  caughtUp: true,
})

const port = (version: string) =>
  ({ scope, entity: { name: "Account" }, changes: () => Stream.make(page(version)) }) as unknown as Port.Any

const process = (backend: MemoryBackend.MemoryBackend) => (program: Program<void>) =>
  Effect.runPromise(
    program.pipe(Effect.scoped, Effect.provide(StateStore.layer(backend, { sealKey: Redacted.make(SEAL_KEY) }))),
  )

const committed = (version: string): Program<void> =>
  Effect.gen(function* () {
    const store = yield* StateStore.StateStore
    yield* store.commit({ page: page(version) })
  })

const versions = ({ changes }: Ledger) => changes.map((change) => (change._tag === "Upserted" ? change.version : ""))

describe("what a reading has committed", () => {
  it("leaves out a page that was in the air when the process ended, though its cursor stood before", async () => {
    const [ledger, run] = [new Ledger(), process(MemoryBackend.make())]
    await run(readOn(port("a"), ledger))
    ledger.offered(page("b"))
    await run(readOn(port("b"), ledger))
    expect([versions(ledger), ledger.twice]).toEqual([["a", "b"], []])
  })

  it("counts a page whose commit was not confirmed, and finds it again as a version that came twice", async () => {
    const [ledger, run] = [new Ledger(), process(MemoryBackend.make())]
    await run(readOn(port("a"), ledger))
    ledger.offered(page("b"))
    await run(committed("b"))
    await run(readOn(port("b"), ledger))
    expect([versions(ledger), ledger.twice]).toEqual([["a", "b", "b"], ["1 b"]])
  })
})
