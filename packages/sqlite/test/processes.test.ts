/** Real processes on one file: killed without warning, and side by side. */
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import * as SqliteStore from "@mortise/sqlite/SqliteStore"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { describe, expect, it } from "vitest"
import { folder } from "./support/bench.ts"
import { faults, lastPage } from "./support/ledger.ts"
import { type Run, run } from "./support/processes.ts"

const SEED = 20260101
const KILLS = 50
const MOST_PAGES = 12

const seeded = (seed: number) => () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 4_294_967_296
}

const integrity = (path: string): unknown => {
  const db = new DatabaseSync(path)
  const row = db.prepare("PRAGMA integrity_check").get()
  db.close()
  return row?.["integrity_check"]
}

/** Writes until it has said so many lines, and kills it there; it goes on writing until the signal arrives. */
const writeAndKill = (path: string, after: number): Promise<Run> =>
  run("writer", [path], (_line, child, index) => {
    if (index === after) child.kill("SIGKILL")
  })

describe("a process that is killed", () => {
  it(`loses no committed page and leaves no half of one, ${KILLS} times`, async () => {
    const random = seeded(SEED)
    const hazards = { beforeFirstPage: 0, betweenIntentAndCommit: 0, commitsNotYetTold: 0 }
    const survived = Effect.gen(function* () {
      const path = join(yield* folder, "store.db")
      const inspected = (from: number) =>
        Effect.scoped(
          Effect.gen(function* () {
            const store = yield* SqliteStore.make({ path })
            const last = yield* lastPage(store)
            return { last, ...(yield* faults(store, Math.max(1, from), last)) }
          }),
        )
      let before = 0
      for (let kill = 0; kill < KILLS; kill++) {
        const after = Math.floor(random() * MOST_PAGES)
        const { lines, signal, stderr } = yield* Effect.promise(() => writeAndKill(path, after))
        expect({ signal, stderr }).toEqual({ signal: "SIGKILL", stderr: "" })
        const told = Number(lines.filter((line) => line !== "starting").at(-1) ?? 0)
        const found = yield* inspected(before)
        expect(found.wrong, `kill ${kill} after ${after} lines, seed ${SEED}`).toEqual([])
        expect(found.last).toBeGreaterThanOrEqual(told)
        if (told === 0) hazards.beforeFirstPage++
        hazards.betweenIntentAndCommit += found.announced
        if (told > 0 && found.last > told) hazards.commitsNotYetTold++
        expect(integrity(path)).toBe("ok")
        before = found.last
      }
      expect((yield* inspected(1)).wrong).toEqual([])
    })
    await Effect.runPromise(Effect.scoped(survived))
    console.log(`${KILLS} kills, seed ${SEED}:`, hazards)
    expect(hazards.beforeFirstPage).toBeGreaterThan(0)
    expect(hazards.betweenIntentAndCommit).toBeGreaterThan(0)
  })
})

/** `wrote NAME FENCE COUNT` of all workers, in the order of the counts. */
const written = (runs: ReadonlyArray<Run>) =>
  runs
    .flatMap((each) => each.lines)
    .filter((line) => line.startsWith("wrote "))
    .map((line) => line.split(" "))
    .map(([, name, fence, count]) => ({ name, fence: Number(fence), count: Number(count) }))
    .sort((a, b) => a.count - b.count)

describe("processes side by side", () => {
  it("share a new file and one lease: no count is lost, no fence has two holders, and a dead holder is replaced", async () => {
    const visits = 40
    const outcome = await Effect.runPromise(
      Effect.scoped(
        Effect.gen(function* () {
          const path = join(yield* folder, "store.db")
          const runs = yield* Effect.promise(() =>
            Promise.all([
              run("worker", [path, "ada", String(visits)]),
              run("worker", [path, "bob", String(visits)]),
              run("worker", [path, "cut", "1000"], (line, child) => {
                if (line.startsWith("wrote") && child.exitCode === null) child.kill("SIGKILL")
              }),
            ]),
          )
          const store = yield* SqliteStore.make({ path })
          const count = Option.map(yield* store.cursor("counter"), ({ state }) => Number(state))
          const journal = yield* store.journal({ limit: 100_000 })
          return { runs, count: Option.getOrElse(count, () => 0), journal, integrity: integrity(path) }
        }),
      ),
    )
    expect(outcome.integrity).toBe("ok")
    expect(outcome.runs.map((each) => [each.code, each.signal, each.stderr])).toEqual([
      [0, null, ""],
      [0, null, ""],
      [null, "SIGKILL", ""],
    ])
    expect(outcome.journal.map((line) => Number(line.source.id))).toEqual(
      Array.from({ length: outcome.count }, (_, index) => index + 1),
    )
    expect(outcome.count).toBeGreaterThanOrEqual(2 * visits * 5 + 1)
    const fences = outcome.journal.map((line) => line.at)
    expect(fences).toEqual([...fences].sort((a, b) => a - b))
    const holders = new Map<number, string>()
    for (const { at, relay } of outcome.journal) {
      expect(holders.get(at) ?? relay).toBe(relay)
      holders.set(at, relay)
    }
    for (const { name, fence, count } of written(outcome.runs)) {
      expect(outcome.journal[count - 1]).toMatchObject({ relay: name, at: fence })
    }
    const turns = [...holders.values()].filter((name, index, all) => name !== all[index - 1]).length
    console.log(`${outcome.count} counts under ${holders.size} fences, ${turns} changes of hand`)
    expect(turns).toBeGreaterThan(2)
  })
})
