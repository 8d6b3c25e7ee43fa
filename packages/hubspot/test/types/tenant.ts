/** A tenant's own properties, in the form in which `mortise generate` writes them. */
import * as Effect from "effect/Effect"
import * as HubSpot from "../../src/HubSpot.ts"

interface Brand<in out Name extends string> {
  readonly "~effect/Brand": { readonly [K in Name]: Name }
}
type LocalDate = string & Brand<"LocalDate">
type DecimalText = string & Brand<"DecimalText">

interface Custom {
  readonly Company: {
    readonly branch_code: "N" | "S" | null
    readonly renewal: LocalDate | null
    readonly score: DecimalText | null
    readonly "~readOnly"?: "score"
  }
  readonly Deal: { readonly [field: string]: never }
  readonly [entity: string]: { readonly [field: string]: unknown }
}

const hubspot = HubSpot.make<Custom>({
  credentials: {} as never,
  custom: { Company: ["branch_code", "renewal", "score"] },
})

/** Typed when read. */
export const read = Effect.flatMap(hubspot, ({ ports }) =>
  Effect.map(ports.Company.get(["1"]), (found) =>
    [...found.values()].map(({ record }) => {
      const branch: "N" | "S" | null | undefined = record.custom?.branch_code
      const score: DecimalText | null | undefined = record.custom?.score
      return { branch, score }
    }),
  ),
)

export const lacking = Effect.flatMap(hubspot, ({ ports }) =>
  Effect.map(ports.Company.get(["1"]), (found) =>
    // @ts-expect-error Property 'gone' does not exist on type
    [...found.values()].map(({ record }) => record.custom?.gone),
  ),
)

/** Typed when written. */
export const write = Effect.flatMap(hubspot, ({ ports }) =>
  ports.Company.upsert([
    { key: "1", fields: { custom: { branch_code: "N", renewal: "2026-11-20" as LocalDate } } },
    { key: "2", fields: { custom: { branch_code: null } } },
  ]),
)

declare const company: HubSpot.HubSpotPorts<Custom>["Company"]
declare const deal: HubSpot.HubSpotPorts<Custom>["Deal"]
declare const contact: HubSpot.HubSpotPorts<Custom>["Contact"]

// @ts-expect-error Type '"W"' is not assignable to type '"N" | "S" | null | undefined'
company.upsert([{ key: "1", fields: { custom: { branch_code: "W" } } }])

// @ts-expect-error 'gone' does not exist
company.upsert([{ key: "1", fields: { custom: { gone: "x" } } }])

// @ts-expect-error 'score' does not exist
company.upsert([{ key: "1", fields: { custom: { score: "1" } } }])

// @ts-expect-error Type 'string' is not assignable to type 'LocalDate'
company.upsert([{ key: "1", fields: { custom: { renewal: "2026-11-20" } } }])

// @ts-expect-error Type 'string' is not assignable to type 'undefined'
deal.upsert([{ key: "1", fields: { custom: { anything: "x" } } }])

// Of an entity that was not generated nothing is known, and any name is taken.
contact.upsert([{ key: "1", fields: { custom: { anything: "x" } } }])
