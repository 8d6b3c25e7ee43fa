/** Invoices and customers that change without anybody touching them, as the rules see them. */
import { START } from "@mortise/conformance/kit/Bench"
import type { BlindEdit, Overdue } from "@mortise/conformance/kit/Probe"
import type * as NetSuiteTwin from "@mortise/conformance/netsuite/NetSuiteTwin"
import * as Books from "./Books.ts"
import { EURO, SUBSIDIARY } from "./Cells.ts"

const HOUR = 3_600_000

/** An invoice that somebody approved, of 70 euros. */
const invoice = (world: NetSuiteTwin.NetSuiteWorld, tranId: string, dueDate: string, modified: number): string => {
  const entity = Books.buyer(world)
  if (world.all("serviceSaleItem").length === 0) {
    world.seed("serviceSaleItem", [{ itemId: "CONSULTING", displayName: "Consulting", $modified: START - 8 * HOUR }])
  }
  const [item] = world.all("serviceSaleItem")
  const [made] = world.seed("invoice", [
    {
      tranId,
      entity,
      subsidiary: SUBSIDIARY,
      currency: EURO,
      tranDate: "2026-10-02",
      dueDate,
      approvalStatus: "2",
      item: [{ item: item?.id ?? "", quantity: "1", rate: "70" }],
      $modified: modified,
    },
  ])
  return made?.id ?? ""
}

export const overdue = (world: NetSuiteTwin.NetSuiteWorld): Overdue => ({
  entity: "Invoice",
  enter: (due) => invoice(world, "DUE", due, START - 6 * HOUR),
  state: (record) => (record as { readonly state?: { readonly code?: string } }).state?.code,
})

export const blindEdits = (world: NetSuiteTwin.NetSuiteWorld): ReadonlyArray<BlindEdit> => [
  {
    says: "a payment changes the balance of an invoice",
    entity: "Invoice",
    enter: () => {
      world.knobs.paymentMovesInvoice = false
      return invoice(world, "PAID", "2027-02-01", START - 6 * HOUR)
    },
    edit: (id) => {
      world.seed("customerPayment", [
        {
          customer: Books.buyer(world),
          subsidiary: SUBSIDIARY,
          currency: EURO,
          tranDate: "2026-11-02",
          payment: "70",
          apply: [{ doc: id, apply: true, amount: "70" }],
          $modified: world.now(),
        },
      ])
    },
  },
  {
    says: "an invoice changes what its customer owes",
    entity: "Account",
    enter: () => Books.buyer(world),
    edit: () => void invoice(world, "OWED", "2027-02-01", world.now()),
  },
]
