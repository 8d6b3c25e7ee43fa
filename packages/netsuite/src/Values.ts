/** Values in the form of the wire, where TypeScript would take one for another. */
import * as Exact from "@mortise/core/Decimal"
import type * as Values from "@mortise/core/Values"
import type { Decimal, LocalDate } from "./generated/v2026_1/values.ts"

/** A decimal with all its digits. */
export const decimal = (value: Exact.Decimal): Decimal => Exact.toJson(value) as unknown as Decimal

/** A day; the record API shifts it by no zone. */
export const day = (date: Values.LocalDate): LocalDate => date as string as LocalDate
