/** What the connector's types promise: one error, nothing left to provide, and a tenant's own fields where they are known. */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Outcome from "@mortise/core/Outcome"
import type { StateStore } from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type { DynamicsConfig } from "../../src/Config.ts"
import * as Dynamics from "../../src/Dynamics.ts"
import * as Operations from "../../src/Operations.ts"

declare const config: DynamicsConfig
declare const connector: Dynamics.Service

export const made: Effect.Effect<Dynamics.Service, ConnectorError, StateStore> = Dynamics.make(config)
export const outcomes: Effect.Effect<ReadonlyArray<Outcome.Outcome>> = connector.ports.Account.upsert([])
export const changes: Stream.Stream<unknown, ConnectorError> = connector.ports.Invoice.changes()

// @ts-expect-error 'balance' does not exist
connector.ports.Account.upsert([{ key: "1", fields: { balance: null } }])

// @ts-expect-error 'totals' does not exist
connector.ports.Order.upsert([{ key: "1", fields: { totals: {} } }])

// A tenant's own fields, where they are known as types.
type Own = { readonly Account: { readonly ContosoRegion: string | null } }
interface Paths {
  "/CustomersV3": {
    post: {
      parameters: { query?: { "cross-company"?: boolean } }
      requestBody: { content: { "application/json": { ContosoRegion?: string | null } } }
      responses: { 201: { content: { "application/json": { ContosoRegion?: string | null } } } }
    }
  }
}
declare const tenant: Dynamics.Service<Own, Paths>
export const typed: Effect.Effect<Dynamics.Service<Own, Paths>, ConnectorError, StateStore> = Dynamics.make<Own, Paths>(
  config,
)

tenant.ports.Account.upsert([{ key: "1", fields: { custom: { ContosoRegion: "north" } } }])
export const regions = Effect.map(tenant.ports.Account.get(["C1"]), (found) =>
  [...found.values()].map(({ record }): string | null | undefined => record.custom?.ContosoRegion),
)
export const raw = tenant.client.once(Operations.set("CustomersV3").create, (api, door) =>
  api.POST("/CustomersV3", { ...door, body: { ContosoRegion: "north" } }),
)

// @ts-expect-error Type 'number' is not assignable to type 'string'
tenant.ports.Account.upsert([{ key: "1", fields: { custom: { ContosoRegion: 7 } } }])

// @ts-expect-error 'ContosoGone' does not exist in type
tenant.ports.Account.upsert([{ key: "1", fields: { custom: { ContosoGone: "north" } } }])

export const gone = Effect.map(tenant.ports.Account.get(["C1"]), (found) =>
  // @ts-expect-error Property 'ContosoGone' does not exist on type
  [...found.values()].map(({ record }) => record.custom?.ContosoGone),
)

export const absent = tenant.client.once(Operations.set("CustomersV3").create, (api, door) =>
  // @ts-expect-error 'ContosoGone' does not exist
  api.POST("/CustomersV3", { ...door, body: { ContosoGone: "1" } }),
)

// Where nothing is known of a tenant's fields, any name is taken, and refused at run time when it was not configured.
connector.ports.Account.upsert([{ key: "1", fields: { custom: { ContosoAny: "north" } } }])

export const misnamed: DynamicsConfig = {
  ...config,
  // @ts-expect-error 'Customer' does not exist
  custom: { Customer: { ContosoRegion: "String" } },
}
