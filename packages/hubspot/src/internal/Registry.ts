/** All mappings, by the type that they stand for: references lead from one to another. */
import * as Company from "../ports/Company.ts"
import * as Contact from "../ports/Contact.ts"
import * as Deal from "../ports/Deal.ts"
import * as Invoice from "../ports/Invoice.ts"
import * as Payment from "../ports/Payment.ts"
import * as Product from "../ports/Product.ts"
import type * as Mapping from "./Mapping.ts"

export const all = {
  Company: Company.mapping,
  Contact: Contact.mapping,
  Product: Product.mapping,
  Deal: Deal.mapping,
  Invoice: Invoice.mapping,
  Payment: Payment.mapping,
} as const

/** Orders and line items have no port: they carry our key and nothing else of their own. */
const bare: Pick<Mapping.Any, "number" | "standIn"> = {}

export const of = (type: Mapping.ObjectType): Pick<Mapping.Any, "number" | "standIn"> =>
  Object.values(all).find((mapping) => mapping.type === type) ?? bare
