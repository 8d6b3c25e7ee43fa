/** What the connector's types promise: one error, nothing left to provide, and the doctypes of the pinned version. */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Outcome from "@mortise/core/Outcome"
import type { StateStore } from "@mortise/core/StateStore"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import type { ErpNextConfig } from "../../src/Config.ts"
import * as ErpNext from "../../src/ErpNext.ts"

declare const config: ErpNextConfig
declare const newest: ErpNextConfig<"v16">
declare const connector: ErpNext.Service
declare const newer: ErpNext.Service<ErpNext.Customs, "v16">

export const made: Effect.Effect<ErpNext.Service, ConnectorError, StateStore | Scope.Scope> = ErpNext.make(config)
export const pinned: Effect.Effect<
  ErpNext.Service<ErpNext.Customs, "v16">,
  ConnectorError,
  StateStore | Scope.Scope
> = ErpNext.make(newest)
export const outcomes: Effect.Effect<ReadonlyArray<Outcome.Outcome>> = connector.ports.Account.upsert([])
export const changes: Stream.Stream<unknown, ConnectorError> = connector.ports.Invoice.changes()

// @ts-expect-error 'balance' does not exist
connector.ports.Account.upsert([{ key: "1", fields: { balance: null } }])

// @ts-expect-error 'totals' does not exist
connector.ports.Order.upsert([{ key: "1", fields: { totals: {} } }])

// Fields of v16 are in the client of v16 alone.
newer.client.documents.update("Sales Order", "1", { utm_content: "x" })

// @ts-expect-error 'utm_content' does not exist
connector.client.documents.update("Sales Order", "1", { utm_content: "x" })

export const misnamed: ErpNextConfig = {
  ...config,
  // @ts-expect-error 'Customer' does not exist
  custom: { Customer: ["region_code"] },
}
