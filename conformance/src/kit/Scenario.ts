/**
 * A scenario: something that programs do with a connector, small enough to be disturbed at each of its requests. It is
 * run until it ends well, as a supervisor would, and has to leave the same world behind whatever happened on the way.
 */
import type { Bench } from "./Bench.ts"
import type { Feature } from "./Feature.ts"
import type { Program } from "./Subject.ts"

export interface Play {
  /** One process of it, from its start; true when nothing is left to do. */
  readonly program: Program<boolean>
  /** What is wrong beside the world, once it has ended well. */
  readonly problems: () => ReadonlyArray<string>
}

export interface Scenario {
  readonly id: string
  readonly says: string
  readonly needs: ReadonlyArray<Feature>
  /** Enters by hand what is there before. */
  readonly prepare?: (bench: Bench) => void
  /** Runs undisturbed before anything is dealt: what an earlier program left behind. */
  readonly before?: (bench: Bench) => Program<void>
  readonly play: (bench: Bench) => Play
}
