/** What the connector's types promise: one error, nothing left to provide, and the client of the pinned version. */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Outcome from "@mortise/core/Outcome"
import type { StateStore } from "@mortise/core/StateStore"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import * as Acumatica from "../../src/Acumatica.ts"
import type { Options } from "../../src/Config.ts"

declare const options: Options
declare const newest: Options<"25.200.001">
declare const connector: Acumatica.Acumatica
declare const newer: Acumatica.Acumatica<"25.200.001">

export const made: Effect.Effect<Acumatica.Acumatica, ConnectorError, StateStore | Scope.Scope> =
  Acumatica.make(options)
export const pinned: Effect.Effect<
  Acumatica.Acumatica<"25.200.001">,
  ConnectorError,
  StateStore | Scope.Scope
> = Acumatica.make(newest)
export const outcomes: Effect.Effect<ReadonlyArray<Outcome.Outcome>> = connector.ports.Account.upsert([])
export const changes: Stream.Stream<unknown, ConnectorError> = connector.ports.Invoice.changes()

// @ts-expect-error Object literal may only specify known properties, and 'balance' does not exist
connector.ports.Account.upsert([{ key: "1", fields: { balance: null } }])

// @ts-expect-error Object literal may only specify known properties, and 'totals' does not exist
connector.ports.Order.upsert([{ key: "1", fields: { totals: {} } }])

// PATCH came with 25.200.001: the client of an older version does not have it.
newer.client.api.PATCH("/Customer", { body: { CustomerName: { value: "Blauwal" } } })

// @ts-expect-error Argument of type '"/Customer"' is not assignable to parameter
connector.client.api.PATCH("/Customer", { body: {} })
