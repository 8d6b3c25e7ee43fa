/** A broken connector, and who has to catch it. */
import type { Mutant } from "@mortise/conformance/kit/Mutant"

export interface Known {
  /** Made anew for each run: some of them count. */
  readonly make: () => Mutant
  /** The rules that have to fail, by name. */
  readonly caughtBy: ReadonlyArray<string>
  /** The scenario whose sweep has to fail, where it is the sweep that catches it. */
  readonly sweptBy?: string
  /** The subjects that it is tried on, by name; all of them unless told. */
  readonly on?: ReadonlyArray<string>
}
