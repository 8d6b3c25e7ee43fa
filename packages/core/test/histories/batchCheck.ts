/** Plays a batch history and says in which ways it broke its promises. */
import * as BatchUpsert from "@mortise/core/BatchUpsert"
import { Company } from "@mortise/core/Entities"
import type * as Outcome from "@mortise/core/Outcome"
import * as Effect from "effect/Effect"
import type { BatchHazards } from "./batchHazards.ts"
import * as Oracle from "./batchOracle.ts"
import type { Script } from "./batchScript.ts"
import { size, Vendor } from "./batchVendor.ts"

type Options = BatchUpsert.Options<typeof Company, { readonly [name: string]: unknown }, string | undefined>

/** The code under test, or a broken copy of it. */
export type Run = (options: Options) => Effect.Effect<ReadonlyArray<Outcome.Outcome>>

const optionsOf = (script: Script, vendor: Vendor): Options => ({
  system: "model",
  operation: "upsert",
  entity: Company,
  records: script.writes,
  limits: { records: script.limit, ...(script.bytes === undefined ? {} : { bytes: script.bytes }) },
  sizeOf: ({ item }) => size(item.fields),
  concurrency: script.concurrency,
  send: vendor.send,
  ...(script.lanes ? { lane: ({ item }) => (item.id === undefined ? "key" : "id") } : {}),
  ...(script.prepares ? { prepare: vendor.prepare } : {}),
  ...(script.looksUp ? { lookup: vendor.lookup } : {}),
})

const same = (a: unknown, b: unknown): boolean => JSON.stringify(sorted(a)) === JSON.stringify(sorted(b))
const sorted = (value: unknown): unknown =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value

const written = new Set(["Created", "Updated", "Written"])

/** The record of one expected write against what its outcome says. */
const judge = (
  script: Script,
  vendor: Vendor,
  expected: Oracle.Expected,
  outcome: Outcome.Outcome,
): ReadonlyArray<string> => {
  const who = expected.id ?? expected.key ?? ""
  const held = vendor.find({ ...(expected.id === undefined ? { key: expected.key as string } : { id: expected.id }) })
  const applied = held?.applied ?? 0
  const faults: Array<string> = []
  const say = (what: string) => faults.push(`${who} (${outcome._tag}): ${what}`)
  if (applied > 1) say(`was written ${applied} times`)
  if (written.has(outcome._tag)) {
    if (applied !== 1) say("was reported as written and was not")
    else if (!Object.entries(expected.fields).every(([name, value]) => same(held?.fields[name], value))) {
      say("does not hold the folded fields")
    }
    if ("id" in outcome && outcome.id !== held?.id) say(`came with the id of another record, ${outcome.id}`)
    if (expected.poisoned) say("is poisoned and was reported as written")
  }
  if (outcome._tag === "Rejected") {
    if (applied > 0) say("was reported as rejected and was written")
    const tooLarge = script.bytes !== undefined && size(expected.fields) > script.bytes
    if (!expected.poisoned && !tooLarge) say("was rejected and is sound")
  }
  if (outcome._tag === "NotAttempted" && applied > 0) say("was reported as not attempted and was written")
  if (outcome._tag === "Unchanged" && applied > 0) say("was reported as unchanged and was written")
  const stormy = script.weather.size > 0
  if (!stormy && (outcome._tag === "Unknown" || outcome._tag === "NotAttempted")) say("was left open in fair weather")
  return faults
}

/** How often requests were sent for what they held, where the batches can be told from the script. */
const calls = (script: Script, vendor: Vendor, expected: ReadonlyArray<Oracle.Expected>): ReadonlyArray<string> => {
  if (script.weather.size > 0 || script.bytes !== undefined || script.lanes || script.prepares) return []
  let most = 0
  for (let start = 0; start < expected.length; start += script.limit) {
    const batch = expected.slice(start, start + script.limit)
    const poisoned = script.mode === "atomic" ? batch.filter((each) => each.poisoned).length : 0
    most += Oracle.bound(batch.length, poisoned)
  }
  return vendor.batches.length <= most ? [] : [`${vendor.batches.length} requests where ${most} are enough`]
}

const doubles = (expected: ReadonlyArray<Oracle.Expected>, outcomes: ReadonlyArray<Outcome.Outcome>) =>
  expected.flatMap(({ inputs, key }) =>
    inputs.every((index) => outcomes[index] === outcomes[inputs[0] as number]) ? [] : [`doubles of ${key} differ`],
  )

const limits = (script: Script, vendor: Vendor): ReadonlyArray<string> =>
  vendor.batches.flatMap((batch) => [
    ...(batch.length > script.limit ? [`a request of ${batch.length} records`] : []),
    ...(batch.length === 0 ? ["an empty request"] : []),
    ...(new Set(batch).size < batch.length ? ["a request that names a record twice"] : []),
  ])

const tally = (
  script: Script,
  vendor: Vendor,
  expected: ReadonlyArray<Oracle.Expected>,
  hazards: BatchHazards,
): void => {
  hazards.add(
    "doubles in a call",
    expected.reduce((sum, { inputs }) => sum + inputs.length - 1, 0),
  )
  hazards.add("inputs refused without a request", script.writes.filter(Oracle.isRefused).length)
  if (vendor.batches.length > Math.ceil(expected.length / script.limit)) hazards.add("searches for a fault")
}

export const play = Effect.fnUntraced(function* (script: Script, run: Run, hazards: BatchHazards) {
  const vendor = new Vendor(script, hazards)
  const outcomes = yield* run(optionsOf(script, vendor))
  const expected = Oracle.expect(script)
  tally(script, vendor, expected, hazards)
  if (outcomes.length !== script.writes.length)
    return [`${outcomes.length} outcomes for ${script.writes.length} inputs`]
  const refused = script.writes.flatMap((write, index) =>
    Oracle.isRefused(write) && outcomes[index]?._tag !== "Rejected" ? [`input ${index} was not refused`] : [],
  )
  return [
    ...refused,
    ...doubles(expected, outcomes),
    ...expected.flatMap((each) => judge(script, vendor, each, outcomes[each.inputs[0] as number] as Outcome.Outcome)),
    ...limits(script, vendor),
    ...calls(script, vendor, expected),
  ]
})

export const correct: Run = (options) => BatchUpsert.run(options)
