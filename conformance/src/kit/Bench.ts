/**
 * A subject on the bench of one rule: its twin, a virtual clock, an empty store, and processes in which programs run.
 * A process can be cut off at any request or write of the store, as `Epoch` has it, and another one opens on the same
 * world and store.
 */
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import * as Ownership from "@mortise/core/Ownership"
import type * as Port from "@mortise/core/Port"
import * as StateStore from "@mortise/core/StateStore"
import type { StoreBackend } from "@mortise/core/StoreBackend"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import * as References from "effect/References"
import * as Epoch from "../Epoch.ts"
import type { JournalLine } from "../twin/Journal.ts"
import * as VirtualClock from "../VirtualClock.ts"
import * as VirtualGlobals from "../VirtualGlobals.ts"
import * as Door from "./Door.ts"
import * as GlobalFetch from "./GlobalFetch.ts"
import type { Evidence } from "./Hazard.ts"
import * as Interception from "./Interception.ts"
import * as Mutant from "./Mutant.ts"
import type { Connected, How, Program, Scene, Setting, Subject } from "./Subject.ts"
import * as Tape from "./Tape.ts"

/** Seals tokens in the stores of benches, and nothing else. */
export const SEAL_KEY = Buffer.alloc(32, 9).toString("base64")

/** When the virtual time of every bench begins. */
export const START = Date.UTC(2026, 10, 2, 9)

/** A program that runs so long in virtual time will not end. */
const LIMIT = "3 days"

interface Inside {
  readonly number: number
  readonly fetch: typeof globalThis.fetch
  /** Out of modules that were loaded anew; undefined for those that were loaded first. */
  readonly adapter: unknown
}

/** The process in which a program runs. */
class Within extends Context.Service<Within, Inside>()("@mortise/conformance/kit/Bench/Within") {}

export interface Process {
  readonly number: number
  /** How the program ended, whatever that is. */
  readonly run: <A>(program: Program<A>) => Promise<Exit.Exit<A, unknown> | Epoch.Cut | VirtualClock.Stuck>
  readonly cutAt: Epoch.Epoch["cutAt"]
  readonly cut: Epoch.Epoch["cut"]
  readonly counts: Epoch.Epoch["counts"]
}

export interface Beginning {
  /** Cuts the process off when this is true of a request that was dealt with, before its reply arrives. */
  readonly cutWhen?: (line: JournalLine) => boolean
  /** Puts another answer in place of the vendor's. */
  readonly tamper?: (request: Request, response: Response) => Response | Promise<Response>
}

export interface Bench extends Scene {
  readonly subject: Subject
  readonly clock: VirtualClock.VirtualClock
  /** The store that programs run on unless they are given another one. */
  readonly backend: MemoryBackend.MemoryBackend
  readonly foreign: ReadonlyArray<string>
  readonly secrets: ReadonlySet<string>
  readonly tape: Tape.Tape
  /** What the adapter did wrong beside the calls of the rule, each once. */
  readonly faults: ReadonlySet<string>
  /** What it does where the run does not reach: the proof is as good as that is harmless. */
  readonly notes: ReadonlySet<string>
  /** Opens a connector in the process of the program, whose calls are written down. */
  readonly connect: (how?: How) => Program<Connected>
  /** The port as ownership guards it: what this writer does not own is refused before any request. */
  readonly guarded: (port: Port.Any, writer: Ownership.Writer, table?: Ownership.Table) => Port.Any
  /** Opens a process on the store, or on another one. */
  readonly begin: (store?: StoreBackend, how?: Beginning) => Process
  /** Processes that are opened from now on have modules of their own, where the subject can be loaded anew. */
  readonly renew: () => Promise<void>
  /** Lets go of the global `fetch`, where it was intercepted. */
  readonly close: () => void
  /** Runs in a process of its own, and throws what fails. */
  readonly run: <A>(program: Program<A>, store?: StoreBackend, how?: Beginning) => Promise<A>
}

export interface Options extends Omit<Setting, "clock"> {
  readonly mutant?: Mutant.Mutant
  /** What stands in the store from the beginning. */
  readonly store?: ReadonlyArray<{ readonly space: string; readonly key: string; readonly value: string }>
  /** Reaches the twin through the global `fetch`, where MSW intercepts it, instead of in process. */
  readonly intercepted?: boolean
  /** Whether every process that `run` opens has modules of its own. */
  readonly anew?: boolean
  /** When virtual time begins. Defaults to {@link START}. */
  readonly start?: number
}

