/**
 * A subject whose factory is looked at before it is believed. What is wrong with the adapter itself (it throws, never
 * comes back, gives no connector, gives one connector to two openings) is told as the adapter's fault, by its place; not
 * as something that a rule ran into.
 */
import { ConnectorError } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import * as Shape from "../internal/promise/Shape.ts"
import { messageOf } from "../internal/Thrown.ts"
import type { Stage, Subject } from "./Subject.ts"

/** Longer than anything that a vendor makes a connector wait for. */
const PATIENCE = "1 day"

const fault = (what: string) => new Shape.AdapterFault({ where: "factory", what })

/** What a factory of an adapter gives, as an Effect, which is all that it may be. */
export const opening = <A, E, R>(factory: () => Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.suspend(() => {
    const given: unknown = factory()
    return Effect.isEffect(given)
      ? (given as Effect.Effect<A, E, R>)
      : Effect.die(fault("gave something that is no Effect; one with promises is wrapped by PromiseAdapter.factory"))
  })

const wrongWith = (connected: unknown): string | undefined =>
  Shape.connector(
    // With promises `check` is called; with Effect it is a value.
    typeof connected === "object" && connected !== null && "check" in connected && Effect.isEffect(connected.check)
      ? { ...connected, check: () => {} }
      : connected,
  )

/** Looks at the connectors of one factory: each has to be whole, and no other than those before. */
export const connectors = (): (<A extends object>(connected: A) => Effect.Effect<A>) => {
  const given = new WeakSet<object>()
  return (connected) => {
    const wrong = wrongWith(connected)
    if (wrong !== undefined) return Effect.die(fault(wrong))
    if (given.has(connected)) {
      return Effect.die(fault(Shape.SAME))
    }
    given.add(connected)
    return Effect.succeed(connected)
  }
}

const checkedStage = (stage: Stage, looked: ReturnType<typeof connectors>): Stage => ({
  ...stage,
  connect: (how) =>
    opening(() => stage.connect(how)).pipe(
      Effect.timeoutOrElse({
        duration: PATIENCE,
        orElse: () => Effect.die(fault("did not come back within a day of virtual time")),
      }),
      Effect.catch((error: unknown) =>
        error instanceof ConnectorError
          ? Effect.fail(error)
          : Effect.die(fault(`failed with what is no ConnectorError: ${messageOf(error)}`)),
      ),
      Effect.catchDefect((defect) =>
        Effect.die(defect instanceof Shape.AdapterFault ? defect : fault(`threw: ${messageOf(defect)}`)),
      ),
      Effect.flatMap(looked),
    ),
})

export const subject = (of: Subject): Subject => {
  const looked = connectors()
  return { ...of, open: (setting) => checkedStage(of.open(setting), looked) }
}
