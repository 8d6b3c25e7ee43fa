/**
 * A rule: one promise that every connector has to keep, as a value. A rule passes only if its hazard really happened,
 * as the journal of the twin shows it; a run in which nothing went wrong proves nothing.
 */
import type { Bench, Feature } from "./Bench.ts"
import type { Witness } from "./Witness.ts"

export interface Rule {
  /** Family and name: `I/lost-reply`. Idempotency, Ownership, Reading, Auth, Throttling, Errors, Security. */
  readonly id: string
  readonly level: "MUST" | "SHOULD"
  /** A connector that is declared not to have one of these is not judged by this rule. */
  readonly needs?: ReadonlyArray<Feature>
  /** What the connector promises, in one sentence. */
  readonly promise: string
  /** What has to happen in the run for the promise to be tried. */
  readonly hazard: string
  readonly check: (bench: Bench, witness: Witness) => Promise<void>
}
