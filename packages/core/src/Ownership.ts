/**
 * Neither side overwrites what the other side owns. The table is a value that people edit and a type that the compiler
 * reads: {@link guard} refuses, before any request, what the writer does not own, and {@link mapping} does not compile
 * when it maps a field that its source does not own.
 */
import type * as Entity from "./Entity.ts"
import type { Side, Table } from "./internal/ownership/Table.ts"
import type { OwnedPatch } from "./internal/ownership/Types.ts"

export { guard, type Options as GuardOptions } from "./internal/ownership/Guard.ts"
export { leadToLedger } from "./internal/ownership/LeadToLedger.ts"
export {
  type After,
  after,
  type Deny,
  type Edit,
  type Edited,
  type EntityRule,
  edit,
  type Owner,
  type Owners,
  type Shared,
  type SharedPolicy,
  type Side,
  shared,
  type Table,
  table,
  type Writer,
} from "./internal/ownership/Table.ts"
export type { OwnedPatch, OwnerOf } from "./internal/ownership/Types.ts"
export {
  type Circumstances,
  field,
  isDenied,
  type Right,
  right,
  type Sorted,
  sort,
  type Verdict,
} from "./internal/ownership/Verdict.ts"

/** Which way a mapping goes: on behalf of which side, into the system of which. */
export interface Direction<W extends Side, S extends Side> {
  readonly writer: W
  readonly target: S
}

/** A record of the source to the fields of the target that the source owns. `undefined` leaves the record out. */
export type Mapping<
  T extends Table,
  From extends Entity.Any,
  To extends Entity.Any,
  W extends Side,
  S extends Side,
  C = Entity.Custom,
> = (record: Entity.Record<From, C>, id: string) => OwnedPatch<T, To, W, S> | undefined

/**
 * Types a mapping by the table: `mapping(leadToLedger, { writer: "erp", target: "crm" }, Account, Company, (account) =>
 * ({ erpNumber: account.number }))`. A field that the writer does not own does not compile, and the message says who
 * owns it.
 */
export const mapping = <
  T extends Table,
  const W extends Side,
  const S extends Side,
  From extends Entity.Any,
  To extends Entity.Any,
  C = Entity.Custom,
>(
  _table: T,
  _direction: Direction<W, S>,
  _from: From,
  _to: To,
  map: Mapping<T, From, To, W, S, C>,
): Mapping<T, From, To, W, S, C> => map
