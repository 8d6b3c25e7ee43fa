/** A site as the setup wizard leaves it: companies with their chart, lists, groups, currencies, units, users. */
import * as Amount from "./Amount.ts"
import type { Columns } from "./Doc.ts"
import { ADMINISTRATOR, type Site } from "./Site.ts"
import type { User } from "./State.ts"
import * as Values from "./Values.ts"

export interface CompanySetup {
  readonly name: string
  readonly abbr: string
  readonly currency: string
  /** A Country name, no code. */
  readonly country: string
}

export interface UserSetup {
  readonly name: string
  readonly fullName?: string
  readonly password?: string
  readonly roles: ReadonlyArray<string>
  readonly apiKey?: string
  readonly apiSecret?: string
}

export interface SiteSetup {
  readonly companies: ReadonlyArray<CompanySetup>
  readonly zone: string
  readonly users: ReadonlyArray<UserSetup>
}

const place = (
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

const single = (site: Site, doctype: string, columns: Columns): void => {
  place(site, doctype, doctype, columns)
  const doc = site.get(doctype, doctype)
  // A document that there is one of keeps its noughts, and nobody knows when it was made.
  if (doc !== undefined) {
    const { creation: _, ...kept } = { ...columns, ...doc.columns }
    site.store.put({ ...doc, columns: kept })
  }
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

const ACCOUNTS = [
  ["Debtors", "Asset", "Receivable"],
  ["Creditors", "Liability", "Payable"],
  ["Primary Bank", "Asset", "Bank"],
  ["Cash", "Asset", "Cash"],
  ["Sales", "Income", "Income Account"],
  ["Cost of Goods Sold", "Expense", "Cost of Goods Sold"],
  ["Duties and Taxes", "Liability", "Tax"],
  ["Write Off", "Expense", ""],
  ["Round Off", "Expense", ""],
] as const

const company = (site: Site, { abbr, country, currency, name }: CompanySetup): void => {
  const own = (title: string) => `${title} - ${abbr}`
  for (const [account_name, root_type, account_type] of ACCOUNTS) {
    place(site, "Account", own(account_name), {
      account_name,
      company: name,
      root_type,
      account_type,
      account_currency: currency,
    })
  }
  place(site, "Cost Center", own("Main"), { cost_center_name: "Main", company: name })
  for (const warehouse of ["Stores", "Finished Goods"])
    place(site, "Warehouse", own(warehouse), { warehouse_name: warehouse, company: name })
  place(site, "Company", name, {
    company_name: name,
    abbr,
    default_currency: currency,
    country,
    default_receivable_account: own("Debtors"),
    default_payable_account: own("Creditors"),
    default_bank_account: own("Primary Bank"),
    default_cash_account: own("Cash"),
    default_income_account: own("Sales"),
    default_expense_account: own("Cost of Goods Sold"),
    write_off_account: own("Write Off"),
    round_off_account: own("Round Off"),
    cost_center: own("Main"),
  })
}

const lists = (site: Site, currency: string): void => {
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
const rates = (site: Site, currencies: ReadonlyArray<string>): void => {
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

const general = (site: Site): void => {
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

const settings = (site: Site, zone: string): void => {
  single(site, "System Settings", {
    time_zone: zone,
    float_precision: "3",
    currency_precision: "",
    rounding_method: "Banker's Rounding",
    allow_error_traceback: 1,
  })
  single(site, "Accounts Settings", {})
  single(site, "Selling Settings", {
    cust_master_name: "Customer Name",
    selling_price_list: "Standard Selling",
    maintain_same_rate_action: "Stop",
    so_required: "No",
    dn_required: "No",
    sales_update_frequency: "Each Transaction",
    allow_multiple_items: 1,
  })
}

/** Fields that an app or the country brings. */
const BROUGHT = [
  ["Contact", "is_billing_contact", "Check", "is_primary_contact"],
  ["Address", "is_your_company_address", "Check", "disabled"],
  ["Address", "tax_category", "Data", "disabled"],
] as const
const AMERICAN = [
  ["Customer", "exempt_from_sales_tax", "Check", "dn_required"],
  ["Sales Order", "exempt_from_sales_tax", "Check", "tax_category"],
  ["Sales Invoice", "exempt_from_sales_tax", "Check", "tax_category"],
] as const

const fields = (site: Site, american: boolean): void => {
  for (const [dt, fieldname, fieldtype, insert_after] of [...BROUGHT, ...(american ? AMERICAN : [])]) {
    place(site, "Custom Field", `${dt}-${fieldname}`, {
      dt,
      fieldname,
      fieldtype,
      insert_after,
      label: fieldname,
      is_system_generated: 1,
    })
  }
  site.readCustomFields()
}

const user = (site: Site, { apiKey, apiSecret, fullName, name, password, roles }: UserSetup): void => {
  const made: User = {
    name,
    fullName: fullName ?? name,
    password: password ?? "twin-password",
    roles,
    apiKey: apiKey ?? "",
    apiSecret: apiSecret ?? "",
    enabled: true,
    failures: 0,
    lockedUntil: 0,
  }
  site.state.users.set(name, made)
  place(site, "User", name, { email: name, first_name: made.fullName, full_name: made.fullName })
}

export const run = (site: Site, setup: SiteSetup): void => {
  settings(site, setup.zone)
  general(site)
  const [first] = setup.companies
  lists(site, first?.currency ?? "USD")
  for (const one of setup.companies) company(site, one)
  rates(site, [...new Set(setup.companies.map((one) => one.currency))])
  fields(
    site,
    setup.companies.some((one) => one.country === "United States"),
  )
  for (const one of setup.users) user(site, one)
}