export const make = (subject: Subject, options: Options = {}): Bench => {
  const { anew = false, intercepted = false, mutant, start = START, store: entries, ...setting } = options
  const clock = VirtualClock.make({ start })
  const stage = subject.open({ clock, ...setting })
  const backend = MemoryBackend.make(entries)
  const noted: Door.Noted = { foreign: [], secrets: new Set(stage.secrets) }
  const tape = Tape.make()
  const faults = new Set<string>()
  const notes = new Set<string>()
  const past = ({ says, what }: VirtualGlobals.Finding) => {
    // What is intercepted may open a socket on its way, which nobody but the kit has asked for.
    if (what !== "socket" || !intercepted) (what === "thrown" ? faults : notes).add(says)
  }
  const heldBack = (asked: string) =>
    void faults.add(
      `the adapter called the global fetch (${asked}), and was held back: use the one the factory is given`,
    )
  const { twin } = stage
  const astray = (request: Request) => Door.stray(request, noted)
  const way = intercepted ? Interception.open(twin, clock, astray) : { fetch: twin.fetch, close: () => {} }

  const connect = Effect.fnUntraced(function* (asked: How = {}) {
    const inside = yield* Effect.serviceOption(Within)
    if (inside._tag === "None") return yield* Effect.die(new Error("a connector is opened inside of `run`"))
    const { adapter, fetch, number } = inside.value
    const how = mutant?.how?.(asked) ?? asked
    const own = Door.watched(twin.origin, fetch, noted)
    const connected = yield* stage.connect({
      ...how,
      ...(adapter === undefined ? {} : { adapter }),
      fetch: mutant?.door?.(own) ?? own,
    })
    return tape.recorded(Mutant.applied(connected, mutant), stage, number)
  })

  const guarded: Bench["guarded"] = (port, writer, table = subject.table ?? Ownership.leadToLedger) => {
    const strict = Ownership.guard(port, { table, writer, target: subject.side })
    return mutant?.guard?.(strict, port) ?? strict
  }

  let adapter: unknown
  const renew: Bench["renew"] = async () => {
    adapter = await subject.anew?.()
  }

  const begin: Bench["begin"] = (store = backend, { cutWhen, tamper } = {}) => {
    const disturbed = (async (input: RequestInfo | URL, init?: RequestInit) => {
      const from = twin.journal.count()
      const request = new Request(input, init)
      const answer = await way.fetch(request)
      const response = tamper === undefined ? answer : await tamper(request, answer)
      const line = twin.journal.lines.find(({ index }) => index === from + 1)
      if (line !== undefined && cutWhen?.(line) === true) epoch.cut()
      return response
    }) as typeof globalThis.fetch
    const fetch = cutWhen === undefined && tamper === undefined ? way.fetch : disturbed
    const epoch = Epoch.open({ clock, fetch, backend: mutant?.store?.(store) ?? store })
    const inside = { number: tape.opened(), fetch: epoch.fetch, adapter }
    return {
      number: inside.number,
      cutAt: epoch.cutAt,
      cut: epoch.cut,
      counts: epoch.counts,
      run: async (program) => {
        const layer = StateStore.layer(epoch.backend, { sealKey: Redacted.make(SEAL_KEY) })
        const whole = program.pipe(
          Effect.scoped,
          Effect.provide(layer),
          Effect.provideService(Within, inside),
          Effect.provideService(VirtualGlobals.Report, past),
          Effect.provideService(References.MinimumLogLevel, "None"),
        )
        const play = () => epoch.run(whole, { limit: LIMIT })
        // Where MSW intercepts the global one, it leads to the twin.
        const end = await (intercepted ? play() : GlobalFetch.heldBack(heldBack, play))
        if (end instanceof Epoch.Cut) tape.cut()
        return end
      },
    }
  }

  const run: Bench["run"] = async (program, store, how) => {
    if (anew) await renew()
    const end = await begin(store, how).run(program)
    if (end instanceof VirtualClock.Stuck) throw end
    if (end instanceof Epoch.Cut) throw new Error("nobody asked for a cut")
    if (Exit.isSuccess(end)) return end.value
    throw Cause.squash(end.cause)
  }

  return {
    ...stage,
    subject,
    clock,
    backend,
    ...noted,
    tape,
    faults,
    notes,
    connect,
    guarded,
    begin,
    run,
    renew,
    close: way.close,
  }
}

/** What the kit saw of all that ran on the bench. */
export const evidence = (bench: Bench): Evidence => ({
  calls: bench.tape.calls,
  processes: bench.tape.processes,
  cuts: bench.tape.cuts,
  stage: bench,
  lines: bench.twin.journal.lines,
})
