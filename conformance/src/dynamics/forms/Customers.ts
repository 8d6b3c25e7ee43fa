/** Customers, their parties and their contact persons. */
import { type Doc, text } from "../Record.ts"
import { nameOf } from "../View.ts"
import * as Addresses from "./Addresses.ts"
import * as Countries from "./Countries.ts"
import * as Form from "./Form.ts"

const GROUP: Form.Related = {
  field: "CustomerGroupId",
  label: "Customer group",
  table: "CustomerGroups",
  column: "CustomerGroupId",
  tableLabel: "Customer groups",
}

const CURRENCY: Form.Related = {
  field: "SalesCurrencyCode",
  label: "Currency",
  table: "Currencies",
  column: "CurrencyCode",
  tableLabel: "Currencies",
}

const TERMS: Form.Related = {
  field: "PaymentTerms",
  label: "Terms of payment",
  table: "PaymentTerms",
  column: "Name",
  tableLabel: "Terms of payment",
}

/** `en-us` comes back as `en-US`. */
export const language = (text: string): string => {
  const [first = "", ...rest] = text.split("-")
  return [first.toLowerCase(), ...rest.map((one) => (one.length === 2 ? one.toUpperCase() : one))].join("-")
}

const PREFIXES = ["Address", "DeliveryAddress", "InvoiceAddress"] as const

/** Each of the two codes of a country from the other. */
const country = (context: Form.Context, doc: Doc, sent: ReadonlySet<string>): void => {
  for (const prefix of PREFIXES) {
    const [region, iso] = [`${prefix}CountryRegionId`, `${prefix}CountryRegionISOCode`]
    if (sent.has(region)) {
      const value = text(doc, region)
      const code = Countries.isoOf(value)
      if (value !== "" && code === undefined) {
        Form.warn(
          context,
          `The value '${value}' in field 'Country/region' is not found in the related table 'Country/region'`,
        )
      }
      doc.fields[iso] = code ?? ""
    } else if (sent.has(iso)) doc.fields[region] = Countries.regionOf(text(doc, iso)) ?? ""
  }
}

const fullAddress = (doc: Doc): string => {
  const city = [text(doc, "AddressCity"), text(doc, "AddressState"), text(doc, "AddressZipCode")]
  const parts = [
    text(doc, "AddressStreet"),
    city.filter((one) => one !== "").join(", "),
    text(doc, "AddressCountryRegionId"),
  ]
  return parts.filter((one) => one !== "").join("\n")
}

const settle = (context: Form.Context, { doc, sent }: Form.Entry): void => {
  Form.related(context, doc, GROUP)
  Form.related(context, doc, CURRENCY)
  Form.related(context, doc, TERMS)
  country(context, doc, sent)
  doc.fields["LanguageId"] = language(text(doc, "LanguageId"))
  doc.fields["FullPrimaryAddress"] = fullAddress(doc)
}

export const NUMBER: Form.Numbered = { field: "CustomerAccount", label: "Customer account", table: "customers" }

export const customers: Form.Form = {
  create: (entry, context) => {
    const { doc } = entry
    Form.otherwise(doc, "PartyType", "Organization")
    const person = text(doc, "PartyType") === "Person"
    Form.mustBeFilled(context, doc, person ? "PersonLastName" : "OrganizationName", "Name")
    Form.mustBeFilled(context, doc, "CustomerGroupId", "Customer group")
    Form.mustBeFilled(context, doc, "SalesCurrencyCode", "Currency")
    if (text(doc, "PartyType") !== "Person" && text(doc, "PartyType") !== "Organization") {
      Form.warn(context, `'${text(doc, "PartyType")}' is not a valid party type`)
    }
    Form.number(context, entry, NUMBER)
    const group = Form.find(context, "CustomerGroups", "CustomerGroupId", text(doc, "CustomerGroupId"))
    if (group !== undefined) Form.otherwise(doc, "PaymentTerms", text(group, "PaymentTermId"))
    doc.fields["PartyNumber"] = String(context.world.next("", "PartyNumber")).padStart(9, "0")
    Form.otherwise(doc, "LanguageId", "en-us")
    Form.otherwise(doc, "NameAlias", nameOf(doc))
    doc.fields["NameAlias"] = text(doc, "NameAlias").slice(0, 20)
    settle(context, entry)
  },
  update: (entry, context) => {
    const person = text(entry.doc, "PartyType") === "Person"
    Form.mustBeFilled(context, entry.doc, person ? "PersonLastName" : "OrganizationName", "Name")
    Form.mustBeFilled(context, entry.doc, "CustomerGroupId", "Customer group")
    Form.mustBeFilled(context, entry.doc, "SalesCurrencyCode", "Currency")
    entry.doc.fields["NameAlias"] = text(entry.doc, "NameAlias").slice(0, 20)
    settle(context, entry)
  },
  saved: ({ doc }, context) => Addresses.keep(context, doc),
  remove: (doc, context) => {
    const account = text(doc, "CustomerAccount")
    const uses = [
      ["transactions", "AccountNum", "Customer transactions"],
      ["orders", "OrderingCustomerAccountNumber", "Sales orders"],
    ] as const
    for (const [table, column, label] of uses) {
      if (Form.find(context, table, column, account) !== undefined) {
        Form.warn(context, `The customer ${account} cannot be deleted while dependent ${label} exist`)
      }
    }
  },
}

const contactName = (doc: Doc): string =>
  [text(doc, "FirstName"), text(doc, "MiddleName"), text(doc, "LastName")].filter((one) => one !== "").join(" ")

const PARTY: Form.Related = {
  field: "AssociatedPartyNumber",
  label: "Party ID",
  table: "customers",
  column: "PartyNumber",
  tableLabel: "Global address book",
}

const CONTACT_INFO = /^Primary(?:Email|Phone|URL|Fax)/

/** `LastEditDateTime` is of the contact alone: whether an email moves it nobody has said. */
const edited = (context: Form.Context, { sent }: Form.Entry): boolean =>
  context.knobs.contactInfoMovesEdit || [...sent].some((name) => !CONTACT_INFO.test(name))

export const contacts: Form.Form = {
  locked: ["LastEditDateTime", "ContactPersonPartyNumber"],
  create: (entry, context) => {
    const { doc } = entry
    Form.mustBeFilled(context, doc, "LastName", "Last name")
    Form.number(context, entry, { field: "ContactPersonId", label: "Contact ID", table: "contacts" })
    Form.related(context, doc, PARTY)
    doc.fields["ContactPersonPartyNumber"] = String(context.world.next("", "PartyNumber")).padStart(9, "0")
    doc.fields["ContactPersonPartyType"] = "Person"
    doc.fields["ContactPersonName"] = contactName(doc)
    doc.fields["LastEditDateTime"] = context.now
  },
  update: (entry, context) => {
    Form.mustBeFilled(context, entry.doc, "LastName", "Last name")
    Form.related(context, entry.doc, PARTY)
    entry.doc.fields["ContactPersonName"] = contactName(entry.doc)
    if (edited(context, entry)) entry.doc.fields["LastEditDateTime"] = context.now
  },
}
