/**
 * Countries. The site names them in English words (`United States`), we by ISO code. Most of its names are those of the
 * Unicode CLDR, which every engine knows; the others stand here, and a site may have some of its own.
 */

export interface Countries {
  readonly code: (name: string) => string | undefined
  readonly name: (code: string) => string | undefined
}

// Frappe: country_info; the names that differ from those of the CLDR.
const NAMES: { readonly [name: string]: string } = {
  "Bolivia, Plurinational State of": "BO",
  "Bosnia and Herzegovina": "BA",
  "Brunei Darussalam": "BN",
  "Congo, The Democratic Republic of the": "CD",
  Congo: "CG",
  "Czech Republic": "CZ",
  "Hong Kong": "HK",
  Iran: "IR",
  "Ivory Coast": "CI",
  "Korea, Democratic Peoples Republic of": "KP",
  "Korea, Republic of": "KR",
  Macao: "MO",
  Macedonia: "MK",
  "Moldova, Republic of": "MD",
  Myanmar: "MM",
  "Palestinian Territory, Occupied": "PS",
  "Russian Federation": "RU",
  "Sao Tome and Principe": "ST",
  Swaziland: "SZ",
  Syria: "SY",
  Taiwan: "TW",
  Tanzania: "TZ",
  "Trinidad and Tobago": "TT",
  Turkey: "TR",
  "Venezuela, Bolivarian Republic of": "VE",
  Vietnam: "VN",
}

/** Regions of the CLDR that are no countries: unions, test locales, what is unknown. */
const NO_COUNTRY = new Set(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])

const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"]

/** The names of the CLDR by code. */
const common = (): ReadonlyArray<readonly [code: string, name: string]> => {
  const names = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" })
  return LETTERS.flatMap((first) =>
    LETTERS.flatMap((second) => {
      const code = `${first}${second}`
      const name = NO_COUNTRY.has(code) ? undefined : names.of(code)
      return name === undefined ? [] : [[code, name] as const]
    }),
  )
}

interface Tables {
  readonly codes: ReadonlyMap<string, string>
  readonly names: ReadonlyMap<string, string>
}

const tables = (own: { readonly [name: string]: string }): Tables => {
  const named = [
    ...common(),
    ...[...Object.entries(NAMES), ...Object.entries(own)].map(([name, code]) => [code, name] as const),
  ]
  return {
    codes: new Map(named.map(([code, name]) => [name.toLowerCase(), code])),
    names: new Map(named),
  }
}

/** Made when the first address is met. */
export const make = (own: { readonly [name: string]: string } = {}): Countries => {
  let made: Tables | undefined
  const all = (): Tables => {
    made ??= tables(own)
    return made
  }
  return { code: (name) => all().codes.get(name.trim().toLowerCase()), name: (code) => all().names.get(code) }
}
