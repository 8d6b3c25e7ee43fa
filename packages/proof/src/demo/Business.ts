/**
 * The books of an invented wholesaler, made from a seed: customers, contacts, items, invoices, payments, and what its
 * sales team already keeps in the CRM. The hazards that real data has are in it, and counted.
 */
import { ar, base, de, en, es, Faker, fr, he, it, ja, ko, type LocaleDefinition, pl, zh_CN } from "@faker-js/faker"
import { DEMO, type Plan } from "./Plan.ts"

export interface Address {
  readonly line1: string
  readonly city: string
  readonly postalCode: string
  readonly country: string
}

export interface Customer {
  readonly id: string
  readonly name: string
  readonly legalName: string
  readonly email: string
  readonly phone: string
  readonly domain: string
  readonly currency: string
  readonly address: Address
  readonly modified: string
}

export interface Contact {
  readonly id: number
  readonly customer: string
  readonly first: string
  readonly last: string
  readonly email: string
  readonly phone: string
  readonly modified: string
}

export interface Item {
  readonly id: string
  readonly description: string
  readonly price: string
  readonly stock: boolean
  readonly unit: string
  readonly modified: string
}

export interface Invoice {
  readonly type: "Invoice" | "Credit Memo"
  readonly number: string
  readonly customer: string
  readonly date: string
  readonly due: string
  readonly currency: string
  readonly amount: string
  readonly balance: string
  readonly item: string
  readonly modified: string
}

export interface Payment {
  readonly type: "Payment" | "Refund"
  readonly number: string
  readonly customer: string
  readonly date: string
  readonly currency: string
  readonly amount: string
  readonly method: string
  readonly applied: ReadonlyArray<{ readonly type: string; readonly number: string; readonly amount: string }>
  readonly modified: string
}

/** A company or contact that sales made before the two systems were joined. */
export interface Known {
  readonly domain: string
  readonly name: string
}
export interface KnownPerson {
  readonly email: string
  /** Further addresses of the same person. */
  readonly others: ReadonlyArray<string>
  readonly first: string
  readonly last: string
}

export interface Business {
  readonly customers: ReadonlyArray<Customer>
  readonly contacts: ReadonlyArray<Contact>
  readonly items: ReadonlyArray<Item>
  readonly invoices: ReadonlyArray<Invoice>
  readonly payments: ReadonlyArray<Payment>
  readonly knownCompanies: ReadonlyArray<Known>
  readonly knownPeople: ReadonlyArray<KnownPerson>
  /** Records that wait for a person, by relay: the second account of a domain with all of its own, the second holder of an email. */
  readonly unmovable: Readonly<Record<string, ReadonlyArray<string>>>
  /** How often each hazard stands in the data. */
  readonly hazards: Readonly<Record<string, number>>
}

/** `sync` begins at this moment of the invented world. */
export const START = Date.UTC(2026, 10, 20, 8)

const DAY = 86_400_000
const IMPORT_STAMP = new Date(START - 40 * DAY).toISOString()

interface Region {
  readonly locale: LocaleDefinition
  readonly country: string
  readonly weight: number
}

const REGIONS: ReadonlyArray<Region> = [
  { locale: en, country: "US", weight: 40 },
  { locale: de, country: "DE", weight: 20 },
  { locale: fr, country: "FR", weight: 8 },
  { locale: es, country: "ES", weight: 6 },
  { locale: it, country: "IT", weight: 5 },
  { locale: pl, country: "PL", weight: 5 },
  { locale: ar, country: "AE", weight: 4 },
  { locale: he, country: "IL", weight: 4 },
  { locale: ja, country: "JP", weight: 4 },
  { locale: ko, country: "KR", weight: 2 },
  { locale: zh_CN, country: "CN", weight: 2 },
]

interface Voice {
  readonly faker: Faker
  readonly country: string
}

/** One source of chance; each region speaks with it in turn, so that a seed gives one business. */
interface Chance {
  readonly plain: Faker
  readonly voice: () => Voice
  readonly int: (min: number, max: number) => number
  readonly stamp: () => string
}

const chance = (seed: number): Chance => {
  const plain = new Faker({ locale: [en, base] })
  plain.seed(seed)
  const voices = REGIONS.map(({ country, locale, weight }, index) => {
    const faker = new Faker({ locale: [locale, en, base] })
    faker.seed(seed * 31 + index)
    return { weight, value: { faker, country } }
  })
  const int = (min: number, max: number) => plain.number.int({ min, max })
  return {
    plain,
    int,
    voice: () => plain.helpers.weightedArrayElement(voices),
    stamp: () => new Date(START - int(2 * DAY, 300 * DAY)).toISOString(),
  }
}

