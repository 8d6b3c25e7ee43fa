/** Pieces of request bodies that several entities have. */

import { covers } from "@mortise/core/Covers"
import type { Address } from "@mortise/core/Entities"
import type { Reference } from "@mortise/core/Values"
import type { Body } from "./Records.ts"
import type { Pointer } from "./Writer.ts"

/** Only what is given: an absent member is untouched. */
export const definedBody = (members: Body): Body =>
  Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined))

/** Points to a record by its internal id; null points to none. */
export const ref = (id: string | null | undefined): { readonly id: string } | null | undefined =>
  id === undefined || id === null ? id : { id }

/** The reference of a field, where it is given. */
export const pointer = (
  path: string,
  entity: Pointer["entity"],
  reference: Reference | null | undefined,
): ReadonlyArray<Pointer> => (reference === undefined || reference === null ? [] : [{ path, entity, reference }])

type Three = readonly [string | null, string | null, string | null]

/** An address has three lines: those beyond the third are put onto it. */
const threeLines = (lines: ReadonlyArray<string> | null): Three => [
  lines?.[0] || null,
  lines?.[1] || null,
  lines?.slice(2).filter(Boolean).join(", ") || null,
]

/** True when the record holds the address, as it would be written. */
export const sameAddress = (wanted: unknown, found: unknown): boolean => {
  if (wanted === null || wanted === undefined) return covers(wanted, found)
  const { lines, ...rest } = wanted as typeof Address.Type
  const there = found as typeof Address.Type | null | undefined
  return covers(rest, there) && (lines === undefined || covers(threeLines(lines), threeLines(there?.lines ?? null)))
}

/** The members of an address that are supplied. */
export const addressBody = ({ city, country, lines, postalCode, region }: typeof Address.Type): Body => {
  const [addr1, addr2, addr3] = lines === undefined ? [] : threeLines(lines)
  return definedBody({ addr1, addr2, addr3, city, state: region, zip: postalCode, country: ref(country) })
}
