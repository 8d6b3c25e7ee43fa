/** Which items have to wait for which others of the same call. */
import type * as BatchUpsert from "../../BatchUpsert.ts"
import type * as Entity from "../../Entity.ts"
import * as Natural from "../natural.ts"

/**
 * Two keys with one natural key would find the same record, or both find none: so the later one looks for it when the
 * earlier one was written, and is told that it is another one's. Without `adoptBy` all is one wave.
 */
export const waves = <E extends Entity.Any, C>(
  items: ReadonlyArray<BatchUpsert.Item<E, C>>,
): ReadonlyArray<ReadonlyArray<BatchUpsert.Item<E, C>>> => {
  const fields = new Set<string>(items.flatMap(({ adoptBy }) => adoptBy ?? []))
  if (fields.size === 0) return [items]
  const taken = new Map<string, number>()
  const out: Array<Array<BatchUpsert.Item<E, C>>> = []
  for (const item of items) {
    const values = item.fields as { readonly [field: string]: unknown }
    const nameOf = (field: string) => `${field} ${Natural.text(values[field])}`
    const has = (field: string) => values[field] !== undefined && values[field] !== null
    const wave = Math.max(0, ...(item.adoptBy ?? []).filter(has).map((field) => taken.get(nameOf(field)) ?? 0))
    for (const field of fields)
      if (has(field)) taken.set(nameOf(field), Math.max(taken.get(nameOf(field)) ?? 0, wave + 1))
    const others = out[wave]
    if (others === undefined) out[wave] = [item]
    else others.push(item)
  }
  return out
}
