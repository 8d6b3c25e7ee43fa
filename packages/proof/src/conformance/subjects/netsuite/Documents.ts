/** Orders and draft invoices, as the rules see them. Payments are not written: NetSuite has no draft of one. */
import type { Documents } from "@mortise/conformance/kit/Probe"
import { type JournalLine, pathOf } from "@mortise/conformance/kit/Subject"
import type * as NetSuiteTwin from "@mortise/conformance/netsuite/NetSuiteTwin"
import * as Decimal from "@mortise/core/Decimal"
import type { LocalDate } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import * as Books from "./Books.ts"
import { cellOf } from "./Cells.ts"

/** An order that waits for approval, and an invoice that does: `status` by usual convention. */
const DRAFTS: Readonly<Record<string, string>> = { salesOrder: "A", invoice: "D" }

/** Makes a document of another one, which is in the ledger at once, or decides on one that waits. */
const TRANSFORM = /\/!transform\//
const DECISION = /"(?:approvalStatus|orderStatus)":\{"id":"(?!1"|A")/

export const documents = (world: NetSuiteTwin.NetSuiteWorld): Documents => {
  const account = { number: "BUYER" }
  const date = "2026-10-30" as LocalDate
  const lines = [{ key: "a", product: { number: "BOLT" }, quantity: Decimal.make("3"), unitPrice: Decimal.make("2.5") }]
  const key = (entity: string) => `hubspot/1234/|${entity}|1`
  const write: Documents["write"] = ({ ports }) =>
    Effect.forEach(
      [
        ["Order", { account, lines }],
        ["Invoice", { kind: "invoice", account, date, lines }],
      ] as const,
      ([entity, fields]) =>
        Effect.map(
          ports[entity]?.upsert([{ key: key(entity), fields }]) ?? Effect.succeed([]),
          ([outcome]) => outcome?._tag ?? "none",
        ),
    )
  return {
    enter: Effect.sync(() => Books.enter(world)),
    write,
    posts: (line: JournalLine) =>
      line.method === "DELETE" ||
      (line.method !== "GET" && (TRANSFORM.test(pathOf(line)) || DECISION.test(line.requestBody))),
    states: () =>
      ["salesOrder", "invoice", "creditMemo", "customerPayment"].flatMap((type) =>
        world.all(type).map((doc) => {
          const status = cellOf(doc, "status") ?? ""
          return { document: `${type} ${status}`, final: status !== DRAFTS[type] }
        }),
      ),
  }
}
