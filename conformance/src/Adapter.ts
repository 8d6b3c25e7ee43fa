/**
 * What an adapter under test is: a factory. It is given all that reaches the world outside, and opens a connector with
 * nothing else; so it can be opened again and again, on a twin, after a crash, and in two processes at once.
 */
import type * as Connector from "@mortise/core/Connector"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as StateStore from "@mortise/core/StateStore"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

/** Time for adapters that are written with promises; those with Effect have its `Clock`. */
export interface AdapterClock {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Rejects with the signal's reason when it is aborted first. */
  readonly sleep: (millis: number, signal?: AbortSignal) => Promise<void>
}

export interface Given<Credentials = unknown, Store = StateStore.Service> {
  readonly baseUrl: URL
  /** The only way out. */
  readonly fetch: typeof globalThis.fetch
  readonly clock: AdapterClock
  readonly store: Store
  readonly credentials: Credentials
  /** No unsafe request may leave. */
  readonly readOnly?: boolean
}

/** An adapter that is written with Effect. What it holds open is closed with the scope. */
export type Factory<P extends Connector.Ports = Connector.Ports, Credentials = unknown, Client = unknown> = (
  given: Given<Credentials>,
) => Effect.Effect<Connector.Connector<P, Client>, ConnectorError, Scope.Scope>
