/** Prepares, cuts, sends, splits and keeps book. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Semaphore from "effect/Semaphore"
import type * as BatchUpsert from "../../BatchUpsert.ts"
import * as ConnectorError from "../../ConnectorError.ts"
import type * as Entity from "../../Entity.ts"
import type * as Outcome from "../../Outcome.ts"
import * as Cut from "./Cut.ts"
import { fault } from "./Fault.ts"
import { waves } from "./Waves.ts"

type Options<E extends Entity.Any, C, P> = BatchUpsert.Options<E, C, P>
type Ready<E extends Entity.Any, C, P> = BatchUpsert.Ready<E, C, P>
type Items<E extends Entity.Any, C> = ReadonlyArray<BatchUpsert.Item<E, C>>

/** What is known of each item while the work goes on, so that it can be told though the work be ended. */
export interface Ledger<E extends Entity.Any, C> {
  readonly items: Items<E, C>
  readonly settled: Map<string, Outcome.Outcome>
  /** Sent, and not answered yet. */
  readonly sending: Set<string>
  /** Set when the door is shut: nothing more is sent. */
  shut: ConnectorError.ConnectorError | undefined
  /** Requests at once, looks and writes together. */
  readonly gate: Semaphore.Semaphore
}

export const ledger = <E extends Entity.Any, C>(items: Items<E, C>, concurrency: number): Ledger<E, C> => ({
  items,
  settled: new Map(),
  sending: new Set(),
  shut: undefined,
  gate: Semaphore.makeUnsafe(Math.max(1, concurrency)),
})

const settleAll = <E extends Entity.Any, C>(
  book: Ledger<E, C>,
  parts: ReadonlyArray<{ readonly trace: string }>,
  outcome: Outcome.Outcome,
): void => {
  for (const { trace } of parts) book.settled.set(trace, outcome)
}

/** A failure of a whole request, put down for its parts. True: one of them is at fault and has to be found. */
const blame = <E extends Entity.Any, C, P>(
  options: Options<E, C, P>,
  book: Ledger<E, C>,
  parts: ReadonlyArray<{ readonly trace: string }>,
  error: ConnectorError.ConnectorError,
): boolean => {
  switch (options.judge?.(error) ?? fault(error)) {
    case "record":
      if (parts.length > 1) return true
      settleAll(book, parts, { _tag: "Rejected", error })
      return false
    case "every":
      settleAll(book, parts, { _tag: "Rejected", error })
      return false
    case "door":
      book.shut ??= error
      settleAll(book, parts, { _tag: "NotAttempted", error })
      return false
    case "ambiguous":
      settleAll(book, parts, { _tag: "Unknown", error })
      return false
  }
}

/** Takes the results that name one of these parts; the first word on an item counts. */
const take = <E extends Entity.Any, C>(
  book: Ledger<E, C>,
  parts: ReadonlyArray<{ readonly trace: string }>,
  results: ReadonlyArray<BatchUpsert.Result>,
): void => {
  const open = new Set(parts.map(({ trace }) => trace))
  for (const { outcome, trace } of results) if (open.delete(trace)) book.settled.set(trace, outcome)
}

const unsure = <E extends Entity.Any, C, P>(book: Ledger<E, C>, batch: ReadonlyArray<Ready<E, C, P>>) =>
  batch.filter(({ trace }) => (book.settled.get(trace)?._tag ?? "Unknown") === "Unknown")

/** What may have been written is looked up, where the connector can. A failed look settles nothing. */
const lookAgain = Effect.fnUntraced(function* <E extends Entity.Any, C, P>(
  options: Options<E, C, P>,
  book: Ledger<E, C>,
  batch: ReadonlyArray<Ready<E, C, P>>,
) {
  const open = unsure(book, batch)
  if (options.lookup === undefined || open.length === 0) return
  const found = yield* Effect.result(options.lookup(open))
  if (Result.isSuccess(found)) take(book, open, found.success)
})

const unanswered = <E extends Entity.Any, C, P>(options: Options<E, C, P>): Outcome.Outcome => ({
  _tag: "Unknown",
  error: failure(options, new ConnectorError.UnknownOutcome({ message: "the answer does not name this record" })),
})

