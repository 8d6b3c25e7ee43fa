/** Orders and drafts of free text invoices, as the rules see them. Payments are the ERP's. */
import type * as DynamicsTwin from "@mortise/conformance/dynamics/DynamicsTwin"
import type { Documents } from "@mortise/conformance/kit/Probe"
import { type JournalLine, pathOf } from "@mortise/conformance/kit/Subject"
import * as Decimal from "@mortise/core/Decimal"
import type { LocalDate } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import { enterBuyer } from "./Lined.ts"
import { COMPANY } from "./Party.ts"

const account = { id: "BUYER" }
const lines = [{ key: "a", product: { number: "BOLT" }, quantity: Decimal.make("3"), unitPrice: Decimal.make("2.5") }]
const textLines = [{ key: "a", description: "Consulting", quantity: Decimal.make("3"), unitPrice: Decimal.make("2.5") }]

const DOCUMENTS = [
  ["Order", { account, lines }],
  ["Invoice", { account, date: "2026-10-30" as LocalDate, lines: textLines }],
] as const

export const documents = (world: DynamicsTwin.DynamicsWorld): Documents => ({
  enter: Effect.sync(() => enterBuyer(world)),
  write: ({ ports }) =>
    Effect.forEach(DOCUMENTS, ([entity, fields]) =>
      Effect.map(
        ports[entity]?.upsert([{ key: `hubspot/1234/|${entity}|1`, fields }]) ?? Effect.succeed([]),
        ([outcome]) => outcome?._tag ?? "none",
      ),
    ),
  refused: ({ ports }) =>
    Effect.map(
      ports["Payment"]?.upsert([{ key: "hubspot/1234/|Payment|1", fields: { account } }]) ?? Effect.succeed([]),
      (outcomes) => outcomes.map((outcome) => ("error" in outcome ? outcome.error.reason._tag : outcome._tag)),
    ),
  // An action posts; deleting a document is none of ours either, but a line may leave a draft.
  posts: (line: JournalLine) =>
    /Microsoft\.Dynamics\.DataEntities\./.test(line.url) ||
    (line.method === "DELETE" && !/Lines\(/.test(decodeURIComponent(pathOf(line)))),
  states: () => [
    ...world.all("SalesOrderHeadersV2", COMPANY).map((doc) => {
      const status = world.value("SalesOrderHeadersV2", doc, "SalesOrderStatus")
      return { document: `order ${status}`, final: status !== "Backorder" }
    }),
    ...world.all("FreeTextInvoiceHeaders", COMPANY).map((doc) => {
      const posted = world.value("FreeTextInvoiceHeaders", doc, "IsPosted")
      return { document: `free text invoice, posted ${posted}`, final: posted === "Yes" }
    }),
  ],
})
