/**
 * Addresses of customers. An Address is a document of its own that links to whom it belongs; which one is for bills and
 * which for goods is told by its kind and its marks.
 */

import type { ConnectorError, Issue } from "@mortise/core/ConnectorError"
import type { Address } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import type { Condition } from "../Conditions.ts"
import type { Context } from "./Context.ts"
import type { Countries } from "./countries.ts"
import { covers } from "./covers.ts"
import { type Doc, textOf } from "./Doc.ts"
import * as listing from "./listing.ts"
import type { Side } from "./Mapping.ts"
import { known, type Reader } from "./Reader.ts"

export type Part = "billing" | "shipping"

const COLUMNS = [
  "address_type",
  "address_line1",
  "address_line2",
  "city",
  "state",
  "pincode",
  "country",
  "is_primary_address",
  "is_shipping_address",
  "disabled",
  "modified",
]

/** What marks an address as the one of a part, beside its kind. */
export const MARKS = { billing: "is_primary_address", shipping: "is_shipping_address" } as const

/** Rows of links of addresses to customers. */
export const linksOf = (context: Context, which: Condition): Effect.Effect<ReadonlyArray<Doc>, ConnectorError> =>
  Array.isArray(which[2]) && which[2].length === 0
    ? Effect.succeed([])
    : listing.all(context.documents, "Dynamic Link", {
        fields: ["parent", "link_name"],
        where: [["parenttype", "=", "Address"], ["link_doctype", "=", "Customer"], which],
        parent: "Address",
      })

/** The addresses of customers by their names. */
export const side: Side = (context, names) =>
  Effect.gen(function* () {
    const links = yield* linksOf(context, ["link_name", "in", names])
    const wanted = [...new Set(links.flatMap((row) => textOf(row, "parent") ?? []))]
    if (wanted.length === 0) return new Map<string, ReadonlyArray<Doc>>()
    const found = yield* listing.all(context.documents, "Address", { fields: COLUMNS, where: [["name", "in", wanted]] })
    const byName = new Map(found.map((doc) => [textOf(doc, "name"), doc]))
    const of = new Map<string, Array<Doc>>()
    for (const row of links) {
      const [customer, address] = [textOf(row, "link_name") ?? "", byName.get(textOf(row, "parent"))]
      if (address !== undefined) of.set(customer, [...(of.get(customer) ?? []), address])
    }
    return of
  }).pipe(Effect.catch((error) => (error.reason._tag === "Forbidden" ? Effect.succeed(undefined) : Effect.fail(error))))

/** How well an address is the one of a part; the lower the better, undefined for none. */
export const rank = (reader: Reader, part: Part): number | undefined => {
  const type = reader.text("address_type")
  if (part === "shipping") {
    if (type === "Shipping") return reader.flag("is_shipping_address") ? 0 : 1
    return reader.flag("is_shipping_address") ? 2 : undefined
  }
  if (type === "Billing") return reader.flag("is_primary_address") ? 0 : 1
  return reader.flag("is_primary_address") ? 2 : undefined
}

/** The address of a part among those of a customer: always the same one. */
export const chosen = (addresses: ReadonlyArray<Reader>, part: Part): Reader | undefined =>
  addresses
    .filter((reader) => !reader.flag("disabled"))
    .flatMap((reader) => {
      const place = rank(reader, part)
      return place === undefined ? [] : [{ reader, place, name: reader.text("name") ?? "" }]
    })
    .sort((a, b) => a.place - b.place || (a.name < b.name ? -1 : 1))[0]?.reader

/** A country whose name is no country's is left unknown rather than guessed. */
export const decode = (reader: Reader, countries: Countries): Address => {
  const lines = [reader.text("address_line1") ?? "", reader.text("address_line2") ?? ""]
  while (lines.at(-1) === "") lines.pop()
  const country = reader.text("country")
  return known({
    lines: lines.length === 0 ? null : lines,
    city: reader.text("city"),
    region: reader.text("state"),
    postalCode: reader.text("pincode"),
    country: country === null ? null : countries.code(country),
  }) as Address
}

/** The form has two lines: those beyond the second are put onto it. */
export const twoLines = (lines: ReadonlyArray<string> | null): readonly [string | null, string | null] => [
  lines?.[0] || null,
  lines?.slice(1).filter(Boolean).join(", ") || null,
]

/** True when the site holds the address, as it would be written. */
export const same = (wanted: unknown, found: unknown): boolean => {
  if (wanted === null || wanted === undefined) return covers(wanted, found)
  const { lines, ...rest } = wanted as Address
  const there = found as Address | null | undefined
  return covers(rest, there) && (lines === undefined || covers(twoLines(lines), twoLines(there?.lines ?? null)))
}

/** What cannot be written. A new address needs a line, a city and a country; one that is there may leave them as they are. */
export const issues = (
  field: string,
  address: Address | null | undefined,
  countries: Countries,
  isNew: boolean,
): ReadonlyArray<Issue> => {
  if (address === undefined || address === null) return []
  const found: Array<Issue> = []
  const refuse = (member: string, message: string) => found.push({ path: [field, member], message })
  const needed = (value: unknown): boolean => value === null || value === "" || (isNew && value === undefined)
  if (address.lines === null || address.lines?.[0] === "" || (isNew && !address.lines?.[0]))
    refuse("lines", "an address of ERPNext needs a first line")
  if (needed(address.city)) refuse("city", "an address of ERPNext needs a city")
  if (needed(address.country)) refuse("country", "an address of ERPNext needs a country")
  else if (typeof address.country === "string" && countries.name(address.country) === undefined)
    refuse("country", "is no country that the site is known to have; name it in `countries`")
  return found
}
