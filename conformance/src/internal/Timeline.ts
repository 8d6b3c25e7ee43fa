/** Virtual time itself: what it is now, who sleeps until when, and the sights of it that programs are given. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as WebCrypto from "effect/crypto/WebCrypto"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Scheduler from "effect/Scheduler"
import type { Activity } from "./Activity.ts"
import { type Sleeper, Sleepers } from "./Sleepers.ts"
import { trackCrypto } from "./Tracked.ts"

/** A sight of the clock whose timers and scheduled tasks vanish together; nobody is told, and nothing is interrupted. */
export interface View {
  readonly clock: Clock.Clock
  /** Clock, scheduler and counted WebCrypto. */
  readonly context: Context.Context<never>
  readonly vanish: () => void
}

const NANOS = 1_000_000n

export class Timeline {
  readonly activity: Activity
  readonly sleepers = new Sleepers()
  #now: number

  constructor(start: number, activity: Activity) {
    this.#now = start
    this.activity = activity
  }

  get now(): number {
    return this.#now
  }

  /** Time never goes back. */
  moveTo(at: number): void {
    this.#now = Math.max(this.#now, at)
  }

  /** Returns what takes the sleeper away unwoken. */
  sleep(millis: number, who: Sleeper["who"], wake: () => void): () => void {
    const at = this.#now + Math.ceil(millis)
    this.activity.touch()
    const remove = this.sleepers.add({
      at,
      who,
      wake: () => {
        this.moveTo(at)
        this.activity.touch()
        wake()
      },
    })
    return () => {
      this.activity.touch()
      remove()
    }
  }

  /** For twins, whose waits hold up requests. */
  async twinSleep(millis: number): Promise<void> {
    if (millis <= 0) return
    const done = this.activity.twinWaits()
    await new Promise<void>((resolve) => {
      if (Number.isFinite(millis)) this.sleep(millis, "twin", resolve)
    })
    done()
  }

  view(): View {
    const timers = new Set<() => void>()
    let alive = true
    const nap = (millis: number) =>
      Effect.callback<void>((resume) => {
        if (!alive) return
        const remove = this.sleep(millis, "fiber", () => {
          timers.delete(remove)
          resume(Effect.void)
        })
        timers.add(remove)
        return Effect.sync(() => {
          timers.delete(remove)
          remove()
        })
      })
    const clock = this.#clock(nap)
    const scheduler = this.activity.scheduler(() => alive)
    const context = Context.make(Clock.Clock, clock).pipe(
      Context.add(Scheduler.Scheduler, scheduler),
      Context.add(WebCrypto.WebCrypto, trackCrypto(this.activity, globalThis.crypto)),
    ) as Context.Context<never>
    const vanish = () => {
      alive = false
      for (const remove of timers) remove()
      timers.clear()
    }
    return { clock, context, vanish }
  }

  #clock(nap: (millis: number) => Effect.Effect<void>): Clock.Clock {
    const millis = () => this.#now
    const nanos = () => BigInt(Math.trunc(this.#now)) * NANOS
    return {
      currentTimeMillisUnsafe: millis,
      currentTimeMillis: Effect.sync(millis),
      currentTimeNanosUnsafe: nanos,
      currentTimeNanos: Effect.sync(nanos),
      monotonicTimeNanosUnsafe: nanos,
      monotonicTimeNanos: Effect.sync(nanos),
      sleep: (duration) => {
        const wait = Duration.toMillis(duration)
        if (wait <= 0) return Effect.yieldNow
        return Number.isFinite(wait) ? nap(wait) : Effect.never
      },
    }
  }
}
