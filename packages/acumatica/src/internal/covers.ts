/** Whether a document already holds the lines and the payments that are to be written. */
import { covers, lines } from "@mortise/core/Covers"
import type * as BigDecimal from "effect/BigDecimal"

/** A form has values of its own for lines; one that is given an amount may show the percentage that it comes to. */
export const coversLines = lines({
  defaulted: ["description", "unit", "unitPrice", "product"],
  turnsDiscounts: true,
})

/** What a payment pays is a set by invoice. */
export const coversApplied = (wanted: unknown, found: unknown): boolean => {
  type Applied = { readonly invoice: { readonly id?: string }; readonly amount: BigDecimal.BigDecimal }
  if (!Array.isArray(wanted) || !Array.isArray(found)) return covers(wanted, found)
  const there = found as ReadonlyArray<Applied>
  return (
    wanted.length === there.length &&
    (wanted as ReadonlyArray<Applied>).every(({ amount, invoice }) =>
      covers(amount, there.find((each) => each.invoice.id === invoice.id)?.amount),
    )
  )
}
