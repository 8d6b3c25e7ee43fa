/**
 * A rule: one promise that every connector has to keep, as a value. A rule passes only if its hazards really happened,
 * as the kit reads them from the run; a run in which nothing went wrong proves nothing.
 */
import type { Bench } from "./Bench.ts"
import type { Feature } from "./Feature.ts"
import type { Hazard } from "./Hazard.ts"
import type { Witness } from "./Witness.ts"

/** The letters of the families, with their names. */
export const families = {
  I: "Idempotency",
  O: "Ownership",
  R: "Reading",
  V: "Values",
  A: "Authentication",
  T: "Throttling",
  E: "Errors",
  S: "Security",
  L: "Life cycle",
} as const

export type Family = keyof typeof families

export interface Rule {
  /** Family and name: `I/lost-reply`. */
  readonly id: `${Family}/${string}`
  readonly level: "MUST" | "SHOULD"
  /** A connector that is declared not to have one of these is not judged by this rule. */
  readonly needs: ReadonlyArray<Feature>
  /** What the connector promises, in one sentence. */
  readonly promise: string
  /** What has to happen in the run for the promise to be tried; every one of them. */
  readonly hazards: readonly [Hazard, ...ReadonlyArray<Hazard>]
  /** At least so many assertions are made; fewer mean that the rule lost some of them, and fail. */
  readonly assertions: number
  /** Where the bench has to be made in a way of its own. */
  readonly start?: number
  /** Tried through the global `fetch` alone: in process no redirect is followed and no connection is made. */
  readonly intercepted?: true
  readonly check: (bench: Bench, witness: Witness) => Promise<void>
}

export const familyOf = ({ id }: Pick<Rule, "id">): Family => id.slice(0, 1) as Family
