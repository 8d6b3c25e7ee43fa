/** Orders and invoices, as the rules see them; payments are only read. */
import type * as ErpNextTwin from "@mortise/conformance/erpnext/ErpNextTwin"
import type { Documents } from "@mortise/conformance/kit/Probe"
import { type Connected, type JournalLine, type Program, pathOf } from "@mortise/conformance/kit/Subject"
import * as Decimal from "@mortise/core/Decimal"
import type { LocalDate } from "@mortise/core/Values"
import * as Effect from "effect/Effect"
import * as Books from "./Books.ts"

const account = { id: Books.BUYER }
const date = "2026-10-30" as LocalDate
const lines = [{ key: "a", product: { number: "BOLT" }, quantity: Decimal.make("3"), unitPrice: Decimal.make("2.5") }]
const payment = { kind: "payment", account, date, amount: { amount: Decimal.make("7.5"), currency: "USD" } }

const writeEach =
  (fields: Readonly<Record<string, object>>) =>
  ({ ports }: Connected): Program<ReadonlyArray<string>> =>
    Effect.forEach(Object.entries(fields), ([entity, record]) =>
      Effect.map(
        ports[entity]?.upsert([{ key: `hubspot/1234/|${entity}|1`, fields: record }]) ?? Effect.succeed([]),
        ([outcome]) => {
          if (outcome === undefined) return "none"
          return outcome._tag === "Rejected" ? outcome.error.reason._tag : outcome._tag
        },
      ),
    )

/** A submission or a cancellation is a change of `docstatus`, or a method of a name that says so. */
const moves = ({ requestBody, url }: JournalLine): boolean =>
  /submit|cancel|amend|delete/i.test(decodeURIComponent(url)) ||
  /"docstatus"\s*:\s*"?[12]|"run_method"/.test(requestBody)

export const documents = (world: ErpNextTwin.ErpNextWorld): Documents => ({
  enter: Effect.sync(() => {
    Books.enterBuyer(world)
    Books.enterItems(world)
  }),
  write: writeEach({ Order: { account, lines }, Invoice: { kind: "invoice", account, date, lines } }),
  refused: writeEach({ Payment: payment }),
  posts: (line: JournalLine) =>
    line.method === "DELETE" || (line.method !== "GET" && !pathOf(line).endsWith(".get_list") && moves(line)),
  states: () =>
    ["Sales Order", "Sales Invoice", "Payment Entry"].flatMap((doctype) =>
      world.all(doctype).map(({ columns }) => ({
        document: `${doctype} ${columns["status"]}`,
        final: Number(columns["docstatus"] ?? 0) !== 0,
      })),
    ),
})
