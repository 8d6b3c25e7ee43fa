/** What the benches of all vendors have in common: the clock, the store, the door that notes where it is led. */
import * as VirtualClock from "@mortise/conformance/VirtualClock"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import type * as Port from "@mortise/core/Port"
import * as StateStore from "@mortise/core/StateStore"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import type { Asked, Bench, Connected, Mutant } from "./Bench.ts"

/** Seals tokens in the stores of benches, and nothing else. */
export const SEAL_KEY = Buffer.alloc(32, 9).toString("base64")

export const START = Date.UTC(2026, 10, 2, 9)

const LIMIT = "3 days"

/** A door that leads to the twin only and keeps a list of where else it was asked to lead. */
const watched = (origin: string, fetch: typeof globalThis.fetch, foreign: Array<string>): typeof globalThis.fetch =>
  ((input: RequestInfo | URL, init?: RequestInit) => {
    const url = input instanceof Request ? input.url : String(input)
    if (!url.startsWith(`${origin}/`)) foreign.push(url)
    return fetch(input, init)
  }) as typeof globalThis.fetch

export const make = (mutant: Mutant | undefined) => {
  const clock = VirtualClock.make({ start: START })
  const backend = MemoryBackend.make()
  const foreign: Array<string> = []
  const run: Bench["run"] = async (program, store = backend) => {
    const layer = StateStore.layer(store, { sealKey: Redacted.make(SEAL_KEY) })
    const exit = await clock.run(program.pipe(Effect.scoped, Effect.provide(layer)), { limit: LIMIT })
    if (exit instanceof VirtualClock.Stuck) throw exit
    if (Exit.isSuccess(exit)) return exit.value
    throw Cause.squash(exit.cause)
  }
  const door = (origin: string, fetch: typeof globalThis.fetch): typeof globalThis.fetch => {
    const own = watched(origin, fetch, foreign)
    return mutant?.door?.(own) ?? own
  }
  return { clock, backend, foreign, run, door }
}

/** The connector with its ports as the mutant has them. */
export const mutated = (connected: Connected, mutant: Mutant | undefined): Connected => {
  const change = mutant?.port
  if (change === undefined) return connected
  return {
    ...connected,
    ports: Object.fromEntries(Object.entries(connected.ports).map(([name, port]) => [name, change(port)])),
  }
}

export const pathOf = ({ url }: Asked): string => new URL(url).pathname

export const portOf =
  (entity: string) =>
  ({ ports }: Connected): Port.Any => {
    const port = ports[entity]
    if (port === undefined) throw new RangeError(`no port ${entity}`)
    return port
  }
