/**
 * A time limit that costs nothing while an effect does not wait. `Effect.timeoutOrElse` races two forked fibers, each of
 * which takes a turn of the event loop to start; on a call over loopback those turns are longer than the call. Here the
 * effect is begun at once, and a timer is set only if it did not end at once.
 */
import type * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"

/** The effect, or `late` when it takes longer: then it has been interrupted and has cleaned up. */
export const within = <A, E, R, E2>(
  effect: Effect.Effect<A, E, R>,
  millis: number,
  late: () => Effect.Effect<A, E2>,
): Effect.Effect<A, E | E2, R> =>
  Effect.contextWith((context: Context.Context<R>) =>
    Effect.callback<A, E | E2>((resume) => {
      const run = Effect.runForkWith(context)
      const fiber = run(effect)
      const already = fiber.pollUnsafe()
      if (already !== undefined) {
        resume(already)
        return
      }
      const timer = run(Effect.sleep(Duration.millis(millis)))
      let ended = false
      fiber.addObserver((exit) => {
        if (ended) return
        ended = true
        timer.interruptUnsafe()
        resume(exit)
      })
      timer.addObserver((exit) => {
        if (ended || Exit.isFailure(exit)) return
        ended = true
        resume(Effect.flatMap(Fiber.interrupt(fiber), late))
      })
      return Effect.suspend(() => {
        ended = true
        timer.interruptUnsafe()
        return Fiber.interrupt(fiber)
      })
    }),
  )

/**
 * What a promise came to, or `late` when it takes longer. The signal tells the promise's maker that nobody waits any
 * more: the time was over, or the caller went away.
 */
export const settled = <A, E>(
  begin: (signal: AbortSignal) => Promise<A>,
  millis: number,
  late: () => E,
): Effect.Effect<A, E> =>
  Effect.contextWith((context: Context.Context<never>) =>
    Effect.callback<A, E>((resume) => {
      const controller = new AbortController()
      const timer = Effect.runForkWith(context)(Effect.sleep(Duration.millis(millis)))
      let ended = false
      const end = (effect: Effect.Effect<A, E>): void => {
        if (ended) return
        ended = true
        timer.interruptUnsafe()
        resume(effect)
      }
      timer.addObserver((exit) => {
        if (Exit.isFailure(exit)) return
        end(Effect.suspend(() => Effect.fail(late())))
        controller.abort()
      })
      begin(controller.signal).then(
        (value) => end(Effect.succeed(value)),
        (cause) => end(Effect.die(cause)),
      )
      return Effect.sync(() => {
        ended = true
        timer.interruptUnsafe()
        controller.abort()
      })
    }),
  )