const padded = (prefix: string, number: number, width: number): string =>
  `${prefix}${String(number).padStart(width, "0")}`

/** Whole cents to text, so that no amount is ever a float. */
const money = (cents: number): string => `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, "0")}`

const day = (millis: number): string => new Date(millis).toISOString().slice(0, 10)

const awkwardNames = [
  `O'Brien & Söhne "Süd" GmbH`,
  "Müller; Schmidt, Partner | AG",
  "Crème & Brûlée <Import/Export> S.à r.l.",
  "100% Ünïcode, Inc.",
  "شركة النور للتجارة (FZ-LLC)",
  "株式会社 山田商店 🏭",
]

const customer = (chance: Chance, { imported }: Plan, index: number): Customer => {
  const { country, faker } = chance.voice()
  const name = awkwardNames[index] ?? faker.company.name()
  const domain = `${chance.plain.helpers
    .slugify(chance.plain.company.name())
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, "")}-${index}.example`
  return {
    id: padded("C", index + 1, 6),
    name,
    legalName: name,
    email: `accounts@${domain}`,
    phone: faker.phone.number(),
    domain,
    currency: "USD",
    address: {
      line1: faker.location.streetAddress(),
      city: faker.location.city(),
      postalCode: faker.location.zipCode(),
      country,
    },
    modified: index < imported.customers ? IMPORT_STAMP : chance.stamp(),
  }
}

const contact = (chance: Chance, { imported }: Plan, owner: Customer, index: number): Contact => {
  const { faker } = chance.voice()
  return {
    id: 100_001 + index,
    customer: owner.id,
    first: faker.person.firstName(),
    last: faker.person.lastName(),
    email: `person.${index}@${owner.domain}`,
    phone: faker.phone.number(),
    modified: index < imported.contacts ? IMPORT_STAMP : chance.stamp(),
  }
}

const item = (chance: Chance, index: number): Item => ({
  id: padded(index % 5 === 0 ? "SRV" : "AB", 1_000 + index, 5),
  description: chance.plain.commerce.productName() + (index % 40 === 0 ? " 3\" × 5'" : ""),
  price: money(chance.int(150, 2_500_000)),
  stock: index % 5 !== 0,
  unit: index % 5 === 0 ? "HOUR" : "EA",
  modified: chance.stamp(),
})

const invoice = (chance: Chance, { imported }: Plan, owner: Customer, sold: Item, index: number): Invoice => {
  const date = START - chance.int(1, 280) * DAY
  const amount = chance.int(1_000, 9_000_000)
  const credit = index % 25 === 24
  return {
    type: credit ? "Credit Memo" : "Invoice",
    number: padded(credit ? "CM" : "AR", index + 1, 6),
    customer: owner.id,
    date: day(date),
    due: day(date + 30 * DAY),
    currency: index % 17 === 0 ? "EUR" : owner.currency,
    amount: money(amount),
    balance: money(amount),
    item: sold.id,
    modified: index < imported.invoices ? IMPORT_STAMP : chance.stamp(),
  }
}

interface Settled {
  readonly payment: Payment
  /** What is left to pay of the invoice. */
  readonly balance: string
}

/** Pays an invoice whole, by half, or gives back some of it. */
const settle = (chance: Chance, target: Invoice, index: number): Settled => {
  const cents = Number(target.amount.replace(".", ""))
  const half = index % 3 === 2
  const paid = half ? Math.floor(cents / 2) : cents
  const refund = index % 60 === 59
  return {
    balance: refund ? target.balance : money(cents - paid),
    payment: {
      type: refund ? "Refund" : "Payment",
      number: padded(refund ? "RF" : "PM", index + 1, 6),
      customer: target.customer,
      date: day(Math.min(Date.parse(target.date) + chance.int(3, 60) * DAY, START - DAY)),
      currency: target.currency,
      amount: money(paid),
      method: chance.plain.helpers.arrayElement(["CHECK", "WIRE", "CARD"]),
      applied: refund ? [] : [{ type: target.type, number: target.number, amount: money(paid) }],
      modified: chance.stamp(),
    },
  }
}

const at = <A>(list: ReadonlyArray<A>, index: number): A => list[index % list.length] as A

/** Who comes first is settled by the stamps, so that the seed tells who has to wait for a person. */
const EARLY = { modified: new Date(START - 299 * DAY).toISOString() }
const LATE = { modified: new Date(START - DAY).toISOString() }

