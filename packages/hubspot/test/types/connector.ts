/** What the connector's types promise: one error, nothing left to provide, and no field that nobody may write. */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Outcome from "@mortise/core/Outcome"
import type { StateStore } from "@mortise/core/StateStore"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import type { HubSpotConfig } from "../../src/Config.ts"
import * as HubSpot from "../../src/HubSpot.ts"

declare const config: HubSpotConfig
declare const connector: HubSpot.Service

export const made: Effect.Effect<HubSpot.Service, ConnectorError, StateStore | Scope.Scope> = HubSpot.make(config)
export const outcomes: Effect.Effect<ReadonlyArray<Outcome.Outcome>> = connector.ports.Company.upsert([])
export const changes: Stream.Stream<unknown, ConnectorError> = connector.ports.Deal.changes()

// @ts-expect-error 'lifecycleStage' does not exist
connector.ports.Company.upsert([{ key: "1", fields: { lifecycleStage: "customer" } }])

// @ts-expect-error 'won' does not exist
connector.ports.Deal.upsert([{ id: "1", fields: { won: true } }])

// @ts-expect-error Type 'string' is not assignable to type 'BigDecimal'
connector.ports.Invoice.upsert([{ key: "1", fields: { balance: "12.50" } }])

// A tenant's own properties, where they are known as types.
interface Own {
  readonly Company: { readonly branch_code: string | null }
  readonly [entity: string]: { readonly [name: string]: unknown }
}
declare const typed: HubSpot.Service<Own>
typed.ports.Company.upsert([{ key: "1", fields: { custom: { branch_code: "N" } } }])

// @ts-expect-error Type 'number' is not assignable to type 'string'
typed.ports.Company.upsert([{ key: "1", fields: { custom: { branch_code: 7 } } }])
