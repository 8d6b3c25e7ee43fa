/** Invoices of the books that change without anybody touching them, as the rules see them. */
import type * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import { START } from "@mortise/conformance/kit/Bench"
import type { BlindEdit, Overdue } from "@mortise/conformance/kit/Probe"

const HOUR = 3_600_000

const ledgerInvoice = (world: AcumaticaTwin.AcumaticaWorld, number: string, due: string): string => {
  if (world.customer("BUYER") === undefined) {
    world.seed("Customer", [{ CustomerID: "BUYER", CustomerName: "Buyer", $modified: START - 8 * HOUR }])
  }
  world.seed("Invoice", [
    {
      Type: "Invoice",
      ReferenceNbr: number,
      Customer: "BUYER",
      Date: "2026-10-02",
      DueDate: due,
      Details: [{ TransactionDescription: "Consulting", Qty: "1", UnitPrice: "70" }],
      $released: true,
      $modified: START - 6 * HOUR,
    },
  ])
  return `Invoice/${number}`
}

export const overdue = (world: AcumaticaTwin.AcumaticaWorld): Overdue => ({
  entity: "Invoice",
  enter: (due) => ledgerInvoice(world, "DUE", due),
  state: (record) => (record as { readonly state?: { readonly code?: string } }).state?.code,
})

export const blindEdits = (world: AcumaticaTwin.AcumaticaWorld): ReadonlyArray<BlindEdit> => [
  {
    says: "a payment changes the balance of an invoice",
    entity: "Invoice",
    enter: () => {
      world.knobs.paymentMovesInvoiceStamp = false
      return ledgerInvoice(world, "PAID", "2027-02-01")
    },
    edit: () => {
      world.seed("Payment", [
        {
          Type: "Payment",
          ReferenceNbr: "P1",
          CustomerID: "BUYER",
          PaymentAmount: "70",
          ApplicationDate: "2026-11-02",
          PaymentMethod: "WIRE",
          DocumentsToApply: [{ DocType: "INV", ReferenceNbr: "PAID", AmountPaid: "70" }],
          $released: true,
          $modified: world.now(),
        },
      ])
    },
  },
]
