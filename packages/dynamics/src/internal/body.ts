/** Pieces of request bodies that several entities have. */

import { covers } from "@mortise/core/Covers"
import * as Exact from "@mortise/core/Decimal"
import type { Address } from "@mortise/core/Entities"
import type { AddressNames } from "./Reader.ts"
import type { Body } from "./records.ts"

/** Only what is given: an absent member is untouched. */
export const definedBody = (members: { readonly [name: string]: unknown }): Body =>
  Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined))

/** A text; `null` clears it, which the service writes as an empty one. */
export const text = (value: string | null | undefined): string | undefined => (value === null ? "" : value)

/** A text that cannot be cleared. */
export const given = <A>(value: A | null | undefined): A | undefined => value ?? undefined

/** A day stands at noon. */
export const day = (value: string | null | undefined): string | undefined =>
  value === undefined || value === null ? undefined : `${value}T12:00:00Z`

export const decimal = (value: Exact.Decimal | null | undefined) =>
  value === undefined || value === null ? undefined : Exact.toJson(value)

export const flag = (value: boolean | null | undefined): "Yes" | "No" | undefined =>
  value === undefined || value === null ? undefined : value ? "Yes" : "No"

const street = (lines: ReadonlyArray<string> | null | undefined): string | undefined =>
  lines === undefined ? undefined : (lines ?? []).filter(Boolean).join("\n")

/** True when the record holds the address, as it would be written. */
export const sameAddress = (wanted: unknown, found: unknown): boolean => {
  if (wanted === null || wanted === undefined) return covers(wanted, found)
  const { lines, ...rest } = wanted as Address
  const there = found as Address | null | undefined
  return covers(rest, there) && (lines === undefined || street(lines) === (street(there?.lines ?? null) ?? ""))
}

/** The members of an address that are supplied. */
export const addressBody = (
  address: Address | null | undefined,
  names: AddressNames,
  countries: { readonly [iso: string]: string } = {},
): Body => {
  if (address === undefined || address === null) return {}
  const { city, country, lines, postalCode, region } = address
  const own = country === undefined || country === null ? undefined : countries[country]
  return definedBody({
    [names.street]: street(lines),
    [names.city]: text(city),
    [names.state]: text(region),
    [names.zip]: text(postalCode),
    [own === undefined ? names.iso : names.country]: own ?? text(country),
  })
}
