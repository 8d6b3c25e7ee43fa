/** A write that must not be sent again blindly does not compile where it would be. */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Pipeline from "@mortise/core/Pipeline"
import * as Replay from "@mortise/core/Replay"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"

declare const pipeline: Pipeline.Pipeline
declare const send: Pipeline.Send<{ readonly id: string }>
declare const lookup: Effect.Effect<Option.Option<string>, ConnectorError>
declare const effect: Effect.Effect<void, ConnectorError>

const read = Replay.read("acme.things.list", "any")
const safe = Replay.write("acme.things.upsert", "any", "safe")
const keyed = Replay.write("acme.things.create", "any", "keyed")
const never = Replay.write("acme.things.release", "any", "never")
declare const whatever: Replay.Operation

pipeline.call(read, send)
pipeline.call(safe, send)
pipeline.keyed(keyed, send, lookup)
pipeline.once(keyed, send)
pipeline.once(never, send)
Replay.retry(safe)(effect)

// @ts-expect-error Argument of type 'Operation<"keyed">' is not assignable to parameter of type 'Operation<"safe">'
pipeline.call(keyed, send)

// @ts-expect-error Argument of type 'Operation<"never">' is not assignable to parameter of type 'Operation<"safe">'
pipeline.call(never, send)

// @ts-expect-error Argument of type 'Operation<Class>' is not assignable to parameter of type 'Operation<"safe">'
pipeline.call(whatever, send)

// @ts-expect-error Argument of type 'Operation<"keyed">' is not assignable to parameter of type 'Operation<"safe">'
Replay.retry(keyed)

// @ts-expect-error Argument of type 'Operation<"never">' is not assignable to parameter of type 'Operation<"safe">'
Replay.retry(never)

// @ts-expect-error Argument of type 'Operation<"never">' is not assignable to parameter of type 'Operation<"keyed">'
pipeline.keyed(never, send, lookup)

// @ts-expect-error Expected 3-4 arguments, but got 2
pipeline.keyed(keyed, send)

/** The error of a call is the one error, and nothing has to be provided. */
export const call: Effect.Effect<Pipeline.Reply<{ readonly id: string }>, ConnectorError, never> = pipeline.call(
  read,
  send,
)
