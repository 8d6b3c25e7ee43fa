import { readFile } from "node:fs/promises"
import { setTimeout as namedTimeout } from "node:timers"
import { setTimeout as nap, scheduler, setInterval as ticks } from "node:timers/promises"
import { promisify } from "node:util"
import { Worker } from "node:worker_threads"
import { ConnectorError, Forbidden } from "@mortise/core/ConnectorError"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as StateStore from "@mortise/core/StateStore"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { afterEach, describe, expect, it, vi } from "vitest"
import * as Epoch from "../../src/Epoch.ts"
import * as PromiseAdapter from "../../src/PromiseAdapter.ts"
import * as TwinKit from "../../src/TwinKit.ts"
import * as VirtualClock from "../../src/VirtualClock.ts"
import * as VirtualGlobals from "../../src/VirtualGlobals.ts"
import * as Plain from "./support/promised.ts"

const START = Date.UTC(2031, 0, 1)
const heldBefore = globalThis.setTimeout

type Given = PromiseAdapter.PromiseGiven<{ readonly key: string }>

const open = () => {
  const clock = VirtualClock.make({ start: START })
  const twin = TwinKit.make(Plain.declaration, { clock })
  const backend = MemoryBackend.make()
  const findings: Array<VirtualGlobals.Finding> = []
  const begin = () => Epoch.open({ clock, fetch: twin.fetch, backend })

  const end = <A>(
    make: (given: Given) => unknown,
    use: (connector: Effect.Success<ReturnType<typeof connect>>) => Effect.Effect<A, ConnectorError, Scope.Scope>,
    epoch = begin(),
  ) =>
    epoch.run(
      Effect.flatMap(connect(make as typeof Plain.plain, epoch), use).pipe(
        Effect.scoped,
        Effect.provide(StateStore.layer(backend)),
      ),
      { limit: "1 day" },
    )

  const connect = (make: typeof Plain.plain, epoch: Epoch.Epoch) => {
    const factory = PromiseAdapter.factory(make, { onFinding: (finding) => findings.push(finding) })
    return Effect.flatMap(StateStore.StateStore, (store) =>
      factory({
        baseUrl: new URL(Plain.ORIGIN),
        fetch: epoch.fetch,
        clock: { now: clock.now, sleep: clock.sleep },
        store,
        credentials: { key: "made-up-key" },
      }),
    )
  }
  return { clock, twin, world: twin.world, findings, begin, end, backend }
}

const settled = <A>(end: Exit.Exit<A, unknown> | Epoch.Cut | VirtualClock.Stuck): A => {
  if (end instanceof Epoch.Cut || end instanceof VirtualClock.Stuck) throw end
  if (Exit.isSuccess(end)) return end.value
  throw Cause.squash(end.cause)
}

const records = ["a", "b", "c"].map((key) => ({ key, fields: { name: `Customer ${key}` } }))

// Some runs here are cut off or found stuck, and never close.
afterEach(VirtualGlobals.restore)

/** Runs some plain code inside of an adapter. */
const inside = async <A>(code: () => Promise<A>) => {
  const bench = open()
  let value: A | undefined
  const make = async (given: Given) => {
    value = await code()
    return Plain.plain(given)
  }
  settled(await bench.end(make, () => Effect.void))
  return { ...bench, value: value as A, passed: bench.clock.now() - START }
}

