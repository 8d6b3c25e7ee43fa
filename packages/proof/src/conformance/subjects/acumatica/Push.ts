/** Push notifications of an Acumatica tenant, as the rules see them. They are not signed. */
import * as AcumaticaPush from "@mortise/acumatica/Push"
import type { Push, Received } from "@mortise/conformance/kit/Probe"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"

const HEADER = "x-mortise"
const VALUE = "conformance-push-header"

const transaction = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`

export const push = (): Push => ({
  receiver: Effect.gen(function* () {
    const receiver = yield* AcumaticaPush.make({
      header: HEADER,
      value: Redacted.make(VALUE),
      queries: { Customers: "Account" },
    })
    let sent = 0
    const take = (id: string, value: string): Effect.Effect<Received, ConnectorError> =>
      receiver
        .receive({
          headers: new Headers({ [HEADER]: value }),
          body: JSON.stringify({ Id: id, Query: "Customers", Inserted: [], Deleted: [] }),
        })
        .pipe(
          Effect.map((hint) => (hint === undefined ? 0 : 1)),
          Effect.map((events) => ({ status: 200, events, woken: events })),
          Effect.catch((error) =>
            error.reason._tag === "Unauthorized"
              ? Effect.succeed({ status: 401, events: 0, woken: 0 })
              : Effect.fail(error),
          ),
        )
    return {
      genuine: () => Effect.suspend(() => take(transaction(++sent), VALUE)),
      repeated: Effect.suspend(() => take(transaction(sent), VALUE)),
      forged: Effect.suspend(() => take(transaction(++sent), "guessed")),
    }
  }),
})
