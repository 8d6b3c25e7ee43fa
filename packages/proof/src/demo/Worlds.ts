/** Enters the invented business into the twins, as if people had done so over the year. */
import type * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import type * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import type { Business } from "./Business.ts"

const parties = (world: AcumaticaTwin.AcumaticaWorld, { contacts, customers }: Business): void => {
  world.seed(
    "Customer",
    customers.map((one) => ({
      CustomerID: one.id,
      CustomerName: one.name,
      CurrencyID: one.currency,
      Status: "Active",
      MainContact: {
        Email: one.email,
        Phone1: one.phone,
        WebSite: `https://www.${one.domain}`,
        Address: {
          AddressLine1: one.address.line1,
          City: one.address.city,
          PostalCode: one.address.postalCode,
          Country: one.address.country,
        },
      },
      $modified: one.modified,
    })),
  )
  world.seed(
    "Contact",
    contacts.map((one) => ({
      ContactID: one.id,
      FirstName: one.first,
      LastName: one.last,
      Email: one.email,
      Phone1: one.phone,
      BusinessAccount: one.customer,
      $modified: one.modified,
    })),
  )
}

const items = (world: AcumaticaTwin.AcumaticaWorld, business: Business): void => {
  for (const stock of [true, false]) {
    world.seed(
      stock ? "StockItem" : "NonStockItem",
      business.items
        .filter((one) => one.stock === stock)
        .map((one) => ({
          InventoryID: one.id,
          Description: one.description,
          DefaultPrice: one.price,
          ...(stock ? { BaseUOM: one.unit } : { BaseUnit: one.unit }),
          $modified: one.modified,
        })),
    )
  }
}

const documents = (world: AcumaticaTwin.AcumaticaWorld, { invoices, payments }: Business): void => {
  world.seed(
    "SalesInvoice",
    invoices.map((one) => ({
      Type: one.type,
      ReferenceNbr: one.number,
      CustomerID: one.customer,
      Date: one.date,
      DueDate: one.due,
      Currency: one.currency,
      Details: [{ InventoryID: one.item, Qty: "1", UnitPrice: one.amount, Amount: one.amount }],
      $released: true,
      $modified: one.modified,
    })),
  )
  world.seed(
    "Payment",
    payments.map((one) => ({
      Type: one.type,
      ReferenceNbr: one.number,
      CustomerID: one.customer,
      ApplicationDate: one.date,
      CurrencyID: one.currency,
      PaymentAmount: one.amount,
      PaymentMethod: one.method,
      DocumentsToApply: one.applied.map(({ amount, number, type }) => ({
        DocType: type,
        ReferenceNbr: number,
        AmountPaid: amount,
      })),
      $released: true,
      $modified: one.modified,
    })),
  )
}

export const acumatica = (world: AcumaticaTwin.AcumaticaWorld, business: Business): void => {
  parties(world, business)
  items(world, business)
  documents(world, business)
}

/** What sales entered before anybody joined the systems: no key of ours on any of it. */
export const hubspot = (world: HubSpotTwin.HubSpotWorld, business: Business): void => {
  world.seed(business.knownCompanies.map(({ domain, name }) => ({ type: "companies", properties: { domain, name } })))
  world.seed(
    business.knownPeople.map(({ email, first, last, others }) => ({
      type: "contacts",
      properties: {
        email,
        firstname: first,
        lastname: last,
        ...(others.length === 0 ? {} : { hs_additional_emails: others.join(";") }),
      },
    })),
  )
}
