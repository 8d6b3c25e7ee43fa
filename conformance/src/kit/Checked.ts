/**
 * A subject whose factory is looked at before it is believed. What is wrong with the adapter itself (it throws, never
 * comes back, gives no connector, gives one connector to two openings) is told as the adapter's fault, by its place; not
 * as something that a rule ran into.
 */
import { ConnectorError } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import * as Shape from "../internal/promise/Shape.ts"
import type { Connected, Opening, Program, Stage, Subject } from "./Subject.ts"

/** Longer than anything that a vendor makes a connector wait for. */
const PATIENCE = "1 day"

const fault = (what: string) => new Shape.AdapterFault({ where: "factory", what })

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const called = (stage: Stage, how: Opening): Program<Connected> =>
  Effect.suspend(() => {
    const opening: unknown = stage.connect(how)
    return Effect.isEffect(opening)
      ? (opening as Program<Connected>)
      : Effect.die(
          fault("gave something that is no Effect; a factory with promises is wrapped by PromiseAdapter.factory"),
        )
  })

/** With promises `check` is called; with Effect it is a value. */
const wrongWith = (connected: unknown): string | undefined =>
  Shape.connector(
    typeof connected === "object" && connected !== null && "check" in connected && Effect.isEffect(connected.check)
      ? { ...connected, check: () => {} }
      : connected,
  )

const checkedStage = (stage: Stage, given: WeakSet<object>): Stage => ({
  ...stage,
  connect: (how) =>
    called(stage, how).pipe(
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
      Effect.tap((connected) => {
        const wrong = wrongWith(connected)
        if (wrong !== undefined) return Effect.die(fault(wrong))
        if (given.has(connected)) {
          return Effect.die(fault("gave the same connector to two openings: what one leaves behind, the other finds"))
        }
        given.add(connected)
        return Effect.void
      }),
    ),
})

export const subject = (of: Subject): Subject => {
  const given = new WeakSet<object>()
  return { ...of, open: (setting) => checkedStage(of.open(setting), given) }
}