const failure = (
  { operation, system }: { readonly system: string; readonly operation: string },
  reason: ConnectorError.Reason,
): ConnectorError.ConnectorError => new ConnectorError.ConnectorError({ system, operation, reason })

/**
 * Sends one request. Returns the error when a record of it is at fault and has to be found; everything else is in the
 * ledger.
 */
const sendOnce = Effect.fnUntraced(function* <E extends Entity.Any, C, P>(
  options: Options<E, C, P>,
  book: Ledger<E, C>,
  batch: ReadonlyArray<Ready<E, C, P>>,
) {
  if (book.shut !== undefined) {
    settleAll(book, batch, { _tag: "NotAttempted", error: book.shut })
    return false
  }
  for (const { trace } of batch) book.sending.add(trace)
  const sent = yield* Effect.result(options.send(batch))
  if (Result.isFailure(sent) && blame(options, book, batch, sent.failure)) {
    for (const { trace } of batch) book.sending.delete(trace)
    return true
  }
  if (Result.isSuccess(sent)) take(book, batch, sent.success)
  yield* lookAgain(options, book, batch)
  for (const { trace } of batch) {
    if (!book.settled.has(trace)) book.settled.set(trace, unanswered(options))
    book.sending.delete(trace)
  }
  return false
})

const halves = <A>(all: ReadonlyArray<A>): readonly [ReadonlyArray<A>, ReadonlyArray<A>] => {
  const middle = Math.ceil(all.length / 2)
  return [all.slice(0, middle), all.slice(middle)]
}

/**
 * Searches a batch that failed as a whole. When the first half goes through, the second must hold the fault and is not
 * sent as a whole again: about log2(n) + 2 calls for one fault, never more than 2 log2(n) + 1.
 */
const search = <A>(
  batch: ReadonlyArray<A>,
  send: (part: ReadonlyArray<A>) => Effect.Effect<boolean>,
): Effect.Effect<void> =>
  Effect.suspend(() => {
    if (batch.length === 1) return Effect.asVoid(send(batch))
    const [first, second] = halves(batch)
    return Effect.flatMap(send(first), (atFault) =>
      atFault
        ? Effect.andThen(
            search(first, send),
            Effect.flatMap(send(second), (also) => (also ? search(second, send) : Effect.void)),
          )
        : search(second, send),
    )
  })

/** Sends a batch and finds every record at fault in it. */
const sendAndSearch = <E extends Entity.Any, C, P>(
  options: Options<E, C, P>,
  book: Ledger<E, C>,
  batch: ReadonlyArray<Ready<E, C, P>>,
): Effect.Effect<void> => {
  const send = (part: ReadonlyArray<Ready<E, C, P>>) => book.gate.withPermit(sendOnce(options, book, part))
  return Effect.flatMap(send(batch), (atFault) => (atFault ? search(batch, send) : Effect.void))
}

const readyOnes = <E extends Entity.Any, C, P>(
  items: Items<E, C>,
  prepared: ReadonlyArray<BatchUpsert.Prepared<P>>,
): ReadonlyArray<Ready<E, C, P>> => {
  const ready = new Map<string, P>()
  for (const part of prepared) if ("ready" in part) ready.set(part.trace, part.ready)
  return items.flatMap((item) =>
    ready.has(item.trace) ? [{ item, trace: item.trace, ready: ready.get(item.trace) as P }] : [],
  )
}

const asTheyAre = <E extends Entity.Any, C, P>(items: Items<E, C>): ReadonlyArray<BatchUpsert.Prepared<P>> =>
  items.map(({ trace }) => ({ trace, ready: undefined as P }))

