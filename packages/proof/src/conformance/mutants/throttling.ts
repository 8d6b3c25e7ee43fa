/** Mutants that the rules of throttling have to catch. */
import type { Mutant } from "@mortise/conformance/kit/Mutant"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { answering, hammering, REFERENCE, reasonOf, switched, upserting, withHeader, withStatus } from "./Breaking.ts"
import type { Known } from "./Known.ts"

const isDate = (text: string | null): boolean => text !== null && /[a-z]/i.test(text)

/** What a 429 says of how long to wait. */
const hearing = (name: string, hears: (told: string | null) => string | undefined): Mutant =>
  answering(name, (response) => {
    const told = response.headers.get("retry-after")
    return response.status === 429 ? withHeader(response, "retry-after", hears(told)) : response
  })

const waitsHours = upserting("waits however long it is asked to", (port, records, options) =>
  Effect.flatMap(port.upsert(records, options), (outcomes) => {
    const told = outcomes.find((outcome) => reasonOf(outcome) === "Throttled")
    const wait = told !== undefined && "error" in told ? told.error.retryAfter : undefined
    return wait === undefined
      ? Effect.succeed(outcomes)
      : Effect.andThen(Effect.sleep(wait), port.upsert(records, options))
  }),
)

const oneASecond: Mutant = {
  name: "asks once a second, whatever the limit allows",
  port: (port) => {
    let free = 0
    return {
      ...port,
      find: (keys) =>
        Effect.suspend(() => {
          free += 1
          return Effect.delay(port.find(keys), Duration.seconds(2 * free))
        }),
    }
  },
}

export const throttling: ReadonlyArray<Known> = [
  {
    make: () => hammering("does not wait after a 429", (response) => response.status === 429),
    caughtBy: ["T/retry-after", "T/retry-after-date"],
  },
  {
    make: () =>
      hammering(
        "does not wait after a 429 that names no time",
        (response) => response.status === 429 && !response.headers.has("retry-after"),
        3,
      ),
    caughtBy: ["T/backs-off", "T/quota"],
    on: REFERENCE,
  },
  {
    make: () =>
      hearing("does not understand a Retry-After that is a date", (told) =>
        isDate(told) ? undefined : (told ?? undefined),
      ),
    caughtBy: ["T/retry-after-date"],
    on: REFERENCE,
  },
  {
    make: () => hearing("does not read Retry-After at all", () => undefined),
    caughtBy: ["T/retry-after", "T/retry-after-date", "T/all-wait", "T/long-wait"],
    on: REFERENCE,
  },
  {
    make: () =>
      hearing("takes the seconds of Retry-After for milliseconds", (told) =>
        told === null || isDate(told) ? (told ?? undefined) : "0",
      ),
    caughtBy: ["T/retry-after", "T/long-wait"],
    on: REFERENCE,
  },
  { make: () => waitsHours, caughtBy: ["T/long-wait"], on: REFERENCE },
  { make: () => switched("takes a spent allowance for a rate", "quotaIsRate"), caughtBy: ["T/quota"], on: REFERENCE },
  { make: () => switched("does not know the limit", "noLimit"), caughtBy: ["T/known-limit"], on: REFERENCE },
  { make: () => oneASecond, caughtBy: ["T/known-limit"], on: REFERENCE },
  {
    make: () => switched("has each call find out by itself that the vendor refuses", "deafToRefusals"),
    caughtBy: ["T/all-wait"],
    on: REFERENCE,
  },
  {
    make: () =>
      answering("takes a write that came too often for one that is wrong", (response) =>
        response.status === 429 ? withStatus(response, 422) : response,
      ),
    caughtBy: ["T/throttled-writes", "T/retry-after"],
    on: REFERENCE,
  },
]
