/** A reader that commits pages in their order, sometimes late, stops anywhere, and goes on from what was committed. */
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type * as Change from "../../src/Change.ts"
import type { ConnectorError } from "../../src/ConnectorError.ts"
import * as MemoryBackend from "../../src/MemoryBackend.ts"
import * as StateStore from "../../src/StateStore.ts"
import type { Instant } from "../../src/Values.ts"
import type * as Watermark from "../../src/Watermark.ts"
import * as Stamp from "../../src/watermark/Stamp.ts"
import { Checker, type Violation } from "./Checker.ts"
import type { Hazards } from "./Hazards.ts"
import type { Script } from "./Script.ts"
import { Source } from "./Source.ts"
import { READING } from "./Strategies.ts"
import { dayIn, type Seen } from "./World.ts"

type Page = Change.Page<Seen>

/** The reader's process ends here. */
class Stopped extends Data.TaggedError("Stopped")<{ readonly committed: number }> {}

export type Make = (source: Source, store: StateStore.Service) => Watermark.Reader<Seen>

/** Plays one history and says what went wrong; nothing, for a sound strategy. */
export const play = (
  script: Script,
  make: Make,
  hazards: Hazards,
): Effect.Effect<ReadonlyArray<Violation>, ConnectorError> =>
  Effect.gen(function* () {
    const source = new Source(script, hazards)
    const checker = new Checker()
    const store = yield* StateStore.make(MemoryBackend.make())
    const history = new History(script, source, store, make(source, store), checker, hazards)
    yield* history.live().pipe(Effect.provideService(Clock.Clock, source.clock()))
    return checker.violations
  })

class History {
  readonly script: Script
  readonly source: Source
  readonly store: StateStore.Service
  readonly reader: Watermark.Reader<Seen>
  readonly checker: Checker
  readonly hazards: Hazards
  #midCrawl = false

  constructor(
    script: Script,
    source: Source,
    store: StateStore.Service,
    reader: Watermark.Reader<Seen>,
    checker: Checker,
    hazards: Hazards,
  ) {
    this.script = script
    this.source = source
    this.store = store
    this.reader = reader
    this.checker = checker
    this.hazards = hazards
  }

  live(): Effect.Effect<void, ConnectorError> {
    const { script, source, checker } = this
    const self = this
    return Effect.gen(function* () {
      const end = script.world.end()
      for (let runs = 0; source.now <= end && runs < 60; runs++) {
        yield* self.#run(script.stopShare)
        source.now += script.random.int(1, 1 + script.pause)
      }
      source.now = Math.max(source.now, end) + script.lag + script.copyAge + 1
      source.calm = true
      // Not around midnight, when the source's own clocks differ about the day.
      while (dayIn(script.world.zone, source.now - 10_000) !== dayIn(script.world.zone, source.now + 60_000))
        source.now += 30_000
      yield* self.#run(0)
      yield* self.#run(0)
      const since = self.#since()
      checker.finish(source, since)
      if (since !== undefined) checker.unwanted(since, (text) => Stamp.parse(text) ?? 0n)
    })
  }

  #since(): bigint | undefined {
    const { since } = this.script
    return since === undefined
      ? undefined
      : Stamp.floorTo(Stamp.ofMillis(since), Stamp.grain(this.script.granularityMillis))
  }

  /** One run: from the committed cursor until it has caught up, fails or stops. */
  #run(stopShare: number): Effect.Effect<void, ConnectorError> {
    const { source, store, hazards } = this
    const self = this
    return Effect.gen(function* () {
      source.beginRun()
      const cursor = Option.getOrUndefined(yield* store.cursor(READING.stream))
      if (cursor !== undefined && self.#midCrawl) hazards.add("resumes in mid crawl")
      const since = self.#since()
      const from =
        cursor !== undefined
          ? { cursor }
          : since === undefined
            ? {}
            : { since: Stamp.format(since, 1_000_000n) as Instant }
      const desk = new Desk(self, stopShare)
      const ended = yield* Stream.runForEach(self.reader(from), (page) => desk.take(page)).pipe(Effect.result)
      hazards.add("uncommitted pages", desk.open.length)
      self.#midCrawl = desk.committed > 0 && ended._tag === "Failure"
      source.observeLate()
      if (
        ended._tag === "Failure" &&
        ended.failure._tag === "ConnectorError" &&
        ended.failure.reason._tag !== "Transport"
      )
        return yield* Effect.fail(ended.failure)
    })
  }
}

/** The pages that a run has in hand. */
class Desk {
  readonly open: Array<Page> = []
  committed = 0
  readonly history: History
  readonly stopShare: number

  constructor(history: History, stopShare: number) {
    this.history = history
    this.stopShare = stopShare
  }

  take(page: Page): Effect.Effect<void, ConnectorError | Stopped> {
    const { checker, hazards, script } = this.history
    const self = this
    return Effect.gen(function* () {
      checker.deliver(page)
      for (const change of page.changes) {
        if (change._tag === "Merged") hazards.add("merges")
        if (change._tag === "Deleted") hazards.add("deletions")
      }
      self.open.push(page)
      yield* self.#perhapsStop()
      while (self.open.length >= script.pipeline || (page.caughtUp && self.open.length > 0)) yield* self.#commitOldest()
      yield* self.#perhapsStop()
    })
  }

  #perhapsStop(): Effect.Effect<void, Stopped> {
    const { script, hazards } = this.history
    if (!script.random.chance(this.stopShare / 2)) return Effect.void
    hazards.add("stops")
    return Effect.fail(new Stopped({ committed: this.committed }))
  }

  #commitOldest(): Effect.Effect<void, ConnectorError> {
    const { store, checker, source } = this.history
    const page = this.open[0]
    if (page === undefined) return Effect.void
    return Effect.map(store.commit({ page }), () => {
      this.open.shift()
      this.committed += 1
      checker.commit(page)
      for (const mark of page.delta.marks) source.committed.set(mark.id, mark.version)
    })
  }
}
