/** A read of one record that goes to the vendor, whatever the adapter knows. */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Port from "@mortise/core/Port"
import type * as Effect from "effect/Effect"

/** By our key; by an id that nobody has, where only the store knows keys and the vendor is not asked for them. */
export const look = (
  port: Port.Any,
  write: { readonly key: string },
  n = 0,
): Effect.Effect<ReadonlyMap<string, unknown>, ConnectorError> =>
  port.features.identity?.carrier === "storeOnly" ? port.get([String(900_000 + n)]) : port.find([write.key])
