/** Which rules and sweeps caught which broken connector, as plain data. */

export interface Mutated {
  /** In words: what it does wrong. */
  readonly name: string
  readonly connector: string
  /** The rules and the sweep that have to catch it. */
  readonly caughtBy: ReadonlyArray<string>
  /** Those that failed. */
  readonly killedBy: ReadonlyArray<string>
}

export type KillMatrix = ReadonlyArray<Mutated>

export const survived = ({ killedBy }: Mutated): boolean => killedBy.length === 0

/** What has to catch it, and did not. */
export const missed = ({ caughtBy, killedBy }: Mutated): ReadonlyArray<string> =>
  caughtBy.filter((name) => !killedBy.includes(name))
