/** What orders and invoices have in common. */

import type { Order } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import * as BigDecimal from "effect/BigDecimal"
import { isSome, negate, wire, ZERO } from "./amounts.ts"
import type { Doc } from "./Doc.ts"
import { known, type Reader } from "./Reader.ts"
import { definedBody } from "./Writer.ts"

type Rec = Entity.Record<typeof Order>

export const TOTALS = ["net_total", "total_taxes_and_charges", "grand_total", "rounded_total", "disable_rounded_total"]

/** What is to be paid: rounded where the site rounds. */
export const grossOf = (reader: Reader, prefix: "" | "base_" = "") => {
  const rounded = reader.flag("disable_rounded_total") ? null : reader.decimal(`${prefix}rounded_total`)
  return isSome(rounded) ? rounded : reader.decimal(`${prefix}grand_total`)
}

/** A credit note's amounts are negative on the site and are not with us. */
export const totalsOf = (reader: Reader, isReturn = false): Rec["totals"] => {
  const signed = (value: BigDecimal.BigDecimal | null) => (isReturn ? negate(value) : value) ?? undefined
  return known({
    net: signed(reader.decimal("net_total")),
    tax: signed(reader.decimal("total_taxes_and_charges")),
    gross: signed(grossOf(reader)),
  }) as Rec["totals"]
}

export const BASE = ["base_grand_total", "conversion_rate"]

export const baseOf = (reader: Reader, currency: string | undefined, isReturn = false): Rec["base"] => {
  if (currency === undefined) return undefined
  const amount = reader.decimal("base_grand_total")
  return known({
    currency,
    amount: (isReturn ? negate(amount) : amount) ?? undefined,
    rate: reader.decimal("conversion_rate") ?? undefined,
  }) as Rec["base"]
}

export const DISCOUNT = ["additional_discount_percentage", "discount_amount"]

export const discountOf = (reader: Reader): Rec["discount"] => {
  const percent = reader.decimal("additional_discount_percentage")
  if (isSome(percent)) return { percent }
  const amount = reader.decimal("discount_amount")
  return isSome(amount) ? { amount: BigDecimal.abs(amount) } : null
}

/** Both forms are sent: the one that is not meant would stand on. */
export const discountBody = (discount: Rec["discount"], isReturn = false): Doc => {
  if (discount === undefined) return {}
  if (discount === null) return { additional_discount_percentage: wire(ZERO), discount_amount: wire(ZERO) }
  if ("percent" in discount)
    return { apply_discount_on: "Net Total", additional_discount_percentage: wire(discount.percent) }
  return definedBody({
    apply_discount_on: "Net Total",
    additional_discount_percentage: wire(ZERO),
    discount_amount: wire(isReturn ? negate(discount.amount) : discount.amount),
  })
}
