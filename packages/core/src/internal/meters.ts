/** The metrics of one pipeline, each series looked up once: building a series' key anew costs more than counting. */
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type * as Replay from "../Replay.ts"
import * as Telemetry from "../Telemetry.ts"

type Series = Metric.Metric<number, unknown>

export interface Meters {
  /** An attempt ended, so many milliseconds after it was sent. */
  readonly ended: (operation: Replay.Operation, outcome: string, millis: number) => Effect.Effect<void>
  /** A request waited in front of its limit. */
  readonly waited: (traffic: string, millis: number) => Effect.Effect<void>
  readonly throttled: (traffic: string, policy: string) => Effect.Effect<void>
  readonly retried: (operation: Replay.Operation, reason: string) => Effect.Effect<void>
}

export const make = (system: string): Meters => {
  // Operations, reasons and policies are words of the connector: few, and not of its data.
  const known = new Map<string, Series>()
  const series = (metric: Series, attributes: Readonly<Record<string, string>>): Series => {
    const name = `${metric.id} ${Object.values(attributes).join(" ")}`
    const found = known.get(name)
    if (found !== undefined) return found
    const made = Metric.withAttributes(metric, { system, ...attributes })
    known.set(name, made)
    return made
  }
  const add = (updates: ReadonlyArray<readonly [Series, number]>): Effect.Effect<void> =>
    Effect.contextWith((context) => {
      for (const [metric, value] of updates) metric.updateUnsafe(value, context)
      return Effect.void
    })

  return {
    ended: ({ name, traffic }, outcome, millis) =>
      add([
        [series(Telemetry.requests, { operation: name, traffic, outcome }), 1],
        [series(Telemetry.requestDuration, { operation: name }), millis],
      ]),
    waited: (traffic, millis) => add([[series(Telemetry.limitWait, { traffic }), millis]]),
    throttled: (traffic, policy) => add([[series(Telemetry.throttled, { traffic, policy }), 1]]),
    retried: ({ name }, reason) => add([[series(Telemetry.retries, { operation: name, reason }), 1]]),
  }
}
