/** The books without what two equal runs may differ in: ids, times, versions, and the numbers that sequences give. */
import type * as DynamicsTwin from "@mortise/conformance/dynamics/DynamicsTwin"

const OF_THE_RUN =
  /^(id|sources|created|modified|ElectronicAddressId|InventoryLotId|ContactPersonPartyNumber)$|RecordId$|DateTime$/

/** What each number names. Sequences run apart, so that one text may be a customer, an order and a contact. */
const NUMBERS: Readonly<Record<string, string>> = {
  CustomerAccount: "customer",
  InvoiceAccount: "customer",
  OrderingCustomerAccountNumber: "customer",
  InvoiceCustomerAccountNumber: "customer",
  PartyNumber: "party",
  AssociatedPartyNumber: "party",
  ContactPersonId: "contact",
  SalesOrderNumber: "order",
  InvoiceIdentifier: "invoice",
  ParentRecId: "invoice",
}

interface Numbered {
  /** The numbers that a record is given. */
  readonly given: ReadonlyArray<string>
  /** By which it is known whatever its number: our key, else the name that people gave it. */
  readonly knownBy: ReadonlyArray<string>
}

const NUMBERED: Readonly<Record<string, Numbered>> = {
  customers: { given: ["CustomerAccount", "PartyNumber"], knownBy: ["IdentificationNumber", "OrganizationName"] },
  contacts: { given: ["ContactPersonId"], knownBy: ["BillingInformation", "LastName"] },
  orders: { given: ["SalesOrderNumber"], knownBy: ["CustomersOrderReference", "SalesOrderName"] },
  freeTextInvoices: { given: ["InvoiceIdentifier"], knownBy: ["CustomerReference", "InvoiceName"] },
}

/** A number of a sequence; one that people chose is what it is. */
const SEQUENCE = /^(USMF-)?\d+$/

type Tables = ReturnType<DynamicsTwin.DynamicsWorld["dump"]>["tables"]

/** Numbers that were given stand for the record that got them, wherever they are pointed to. */
const namesOf = (tables: Tables): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(NUMBERED).flatMap(([table, { given, knownBy }]) =>
      (tables[table]?.docs ?? []).flatMap(({ fields }) => {
        const name = knownBy.map((field) => fields[field]).find((value) => value !== undefined && value !== "")
        return given
          .filter((field) => SEQUENCE.test(fields[field] ?? ""))
          .map((field) => [`${NUMBERS[field]} ${fields[field]}`, `<${name}>`] as const)
      }),
    ),
  )

export const of = (world: DynamicsTwin.DynamicsWorld): ReadonlyArray<string> => {
  const { tables } = world.dump()
  const names = namesOf(tables)
  const lasting = (key: string, value: unknown): unknown =>
    OF_THE_RUN.test(key) ? undefined : (names.get(`${NUMBERS[key]} ${value}`) ?? value)
  return Object.entries(tables)
    .flatMap(([name, { docs }]) => docs.map((doc) => `${name} ${JSON.stringify(doc, lasting)}`))
    .sort()
}
