/** Amounts to the smallest unit of their currency: a cent, a whole yen, a thousandth of a dinar. */
import * as Money from "../Money.ts"
import { text } from "../Record.ts"
import type { Context } from "./Form.ts"
import * as Form from "./Form.ts"

/** What amounts are rounded to where the currency does not say. */
const CENT = "0.01"

export const round = (context: Context, amount: string, currency: string): string => {
  const found = currency === "" ? undefined : Form.find(context, "Currencies", "CurrencyCode", currency)
  const rule = found === undefined ? "" : text(found, "GeneralRoundingRule")
  const unit = rule === "" || Money.isZero(rule) ? CENT : rule
  return Money.multiply(Money.round(Money.divide(amount, unit), 0), unit)
}
