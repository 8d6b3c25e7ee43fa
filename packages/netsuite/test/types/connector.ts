/** What the connector's types promise: one error, nothing left to provide, and an account's own fields where they are known. */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Outcome from "@mortise/core/Outcome"
import type { StateStore } from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import type { NetSuiteConfig } from "../../src/Config.ts"
import type { DecimalText } from "../../src/generated/v2026_1/values.ts"
import * as NetSuite from "../../src/NetSuite.ts"
import * as Operations from "../../src/Operations.ts"

declare const config: NetSuiteConfig
declare const connector: NetSuite.Service

export const made: Effect.Effect<NetSuite.Service, ConnectorError, StateStore | Scope.Scope> = NetSuite.make(config)
export const outcomes: Effect.Effect<ReadonlyArray<Outcome.Outcome>> = connector.ports.Account.upsert([])
export const changes: Stream.Stream<unknown, ConnectorError> = connector.ports.Invoice.changes()

// @ts-expect-error 'balance' does not exist
connector.ports.Account.upsert([{ key: "1", fields: { balance: null } }])

// @ts-expect-error 'totals' does not exist
connector.ports.Order.upsert([{ key: "1", fields: { totals: {} } }])

// An account's own fields, where they are known as types: a text, a number with all its digits, a list value.
type Own = {
  readonly Account: {
    readonly custentity_region: string | null
    readonly custentity_rank: DecimalText | null
    readonly custentity_segment: { readonly id?: string; readonly refName?: string } | null
    readonly custentity_score: DecimalText | null
    /** Read and never written. */
    readonly "~readOnly"?: "custentity_score"
  }
}
declare const tenant: NetSuite.Service<Own>
declare const rank: DecimalText
export const typed: Effect.Effect<NetSuite.Service<Own>, ConnectorError, StateStore | Scope.Scope> = NetSuite.make<Own>(
  config,
)

tenant.ports.Account.upsert([{ key: "1", fields: { custom: { custentity_region: "Nord", custentity_rank: rank } } }])
tenant.ports.Account.upsert([{ key: "1", fields: { custom: { custentity_segment: { id: "7" } } } }])
export const regions = Effect.map(tenant.ports.Account.get(["7"]), (found) =>
  [...found.values()].map(({ record }): string | null | undefined => record.custom?.custentity_region),
)
export const ranks = Effect.map(tenant.ports.Account.get(["7"]), (found) =>
  [...found.values()].map(({ record }): string | null | undefined => record.custom?.custentity_rank),
)

// @ts-expect-error Type 'number' is not assignable to type 'string'
tenant.ports.Account.upsert([{ key: "1", fields: { custom: { custentity_region: 7 } } }])

// @ts-expect-error 'custentity_gone' does not exist in type
tenant.ports.Account.upsert([{ key: "1", fields: { custom: { custentity_gone: "Nord" } } }])

// @ts-expect-error 'custentity_score' does not exist
tenant.ports.Account.upsert([{ key: "1", fields: { custom: { custentity_score: rank } } }])

export const gone = Effect.map(tenant.ports.Account.get(["7"]), (found) =>
  // @ts-expect-error Property 'custentity_gone' does not exist on type
  [...found.values()].map(({ record }) => record.custom?.custentity_gone),
)

// Where nothing is known of an account's fields, any name is taken, and refused at run time when it was not configured.
connector.ports.Account.upsert([{ key: "1", fields: { custom: { custentity_any: "Nord" } } }])

// The raw client, with the routes of the account's own catalogue.
interface Routes {
  "/customer/{id}": {
    patch: {
      parameters: { path: { id: string } }
      requestBody: { content: { "application/json": { custentity_region?: string | null } } }
      responses: { 204: { content?: never } }
    }
  }
}
declare const whole: NetSuite.Service<Own, Routes>
export const raw = whole.client.call(Operations.records("customer").updateFields, ({ records }, door) =>
  records.PATCH("/customer/{id}", { ...door, params: { path: { id: "7" } }, body: { custentity_region: "Nord" } }),
)
export const rawGone = whole.client.call(Operations.records("customer").updateFields, ({ records }, door) =>
  // @ts-expect-error 'custentity_gone' does not exist
  records.PATCH("/customer/{id}", { ...door, params: { path: { id: "7" } }, body: { custentity_gone: "Nord" } }),
)

export const misnamed: NetSuiteConfig = {
  ...config,
  // @ts-expect-error 'Customer' does not exist
  custom: { Customer: { custentity_region: "text" } },
}
