/** Whether a document already holds the lines that are to be written. */
import { lines } from "@mortise/core/Covers"

/** The service has values of its own for lines; given an amount of discount, it may show the percentage it comes to. */
export const coversLines = lines({
  defaulted: ["description", "unit", "unitPrice", "product"],
  turnsDiscounts: true,
})