describe("an adapter of plain promises", () => {
  it("is a connector: it writes, reads, finds and checks", async () => {
    const bench = open()
    const seen = settled(
      await bench.end(Plain.plain, (connector) =>
        Effect.gen(function* () {
          const port = connector.ports.Account
          const first = yield* port.upsert(records)
          const again = yield* port.upsert(records)
          const pages = yield* Stream.runCollect(port.changes())
          const found = yield* port.find(["b", "z"])
          return { first, again, pages, found: [...found.keys()], check: yield* connector.check }
        }),
      ),
    )
    expect(seen.first.map(({ _tag }) => _tag)).toEqual(["Created", "Created", "Created"])
    expect(seen.again.map(({ _tag }) => _tag)).toEqual(["Unchanged", "Unchanged", "Unchanged"])
    expect(seen.pages.map((page) => page.changes.length)).toEqual([2, 1])
    expect(seen.found).toEqual(["b"])
    expect(seen.check).toMatchObject([{ level: "ok" }])
    expect(bench.findings).toEqual([])
  })

  it("waits with timers of its own, and its waits take no real time", async () => {
    const bench = open()
    bench.twin.faults.deal({ at: 1, fault: { kind: "hang", applied: false } })
    bench.twin.faults.deal({ at: 2, fault: { kind: "resetBefore" } })
    const outcomes = settled(await bench.end(Plain.plain, ({ ports }) => ports.Account.upsert(records.slice(0, 1))))
    expect(outcomes).toEqual([{ _tag: "Created", id: "a" }])
    // A minute until the first try timed out, and two seconds after each of two failures.
    expect(bench.clock.now() - START).toBe(64_000)
    expect(bench.world.all("customers")).toMatchObject([{ seen: String((START + 64_000) / 1000) }])
  })

  it("dies at a cut with its timers, and another process mends it", async () => {
    const bench = open()
    const dying = bench.begin()
    dying.cutAt({ kind: "request", nth: 4, when: "after" })
    expect(await bench.end(Plain.plain, ({ ports }) => ports.Account.upsert(records), dying)).toBeInstanceOf(Epoch.Cut)
    expect(bench.world.all("customers")).toHaveLength(2)
    const outcomes = settled(await bench.end(Plain.plain, ({ ports }) => ports.Account.upsert(records)))
    expect(outcomes.map(({ _tag }) => _tag)).toEqual(["Unchanged", "Unchanged", "Created"])
  })

  it("is found stuck when a promise of its never settles", async () => {
    const bench = open()
    const make = async (given: Given) => {
      const made = await Plain.plain(given)
      return { ...made, ports: { Account: { ...made.ports.Account, get: () => new Promise<never>(() => {}) } } }
    }
    const end = await bench.end(make, ({ ports }) => ports.Account.get(["a"]))
    expect(end).toMatchObject({ _tag: "Stuck", why: "nothingLeft" })
  })

  it("is closed with its scope: the signal is aborted, and its own close is called", async () => {
    const bench = open()
    const closed: Array<string> = []
    const make = async (given: Given) => {
      given.signal.addEventListener("abort", () => closed.push("signal"))
      return { ...(await Plain.plain(given)), close: async () => void closed.push("close") }
    }
    settled(await bench.end(make, () => Effect.void))
    expect(closed).toEqual(["close", "signal"])
  })

  it("keeps its own errors of the contract, and leaving a reading early ends its generator", async () => {
    const bench = open()
    let ended = false
    const make = async (given: Given) => {
      const made = await Plain.plain(given)
      const { Account } = made.ports
      const changes = async function* () {
        try {
          yield* Account.changes()
        } finally {
          ended = true
        }
      }
      const get: typeof Account.get = async () => {
        throw new ConnectorError({ system: "plain", reason: new Forbidden({ message: "no" }) })
      }
      return { ...made, ports: { Account: { ...Account, changes, get } } }
    }
    const reason = settled(
      await bench.end(make, ({ ports }) =>
        Effect.gen(function* () {
          yield* ports.Account.upsert(records)
          yield* Stream.runDrain(Stream.take(ports.Account.changes(), 1))
          return yield* Effect.match(ports.Account.get(["a"]), {
            onSuccess: () => "read",
            onFailure: ({ reason }) => reason._tag,
          })
        }),
      ),
    )
    expect(reason).toBe("Forbidden")
    expect(ended).toBe(true)
  })
})

