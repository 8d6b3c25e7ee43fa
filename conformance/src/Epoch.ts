/**
 * A process that can be killed in the middle of a test. An epoch holds everything through which a program touches the
 * world: its door (`fetch`), its store and its clock. At the cut all of them fall silent: what was asked is never
 * answered, timers vanish, nothing is interrupted and no finalizer runs, as when the power goes. What had reached the
 * vendor or the database stays there, and the next epoch opens on the same world and the same store.
 *
 * ```ts
 * const first = Epoch.open({ clock, fetch: twin.fetch, backend })
 * first.cutAt({ kind: "request", nth: 3, when: "after" })
 * await first.run(program(first))      // a Cut
 * const second = Epoch.open({ clock, fetch: twin.fetch, backend })
 * await second.run(program(second))    // must mend it
 * ```
 */

import type { StoreBackend } from "@mortise/core/StoreBackend"
import type * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { RunOptions, Stuck, VirtualClock } from "./VirtualClock.ts"

/** The nth request or store transaction of an epoch, from 1; before it reaches the other side, or after it took effect. */
export interface CutPoint {
  readonly kind: "request" | "write"
  readonly nth: number
  readonly when: "before" | "after"
}

/** The epoch was cut: at a point that was set, or by hand. */
export class Cut extends Data.TaggedClass("Cut")<{ readonly point: CutPoint | "byHand"; readonly at: number }> {}

export interface Counts {
  readonly requests: number
  /** Transactions of the store. */
  readonly writes: number
}

export interface Epoch {
  readonly fetch: typeof globalThis.fetch
  readonly backend: StoreBackend
  readonly clock: Clock.Clock
  /** Clock, scheduler and counted WebCrypto of this epoch. */
  readonly context: Context.Context<never>
  /** Ends with the program, with the cut, or with the clock's verdict that nothing will ever happen. */
  readonly run: <A, E>(effect: Effect.Effect<A, E>, options?: RunOptions) => Promise<Exit.Exit<A, E> | Stuck | Cut>
  readonly cut: () => void
  readonly cutAt: (point: CutPoint) => void
  readonly counts: () => Counts
  /** Absent while the epoch lives. */
  readonly ended: () => Cut | undefined
}

export interface Options {
  readonly clock: VirtualClock
  readonly fetch: typeof globalThis.fetch
  readonly backend: StoreBackend
}

const silence = <A>(): Promise<A> => new Promise(() => {})

export const open = (options: Options): Epoch => {
  const view = options.clock.view()
  const count = { request: 0, write: 0 }
  const points: Array<CutPoint> = []
  const { promise: end, resolve } = Promise.withResolvers<Cut>()
  let ended: Cut | undefined

  const cut = (point: Cut["point"]): void => {
    if (ended !== undefined) return
    ended = new Cut({ point, at: options.clock.now() })
    view.vanish()
    resolve(ended)
  }
  /** Cuts when a point lies here; true when the epoch has ended. */
  const passes = (kind: CutPoint["kind"], nth: number, when: CutPoint["when"]): boolean => {
    const point = points.find((each) => each.kind === kind && each.nth === nth && each.when === when)
    if (point !== undefined) cut(point)
    return ended !== undefined
  }

  const fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    if (ended !== undefined) return silence()
    const nth = ++count.request
    if (passes("request", nth, "before")) return silence()
    try {
      const response = await options.fetch(input, init)
      return passes("request", nth, "after") ? silence() : response
    } catch (cause) {
      if (passes("request", nth, "after")) return silence()
      throw cause
    }
  }

  const whileAlive = <A, E>(effect: Effect.Effect<A, E>): Effect.Effect<A, E> =>
    Effect.suspend(() =>
      ended === undefined ? Effect.onExit(effect, () => silentWhen(ended !== undefined)) : Effect.never,
    )
  const silentWhen = (over: boolean) => (over ? Effect.never : Effect.void)

  const transact: StoreBackend["transact"] = (ops) =>
    Effect.suspend(() => {
      if (ended !== undefined) return Effect.never
      const nth = ++count.write
      if (passes("write", nth, "before")) return Effect.never
      const applied = Effect.uninterruptible(options.backend.transact(ops))
      return Effect.onExit(applied, () => Effect.suspend(() => silentWhen(passes("write", nth, "after"))))
    })

  return {
    fetch: fetch as typeof globalThis.fetch,
    backend: {
      get: (space, keys) => whileAlive(options.backend.get(space, keys)),
      scan: (space, scanned) => whileAlive(options.backend.scan(space, scanned)),
      transact,
    },
    clock: view.clock,
    context: view.context,
    run: (effect, runOptions) => {
      const drive = options.clock.drive(runOptions)
      const exit = Effect.runPromiseExitWith(view.context)(effect)
      return Promise.race([end, exit, drive.stuck]).finally(drive.letGo)
    },
    cut: () => cut("byHand"),
    cutAt: (point) => points.push(point),
    counts: () => ({ requests: count.request, writes: count.write }),
    ended: () => ended,
  }
}

/** Every place at which a run of these counts can be cut, for sweeps. */
export const cutPoints = (counts: Counts): ReadonlyArray<CutPoint> => {
  const of = (kind: CutPoint["kind"], many: number) =>
    Array.from({ length: many }, (_, index) => index + 1).flatMap(
      (nth): ReadonlyArray<CutPoint> => [
        { kind, nth, when: "before" },
        { kind, nth, when: "after" },
      ],
    )
  return [...of("request", counts.requests), ...of("write", counts.writes)]
}
