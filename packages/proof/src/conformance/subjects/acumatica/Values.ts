/** Amounts and days of Acumatica's payments, as the rules see them. */
import * as AcumaticaIdentity from "@mortise/acumatica/Identity"
import type * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import { START } from "@mortise/conformance/kit/Bench"
import type { ValueProbe, Values } from "@mortise/conformance/kit/Probe"
import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"

const textOf = (value: unknown): string => (typeof value === "string" ? value : "")

export const values = (world: AcumaticaTwin.AcumaticaWorld): Values => {
  const memberOf = (name: string) => (key: string) => {
    const doc = world
      .all("Payment")
      .find(({ fields }) => AcumaticaIdentity.decode(textOf(fields["ExternalRef"])) === key)
    return doc === undefined ? undefined : textOf(doc.fields[name])
  }
  const payment = (n: number, fields: { readonly [field: string]: unknown }) => ({
    key: `hubspot/1234/|Payment|V${n}`,
    fields: { kind: "payment", account: { id: "BUYER" }, date: "2026-10-30", ...fields },
  })
  const enter = Effect.sync(() => {
    world.seed("Customer", [{ CustomerID: "BUYER", CustomerName: "Buyer", $modified: START - 7_200_000 }])
  })
  const amount: ValueProbe = {
    entity: "Payment",
    enter,
    write: (n, value, currency = "USD") => payment(n, { amount: { amount: Decimal.make(value), currency } }),
    inWorld: memberOf("PaymentAmount"),
    read: (record) => {
      const { amount: read } = record as { readonly amount?: { readonly amount: Decimal.Decimal } }
      return read === undefined ? undefined : Decimal.format(read.amount)
    },
  }
  return {
    decimal: amount,
    money: amount,
    date: {
      entity: "Payment",
      enter,
      write: (n, value) => payment(n, { date: value, amount: { amount: Decimal.make("1"), currency: "USD" } }),
      inWorld: (key) => memberOf("ApplicationDate")(key)?.slice(0, 10),
      read: (record) => (record as { readonly date?: string }).date,
    },
  }
}
