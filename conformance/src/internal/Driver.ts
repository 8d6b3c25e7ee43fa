/** Moves time while somebody holds it: wakes one sleeper, waits until everything is at rest, wakes the next. */
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import type { Timeline } from "./Timeline.ts"

/** Nothing will ever happen again, and the program has not ended; or it ran past its limit of virtual time. */
export class Stuck extends Data.TaggedError("Stuck")<{
  readonly why: "nothingLeft" | "limit"
  readonly at: number
  /** Tracked requests that were never answered. */
  readonly openRequests: number
}> {
  override get message(): string {
    const when = new Date(this.at).toISOString()
    return this.why === "limit"
      ? `still running at ${when}, the limit of virtual time`
      : `no sleeper and no work at ${when}, with ${this.openRequests} tracked requests unanswered`
  }
}

export interface RunOptions {
  /** The verdict is {@link Stuck} when so much virtual time has passed; for loops that never end by themselves. */
  readonly limit?: Duration.Input
}

export interface Drive {
  readonly stuck: Promise<Stuck>
  readonly letGo: () => void
}

interface Holder {
  readonly deadline: number
  readonly stuck: (verdict: Stuck) => void
}

export class Driver {
  readonly #timeline: Timeline
  readonly #holders = new Set<Holder>()
  #driving = false

  constructor(timeline: Timeline) {
    this.#timeline = timeline
  }

  get held(): boolean {
    return this.#holders.size > 0
  }

  /** Until it is let go, or found stuck. */
  drive(options: RunOptions = {}): Drive {
    const limit = options.limit === undefined ? Number.POSITIVE_INFINITY : Duration.toMillis(options.limit)
    const { promise, resolve } = Promise.withResolvers<Stuck>()
    const letGo = this.hold({
      deadline: this.#timeline.now + limit,
      stuck: (stuck) => {
        letGo()
        resolve(stuck)
      },
    })
    return { stuck: promise, letGo }
  }

  /** A holder that does not let go when it is told that all is stuck waits for new activity from outside. */
  hold(holder: Holder): () => void {
    this.#holders.add(holder)
    this.#timeline.activity.touch()
    if (!this.#driving) void this.#loop()
    return () => {
      this.#holders.delete(holder)
      this.#timeline.activity.touch()
    }
  }

  async #loop(): Promise<void> {
    this.#driving = true
    while (this.held) await this.#step()
    this.#driving = false
  }

  async #step(): Promise<void> {
    const { activity, sleepers } = this.#timeline
    await activity.calm()
    const next = sleepers.earliest()
    if (next === undefined) {
      this.#judge("nothingLeft", () => true)
      if (this.held) await activity.next()
      return
    }
    const isLate = (holder: Holder) => next > holder.deadline
    if ([...this.#holders].some(isLate)) this.#judge("limit", isLate)
    else if (this.held) sleepers.wakeEarliest()
  }

  #judge(why: Stuck["why"], concerns: (holder: Holder) => boolean): void {
    const { now: at, activity } = this.#timeline
    const verdict = new Stuck({ why, at, openRequests: activity.flights })
    for (const holder of [...this.#holders]) if (concerns(holder)) holder.stuck(verdict)
  }
}
