/**
 * The state store in one SQLite file.
 *
 * ```ts
 * const store = SqliteStore.layer({ path: "mortise.db", sealKey: Redacted.make(process.env.MORTISE_SEAL_KEY) })
 * ```
 */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import * as SqliteBackend from "./SqliteBackend.ts"

export interface Options extends SqliteBackend.Options, StateStore.Options {}

export const make = Effect.fnUntraced(function* (
  options: Options,
): Effect.fn.Return<StateStore.Service, ConnectorError, Scope.Scope> {
  return yield* StateStore.make(yield* SqliteBackend.make(options), options)
})

export const layer = (options: Options): Layer.Layer<StateStore.StateStore, ConnectorError> =>
  Layer.effect(StateStore.StateStore, make(options))
