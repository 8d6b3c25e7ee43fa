/**
 * Puts code that has never heard of a clock on the clock of its run: `setTimeout`, `setInterval`, `Date`,
 * `AbortSignal.timeout`, `performance.now`, `process.hrtime`, `node:timers` and `node:timers/promises`, imported by name or
 * not. Who calls from outside of a run has the real ones, so several runs at once, and the test runner around them, do not
 * disturb each other.
 *
 * Not reached: functions that were taken hold of before the patch (`const sleep = setTimeout` in a module that was loaded
 * earlier), worker threads, child processes, timeouts of sockets, and `Intl.DateTimeFormat` without a date. What of it
 * Node shows is told as a {@link Finding}.
 */
import { syncBuiltinESMExports } from "node:module"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as EffectScope from "effect/Scope"
import { type Finding, type Inside, type Storage, storage } from "./internal/globals/Inside.ts"
import * as Time from "./internal/globals/Time.ts"
import * as Timers from "./internal/globals/Timers.ts"
import { watch } from "./internal/globals/Watch.ts"

export type { Finding }

export interface Run {
  /** Calls inside of the run: it and all that follows from it see the clock of the run. */
  readonly inside: <A>(call: () => A) => A
  /** Calls outside of it, for what has to have the real globals: a twin, a database. */
  readonly outside: <A>(call: () => A) => A
}

interface Patch {
  holders: number
  readonly inside: Storage
  readonly undo: () => void
}

/** The patch stands where what it patches stands: two copies of this module have to share one. */
const PATCH = Symbol.for("@mortise/conformance/VirtualGlobals")
type Patched = typeof globalThis & { [PATCH]?: Patch }

/** Somebody else's fake timers under or over ours would make two clocks of one. */
const refuseOthers = (): void => {
  const fake = globalThis.setTimeout as { readonly clock?: unknown; readonly _isMockFunction?: boolean }
  if (fake.clock !== undefined || fake._isMockFunction === true) {
    throw new Error("the timers are faked already; take the fake timers away while a conformance run is under way")
  }
}

const replace = <T extends object, K extends keyof T>(on: T, name: K, by: T[K]): (() => void) => {
  const before = Object.getOwnPropertyDescriptor(on, name)
  Object.defineProperty(on, name, {
    configurable: true,
    writable: true,
    enumerable: before?.enumerable ?? false,
    value: by,
  })
  return () => {
    // Whoever patched over us keeps theirs.
    if (on[name] !== by) return
    if (before === undefined) delete on[name]
    else Object.defineProperty(on, name, before)
  }
}

const apply = (): Patch => {
  refuseOthers()
  const inside = storage()
  const builtin = process.getBuiltinModule("node:timers/promises")
  const promises = Timers.promises(inside, { ...builtin })
  const timers = Timers.timers(inside, { ...pickTimers(globalThis) }, promises)
  const moduleTimers = process.getBuiltinModule("node:timers")
  const undos = [
    ...(Object.keys(timers) as ReadonlyArray<keyof typeof timers>).flatMap((name) => [
      replace(globalThis, name, timers[name] as never),
      replace(moduleTimers, name, timers[name] as never),
    ]),
    replace(globalThis, "Date", Time.date(inside, Date)),
    replace(AbortSignal, "timeout", Time.abortTimeout(inside, AbortSignal.timeout)),
    replace(performance, "now", Time.performanceNow(inside, performance)),
    replace(process, "hrtime", Time.hrtime(inside, process.hrtime)),
    replace(builtin, "setTimeout", promises.setTimeout as never),
    replace(builtin, "setInterval", promises.setInterval as never),
    replace(builtin.scheduler, "wait", promises.wait as never),
  ]
  const hook = watch(inside).enable()
  syncBuiltinESMExports()
  return {
    holders: 0,
    inside,
    undo: () => {
      hook.disable()
      for (const undo of undos) undo()
      syncBuiltinESMExports()
    },
  }
}

const pickTimers = ({ clearInterval, clearTimeout, setInterval, setTimeout }: typeof globalThis) => ({
  clearInterval,
  clearTimeout,
  setInterval,
  setTimeout,
})

const hold = (): Patch => {
  const patch = (globalThis as Patched)[PATCH] ?? apply()
  ;(globalThis as Patched)[PATCH] = patch
  patch.holders += 1
  return patch
}

const release = (patch: Patch): void => {
  patch.holders -= 1
  if (patch.holders === 0 && (globalThis as Patched)[PATCH] === patch) restore()
}

/**
 * Restores the globals though runs be open: one that was cut off or found stuck never closes. What such a run still does
 * has the real globals from then on.
 */
export const restore = (): void => {
  ;(globalThis as Patched)[PATCH]?.undo()
  delete (globalThis as Patched)[PATCH]
}

/** Who is told of what an adapter does past the clock, where the adapter names nobody: the bench of a rule does. */
export class Report extends Context.Reference<(finding: Finding) => void>(
  "@mortise/conformance/VirtualGlobals/Report",
  {
    defaultValue: () => () => {},
  },
) {}

/** A run on the clock of the effect that opens it. The globals are patched while any run is open, and restored after. */
export const open = (told?: (finding: Finding) => void): Effect.Effect<Run, never, EffectScope.Scope> =>
  Effect.gen(function* () {
    const patch = yield* Effect.acquireRelease(Effect.sync(hold), (held) => Effect.sync(() => release(held)))
    const clock = yield* Clock.Clock
    const report = told ?? (yield* Report)
    const context = (yield* Effect.context<never>()) as Context.Context<never>
    const seen = new Set<string>()
    const inside: Inside = {
      clock,
      context,
      report: (finding) => {
        if (seen.has(finding.says)) return
        seen.add(finding.says)
        report(finding)
      },
    }
    return {
      inside: (call) => patch.inside.run(inside, call),
      outside: (call) => patch.inside.exit(call),
    }
  })
