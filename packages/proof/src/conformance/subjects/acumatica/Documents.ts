/** Orders, invoices and payments, as the rules see them. */
import type * as AcumaticaTwin from "@mortise/conformance/acumatica/AcumaticaTwin"
import { START } from "@mortise/conformance/kit/Bench"
import type { Documents } from "@mortise/conformance/kit/Probe"
import { type JournalLine, pathOf } from "@mortise/conformance/kit/Subject"
import * as Decimal from "@mortise/core/Decimal"
import type { LocalDate } from "@mortise/core/Values"
import * as Effect from "effect/Effect"

const money = (amount: string) => ({ amount: Decimal.make(amount), currency: "USD" })

export const documents = (world: AcumaticaTwin.AcumaticaWorld): Documents => {
  const enter = Effect.sync(() => {
    world.seed("Customer", [{ CustomerID: "BUYER", CustomerName: "Buyer", $modified: START - 7_200_000 }])
    world.seed("StockItem", [{ InventoryID: "BOLT", Description: "Bolt", DefaultPrice: "2" }])
  })
  const account = { id: "BUYER" }
  const date = "2026-10-30" as LocalDate
  const lines = [{ key: "a", product: { number: "BOLT" }, quantity: Decimal.make("3"), unitPrice: Decimal.make("2.5") }]
  const key = (entity: string) => `hubspot/1234/|${entity}|1`
  return {
    enter,
    write: ({ ports }) =>
      Effect.forEach(
        [
          ["Order", { account, lines }],
          ["Invoice", { kind: "invoice", account, date, lines }],
          ["Payment", { kind: "payment", account, date, amount: money("7.5") }],
        ] as const,
        ([entity, fields]) =>
          Effect.map(
            ports[entity]?.upsert([{ key: key(entity), fields }]) ?? Effect.succeed([]),
            ([outcome]) => outcome?._tag ?? "none",
          ),
      ),
    posts: (line: JournalLine) =>
      line.method === "DELETE" || (line.method === "POST" && /\/(Release|Void|Email)\w*$/i.test(pathOf(line))),
    states: () =>
      ["SalesOrder", "SalesInvoice", "Invoice", "Payment"].flatMap((entity) =>
        world.all(entity).map(({ fields }) => ({
          document: `${entity} ${fields["Status"]}`,
          final: fields["Status"] !== "On Hold" || fields["Released"] === true,
        })),
      ),
  }
}
