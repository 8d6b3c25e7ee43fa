/** Pieces of request bodies that several entities have. */

import { covers } from "@mortise/core/Covers"
import type { Address } from "@mortise/core/Entities"
import type { Schemas } from "../Client.ts"
import type { Codec } from "../Wrapping.ts"

/** Only what is given: an absent member is untouched. */
export const definedBody = <T extends { readonly [name: string]: unknown }>(members: T) =>
  Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }

/** The form has two lines: those beyond the second are put onto it. */
const twoLines = (lines: ReadonlyArray<string> | null): readonly [string | null, string | null] => [
  lines?.[0] || null,
  lines?.slice(1).filter(Boolean).join(", ") || null,
]

/** True when the form holds the address, as it would be written. */
export const sameAddress = (wanted: unknown, found: unknown): boolean => {
  if (wanted === null || wanted === undefined) return covers(wanted, found)
  const { lines, ...rest } = wanted as typeof Address.Type
  const there = found as typeof Address.Type | null | undefined
  return covers(rest, there) && (lines === undefined || covers(twoLines(lines), twoLines(there?.lines ?? null)))
}

/** The members of an address that are supplied. */
export const addressBody = (codec: Codec, address: typeof Address.Type): Schemas["Address"] => {
  const { wrap } = codec
  const { city, country, lines, postalCode, region } = address
  const text = (value: string | null | undefined) => (value === undefined ? undefined : wrap.text(value))
  const [first, second] = lines === undefined ? [] : twoLines(lines)
  return definedBody({
    AddressLine1: text(first),
    AddressLine2: text(second),
    City: text(city),
    State: text(region),
    PostalCode: text(postalCode),
    Country: text(country),
  })
}
