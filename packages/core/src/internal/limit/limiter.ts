/**
 * The queue in front of the limits. Requests leave in the order in which they came, except that one whose own narrow
 * limit is spent lets those pass that do not need it. There is one timer, and only while somebody waits.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Backoff from "../../Backoff.ts"
import { ConnectorError, QuotaExhausted, Throttled } from "../../ConnectorError.ts"
import type { Feedback, Limiter, Options } from "../../RateLimit.ts"
import { type Gauge, gaugesOf, quotaReset } from "./gauge.ts"
import * as lanes from "./lane.ts"

type Leave = (now: number) => void
type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

interface Waiter {
  readonly lane: lanes.Lane
  readonly order: number
  readonly givesUpAt: number
  readonly granted: Deferred.Deferred<void, ConnectorError>
  leave?: Leave
}

const DEFAULT_PATIENCE = Duration.minutes(5)
const DEFAULT_SLACK = 0.04
const DEFAULT_BACKOFF: Backoff.Backoff = { base: Duration.seconds(1), cap: Duration.minutes(1) }

export const limiter = (options: Options): Limiter => {
  const patience = options.patience ?? DEFAULT_PATIENCE
  const gauges = options.limits.flatMap((limit) => gaugesOf(limit, options.slack ?? DEFAULT_SLACK))
  const allLanes = new Map<string, lanes.Lane>()
  const queues = new Map<string, Array<Waiter>>()
  let arrivals = 0
  /** An allowance that the vendor called spent and that no limit of ours counts. */
  let spentUntil = 0
  let timer: { readonly at: number; readonly fiber: Fiber.Fiber<void> } | undefined

  const laneOf = (traffic: string): lanes.Lane => {
    const known = allLanes.get(traffic)
    if (known !== undefined) return known
    const lane = lanes.make(traffic)
    allLanes.set(traffic, lane)
    return lane
  }
  const queueOf = (traffic: string): Array<Waiter> => {
    const queue = queues.get(traffic) ?? []
    queues.set(traffic, queue)
    return queue
  }
  const gaugesFor = (traffic: string): ReadonlyArray<Gauge> => gauges.filter((gauge) => gauge.counts(traffic))

  const nobodyWaits = (): boolean => [...queues.values()].every((queue) => queue.length === 0)

  const failure = (reason: Throttled | QuotaExhausted) => new ConnectorError({ system: options.system, reason })

  const throttled = (lane: lanes.Lane, now: number, until: number): ConnectorError => {
    const narrow = gaugesFor(lane.traffic).find((gauge) => gauge.freeAt(now) > now)
    const policy = lane.closedUntil() > now ? "closed" : (narrow?.limit.name ?? "concurrency")
    return failure(
      new Throttled({
        message: `the wait for the rate limit (${policy}) of ${lane.traffic} requests is longer than the caller waits`,
        policy,
        ...(Number.isFinite(until) ? { retryAfter: Duration.millis(Math.max(1, until - now)) } : {}),
      }),
    )
  }

  const exhausted = (traffic: string, now: number): ConnectorError | undefined => {
    const spent = gaugesFor(traffic).flatMap((gauge) => {
      const until = gauge.spentUntil(now)
      return until === undefined ? [] : [{ name: gauge.limit.name, until }]
    })
    if (spentUntil > now) spent.push({ name: "the vendor's allowance", until: spentUntil })
    const [last] = spent.sort((a, b) => b.until - a.until)
    if (last === undefined) return undefined
    const resetsAt = new Date(last.until).toISOString()
    return failure(new QuotaExhausted({ message: `${last.name} is spent until ${resetsAt}`, resetsAt }))
  }

  const enter = (lane: lanes.Lane, now: number): Leave => {
    const pass = lane.enter()
    const slots = gaugesFor(lane.traffic).map((gauge) => ({ gauge, slot: gauge.enter(now) }))
    return (at) => {
      lane.leave(pass)
      for (const { gauge, slot } of slots) gauge.leave(slot, at)
    }
  }

  /** When a request of this class may go: `Infinity` when another one has to leave first. */
  const freeAt = (lane: lanes.Lane, now: number): number =>
    Math.max(lane.freeAt(now), ...gaugesFor(lane.traffic).map((gauge) => gauge.freeAt(now)))

  const estimate = (lane: lanes.Lane, now: number): number => {
    const each = gaugesFor(lane.traffic).map((gauge) => {
      const ahead = [...queues].reduce((sum, [traffic, queue]) => sum + (gauge.counts(traffic) ? queue.length : 0), 0)
      return gauge.estimate(now, ahead)
    })
    return Math.max(now, lane.closedUntil(), ...each)
  }

  /** Lets the first one go that may, in the order of arrival; gives when to look again when nobody may. */
  const letOneGo = (now: number): { readonly gone: boolean; readonly lookAt: number } => {
    const heads = [...queues.values()].flatMap((queue) => queue.slice(0, 1)).sort((a, b) => a.order - b.order)
    let lookAt = Number.POSITIVE_INFINITY
    for (const head of heads) {
      const spent = exhausted(head.lane.traffic, now)
      const until = freeAt(head.lane, now)
      if (spent !== undefined || until <= now) {
        queueOf(head.lane.traffic).shift()
        if (spent === undefined) head.leave = enter(head.lane, now)
        Deferred.doneUnsafe(head.granted, spent === undefined ? Exit.void : Exit.fail(spent))
        return { gone: true, lookAt }
      }
      lookAt = Math.min(lookAt, until)
    }
    return { gone: false, lookAt }
  }

  const disarm = (): void => {
    timer?.fiber.interruptUnsafe()
    timer = undefined
  }

  const serve: Effect.Effect<void> = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    let step = letOneGo(now)
    while (step.gone) step = letOneGo(now)
    if (!Number.isFinite(step.lookAt)) return disarm()
    if (timer !== undefined && timer.at <= step.lookAt && timer.at > now) return
    disarm()
    const wake = Effect.sync(() => {
      timer = undefined
    })
    const fiber = yield* Effect.sleep(Duration.millis(step.lookAt - now)).pipe(
      Effect.andThen(wake),
      Effect.andThen(Effect.suspend(() => serve)),
      Effect.forkDetach,
    )
    timer = { at: step.lookAt, fiber }
  })

  const forget = (waiter: Waiter): void => {
    const queue = queueOf(waiter.lane.traffic)
    const index = queue.indexOf(waiter)
    if (index >= 0) queue.splice(index, 1)
  }

  const giveBack = (leave: Leave): Effect.Effect<void> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      leave(now)
      return nobodyWaits() ? Effect.void : serve
    })

  /** Stands in the queue. Whoever goes away, for whatever reason, leaves no place taken behind. */
  const queued = (waiter: Waiter, atMost: Duration.Duration, restore: Restore) =>
    Effect.suspend(() => {
      queueOf(waiter.lane.traffic).push(waiter)
      const impatient = Effect.flatMap(Clock.currentTimeMillis, (now) =>
        Effect.fail(throttled(waiter.lane, now, estimate(waiter.lane, now))),
      )
      const granted = Deferred.await(waiter.granted)
      const inTime = Effect.timeoutOrElse(granted, { duration: atMost, orElse: () => impatient })
      return Effect.andThen(serve, restore(inTime))
    }).pipe(
      Effect.onExit((exit) => {
        if (Exit.isSuccess(exit)) return Effect.void
        forget(waiter)
        return waiter.leave === undefined ? serve : giveBack(waiter.leave)
      }),
    )

  const place = Effect.fnUntraced(function* (traffic: string, atMost: Duration.Duration, restore: Restore) {
    const now = yield* Clock.currentTimeMillis
    const lane = laneOf(traffic)
    const spent = exhausted(traffic, now)
    if (spent !== undefined) return yield* Effect.fail(spent)
    if (nobodyWaits() && freeAt(lane, now) <= now) return enter(lane, now)
    const expected = estimate(lane, now)
    if (expected - now > Duration.toMillis(atMost)) return yield* Effect.fail(throttled(lane, now, expected))
    arrivals += 1
    const givesUpAt = now + Duration.toMillis(atMost)
    const waiter: Waiter = { lane, order: arrivals, givesUpAt, granted: Deferred.makeUnsafe() }
    yield* queued(waiter, atMost, restore)
    return waiter.leave ?? (() => {})
  })

  const take: Limiter["take"] = (traffic, takeOptions) => {
    const asked = takeOptions?.patience
    const atMost = asked === undefined ? patience : Duration.min(asked, patience)
    return Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(place(traffic, atMost, restore), (leave) => Effect.addFinalizer(() => giveBack(leave))),
    )
  }

  const named = (told: Feedback, traffic: string): ReadonlyArray<Gauge> =>
    told.limit === undefined
      ? gaugesFor(traffic).filter((gauge) => (gauge.limit.quota === true) === (told.quota === true))
      : gauges.filter((gauge) => gauge.limit.name === told.limit)

  const closeFor = Effect.fnUntraced(function* (lane: lanes.Lane, told: Feedback, now: number) {
    const inARow = lane.throttled()
    const millis =
      told.retryAfter === undefined
        ? yield* Backoff.millis(options.backoff ?? DEFAULT_BACKOFF, inARow)
        : Duration.toMillis(told.retryAfter)
    lane.close(now + millis)
    if (told.limit !== undefined) for (const gauge of named(told, lane.traffic)) gauge.close(now + millis)
    refuseTheImpatient(now)
  })

  /** Whoever would have to wait longer than they want to is told now, and not when their patience is over. */
  const refuseTheImpatient = (now: number): void => {
    for (const queue of queues.values()) {
      for (const waiter of [...queue]) {
        const until = waiter.lane.closedUntil()
        if (until <= waiter.givesUpAt) continue
        forget(waiter)
        Deferred.doneUnsafe(waiter.granted, Exit.fail(throttled(waiter.lane, now, until)))
      }
    }
  }

  const feedback: Limiter["feedback"] = Effect.fnUntraced(function* (traffic, told) {
    const now = yield* Clock.currentTimeMillis
    const concerned = named(told, traffic)
    for (const gauge of concerned) gauge.feedback(told, now)
    if (told.throttled === true && told.quota === true && !concerned.some((gauge) => gauge.limit.quota === true)) {
      spentUntil = Math.max(spentUntil, quotaReset(told, now))
    }
    if (told.throttled === true && told.quota !== true) yield* closeFor(laneOf(traffic), told, now)
    yield* serve
  })

  return { take, feedback }
}