/** Looks before writing. Returns what is to be sent, or false when a record of the chunk makes the look itself fail. */
const prepareOnce = Effect.fnUntraced(function* <E extends Entity.Any, C, P>(
  options: Options<E, C, P>,
  book: Ledger<E, C>,
  items: Items<E, C>,
) {
  if (options.prepare === undefined) return readyOnes(items, asTheyAre<E, C, P>(items))
  const prepared = yield* Effect.result(options.prepare(items))
  if (Result.isSuccess(prepared)) {
    take(
      book,
      items,
      prepared.success.flatMap((part) => ("outcome" in part ? [part] : [])),
    )
    return readyOnes(items, prepared.success)
  }
  // A failed read has written nothing, whatever became of it.
  const kind = options.judge?.(prepared.failure) ?? fault(prepared.failure)
  if (kind === "ambiguous") settleAll(book, items, { _tag: "NotAttempted", error: prepared.failure })
  else if (blame(options, book, items, prepared.failure)) return false
  return []
})

const one = <E extends Entity.Any, C, P>(options: Options<E, C, P>, book: Ledger<E, C>) =>
  function chunk(items: Items<E, C>): Effect.Effect<void> {
    return Effect.gen(function* () {
      if (book.shut !== undefined) return settleAll(book, items, { _tag: "NotAttempted", error: book.shut })
      const ready = yield* book.gate.withPermit(prepareOnce(options, book, items))
      if (ready === false) {
        const [first, second] = halves(items)
        yield* chunk(first)
        yield* chunk(second)
        return
      }
      const { batches, tooLarge } = Cut.cut(options, ready)
      for (const { trace } of tooLarge) book.settled.set(trace, Cut.refused(options))
      yield* Effect.forEach(batches, (batch) => sendAndSearch(options, book, batch), {
        concurrency: options.concurrency ?? 1,
        discard: true,
      })
    })
  }

/** Why something of an earlier wave is not over: whoever waits for it must not come before it. */
const openOf = <E extends Entity.Any, C>(book: Ledger<E, C>): ConnectorError.ConnectorError | undefined => {
  for (const outcome of book.settled.values()) {
    if (outcome._tag === "NotAttempted" || outcome._tag === "Unknown") return outcome.error
  }
  return undefined
}

/** The whole work; what it finds is in the ledger. */
export const all = <E extends Entity.Any, C, P>(options: Options<E, C, P>, book: Ledger<E, C>): Effect.Effect<void> => {
  const size = Math.max(1, options.limits.prepare ?? options.limits.records)
  return Effect.forEach(
    waves(book.items),
    (wave) => {
      const open = openOf(book)
      if (open !== undefined) return Effect.sync(() => settleAll(book, wave, { _tag: "NotAttempted", error: open }))
      return Effect.forEach(Cut.chunks(wave, size), one(options, book), {
        concurrency: options.concurrency ?? 1,
        discard: true,
      })
    },
    { discard: true },
  )
}

interface Findings<E extends Entity.Any, C> {
  readonly ledger: Ledger<E, C>
  readonly refused: ReadonlyMap<number, Outcome.Outcome>
  readonly clashes: ReadonlyMap<number, Outcome.Outcome>
  readonly stopped: string | undefined
}

const unsettled = <E extends Entity.Any, C, P>(
  options: Options<E, C, P>,
  { ledger: book, stopped }: Findings<E, C>,
  trace: string,
): Outcome.Outcome => {
  const why = stopped ?? "the look before the write does not name this record"
  return book.sending.has(trace)
    ? {
        _tag: "Unknown",
        error: failure(options, new ConnectorError.UnknownOutcome({ message: `${why}; it was on its way` })),
      }
    : {
        _tag: "NotAttempted",
        error: failure(options, new ConnectorError.Transport({ message: `not sent: ${why}`, sent: false })),
      }
}

/** One outcome for each input, in the order of the inputs. */
export const outcomes = <E extends Entity.Any, C, P>(
  options: Options<E, C, P>,
  found: Findings<E, C>,
): ReadonlyArray<Outcome.Outcome> => {
  const byInput = new Map<number, Outcome.Outcome>([...found.refused, ...found.clashes])
  for (const { inputs, trace } of found.ledger.items) {
    const outcome = found.ledger.settled.get(trace) ?? unsettled(options, found, trace)
    for (const index of inputs) byInput.set(index, outcome)
  }
  return options.records.map((_, index) => byInput.get(index) as Outcome.Outcome)
}
