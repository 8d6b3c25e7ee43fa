/** Emails, phones and postal addresses, which lie in tables of their own and show on customers as well. */

import { type Doc, recId, text } from "../Record.ts"
import type { Context } from "./Form.ts"
import * as Form from "./Form.ts"

const CONTACT_KINDS = { Email: "Email", Phone: "Phone", URL: "URL" } as const

const ELECTRONIC = "CustomerElectronicAddresses"
const POSTAL = "CustomerPostalAddressesV2"

const ofCustomer = (context: Context, table: string, customer: Doc): ReadonlyArray<Doc> =>
  context.world
    .table(table)
    .latestWhere("CustomerAccount", text(customer, "CustomerAccount"))
    .filter((doc) => doc.company === customer.company)

const primary = (context: Context, table: string, customer: Doc, type?: string): Doc | undefined =>
  ofCustomer(context, table, customer).find(
    (doc) => text(doc, "IsPrimary") === "Yes" && (type === undefined || text(doc, "Type") === type),
  )

type Ids = Record<string, string>

/** An email that was entered on the customer is a row of its own. */
const keepElectronic = (context: Context, customer: Doc, type: "Email" | "Phone" | "URL", ids: Ids): void => {
  const locator = text(customer, `PrimaryContact${type}`)
  const before = primary(context, ELECTRONIC, customer, type)
  if (before === undefined && locator === "") return
  if (before !== undefined && text(before, "Locator") === locator) return
  const id =
    before?.fields["ElectronicAddressId"] ?? String(context.world.next("", "ElectronicAddressId")).padStart(9, "0")
  const fields = {
    CustomerAccount: text(customer, "CustomerAccount"),
    ElectronicAddressId: id,
    IsPrimary: "Yes",
    Type: type,
    Locator: locator,
  }
  const row = context.world.write(ELECTRONIC, before, customer.company, fields, context.now)
  ids[`PrimaryContact${type}RecordId`] = recId(row)
}

const POSTAL_FIELDS = [
  "Street",
  "City",
  "State",
  "ZipCode",
  "CountryRegionId",
  "CountryRegionISOCode",
  "County",
] as const

const keepPostal = (context: Context, customer: Doc, ids: Ids): void => {
  const values = POSTAL_FIELDS.map((name) => [`Address${name}`, text(customer, `Address${name}`)] as const)
  const before = primary(context, POSTAL, customer)
  if (before === undefined && values.every(([, value]) => value === "")) return
  if (before !== undefined && values.every(([name, value]) => text(before, name) === value)) return
  const location =
    before?.fields["AddressLocationId"] ?? String(context.world.next("", "AddressLocationId")).padStart(9, "0")
  const fields = {
    ...Object.fromEntries(values),
    CustomerAccount: text(customer, "CustomerAccount"),
    AddressLocationId: location,
    IsPrimary: "Yes",
    AddressValidFrom: before?.fields["AddressValidFrom"] ?? context.now,
    AddressValidTo: "2154-12-31T23:59:59Z",
  }
  const row = context.world.write(POSTAL, before, customer.company, fields, context.now)
  ids["AddressLocationId"] = location
  ids["AddressRecordId"] = recId(row)
}

/** Called when a customer was saved, which then shows the ids of the rows. */
export const keep = (context: Context, customer: Doc): void => {
  const ids: Ids = {}
  for (const type of Object.keys(CONTACT_KINDS)) {
    keepElectronic(context, customer, type as keyof typeof CONTACT_KINDS, ids)
  }
  keepPostal(context, customer, ids)
  if (Object.keys(ids).length > 0) show(context, customer, ids)
}

const owner = (context: Context, doc: Doc): Doc | undefined =>
  Form.related(context, doc, {
    field: "CustomerAccount",
    label: "Customer account",
    table: "customers",
    column: "CustomerAccount",
    tableLabel: "Customers",
  })

/** Shows on the customer what is primary, and moves nothing else of it. */
const show = (context: Context, customer: Doc, fields: Readonly<Record<string, string>>): void => {
  const made = { ...structuredClone(customer), fields: { ...customer.fields, ...fields } }
  context.world.save("customers", made)
}

export const electronic: Form.Form = {
  create: ({ doc }, context) => {
    Form.mustBeFilled(context, doc, "Locator", "Contact number/address")
    Form.otherwise(doc, "ElectronicAddressId", String(context.world.next("", "ElectronicAddressId")).padStart(9, "0"))
    owner(context, doc)
  },
  saved: ({ doc }, context) => {
    const customer = owner(context, doc)
    const type = text(doc, "Type")
    if (customer === undefined || text(doc, "IsPrimary") !== "Yes" || !(type in CONTACT_KINDS)) return
    show(context, customer, {
      [`PrimaryContact${type}`]: text(doc, "Locator"),
      [`PrimaryContact${type}RecordId`]: recId(doc),
    })
  },
}

export const postal: Form.Form = {
  create: ({ doc }, context) => {
    Form.otherwise(doc, "AddressLocationId", String(context.world.next("", "AddressLocationId")).padStart(9, "0"))
    Form.otherwise(doc, "AddressValidFrom", context.now)
    owner(context, doc)
  },
  saved: ({ doc }, context) => {
    const customer = owner(context, doc)
    if (customer === undefined || text(doc, "IsPrimary") !== "Yes") return
    const fields = Object.fromEntries(POSTAL_FIELDS.map((name) => [`Address${name}`, text(doc, `Address${name}`)]))
    show(context, customer, {
      ...fields,
      AddressLocationId: text(doc, "AddressLocationId"),
      AddressRecordId: recId(doc),
    })
  },
}
