/** A site's own fields, in the form in which `mortise generate` writes them. */
import * as Effect from "effect/Effect"
import * as ErpNext from "../../src/ErpNext.ts"

interface Brand<in out Name extends string> {
  readonly "~effect/Brand": { readonly [K in Name]: Name }
}
type LocalDate = string & Brand<"LocalDate">

interface Custom {
  readonly Account: {
    readonly region_code: "N" | "S" | null
    readonly is_key_account: 0 | 1 | null
    readonly renewal: LocalDate | null
    readonly score: 0 | 1 | null
    readonly "~readOnly"?: "score"
  }
  readonly Order: { readonly [field: string]: never }
  readonly [entity: string]: { readonly [field: string]: unknown }
}

const erpnext = ErpNext.make<Custom>({ url: "https://erp.example.test", company: "Acme", credentials: {} as never })

/** Typed when read. */
export const read = Effect.flatMap(erpnext, ({ ports }) =>
  Effect.map(ports.Account.get(["1"]), (found) =>
    [...found.values()].map(({ record }) => {
      const region: "N" | "S" | null | undefined = record.custom?.region_code
      const key: 0 | 1 | null | undefined = record.custom?.is_key_account
      return { region, key }
    }),
  ),
)

export const lacking = Effect.flatMap(erpnext, ({ ports }) =>
  Effect.map(ports.Account.get(["1"]), (found) =>
    // @ts-expect-error Property 'gone' does not exist on type
    [...found.values()].map(({ record }) => record.custom?.gone),
  ),
)

/** Typed when written. */
export const write = Effect.flatMap(erpnext, ({ ports }) =>
  ports.Account.upsert([
    { key: "1", fields: { custom: { region_code: "N", renewal: "2026-11-20" as LocalDate } } },
    { key: "2", fields: { custom: { is_key_account: 1, region_code: null } } },
  ]),
)

declare const account: ErpNext.ErpNextPorts<Custom>["Account"]
declare const order: ErpNext.ErpNextPorts<Custom>["Order"]
declare const contact: ErpNext.ErpNextPorts<Custom>["Contact"]

// @ts-expect-error Type '"W"' is not assignable to type '"N" | "S" | null | undefined'
account.upsert([{ key: "1", fields: { custom: { region_code: "W" } } }])

// @ts-expect-error 'gone' does not exist
account.upsert([{ key: "1", fields: { custom: { gone: "x" } } }])

// @ts-expect-error 'score' does not exist
account.upsert([{ key: "1", fields: { custom: { score: 1 } } }])

// @ts-expect-error Type 'string' is not assignable to type 'LocalDate'
account.upsert([{ key: "1", fields: { custom: { renewal: "2026-11-20" } } }])

// @ts-expect-error Type 'string' is not assignable to type 'undefined'
order.upsert([{ key: "1", fields: { custom: { anything: "x" } } }])

// Of an entity that was not generated nothing is known, and any name is taken.
contact.upsert([{ key: "1", fields: { custom: { anything: "x" } } }])
