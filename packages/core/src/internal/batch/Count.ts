/** Counts what became of the records of a call. */
import * as Effect from "effect/Effect"
import * as Metric from "effect/Metric"
import type * as Outcome from "../../Outcome.ts"
import * as Telemetry from "../../Telemetry.ts"

export const outcomes = (
  { operation, system }: { readonly system: string; readonly operation: string },
  all: ReadonlyArray<Outcome.Outcome>,
): Effect.Effect<void> => {
  const counts = new Map<string, { readonly outcome: string; readonly reason: string; times: number }>()
  for (const each of all) {
    const reason = "error" in each ? each.error.reason._tag : "none"
    const known = counts.get(`${each._tag} ${reason}`)
    if (known === undefined) counts.set(`${each._tag} ${reason}`, { outcome: each._tag, reason, times: 1 })
    else known.times += 1
  }
  return Effect.forEach(
    counts.values(),
    ({ outcome, reason, times }) =>
      Metric.update(Metric.withAttributes(Telemetry.outcomes, { system, operation, outcome, reason }), times),
    { discard: true },
  )
}
