/** How a request gets its credentials. The pipeline asks anew at every attempt. */
import type * as Effect from "effect/Effect"
import type { ConnectorError } from "./ConnectorError.ts"

export interface Auth {
  /** The headers to add. Waits for a refresh that is under way. */
  readonly headers: Effect.Effect<Readonly<Record<string, string>>, ConnectorError>
  /**
   * The server refused these headers with a 401. True: they were replaced, repeat once. False: there is nothing to
   * replace them by. Fails with `Unauthorized` when the replacement was refused for good.
   */
  readonly refused: (headers: Readonly<Record<string, string>>) => Effect.Effect<boolean, ConnectorError>
}