describe("an adapter that is at fault", () => {
  const broken = (change: (port: Awaited<ReturnType<typeof Plain.plain>>["ports"]["Account"]) => object) => {
    const make = async (given: Given) => {
      const made = await Plain.plain(given)
      return { ...made, ports: { Account: { ...made.ports.Account, ...change(made.ports.Account) } } }
    }
    return make
  }
  const messageOf = async (make: (given: Given) => unknown, call: "upsert" | "get" | "changes" = "upsert") => {
    const end = await open().end(make, ({ ports: { Account } }): Effect.Effect<unknown, ConnectorError> => {
      if (call === "get") return Account.get(["a"])
      return call === "changes" ? Stream.runDrain(Account.changes()) : Account.upsert(records)
    })
    if (end instanceof Epoch.Cut || end instanceof VirtualClock.Stuck || Exit.isSuccess(end)) return undefined
    const fault = Cause.squash(end.cause)
    return fault instanceof PromiseAdapter.AdapterFault ? fault.message : undefined
  }

  it.each([
    [
      "throws",
      () => Promise.reject(new TypeError("x of undefined")),
      "the adapter's factory rejected with TypeError: x of undefined",
    ],
    ["gives nothing", () => undefined, "the adapter's factory gave nothing instead of a connector"],
    [
      "gives half a connector",
      () => ({ system: "x" }),
      "the adapter's factory gave a connector without apiVersion, scope, ports, check, prepare",
    ],
    [
      "gives half a port",
      broken(() => ({ find: undefined })),
      "the adapter's factory gave a port Account without find",
    ],
  ])("a factory that %s is told by name", async (_, make, message) => {
    expect(await messageOf(make)).toBe(message)
  })

  it("a write that rejects, or tells of too few records, or of none, is told by name", async () => {
    const rejects = broken(() => ({
      upsert: async () => {
        throw new Error("boom")
      },
    }))
    const few = broken(({ upsert }) => ({ upsert: async (all: never) => (await upsert(all)).slice(1) }))
    const none = broken(() => ({ upsert: async () => ["done", "done", "done"] }))
    expect(await messageOf(rejects)).toBe("the adapter's Account.upsert rejected with Error: boom")
    expect(await messageOf(few)).toBe("the adapter's Account.upsert gave 2 outcomes for 3 records")
    expect(await messageOf(none)).toBe(
      "the adapter's Account.upsert gave a string of 4 characters as outcome 0, which is none",
    )
  })

  it("a read in another shape is told by name", async () => {
    const list = broken(() => ({ get: async () => [] }))
    const page = broken(() => ({
      changes: async function* () {
        yield { changes: [] }
      },
    }))
    expect(await messageOf(list, "get")).toBe("the adapter's Account.get gave an array of 0 instead of a Map")
    expect(await messageOf(page, "changes")).toBe(
      "the adapter's Account.changes gave a page without cursor, delta, stream",
    )
  })
})