/** Two accounts of one domain, of which the CRM knows one company; equal names; an email that two people give. */
const withHazards = (
  { domainPairs, emailPairs, namesakes }: Plan,
  customers: Array<Customer>,
  contacts: Array<Contact>,
): void => {
  for (const { first, second } of domainPairs) {
    const { domain } = at(customers, first)
    customers[first] = { ...at(customers, first), ...EARLY }
    customers[second] = { ...at(customers, second), ...LATE, domain, email: `branch@${domain}` }
  }
  for (const { first } of namesakes) customers[first] = { ...at(customers, first), name: "Northwind Traders" }
  for (const { first, second } of emailPairs) {
    contacts[first] = { ...at(contacts, first), ...EARLY }
    contacts[second] = { ...at(contacts, second), ...LATE, email: at(contacts, first).email }
  }
}

/** The second account of a domain waits for a person, and so does all that belongs to it; so does a second holder. */
const unmovable = (
  { domainPairs, emailPairs }: Plan,
  { contacts, customers, invoices, payments }: Pick<Business, "contacts" | "customers" | "invoices" | "payments">,
) => {
  const accounts = new Set(domainPairs.map(({ second }) => at(customers, second).id))
  const holders = new Set(emailPairs.map(({ second }) => at(contacts, second).id))
  const document = ({ number, type }: { readonly type: string; readonly number: string }) => `${type}/${number}`
  return {
    companies: [...accounts],
    contacts: contacts
      .filter(({ customer, id }) => accounts.has(customer) || holders.has(id))
      .map(({ id }) => String(id)),
    invoices: invoices.filter(({ customer }) => accounts.has(customer)).map(document),
    payments: payments.filter(({ customer }) => accounts.has(customer)).map(document),
  }
}

export const generate = (seed: number, plan: Plan = DEMO): Business => {
  const { counts } = plan
  const source = chance(seed)
  const customers = Array.from({ length: counts.customers }, (_, index) => customer(source, plan, index))
  const contacts = Array.from({ length: counts.contacts }, (_, index) =>
    contact(source, plan, at(customers, index), index),
  )
  withHazards(plan, customers, contacts)
  const items = Array.from({ length: counts.items }, (_, index) => item(source, index))
  const invoices = Array.from({ length: counts.invoices }, (_, index) =>
    invoice(source, plan, at(customers, source.int(0, counts.customers - 1)), at(items, index), index),
  )
  const payable = invoices.filter(({ type }) => type === "Invoice").slice(0, counts.payments)
  const settled = payable.map((one, index) => settle(source, one, index))
  const balances = new Map(settled.map(({ balance }, index) => [at(payable, index).number, balance]))

  // What sales knew before: companies by domain (both accounts of each shared domain among them), people by email, and
  // people whose second address is the one that the ERP has.
  const knownCompanies = [
    ...customers.slice(...plan.known.customers),
    ...plan.domainPairs.map(({ first }) => at(customers, first)),
  ]
  const knownPeople = contacts.slice(...plan.known.contacts)
  const secondAddresses = contacts.slice(...plan.known.secondAddresses)
  return {
    customers,
    contacts,
    items,
    invoices: invoices.map((one) => ({ ...one, balance: balances.get(one.number) ?? one.balance })),
    payments: settled.map(({ payment }) => payment),
    knownCompanies: knownCompanies.map(({ domain, name }) => ({ domain, name: `${name} (CRM)` })),
    knownPeople: [
      ...knownPeople.map(({ email, first, last }) => ({ email, others: [], first, last })),
      ...secondAddresses.map(({ email, first, last }) => ({ email: `private.${email}`, others: [email], first, last })),
    ],
    unmovable: unmovable(plan, { contacts, customers, invoices, payments: settled.map(({ payment }) => payment) }),
    hazards: {
      "customers of one name": plan.namesakes.length,
      "names with quotes, umlauts, scripts": awkwardNames.length,
      "accounts sharing a domain": plan.domainPairs.length,
      "contacts sharing an email": plan.emailPairs.length,
      "emails that are another person's second address": secondAddresses.length,
      "companies and people that the CRM knew": knownCompanies.length + knownPeople.length,
      "invoices in a second currency": invoices.filter(({ currency }) => currency === "EUR").length,
      "credit notes": invoices.filter(({ type }) => type === "Credit Memo").length,
      refunds: settled.filter(({ payment }) => payment.type === "Refund").length,
      "rows on one timestamp": plan.imported.invoices,
    },
  }
}
