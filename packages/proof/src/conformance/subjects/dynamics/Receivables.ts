/** What changes without anybody touching the record, as the rules see it. */
import type * as DynamicsTwin from "@mortise/conformance/dynamics/DynamicsTwin"
import type { BlindEdit, Overdue } from "@mortise/conformance/kit/Probe"
import { enterBuyer } from "./Lined.ts"
import { COMPANY } from "./Party.ts"

/** A posted free text invoice of the buyer's. */
const posted = (world: DynamicsTwin.DynamicsWorld, due: string): string => {
  enterBuyer(world)
  const [header] = world.seed(
    "FreeTextInvoiceHeaders",
    [{ CustomerAccount: "BUYER", InvoiceDate: "2026-10-02T12:00:00Z", DueDate: `${due}T12:00:00Z` }],
    COMPANY,
  )
  if (header === undefined) throw new RangeError("no free text invoice was entered")
  const identifier = String(world.value("FreeTextInvoiceHeaders", header, "InvoiceIdentifier"))
  world.seed(
    "FreeTextInvoiceLines",
    [
      {
        ParentRecId: identifier,
        LineNumber: "1",
        Description: "Consulting",
        Quantity: "1",
        UnitPrice: "70",
      },
    ],
    COMPANY,
  )
  world.postFreeText(COMPANY, identifier)
  return `F/${identifier}`
}

export const overdue = (world: DynamicsTwin.DynamicsWorld): Overdue => ({
  entity: "Invoice",
  enter: (due) => posted(world, due),
  state: (record) => (record as { readonly state?: { readonly code?: string } }).state?.code,
})

export const blindEdits = (world: DynamicsTwin.DynamicsWorld): ReadonlyArray<BlindEdit> => [
  {
    says: "an email of a customer, which its ETag does not cover",
    entity: "Account",
    enter: () => {
      const [doc] = world.seed(
        "CustomersV3",
        [{ CustomerAccount: "MAILED", OrganizationName: "Mailed", CustomerGroupId: "10", SalesCurrencyCode: "USD" }],
        COMPANY,
      )
      return doc === undefined ? "" : String(world.value("CustomersV3", doc, "CustomerAccount"))
    },
    edit: (id) => void world.edit("CustomersV3", [COMPANY, id], { PrimaryContactEmail: "new@mailed.example" }),
  },
]