describe("the virtual globals", () => {
  it.each<[string, () => Promise<unknown>]>([
    ["setTimeout", () => Plain.sleep(3000)],
    ["setTimeout of node:timers", () => new Promise((resolve) => namedTimeout(resolve, 3000))],
    ["setTimeout of node:timers/promises", () => nap(3000)],
    ["scheduler.wait", () => scheduler.wait(3000)],
    ["a promisified setTimeout", () => promisify(setTimeout)(3000)],
    [
      "setInterval",
      () =>
        new Promise((resolve) => {
          let left = 3
          const timer = setInterval(() => {
            left -= 1
            if (left > 0) return
            clearInterval(timer)
            resolve(undefined)
          }, 1000)
        }),
    ],
    [
      "setInterval of node:timers/promises",
      async () => {
        let left = 3
        for await (const _ of ticks(1000)) if (--left === 0) return
      },
    ],
    [
      "a timer that was refreshed",
      async () => {
        const timer = setTimeout(() => {}, 2000)
        await Plain.sleep(1000)
        timer.refresh()
        await new Promise((resolve) => setTimeout(resolve, 2000))
      },
    ],
    [
      "AbortSignal.timeout",
      () => new Promise((resolve) => AbortSignal.timeout(3000).addEventListener("abort", resolve)),
    ],
  ])("%s goes by the clock of the run", async (_, code) => {
    const { findings, passed } = await inside(code)
    expect(passed).toBe(3000)
    expect(findings).toEqual([])
  })

  it("wakes nobody who was cleared, and nobody early", async () => {
    const order: Array<string> = []
    const { passed } = await inside(async () => {
      const never = setTimeout(() => order.push("never"), 10)
      setTimeout(() => order.push("second"), 2000)
      setTimeout((word: string) => order.push(word), 1000, "first")
      clearTimeout(never)
      await Plain.sleep(2500)
    })
    expect(order).toEqual(["first", "second"])
    expect(passed).toBe(2500)
  })

  it("tells the time of the run inside, and the real one outside, at the same moment", async () => {
    const { value } = await inside(async () => {
      const [from, mark] = [performance.now(), process.hrtime()]
      await Plain.sleep(5000)
      const [seconds] = process.hrtime(mark)
      return {
        now: Date.now(),
        date: new Date().toISOString(),
        fixed: new Date(0).getTime(),
        text: Date(),
        took: performance.now() - from,
        seconds,
        isDate: new Date() instanceof Date,
      }
    })
    expect(value).toEqual({
      now: START + 5000,
      date: "2031-01-01T00:00:05.000Z",
      fixed: 0,
      text: new Date(START + 5000).toString(),
      took: 5000,
      seconds: 5,
      isDate: true,
    })
    expect(Date.now()).toBeLessThan(START)
  })

  it("keeps runs that go on at once apart, and a timer of the test real", async () => {
    const lap = async (millis: number) => {
      const { passed, value } = await inside(async () => {
        await Plain.sleep(millis)
        return Date.now() - START
      })
      return [passed, value]
    }
    const outside = new Promise((resolve) => setTimeout(() => resolve(Date.now() < START), 1))
    expect(await Promise.all([lap(1000), lap(60_000), lap(86_000)])).toEqual([
      [1000, 1000],
      [60_000, 60_000],
      [86_000, 86_000],
    ])
    expect(await outside).toBe(true)
  })

  it("are as they were when the last run is over", async () => {
    const before = [setTimeout, setInterval, clearTimeout, Date, AbortSignal.timeout, performance.now, process.hrtime]
    const during: Array<unknown> = []
    await inside(async () => during.push(setTimeout, Date))
    expect(during[0]).not.toBe(before[0])
    expect([setTimeout, setInterval, clearTimeout, Date, AbortSignal.timeout, performance.now, process.hrtime]).toEqual(
      before,
    )
    expect(namedTimeout).toBe(before[0])
  })

  it("refuse to be put over the fake timers of somebody else", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] })
    const opened = await Effect.runPromiseExit(Effect.scoped(VirtualGlobals.open()))
    vi.useRealTimers()
    expect(Exit.isFailure(opened) && String(Cause.squash(opened.cause))).toContain("faked already")
  })

  it("tell of what they do not reach", async () => {
    const { findings, value } = await inside(async () => {
      heldBefore(() => {}, 0)
      const work = [readFile(new URL(import.meta.url)), new Worker("", { eval: true }).terminate()]
      setTimeout(() => {
        throw new Error("nobody is there")
      }, 1)
      await Plain.sleep(10)
      return work
    })
    await Promise.all(value)
    expect(findings.map(({ what }) => what)).toEqual(expect.arrayContaining(["timer", "file", "thread", "thrown"]))
    expect(findings.find(({ what }) => what === "timer")?.says).toContain("before the run")
  })

  it("leave what runs outside of a run alone while one is open", async () => {
    const program = Effect.gen(function* () {
      const run = yield* VirtualGlobals.open()
      const [within, without] = [run.inside(() => Date.now()), Date.now()]
      return [within, without, run.inside(() => run.outside(() => Date.now()))]
    }).pipe(Effect.scoped)
    const clock = VirtualClock.make({ start: START })
    const [within, without, exited] = settled(await clock.run(program))
    expect(within).toBe(START)
    expect([without, exited].every((time) => (time ?? START) < START)).toBe(true)
  })
})
