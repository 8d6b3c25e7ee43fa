/** Prices are for a quantity. One that does not divide without a remainder is no price of one piece, and is left out. */
import * as BigDecimal from "effect/BigDecimal"
import * as Option from "effect/Option"

export const ofOne = (
  price: BigDecimal.BigDecimal | null | undefined,
  quantity: BigDecimal.BigDecimal | null | undefined,
): BigDecimal.BigDecimal | null | undefined => {
  if (price === undefined || price === null) return price
  if (quantity === undefined || quantity === null || BigDecimal.isZero(quantity)) return price
  const each = Option.getOrUndefined(BigDecimal.divide(price, quantity))
  return each !== undefined && BigDecimal.equals(BigDecimal.multiply(each, quantity), price) ? each : undefined
}
