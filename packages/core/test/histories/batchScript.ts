/** A batch history by its seed: what is written, what the vendor holds, and what goes wrong at which request. */
import type { Company } from "@mortise/core/Entities"
import type * as Port from "@mortise/core/Port"
import { Random } from "./Random.ts"

export type Write = Port.Write<typeof Company>

export type Weather = "throttled" | "unauthorized" | "lostAfter" | "lostBefore" | "silent"

export interface Script {
  readonly seed: number
  readonly writes: ReadonlyArray<Write>
  /** Records that are there before, by key, with their ids. */
  readonly there: ReadonlyMap<string, string>
  readonly limit: number
  readonly bytes: number | undefined
  readonly concurrency: number
  /** A poisoned record fails its whole request, or only itself. */
  readonly mode: "atomic" | "partial"
  readonly shuffled: boolean
  readonly strangers: boolean
  readonly lanes: boolean
  readonly prepares: boolean
  readonly looksUp: boolean
  /** What goes wrong, by the number of the request, from 1. */
  readonly weather: ReadonlyMap<number, Weather>
}

export const POISON = "poison"

const fields = (random: Random, poison: number): Write["fields"] => {
  const some: { -readonly [K in keyof Write["fields"]]: Write["fields"][K] } = {}
  if (random.chance(0.7)) some.name = `name ${random.int(1, 9999)}`
  if (random.chance(0.5))
    some.phone = random.chance(poison) ? POISON : random.chance(0.2) ? null : `+${random.int(1, 999)}`
  if (random.chance(0.3)) some.accounts = [{ id: String(random.int(1, 99)) }]
  if (random.chance(0.4)) some.custom = { [random.pick(["a", "b", "c"])]: random.int(1, 99) }
  return some
}

const invalid = (random: Random): Write =>
  random.pick<Write>([
    { key: "", fields: { name: "no key" } },
    { fields: { name: "neither" } },
    { key: "k".repeat(10_240), fields: { name: "long" } },
    { key: "k-daysOverdue", fields: { daysOverdue: Number.NaN } },
    { key: "k-date", fields: { asOf: "2026-02-30T00:00:00Z" as never, name: "bad date" } },
  ])

const weather = (random: Random, requests: number): ReadonlyMap<number, Weather> => {
  const out = new Map<number, Weather>()
  if (random.chance(0.55)) return out
  const kinds: ReadonlyArray<Weather> = ["throttled", "unauthorized", "lostAfter", "lostBefore", "silent"]
  for (let count = random.int(1, 3); count > 0; count--) out.set(random.int(1, requests + 2), random.pick(kinds))
  return out
}

export const make = (seed: number): Script => {
  const random = new Random(seed)
  const size = random.chance(0.05) ? 0 : random.int(1, 70)
  const pool = Math.max(1, Math.round(size * (0.3 + random.next())))
  const limit = random.int(1, 24)
  const poison = random.pick([0, 0.02, 0.1, 0.5])
  const there = new Map<string, string>()
  for (let n = 0; n < pool; n++) if (random.chance(0.4)) there.set(`k${n}`, `id${n}`)
  // A call that names a record once by its key and once by its id has to say somewhere that they belong together.
  const joined = new Set<string>()
  const writes = Array.from({ length: size }, (): Write => {
    if (random.chance(0.03)) return invalid(random)
    const key = `k${random.int(0, pool - 1)}`
    const id = there.get(key)
    const patch = fields(random, poison)
    if (id === undefined) return { key, fields: patch }
    if (!joined.has(key) || random.chance(0.3)) {
      joined.add(key)
      return { key, id, fields: patch }
    }
    return random.chance(0.5) ? { key, fields: patch } : { id, fields: patch }
  })
  return {
    seed,
    writes,
    there,
    limit,
    bytes: random.chance(0.2) ? random.int(2, 6) * 100 : undefined,
    concurrency: random.pick([1, 1, 3]),
    mode: random.chance(0.6) ? "atomic" : "partial",
    shuffled: random.chance(0.6),
    strangers: random.chance(0.2),
    lanes: random.chance(0.25),
    prepares: random.chance(0.3),
    looksUp: random.chance(0.4),
    weather: weather(random, Math.ceil(size / limit)),
  }
}
