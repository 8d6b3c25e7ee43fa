/**
 * Up to a hundred upserts as one job. What a job says of its parts is not relied upon: when it has come to its end, the
 * records are looked up together, and those that do not hold what was sent are written one by one, which tells why.
 *
 * The idempotency key is made of what is sent, so that the same batch after a crash names the same job.
 */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as ContentHash from "@mortise/core/ContentHash"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Limits from "../Limits.ts"
import type { Context } from "./Context.ts"
import type { Put } from "./Form.ts"
import type { Body } from "./Records.ts"

/** What may share a job: one type, one treatment of sublists, by external id. Others go alone. */
export const laneOf = ({ replace, to, type }: Put): string | undefined =>
  to.way === "upsert" ? [type, ...replace].join(" ") : undefined

/** Bytes that a record adds to a job. */
export const sizeOf = ({ body }: Put): number => new TextEncoder().encode(JSON.stringify(body)).length + 80

/** A UUID of the fourth kind, as the header takes it. */
const uuid = (hash: string): string => {
  const digits = `${hash.slice(0, 12)}4${hash.slice(13, 16)}8${hash.slice(17, 32)}`
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
}

const bodyOf = ({ body, to }: Put): Body => ({
  ...(to.way === "upsert" ? { externalId: to.externalId } : {}),
  ...body,
})

const FIRST_LOOK = Duration.seconds(1)
const LONGEST_LOOK = Duration.seconds(15)

/** Until a job has ended, or as long as it may run. */
const ended = (context: Context, job: string): Effect.Effect<void, ConnectorError> =>
  Effect.gen(function* () {
    const until = (yield* Clock.currentTimeMillis) + Duration.toMillis(Limits.REQUEST_TIMEOUT)
    let wait = FIRST_LOOK
    while ((yield* Clock.currentTimeMillis) < until) {
      yield* Effect.sleep(wait)
      if (yield* context.records.isDone(job)) return
      wait = Duration.min(Duration.times(wait, 1.5), LONGEST_LOOK)
    }
  })

/** An account whose release has no batches: then none is tried again. */
const hasNone = ({ reason }: ConnectorError): boolean => reason._tag === "Unsupported" || reason._tag === "NotFound"

/** Submits a job and waits for its end; false where it was not taken, and the records go one by one. */
export const run = (
  context: Context,
  entity: string,
  puts: ReadonlyArray<Put>,
): Effect.Effect<boolean, ConnectorError> =>
  Effect.gen(function* () {
    const [first] = puts
    if (first === undefined) return true
    const items = puts.map(bodyOf)
    const idempotencyKey = uuid(ContentHash.ofJson({ scope: context.scope, entity, type: first.type, items }))
    const job = yield* context.records.submit(first.type, items, { replace: first.replace, idempotencyKey })
    yield* ended(context, job)
    return true
  }).pipe(
    Effect.catch((error) => {
      if (hasNone(error)) context.batches.available = false
      return hasNone(error) || error.reason._tag === "Invalid" ? Effect.succeed(false) : Effect.fail(error)
    }),
  )
