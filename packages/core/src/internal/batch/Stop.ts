/** Deadline and abort: the work ends early, and what is known by then is kept. */
import * as Effect from "effect/Effect"
import type * as Port from "../../Port.ts"
import { aborted } from "../aborted.ts"

/** Why the work ended early; undefined when it ran to its end. */
export const bounded = (
  limits: Pick<Port.UpsertOptions, "deadline" | "signal">,
  work: Effect.Effect<void>,
): Effect.Effect<string | undefined> => {
  const { deadline, signal } = limits
  if (signal?.aborted) return Effect.succeed("the call was aborted")
  let bounded: Effect.Effect<string | undefined> = Effect.as(work, undefined)
  if (deadline !== undefined) {
    bounded = Effect.raceFirst(bounded, Effect.as(Effect.sleep(deadline), "the deadline came first"))
  }
  if (signal !== undefined) bounded = Effect.raceFirst(bounded, Effect.as(aborted(signal), "the call was aborted"))
  return bounded
}
