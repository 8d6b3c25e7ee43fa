/**
 * The lists of a realistic account: a holding with a company in Germany and one in the United Kingdom, five currencies,
 * terms, periods and the accounts that receivables need. Ids and names are made up, but for those that every account has.
 */
import type { Doc } from "./Record.ts"
import * as Record from "./Record.ts"

type Entry = readonly [id: string, fields: Record<string, string | boolean | null>]

const named = (names: Readonly<Record<string, string>>): ReadonlyArray<Entry> =>
  Object.entries(names).map(([id, name]) => [id, { name, isInactive: false }])

const currency = (
  id: string,
  symbol: string,
  name: string,
  exchangeRate: string,
  currencyPrecision: string,
  isBaseCurrency = false,
): Entry => [id, { name, symbol, exchangeRate, currencyPrecision, isBaseCurrency, isInactive: false }]

const CURRENCIES: ReadonlyArray<Entry> = [
  currency("1", "USD", "US Dollar", "1", "2", true),
  currency("2", "GBP", "British Pound", "1.25", "2"),
  currency("3", "CAD", "Canadian Dollar", "0.73", "2"),
  currency("4", "EUR", "Euro", "1.08", "2"),
  currency("5", "JPY", "Japanese Yen", "0.0067", "0"),
]

const SUBSIDIARIES: ReadonlyArray<Entry> = [
  ["1", { name: "Mortise Holding Inc.", currency: "1", parent: null, country: "US", isInactive: false }],
  ["2", { name: "Mortise Europe GmbH", currency: "4", parent: "1", country: "DE", isInactive: false }],
  ["3", { name: "Mortise UK Ltd", currency: "2", parent: "1", country: "GB", isInactive: false }],
]

const TERMS: ReadonlyArray<Entry> = [
  ["1", { name: "Net 15", daysUntilNetDue: "15", isInactive: false }],
  ["2", { name: "Net 30", daysUntilNetDue: "30", isInactive: false }],
  ["3", { name: "Net 60", daysUntilNetDue: "60", isInactive: false }],
  ["4", { name: "Due on receipt", daysUntilNetDue: "0", isInactive: false }],
]

const status = (id: string, name: string, stage: string): Entry => [id, { name, stage, isInactive: false }]

const STATUSES: ReadonlyArray<Entry> = [
  status("6", "Unqualified", "LEAD"),
  status("7", "Qualified", "LEAD"),
  status("8", "In Discussion", "PROSPECT"),
  status("13", "Closed Won", "CUSTOMER"),
  status("15", "Renewal", "CUSTOMER"),
]

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

export const FIRST_YEAR = 2022
const YEARS = 8

/** The period of a day; undefined for days that no period is open for. */
export const periodOf = (day: string): string | undefined => {
  const index = (Number(day.slice(0, 4)) - FIRST_YEAR) * 12 + Number(day.slice(5, 7))
  return index >= 1 && index <= YEARS * 12 ? String(index) : undefined
}

const PERIODS: ReadonlyArray<Entry> = Array.from({ length: YEARS * 12 }, (_, index) => [
  String(index + 1),
  { name: `${MONTHS[index % 12]} ${FIRST_YEAR + Math.floor(index / 12)}`, isInactive: false },
])

const LISTS: Readonly<Record<string, ReadonlyArray<Entry>>> = {
  currency: CURRENCIES,
  subsidiary: SUBSIDIARIES,
  term: TERMS,
  customerStatus: STATUSES,
  accountingPeriod: PERIODS,
  account: named({ "1": "Checking", "116": "Undeposited Funds", "122": "Accounts Receivable" }),
  contactRole: named({ "-10": "Primary Contact", "-20": "Alternate Contact", "-30": "Decision Maker" }),
  priceLevel: named({ "1": "Base Price", "2": "Partner Price", "5": "Online Price" }),
  customerCategory: named({ "1": "Corporate", "2": "Individual" }),
  contactCategory: named({ "1": "Billing", "2": "Technical" }),
  taxSchedule: named({ "1": "Standard", "2": "Reduced" }),
  unitsType: named({ "1": "Each" }),
  department: named({ "1": "Sales" }),
  classification: named({ "1": "Hardware", "2": "Services" }),
  location: [
    ["1", { name: "Denver", subsidiary: "1", isInactive: false }],
    ["2", { name: "Hamburg", subsidiary: "2", isInactive: false }],
    ["3", { name: "Leeds", subsidiary: "3", isInactive: false }],
  ],
  employee: [["17", { entityId: "Robin Vale", email: "robin.vale@mortise.example", isInactive: false }]],
}

/** Money of an account without subsidiaries is that of the base currency. */
export const BASE_CURRENCY = "1"

export const docs = (now: number, oneWorld: boolean): ReadonlyArray<Doc> =>
  Object.entries(LISTS)
    .filter(([type]) => oneWorld || type !== "subsidiary")
    .flatMap(([type, entries]) =>
      entries.map(([id, fields]) => {
        const doc = Record.doc(type, id, now)
        Object.assign(doc.fields, fields)
        return doc
      }),
    )
