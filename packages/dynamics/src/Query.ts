/**
 * Query options by the names of fields, so that a field that the set does not have does not compile:
 * `Query.select<Entities["CustomersV3"]["read"]>(["CustomerAccount", "OrganizationName"])`.
 */

type Name<R> = keyof R & string

export const select = <R extends object>(fields: ReadonlyArray<Name<R>>): string => fields.join(",")

export type Direction = "asc" | "desc"

/** Pages are stable only when they are ordered by the whole key. */
export const orderBy = <R extends object>(by: ReadonlyArray<readonly [field: Name<R>, direction: Direction]>): string =>
  by.map(([field, direction]) => `${field} ${direction}`).join(",")

type Target<R, N extends Name<R>> = NonNullable<R[N]> extends ReadonlyArray<infer T> ? T : NonNullable<R[N]>

/** A navigation of the set, whole or some fields of it. The service expands the first level only. */
export const expand = <R extends object, N extends Name<R>>(
  navigation: N,
  fields?: ReadonlyArray<Name<Target<R, N>>>,
): string => (fields === undefined ? navigation : `${navigation}($select=${fields.join(",")})`)
