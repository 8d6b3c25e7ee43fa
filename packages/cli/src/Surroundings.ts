/** All that the command takes from the process it runs in, so that a test can run it without one. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"

export interface Service {
  /** Of this package. */
  readonly version: string
  /** The folder of this package, where the descriptions lie that come with it. */
  readonly home: string
  /** Without the interpreter and the script. */
  readonly args: ReadonlyArray<string>
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Absolute. Relative paths of the command line are relative to it. */
  readonly folder: string
  readonly out: (text: string) => Effect.Effect<void>
  readonly err: (text: string) => Effect.Effect<void>
  /** Whether a person watches what goes to `err`. */
  readonly errIsTerminal: boolean
  /** Width of the terminal. */
  readonly columns: number
  readonly fetch: typeof globalThis.fetch
}

export class Surroundings extends Context.Service<Surroundings, Service>()("@mortise/cli/Surroundings") {}
