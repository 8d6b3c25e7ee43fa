/** What the patched globals go by: who is calling. Only calls from inside of a run see its clock. */
import { AsyncLocalStorage } from "node:async_hooks"
import type * as Clock from "effect/Clock"
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

/** Something that an adapter does past the clock of its run. */
export interface Finding {
  readonly what: "timer" | "thread" | "process" | "socket" | "file" | "thrown"
  readonly says: string
}

export interface Inside {
  readonly clock: Clock.Clock
  readonly context: Context.Context<never>
  readonly report: (finding: Finding) => void
}

export type Storage = AsyncLocalStorage<Inside | undefined>

export const storage = (): Storage => new AsyncLocalStorage<Inside | undefined>()

/** Milliseconds as Node takes them: what is no number, too short or too long is 1. */
export const clamped = (millis: unknown): number => {
  const number = Number(millis)
  return number >= 1 && number <= 2 ** 31 - 1 ? Math.trunc(number) : 1
}

/**
 * Wakes after so long by the clock of the run, and returns what takes the alarm away. It is set from outside of the run:
 * a clock that is not virtual sets a timer of its own.
 */
export const alarm = (of: Storage, { context }: Inside, millis: number, wake: () => void): (() => void) => {
  const bound = AsyncLocalStorage.bind(wake)
  return of.exit(() =>
    Effect.runCallbackWith(context)(Effect.sleep(Duration.millis(millis)), {
      onExit: (exit) => {
        if (Exit.isSuccess(exit)) bound()
      },
    }),
  )
}
