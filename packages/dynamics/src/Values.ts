/** Values in the form of the wire, where TypeScript would take one for another. */
import * as Exact from "@mortise/core/Decimal"
import type { LocalDate } from "@mortise/core/Values"
import type { AxDate, Decimal } from "./generated/values.ts"

/** A decimal with all its digits. */
export const decimal = (value: Exact.Decimal): Decimal => Exact.toJson(value) as unknown as Decimal

/** A day; the service writes it as noon in UTC. */
export const day = (date: LocalDate): AxDate => `${date}T12:00:00Z` as AxDate

/** The day of a value, whatever time stands beside it; undefined for 1900-01-01, which is how none is written. */
export const dayOf = (value: string): LocalDate | undefined => {
  const date = /^(\d{4}-\d{2}-\d{2})(?:T|$)/.exec(value)?.[1]
  return date === undefined || date === "1900-01-01" ? undefined : (date as LocalDate)
}
