/** Whether a document already holds what is to be written. */
import * as Covers from "@mortise/core/Covers"

/** A site drops blanks at both ends of a text. */
export const covers = Covers.by((wanted, found) => wanted.trim() === found.trim())

/** The site has values of its own for lines. */
export const coversLines = Covers.lines({
  defaulted: ["description", "unit", "unitPrice", "product", "quantity"],
  comparison: covers,
})
