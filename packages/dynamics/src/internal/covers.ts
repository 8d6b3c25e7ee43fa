/** Whether a document already holds the lines that are to be written. */

import { type Comparison, lines } from "@mortise/core/Covers"
import type { Line } from "@mortise/core/Entities"
import * as BigDecimal from "effect/BigDecimal"

/** The service has values of its own for lines; given an amount of discount, it may show the percentage it comes to. */
const covers = lines({
  defaulted: ["description", "unit", "unitPrice", "product"],
  turnsDiscounts: true,
})

/** A discount of zero is none. */
const plain = (line: Line): Line => {
  const { discount } = line
  if (!discount) return line
  return BigDecimal.isZero("percent" in discount ? discount.percent : discount.amount)
    ? { ...line, discount: null }
    : line
}

export const coversLines: Comparison = (wanted, found) =>
  covers(Array.isArray(wanted) ? (wanted as ReadonlyArray<Line>).map(plain) : wanted, found)
