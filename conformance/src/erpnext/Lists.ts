/** What every site has before anybody works with it: currencies, countries, units, groups, price lists, terms. */
import * as Amount from "./Amount.ts"
import type { Columns } from "./Doc.ts"
import { ADMINISTRATOR, type Site } from "./Site.ts"
import * as Values from "./Values.ts"

/** A document past every rule, with the defaults of its fields. */
export const place = (
  site: Site,
  doctype: string,
  name: string,
  columns: Columns = {},
  tables: Record<string, Array<Columns>> = {},
): void => {
  const shape = site.shape(doctype)
  if (shape === undefined) throw new RangeError(`no doctype ${doctype}`)
  const stamp = site.stamp()
  const standard: Columns = {
    name,
    owner: ADMINISTRATOR,
    creation: stamp,
    modified: stamp,
    modified_by: ADMINISTRATOR,
    idx: 0,
  }
  const defaults = Object.fromEntries(
    shape.fields
      .filter((field) => field.default !== undefined && !/^(Today|Now|:.*|\{.*)$/.test(field.default))
      .map((field) => [field.fieldname, Values.cast(field, field.default)]),
  )
  site.store.put(Values.stored(site, shape, { doctype, columns: { ...defaults, ...columns, ...standard }, tables }))
}

const tree = (site: Site, doctype: string, by: string, root: string, leaves: ReadonlyArray<string>): void => {
  place(site, doctype, root, { [by]: root, is_group: 1 })
  const parent = `parent_${doctype.toLowerCase().replaceAll(" ", "_")}`
  for (const leaf of leaves) place(site, doctype, leaf, { [by]: leaf, [parent]: root })
}

const CURRENCIES = [
  ["USD", "Cent", "0.01", "$"],
  ["EUR", "Cent", "0.01", "€"],
  ["GBP", "Penny", "0.01", "£"],
  ["CHF", "Rappen", "0.05", "Fr"],
  ["SEK", "Öre", "0", "kr"],
  ["JPY", "Sen", "0", "¥"],
  ["INR", "Paisa", "0.01", "₹"],
  ["CAD", "Cent", "0.01", "$"],
  ["AUD", "Cent", "0.01", "$"],
] as const

const COUNTRIES = {
  "United States": "us",
  Germany: "de",
  France: "fr",
  "United Kingdom": "gb",
  Sweden: "se",
  Switzerland: "ch",
  India: "in",
  Netherlands: "nl",
  Austria: "at",
  Italy: "it",
  Spain: "es",
  Canada: "ca",
  Australia: "au",
  Japan: "jp",
  Denmark: "dk",
  Norway: "no",
  Belgium: "be",
  Poland: "pl",
  Ireland: "ie",
  Finland: "fi",
} as const

export const lists = (site: Site, currency: string): void => {
  for (const [name, selling] of [
    ["Standard Selling", 1],
    ["Standard Buying", 0],
  ] as const) {
    place(site, "Price List", name, { price_list_name: name, currency, selling, buying: 1 - selling, enabled: 1 })
  }
  for (const uom of ["Unit", "Nos", "Box", "Hour", "Kg", "Meter", "Set"]) place(site, "UOM", uom, { uom_name: uom })
  tree(site, "Customer Group", "customer_group_name", "All Customer Groups", ["Commercial", "Individual", "Government"])
  tree(site, "Territory", "territory_name", "All Territories", ["United States", "Rest Of The World"])
  tree(site, "Item Group", "item_group_name", "All Item Groups", ["Products", "Services", "Raw Material", "Consumable"])
  for (const [mode, type] of [
    ["Cash", "Cash"],
    ["Wire Transfer", "Bank"],
    ["Credit Card", "Bank"],
    ["Cheque", "Bank"],
  ] as const) {
    place(site, "Mode of Payment", mode, { mode_of_payment: mode, type, enabled: 1 })
  }
  for (const days of [14, 30, 60]) {
    place(
      site,
      "Payment Terms Template",
      `Net ${days}`,
      { template_name: `Net ${days}` },
      {
        terms: [{ name: site.hash(), idx: 1, invoice_portion: "100", credit_days: days, parent: `Net ${days}` }],
      },
    )
  }
}

/** Rates between the currencies of the companies, old enough for every test to bring newer ones. */
export const rates = (site: Site, currencies: ReadonlyArray<string>): void => {
  const perDollar: { readonly [currency: string]: string } = {
    USD: "1",
    EUR: "0.8",
    GBP: "0.75",
    CHF: "0.9",
    INR: "80",
  }
  for (const from of currencies) {
    for (const to of currencies) {
      if (from === to) continue
      const exchange_rate = Amount.round(Amount.divide(perDollar[to] ?? "1", perDollar[from] ?? "1"), 9)
      const name = `2020-01-01-${from}-${to}-Selling-Buying`
      const columns = { date: "2020-01-01", from_currency: from, to_currency: to, exchange_rate }
      place(site, "Currency Exchange", name, columns)
    }
  }
}

export const general = (site: Site): void => {
  for (const [name, fraction, smallest, symbol] of CURRENCIES) {
    place(site, "Currency", name, {
      currency_name: name,
      fraction,
      smallest_currency_fraction_value: smallest,
      symbol,
      fraction_units: 100,
      enabled: 1,
    })
  }
  for (const [name, code] of Object.entries(COUNTRIES)) place(site, "Country", name, { country_name: name, code })
  for (const [code, name] of [
    ["en", "English"],
    ["de", "Deutsch"],
    ["fr", "Français"],
  ] as const) {
    place(site, "Language", code, { language_code: code, language_name: name, enabled: 1 })
  }
  for (const heading of ["Credit Note", "Debit Note"]) place(site, "Print Heading", heading, { print_heading: heading })
  for (const role of [
    "Desk User",
    "System Manager",
    "Sales User",
    "Accounts User",
    "Item Manager",
    "Sales Master Manager",
    "Sales Manager",
    "Accounts Manager",
  ]) {
    place(site, "Role", role, { role_name: role })
  }
}
