/** A site as the setup wizard leaves it: companies with their chart, lists, groups, currencies, units, users. */
import type { Columns } from "./Doc.ts"
import * as Lists from "./Lists.ts"
import type { Site } from "./Site.ts"
import type { User } from "./State.ts"

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

const single = (site: Site, doctype: string, columns: Columns): void => {
  Lists.place(site, doctype, doctype, columns)
  const doc = site.get(doctype, doctype)
  // A document that there is one of keeps its noughts, and nobody knows when it was made.
  if (doc !== undefined) {
    const { creation: _, ...kept } = { ...columns, ...doc.columns }
    site.store.put({ ...doc, columns: kept })
  }
}

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
    Lists.place(site, "Account", own(account_name), {
      account_name,
      company: name,
      root_type,
      account_type,
      account_currency: currency,
    })
  }
  Lists.place(site, "Cost Center", own("Main"), { cost_center_name: "Main", company: name })
  for (const warehouse of ["Stores", "Finished Goods"])
    Lists.place(site, "Warehouse", own(warehouse), { warehouse_name: warehouse, company: name })
  Lists.place(site, "Company", name, {
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
    Lists.place(site, "Custom Field", `${dt}-${fieldname}`, {
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
  Lists.place(site, "User", name, { email: name, first_name: made.fullName, full_name: made.fullName })
}

export const run = (site: Site, setup: SiteSetup): void => {
  settings(site, setup.zone)
  Lists.general(site)
  const [first] = setup.companies
  Lists.lists(site, first?.currency ?? "USD")
  for (const one of setup.companies) company(site, one)
  Lists.rates(site, [...new Set(setup.companies.map((one) => one.currency))])
  fields(
    site,
    setup.companies.some((one) => one.country === "United States"),
  )
  for (const one of setup.users) user(site, one)
}
