/** Postal addresses: street, city, state, zip and country as HubSpot keeps them. */
import * as Fields from "./Fields.ts"

interface Encoded {
  readonly lines?: ReadonlyArray<string> | null
  readonly city?: string | null
  readonly region?: string | null
  readonly postalCode?: string | null
  readonly country?: string | null
}

const LETTERS = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index))

/** Codes of countries that are no more (DD, SU) lead to others and are left out. */
const isCurrent = (code: string): boolean => Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`

/** ISO codes by the English names that people write. */
const codesByName = (): ReadonlyMap<string, string> => {
  const names = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" })
  const codes = LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).filter(isCurrent)
  return new Map(codes.flatMap((code) => [[names.of(code)?.toLowerCase() ?? "", code] as const]))
}

/**
 * The ISO code of a country; undefined for what is not recognised. The names are loaded for the first one that is no
 * code: most tenants never need them, and they cost more than all else that is loaded here.
 */
const countryCodes = () => {
  let codes: ReadonlyMap<string, string> | undefined
  return (written: string): string | undefined => {
    const upper = written.trim().toUpperCase()
    if (/^[A-Z]{2}$/.test(upper)) return upper
    codes ??= codesByName()
    return codes.get(upper.toLowerCase())
  }
}

const linesOf = (street: ReadonlyArray<string>, props: Fields.Props): ReadonlyArray<string> =>
  street.flatMap((name) => (Fields.value(props, name) ?? "").split("\n")).filter((line) => line !== "")

/** The first line goes into the first street property, all others into the last, a line each. */
const streetWrites = (street: ReadonlyArray<string>, lines: ReadonlyArray<string>): Record<string, string> => {
  const [first = "address", second] = street
  if (second === undefined) return { [first]: lines.join("\n") }
  return { [first]: lines[0] ?? "", [second]: lines.slice(1).join("\n") }
}

const PLACE = { city: "city", region: "state", postalCode: "zip", country: "country" } as const

/** An address over these street properties; companies have two, contacts one. */
export const address = (street: ReadonlyArray<string>, codeOf = countryCodes()): Fields.Field => ({
  properties: [...street, ...Object.values(PLACE)].map((name) => Fields.property(name)),
  decode: (props) => {
    const names = [...street, ...Object.values(PLACE)]
    if (names.every((name) => props[name] === undefined)) return undefined
    const lines = linesOf(street, props)
    const country = Fields.value(props, PLACE.country)
    const code = typeof country === "string" ? codeOf(country) : undefined
    const found = {
      ...(lines.length === 0 ? {} : { lines }),
      ...member("city", Fields.value(props, PLACE.city)),
      ...member("region", Fields.value(props, PLACE.region)),
      ...member("postalCode", Fields.value(props, PLACE.postalCode)),
      ...member("country", code),
    }
    return Object.keys(found).length === 0 ? null : found
  },
  encode: (json) => {
    const place = json as Encoded | null
    if (place === null) return Object.fromEntries([...street, ...Object.values(PLACE)].map((name) => [name, ""]))
    const writes: Record<string, string> = place.lines === undefined ? {} : streetWrites(street, place.lines ?? [])
    for (const [key, name] of Object.entries(PLACE)) {
      const part = place[key as keyof typeof PLACE]
      if (part !== undefined) writes[name] = part ?? ""
    }
    return writes
  },
})

const member = (name: string, found: string | null | undefined): { readonly [key: string]: string } =>
  typeof found === "string" ? { [name]: found } : {}
