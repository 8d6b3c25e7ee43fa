/** A vendor with key identity and batch writes, which fails as its script says and keeps count of what it applied. */
import type * as BatchUpsert from "@mortise/core/BatchUpsert"
import * as ConnectorError from "@mortise/core/ConnectorError"
import type { Company } from "@mortise/core/Entities"
import * as Effect from "effect/Effect"
import type { BatchHazards } from "./batchHazards.ts"
import { POISON, type Script } from "./batchScript.ts"
import { Random } from "./Random.ts"

type Ready = BatchUpsert.Ready<typeof Company, { readonly [name: string]: unknown }, string | undefined>
type Loose = { readonly [field: string]: unknown }

export interface Held {
  readonly id: string
  readonly key: string | undefined
  fields: Loose
  /** How many writes were applied to it. */
  applied: number
}

export const size = (fields: object): number => JSON.stringify(fields).length + 20

const error = (reason: ConnectorError.Reason) =>
  new ConnectorError.ConnectorError({ system: "model", operation: "upsert", reason })

export class Vendor {
  readonly records = new Map<string, Held>()
  readonly batches: Array<ReadonlyArray<string>> = []
  readonly #script: Script
  readonly #random: Random
  readonly #hazards: BatchHazards
  #next = 1000

  constructor(script: Script, hazards: BatchHazards) {
    this.#script = script
    this.#random = new Random(script.seed + 77)
    this.#hazards = hazards
    for (const [key, id] of script.there) this.records.set(id, { id, key, fields: {}, applied: 0 })
  }

  find({ id, key }: { readonly id?: string; readonly key?: string }): Held | undefined {
    if (id !== undefined) return this.records.get(id)
    return [...this.records.values()].find((held) => held.key === key)
  }

  #apply({ item }: Ready): BatchUpsert.Result["outcome"] {
    const before = this.find(item)
    const held = before ?? { id: `n${this.#next++}`, key: item.key, fields: {}, applied: 0 }
    held.fields = { ...held.fields, ...item.fields }
    held.applied += 1
    this.records.set(held.id, held)
    return { _tag: before === undefined ? "Created" : "Updated", id: held.id }
  }

  #answer(results: ReadonlyArray<BatchUpsert.Result>): ReadonlyArray<BatchUpsert.Result> {
    const { shuffled, strangers } = this.#script
    const all = strangers
      ? [...results, { trace: "stranger", outcome: { _tag: "Updated", id: "id0" } as const }]
      : results
    if (!shuffled || all.length < 2) return all
    const mixed = this.#random.shuffle(all)
    if (mixed.some((result, index) => result.trace !== all[index]?.trace)) this.#hazards.add("shuffled answers")
    return mixed
  }

  #poisoned(batch: ReadonlyArray<Ready>): ReadonlyArray<Ready> {
    return batch.filter(({ item }) => item.fields.phone === POISON)
  }

  /** Everything is applied, or one poisoned record fails the whole request. */
  #write(batch: ReadonlyArray<Ready>): Effect.Effect<ReadonlyArray<BatchUpsert.Result>, ConnectorError.ConnectorError> {
    const bad = this.#poisoned(batch)
    const reason = new ConnectorError.Invalid({ message: "phone is not a number", issues: [] })
    if (bad.length > 0) this.#hazards.add("poisoned records met", bad.length)
    if (bad.length > 0 && this.#script.mode === "atomic") {
      this.#hazards.add("whole-batch failures")
      return Effect.fail(error(reason))
    }
    if (bad.length > 0 && bad.length < batch.length) this.#hazards.add("partial failures")
    return Effect.succeed(
      batch.map((ready): BatchUpsert.Result => {
        const outcome = bad.includes(ready) ? ({ _tag: "Rejected", error: error(reason) } as const) : this.#apply(ready)
        return { trace: ready.trace, outcome }
      }),
    )
  }

  send = (
    batch: ReadonlyArray<Ready>,
  ): Effect.Effect<ReadonlyArray<BatchUpsert.Result>, ConnectorError.ConnectorError> =>
    Effect.gen({ self: this }, function* () {
      this.batches.push(batch.map(({ trace }) => trace))
      const weather = this.#script.weather.get(this.batches.length)
      yield* Effect.yieldNow
      switch (weather) {
        case undefined:
          return this.#answer(yield* this.#write(batch))
        case "throttled":
          this.#hazards.add("throttles midway")
          return yield* Effect.fail(error(new ConnectorError.Throttled({ message: "slow down" })))
        case "unauthorized":
          this.#hazards.add("doors shut midway")
          return yield* Effect.fail(error(new ConnectorError.Unauthorized({ message: "token refused" })))
        case "lostBefore":
          this.#hazards.add("ambiguous failures, not applied")
          return yield* Effect.fail(error(new ConnectorError.Transport({ message: "reset", sent: true })))
        case "lostAfter":
          yield* this.#write(batch)
          this.#hazards.add("ambiguous failures, applied")
          return yield* Effect.fail(error(new ConnectorError.UnknownOutcome({ message: "no reply" })))
        case "silent": {
          const results = yield* this.#write(batch)
          this.#hazards.add("records left out of the answer")
          return this.#answer(results.slice(1))
        }
      }
    })

  lookup = (batch: ReadonlyArray<Ready>): Effect.Effect<ReadonlyArray<BatchUpsert.Result>> =>
    Effect.sync(() => {
      this.#hazards.add("look-ups after a lost answer")
      // A write of nothing leaves no trace by which it could be told; it stays unknown.
      const tellable = batch.filter(({ item }) => Object.keys(item.fields).length > 0)
      return tellable.map(({ item, trace }): BatchUpsert.Result => {
        const held = this.find(item)
        const has =
          held !== undefined && Object.entries(item.fields).every(([name, value]) => held.fields[name] === value)
        const absent = {
          _tag: "NotAttempted",
          error: error(new ConnectorError.Transport({ message: "not there", sent: false })),
        }
        return { trace, outcome: has ? { _tag: "Written", id: held.id } : (absent as BatchUpsert.Result["outcome"]) }
      })
    })

  /** Tells what is there already with the same values, and the id of what is there with others. */
  prepare = (
    items: ReadonlyArray<Ready["item"]>,
  ): Effect.Effect<ReadonlyArray<BatchUpsert.Prepared<string | undefined>>> =>
    Effect.sync(() =>
      items.map((item): BatchUpsert.Prepared<string | undefined> => {
        const held = this.find(item)
        if (held !== undefined && Object.keys(item.fields).length === 0) {
          this.#hazards.add("records that needed no write")
          return { trace: item.trace, outcome: { _tag: "Unchanged", id: held.id } }
        }
        return { trace: item.trace, ready: held?.id }
      }),
    )
}
