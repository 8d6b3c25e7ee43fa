import { Account, Company, Contact, Deal, Invoice, Order } from "@mortise/core/Entities"
import * as Ownership from "@mortise/core/Ownership"

const toCrm = { writer: "erp", target: "crm" } as const
const toErp = { writer: "crm", target: "erp" } as const
const { leadToLedger } = Ownership

// What the ERP owns, and what the integration keeps on the CRM's records, may be mapped.
Ownership.mapping(leadToLedger, toCrm, Account, Company, (account) => ({
  erpNumber: account.number ?? null,
  accountStatus: account.status?.code ?? null,
}))
Ownership.mapping(leadToLedger, toCrm, Invoice, Invoice, ({ balance, number }) => ({
  ...(number === undefined ? {} : { number }),
  ...(balance === undefined ? {} : { balance }),
}))

// The CRM's fields may not be written from the ERP.
Ownership.mapping(leadToLedger, toCrm, Account, Company, (account) => ({
  erpNumber: account.number ?? null,
  // @ts-expect-error Company.name is owned by crm; a mapping from erp may not write it
  name: account.name ?? null,
}))

// The ERP's fields may not be written from the CRM.
// @ts-expect-error Account.number is owned by erp; a mapping from crm may not write it
Ownership.mapping(leadToLedger, toErp, Company, Account, (company) => ({ number: company.name ?? null }))

// The billing copy in the ERP passes to it after the deal is won; until then the CRM may write it there.
Ownership.mapping(leadToLedger, toErp, Contact, Contact, ({ email }) => ({ email: email ?? null }))
// @ts-expect-error Contact.email is owned by crm; a mapping from erp may not write it
Ownership.mapping(leadToLedger, toCrm, Contact, Contact, ({ email }) => ({ email: email ?? null }))

// An order is opened by the integration; the status that the ERP gives it is not a field that anybody writes.
Ownership.mapping(leadToLedger, toErp, Deal, Order, (_deal, id) => ({ deal: { id }, requestedState: "held" as const }))
// @ts-expect-error Type '{ state: { code: string; }; }' has no properties in common with type
Ownership.mapping(leadToLedger, toErp, Deal, Order, () => ({ state: { code: "open" } }))

// The table is edited, and the types follow.
const companiesFromErp = Ownership.edit(leadToLedger, {
  entities: {
    Company: { create: ["erp"], fields: { name: "erp", phone: Ownership.shared("newest"), domain: "origin" } },
  },
})
Ownership.mapping(companiesFromErp, toCrm, Account, Company, (account) => ({
  name: account.name ?? null,
  phone: account.phone ?? null,
  domain: account.domain?.name ?? null,
  erpNumber: account.number ?? null,
}))
Ownership.mapping(companiesFromErp, toCrm, Account, Company, () => ({
  // @ts-expect-error Company.address is owned by crm; a mapping from erp may not write it
  address: { city: "Turin" },
}))
const contactsFromErp = Ownership.edit(leadToLedger, { entities: { Contact: { create: ["erp"], rest: "erp" } } })
Ownership.mapping(contactsFromErp, toCrm, Contact, Contact, ({ email }) => ({ email: email ?? null }))

// An entity that the table does not name belongs to nobody.
const onlyCompanies = Ownership.table({
  entities: { Company: { create: ["crm"], update: ["crm"], retire: [], rest: "crm" } },
  deny: { entities: [], fields: {} },
})
// @ts-expect-error Account.number is owned by nobody; a mapping from crm may not write it
Ownership.mapping(onlyCompanies, toErp, Company, Account, () => ({ number: "A1" }))

// What the source may not have is handed on as it is; absent stays absent.
Ownership.mapping(leadToLedger, toCrm, Account, Company, (account) => ({ erpNumber: account.number }))
