/**
 * Holds back the global `fetch` in a run whose twin is reached in process: an adapter that calls it, and not the one that
 * its factory is given, would send real requests. Whoever calls it from outside of a run has the real one.
 */
import { AsyncLocalStorage } from "node:async_hooks"

/** Told of each request that was held back. */
type Told = (asked: string) => void

const runs = new AsyncLocalStorage<Told>()

/** What has it is held back already, whoever put it there. */
const GUARD = Symbol("held back")

const nameOf = (input: RequestInfo | URL, init?: RequestInit): string => {
  const method = init?.method ?? (input instanceof Request ? input.method : "GET")
  const [url] = String(input instanceof Request ? input.url : input).split(/[?#]/)
  return `${method} ${url}`
}

/** It stays in place: what was cut off may call it later. */
export const install = (): void => {
  const real = globalThis.fetch
  if (GUARD in real) return
  const guard: typeof real = async (input, init) => {
    const told = runs.getStore()
    if (told === undefined) return real(input, init)
    told(nameOf(input, init))
    throw new TypeError("the global fetch leads nowhere in this run: use the fetch that the factory is given")
  }
  globalThis.fetch = Object.assign(guard, { [GUARD]: true })
}

export const heldBack = <A>(told: Told, run: () => A): A => {
  install()
  return runs.run(told, run)
}

/** A fetch that leads out of a run though it be the global one: for whoever has put a twin behind that. */
export const letOut =
  (fetch: typeof globalThis.fetch): typeof globalThis.fetch =>
  (input, init) =>
    runs.exit(() => fetch(input, init))
