/** Ownership as types: a mapping of a field that its source does not own does not compile. */
import type * as Entity from "../../Entity.ts"
import type { After, Owner, Owners, Shared, Side, Table, Writer } from "./Table.ts"

type Named<O, F extends PropertyKey> = O extends { readonly fields: infer N }
  ? F extends keyof N
    ? N[F]
    : never
  : never
type Rest<O> = O extends { readonly rest: infer R } ? R : never
type InOwners<O, F extends PropertyKey> = [Named<O, F>] extends [never] ? Rest<O> : Named<O, F>
type CopyIn<R, S extends Side> = R extends { readonly copyIn: { readonly [K in S]: infer O extends Owners } }
  ? O
  : never

/** The owner of a field in a table, in the copy that stands in the system of `S`. */
export type OwnerOf<
  T extends Table,
  Name extends string,
  F extends PropertyKey,
  S extends Side,
> = Name extends keyof T["entities"]
  ? [InOwners<CopyIn<T["entities"][Name], S>, F>] extends [never]
    ? InOwners<T["entities"][Name], F>
    : InOwners<CopyIn<T["entities"][Name], S>, F>
  : "nobody"

/** Every flow is the integration's, so what the integration owns may be written on behalf of either side. */
type May<O, W extends Writer> = O extends "integration" | "origin" | W
  ? true
  : O extends After<string, infer Before, infer Then>
    ? May<Before | Then, W> extends false
      ? false
      : true
    : O extends Shared
      ? true
      : false

type Spoken<O> = O extends string
  ? O
  : O extends After<infer Event, infer B, infer A>
    ? `${B}, after ${Event} ${A}`
    : "both"

/**
 * The writable part of an entity with the fields that `W` does not own turned into the sentence that says so. A field
 * that is `undefined` is absent, so that `{ phone: account.phone }` says what it means.
 */
export type OwnedPatch<T extends Table, E extends Entity.Any, W extends Writer, S extends Side> = {
  readonly [F in keyof Entity.Patch<E>]?: true extends May<OwnerOf<T, E["name"], F, S>, W>
    ? Entity.Patch<E>[F] | undefined
    : `${E["name"]}.${F & string} is owned by ${Spoken<OwnerOf<T, E["name"], F, S>>}; a mapping from ${W} may not write it`
}

export type { Owner }
