/** A number as a query shows it. Oracle leaves out the zero before the point of what lies between -1 and 1. */
import * as Decimal from "@mortise/core/Decimal"
import * as Option from "effect/Option"

/** Undefined for text that is no number. */
export const numeral = (text: string): Decimal.Decimal | undefined =>
  Option.getOrUndefined(Decimal.parse(text.trim().replace(/^([+-]?)\./, "$10.")))
