import * as BatchUpsert from "@mortise/core/BatchUpsert"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { correct, play, type Run } from "./histories/batchCheck.ts"
import { BatchHazards, type Name } from "./histories/batchHazards.ts"
import * as Script from "./histories/batchScript.ts"

const HISTORIES = 5000

/** MORTISE_SEED plays that one seed only. */
const seeds = (count: number): ReadonlyArray<number> => {
  const one = process.env["MORTISE_SEED"]
  return one === undefined ? Array.from({ length: count }, (_, index) => index + 1) : [Number(one)]
}

const tell = (seed: number, faults: ReadonlyArray<string>): string =>
  [
    `history ${seed}:`,
    ...faults.map((fault) => `  ${fault}`),
    `  again: MORTISE_SEED=${seed} npx vitest run packages/core/test/batch.histories.test.ts`,
  ].join("\n")

const playAll = async (
  run: Run,
  from: ReadonlyArray<number>,
  hazards = new BatchHazards(),
): Promise<ReadonlyArray<string>> => {
  const failures: Array<string> = []
  for (const seed of from) {
    const faults = await Effect.runPromise(play(Script.make(seed), run, hazards))
    if (faults.length > 0) failures.push(tell(seed, faults))
  }
  return failures
}

const least: Readonly<Record<Name, number>> = {
  "doubles in a call": 20_000,
  "poisoned records met": 10_000,
  "whole-batch failures": 5_000,
  "partial failures": 1_000,
  "shuffled answers": 2_000,
  "throttles midway": 250,
  "doors shut midway": 300,
  "ambiguous failures, applied": 200,
  "ambiguous failures, not applied": 300,
  "records left out of the answer": 200,
  "look-ups after a lost answer": 250,
  "records that needed no write": 250,
  "inputs refused without a request": 3_000,
  "searches for a fault": 1_000,
}

describe("writing many records", () => {
  it("answers each input in its order, folds doubles, finds every poisoned record and writes the rest once", async () => {
    const hazards = new BatchHazards()
    const from = seeds(HISTORIES)
    const failures = await playAll(correct, from, hazards)
    console.log(`${from.length} batch histories: ${hazards}`)
    expect(failures.slice(0, 5).join("\n")).toBe("")
    if (from.length < HISTORIES) return
    for (const [name, count] of Object.entries(least)) expect(hazards.of(name as Name), name).toBeGreaterThan(count)
  })
})

// Broken on purpose, each in one way: the check above has to see it.
describe("the check of batch histories", () => {
  const few = Array.from({ length: 400 }, (_, index) => index + 1)

  const byPosition: Run = (options) =>
    BatchUpsert.run({
      ...options,
      send: (batch) =>
        Effect.map(options.send(batch), (results) =>
          results.flatMap((result, index) => {
            const part = batch[index]
            return part === undefined ? [] : [{ ...result, trace: part.trace }]
          }),
        ),
    })

  const blindResend: Run = (options) =>
    BatchUpsert.run({ ...options, send: (batch) => Effect.catch(options.send(batch), () => options.send(batch)) })

  const oneByOne: Run = (options) =>
    BatchUpsert.run({
      ...options,
      send: (batch) =>
        Effect.catchIf(
          options.send(batch),
          (error) => error.reason._tag === "Invalid" && batch.length > 1,
          () =>
            Effect.map(
              Effect.forEach(batch, (part) =>
                Effect.catch(options.send([part]), (error) =>
                  Effect.succeed([{ trace: part.trace, outcome: { _tag: "Rejected", error } as const }]),
                ),
              ),
              (results) => results.flat(),
            ),
        ),
    })

  const unfolded: Run = (options) =>
    Effect.map(
      Effect.forEach(options.records, (record) => BatchUpsert.run({ ...options, records: [record] })),
      (all) => all.flat(),
    )

  const silentIsSuccess: Run = (options) =>
    Effect.map(BatchUpsert.run(options), (outcomes) =>
      outcomes.map((outcome) => (outcome._tag === "Unknown" ? ({ _tag: "Written", id: "id0" } as const) : outcome)),
    )

  const wholeBatchRejected: Run = (options) => BatchUpsert.run({ ...options, judge: () => "every" })

  const lastFieldLost: Run = (options) =>
    BatchUpsert.run({
      ...options,
      records: options.records.filter((record, index, all) =>
        all.slice(index + 1).every((later) => later.key === undefined || later.key !== record.key),
      ),
    })

  it.each([
    ["results matched by position", byPosition],
    ["an ambiguous write sent again", blindResend],
    ["a failed batch sent one by one", oneByOne],
    ["doubles written one after the other", unfolded],
    ["silence taken for success", silentIsSuccess],
    ["a whole batch rejected for one record", wholeBatchRejected],
    ["earlier doubles dropped", lastFieldLost],
  ] as const)("catches %s", async (_name, run) => {
    expect((await playAll(run, few)).length).toBeGreaterThan(0)
  })
})
