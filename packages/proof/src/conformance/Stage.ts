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

interface Noted {
  readonly foreign: Array<string>
  readonly secrets: Set<string>
}

const TOKEN_MEMBERS = ["access_token", "refresh_token", "id_token", "client_secret", "password"]

const parsed = (text: string): Readonly<Record<string, unknown>> => {
  if (!text.startsWith("{")) return Object.fromEntries(new URLSearchParams(text))
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** Everything that opens a door: what stands in headers, and what is traded at sign-in and token endpoints. */
const noteSecrets = async (of: Request | Response, secrets: Set<string>, isSignIn: boolean): Promise<void> => {
  const bearer = of.headers.get("authorization")?.replace(/^\w+ /, "")
  const cookies = [...(of.headers.get("cookie") ?? "").split(";"), ...of.headers.getSetCookie()]
  const values = cookies.map((pair) => pair.split(";")[0]?.split("=")[1]?.trim())
  const members = isSignIn ? parsed(await of.clone().text()) : {}
  for (const value of [bearer, ...values, ...TOKEN_MEMBERS.map((name) => members[name])]) {
    if (typeof value === "string" && value.length >= 8) secrets.add(value)
  }
}

/** A door that leads to the twin only, and notes where else it was asked to lead and what may never be shown. */
const watched = (origin: string, fetch: typeof globalThis.fetch, noted: Noted): typeof globalThis.fetch =>
  (async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init)
    if (!request.url.startsWith(`${origin}/`)) noted.foreign.push(request.url)
    const isSignIn = /\/(token|login)$/.test(new URL(request.url).pathname)
    await noteSecrets(request, noted.secrets, isSignIn)
    const response = await fetch(request)
    await noteSecrets(response, noted.secrets, isSignIn).catch(() => {})
    return response
  }) as typeof globalThis.fetch

export const make = (mutant: Mutant | undefined) => {
  const clock = VirtualClock.make({ start: START })
  const backend = MemoryBackend.make()
  const noted: Noted = { foreign: [], secrets: new Set() }
  const run: Bench["run"] = async (program, store = backend) => {
    const layer = StateStore.layer(store, { sealKey: Redacted.make(SEAL_KEY) })
    const exit = await clock.run(program.pipe(Effect.scoped, Effect.provide(layer)), { limit: LIMIT })
    if (exit instanceof VirtualClock.Stuck) throw exit
    if (Exit.isSuccess(exit)) return exit.value
    throw Cause.squash(exit.cause)
  }
  const door = (origin: string, fetch: typeof globalThis.fetch): typeof globalThis.fetch => {
    const own = watched(origin, fetch, noted)
    return mutant?.door?.(own) ?? own
  }
  return { clock, backend, ...noted, run, door }
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
