/** A connector broken on purpose in one way, at the port, the pipeline or the wire, to show that rules can fail. */
import type * as Port from "@mortise/core/Port"
import type { StoreBackend } from "@mortise/core/StoreBackend"
import type { Connected, How } from "./Subject.ts"

export interface Mutant {
  /** In words: what it does wrong. */
  readonly name: string
  /** At the wire: all that leaves and comes in. */
  readonly door?: (fetch: typeof globalThis.fetch) => typeof globalThis.fetch
  readonly port?: (port: Port.Any) => Port.Any
  readonly connector?: (connected: Connected) => Connected
  /** In place of the port that ownership guards: what is guarded, and the port beneath. */
  readonly guard?: (guarded: Port.Any, port: Port.Any) => Port.Any
  readonly how?: (how: How) => How
  readonly store?: (backend: StoreBackend) => StoreBackend
}

/** The connector as the mutant has it. */
export const applied = (connected: Connected, mutant: Mutant | undefined): Connected => {
  const { connector, port } = mutant ?? {}
  const ports =
    port === undefined
      ? connected
      : {
          ...connected,
          ports: Object.fromEntries(Object.entries(connected.ports).map(([name, one]) => [name, port(one)])),
        }
  return connector === undefined ? ports : connector(ports)
}
