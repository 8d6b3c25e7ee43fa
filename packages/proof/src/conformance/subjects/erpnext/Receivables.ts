/** Invoices of the books that fall due without anybody touching them, as the rules see them. */
import * as ErpNextTwin from "@mortise/conformance/erpnext/ErpNextTwin"
import { START } from "@mortise/conformance/kit/Bench"
import type { Overdue } from "@mortise/conformance/kit/Probe"
import * as Books from "./Books.ts"

export const overdue = (world: ErpNextTwin.ErpNextWorld): Overdue => ({
  entity: "Invoice",
  enter: (due) => {
    Books.enterBuyer(world)
    Books.enterItems(world)
    const [invoice] = world.seed("Sales Invoice", [
      {
        customer: Books.BUYER,
        company: ErpNextTwin.COMPANY.name,
        currency: ErpNextTwin.COMPANY.currency,
        set_posting_time: 1,
        posting_date: "2026-10-02",
        due_date: due,
        items: [{ item_code: "BOLT", qty: "1", rate: "70" }],
        $submitted: true,
        $modified: START - 6 * 3_600_000,
      },
    ])
    return String(invoice?.columns["name"])
  },
  state: (record) => (record as { readonly state?: { readonly code?: string } }).state?.code,
})
