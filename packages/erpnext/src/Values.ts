/** Values in the form of the wire, where TypeScript would take one for another. */
import * as Exact from "@mortise/core/Decimal"
import type * as Values from "@mortise/core/Values"
import type { Decimal, LocalDate } from "./generated/v15/values.ts"

/** A decimal with all its digits. The site keeps nine places after the point. */
export const decimal = (value: Exact.Decimal): Decimal => Exact.toJson(value) as unknown as Decimal

export const day = (date: Values.LocalDate): LocalDate => date as string as LocalDate
