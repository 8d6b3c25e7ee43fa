/**
 * What may be sent again is declared on the operation, not decided by a retry loop.
 *
 * - `safe`: a read, or a write that is idempotent by nature. Sent again after any failure that may pass.
 * - `keyed`: a write that can be looked up by its key. After an ambiguous failure it is looked up before it is sent
 *   again.
 * - `never`: a write that cannot be looked up. After an ambiguous failure it is `UnknownOutcome`.
 */
export type Class = "safe" | "keyed" | "never"

/** A call to a vendor's API, named, with what its retry may do. */
export interface Operation<out R extends Class = Class> {
  /** `hubspot.companies.batchUpsert`: stable, used in spans, metrics and errors. */
  readonly name: string
  readonly replay: R
  /** The class of traffic that its rate limit counts, `search`, `burst`, `token`. */
  readonly traffic: string
  /** True when it changes nothing: a connector opened read-only sends no other. */
  readonly readOnly: boolean
}

/** A read. */
export const read = (name: string, traffic: string): Operation<"safe"> => ({
  name,
  replay: "safe",
  traffic,
  readOnly: true,
})

/** A write, with its replay class. */
export const write = <const R extends Class>(name: string, traffic: string, replay: R): Operation<R> => ({
  name,
  replay,
  traffic,
  readOnly: false,
})
