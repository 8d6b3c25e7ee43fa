/** What the connector's types promise: one error, nothing left to provide, and the client of the pinned version. */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Outcome from "@mortise/core/Outcome"
import type { StateStore } from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import * as Acumatica from "../../src/Acumatica.ts"
import type { AcumaticaConfig } from "../../src/Config.ts"

declare const config: AcumaticaConfig
declare const newest: AcumaticaConfig<"25.200.001">
declare const connector: Acumatica.Service
declare const newer: Acumatica.Service<Acumatica.Customs, "25.200.001">

export const made: Effect.Effect<Acumatica.Service, ConnectorError, StateStore | Scope.Scope> = Acumatica.make(config)
export const pinned: Effect.Effect<
  Acumatica.Service<Acumatica.Customs, "25.200.001">,
  ConnectorError,
  StateStore | Scope.Scope
> = Acumatica.make(newest)
export const outcomes: Effect.Effect<ReadonlyArray<Outcome.Outcome>> = connector.ports.Account.upsert([])
export const changes: Stream.Stream<unknown, ConnectorError> = connector.ports.Invoice.changes()

// @ts-expect-error 'balance' does not exist
connector.ports.Account.upsert([{ key: "1", fields: { balance: null } }])

// @ts-expect-error 'totals' does not exist
connector.ports.Order.upsert([{ key: "1", fields: { totals: {} } }])

// PATCH came with 25.200.001: the client of an older version does not have it.
newer.client.api.PATCH("/Customer", { body: { CustomerName: { value: "Blauwal" } } })

// @ts-expect-error Argument of type '"/Customer"' is not assignable to parameter
connector.client.api.PATCH("/Customer", { body: {} })

// A tenant's own fields, where they are known as types.
type Own = { readonly Account: { readonly "CurrentCustomer.UsrRegion": string | null } }
declare const tenant: Acumatica.Service<Own>
export const typed: Effect.Effect<
  Acumatica.Service<Own>,
  ConnectorError,
  StateStore | Scope.Scope
> = Acumatica.make<Own>(config)
export const typedNewer: Effect.Effect<
  Acumatica.Service<Own, "25.200.001">,
  ConnectorError,
  StateStore | Scope.Scope
> = Acumatica.make<Own, "25.200.001">(newest)

tenant.ports.Account.upsert([{ key: "1", fields: { custom: { "CurrentCustomer.UsrRegion": "Nord" } } }])
export const regions = Effect.map(tenant.ports.Account.get(["C0001"]), (found) =>
  [...found.values()].map(({ record }): string | null | undefined => record.custom?.["CurrentCustomer.UsrRegion"]),
)

// @ts-expect-error Type 'number' is not assignable to type 'string'
tenant.ports.Account.upsert([{ key: "1", fields: { custom: { "CurrentCustomer.UsrRegion": 7 } } }])

// @ts-expect-error '"CurrentCustomer.UsrGone"' does not exist
tenant.ports.Account.upsert([{ key: "1", fields: { custom: { "CurrentCustomer.UsrGone": "Nord" } } }])

export const gone = Effect.map(tenant.ports.Account.get(["C0001"]), (found) =>
  // @ts-expect-error Property 'CurrentCustomer.UsrGone' does not exist on type
  [...found.values()].map(({ record }) => record.custom?.["CurrentCustomer.UsrGone"]),
)

// Where nothing is known of a tenant's fields, any name is taken, and refused at run time when it was not configured.
connector.ports.Account.upsert([{ key: "1", fields: { custom: { "CurrentCustomer.UsrAny": "Nord" } } }])

export const misnamed: AcumaticaConfig = {
  ...config,
  // @ts-expect-error 'Customer' does not exist
  custom: { Customer: { "CurrentCustomer.UsrRegion": "String" } },
}
