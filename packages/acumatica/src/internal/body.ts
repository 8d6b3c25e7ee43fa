/** Pieces of request bodies that several entities have. */
import type { Address } from "@mortise/core/Entities"
import type { Schemas } from "../Client.ts"
import type { Codec } from "../Wrapping.ts"

/** Only what is given: an absent member is untouched. */
export const definedBody = <T extends { readonly [name: string]: unknown }>(members: T) =>
  Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }

/** The members of an address that are supplied. Lines beyond the second are put onto it: the form has two. */
export const addressBody = (codec: Codec, address: typeof Address.Type): Schemas["Address"] => {
  const { wrap } = codec
  const { city, country, lines, postalCode, region } = address
  const text = (value: string | null | undefined) => (value === undefined ? undefined : wrap.text(value))
  return definedBody({
    AddressLine1: lines === undefined ? undefined : wrap.text(lines?.[0] ?? null),
    AddressLine2: lines === undefined ? undefined : wrap.text(lines?.slice(1).join(", ") || null),
    City: text(city),
    State: text(region),
    PostalCode: text(postalCode),
    Country: text(country),
  })
}
