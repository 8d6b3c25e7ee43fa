/**
 * The frame of every batch: at most 100 inputs, one bad input refuses all, unless every input has a trace id of its
 * own; then each stands alone and the answer is a 207. HubSpot: guides "Error handling" and "Using object APIs".
 */
import type { TwinReply } from "../twin/Twin.ts"
import * as Errors from "./Errors.ts"
import type { Call } from "./Hub.ts"
import { iso } from "./RecordView.ts"

export const MAX_INPUTS = 100

export interface Traced {
  readonly objectWriteTraceId?: string
}

export const checkSize = (inputs: ReadonlyArray<unknown>, most = MAX_INPUTS): void => {
  if (inputs.length > most) throw Errors.validation(`A batch holds at most ${most} inputs, not ${inputs.length}.`)
}

/** One id twice refuses the whole batch, trace ids or not. */
export const refuseDoubles = (ids: ReadonlyArray<string>): void => {
  const seen = new Set<string>()
  const doubles = new Set(ids.filter((id) => seen.size === seen.add(id).size))
  if (doubles.size === 0) return
  const message = `Duplicate IDs found in batch input: [${[...doubles].join(", ")}]. IDs must be unique`
  throw Errors.validation(message, { context: { ids: [...doubles] } })
}

const isPartial = (inputs: ReadonlyArray<Traced>): boolean => {
  const ids = new Set(inputs.map((input) => input.objectWriteTraceId))
  return inputs.length > 0 && ids.size === inputs.length && !ids.has(undefined) && !ids.has("")
}

export type ItemError = ReturnType<typeof Errors.item>

export interface Outcome<A> {
  readonly results: ReadonlyArray<A>
  readonly errors: ReadonlyArray<ItemError>
}

const unlucky = (call: Call, inputs: ReadonlyArray<Traced>): Traced | undefined => {
  if (call.hub.knobs.partial207 <= 0 || inputs.length === 0) return undefined
  call.hub.knobs.partial207 -= 1
  return inputs[Math.floor(call.random() * inputs.length)]
}

/** Runs each input, all or nothing or each on its own. */
export const run = <I extends Traced, A>(call: Call, inputs: ReadonlyArray<I>, one: (input: I) => A): Outcome<A> => {
  const { store } = call.hub
  if (call.hub.knobs.tracesIgnored || !isPartial(inputs))
    return { results: store.transaction(call.now, () => inputs.map(one)), errors: [] }
  const results: Array<A> = []
  const errors: Array<ItemError> = []
  const victim = unlucky(call, inputs)
  for (const input of inputs) {
    try {
      if (input === victim) {
        throw new Errors.Refusal({
          status: 500,
          category: "INTERNAL_ERROR",
          message: "This input could not be written.",
        })
      }
      results.push(store.transaction(call.now, () => one(input)))
    } catch (error) {
      if (!(error instanceof Errors.Refusal)) throw error
      errors.push(Errors.item(error.answer, [input.objectWriteTraceId ?? ""]))
    }
  }
  return { results, errors }
}

/** Fisher and Yates, with the twin's own chance. */
export const shuffled = <A>(values: ReadonlyArray<A>, random: () => number): ReadonlyArray<A> => {
  const copy = [...values]
  for (let index = copy.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1))
    ;[copy[index], copy[other]] = [copy[other] as A, copy[index] as A]
  }
  return copy
}

/** The answer. The status of full success is the caller's; with errors it is 207, or the same in the merged shape. */
export const answer = (call: Call, status: number, { errors, results }: Outcome<unknown>): TwinReply => {
  const merged = call.family === "2026-09" && call.hub.knobs.mergedBatchShape
  return {
    status: errors.length === 0 || merged ? status : 207,
    body: {
      status: "COMPLETE",
      results,
      startedAt: iso(call.now),
      completedAt: iso(call.now),
      ...(errors.length === 0 ? {} : { numErrors: errors.length, errors }),
    },
  }
}
