/** What payments and credits do to the invoices that they are applied to, and what customers owe. */
import * as Amount from "./Amount.ts"
import * as Invoice from "./forms/Invoice.ts"
import type { Doc } from "./Record.ts"
import * as Record from "./Record.ts"
import type { NetSuiteWorld } from "./World.ts"
import * as Zone from "./Zone.ts"

const applications = (doc: Doc | undefined): ReadonlyMap<string, string> =>
  new Map(
    doc === undefined
      ? []
      : Record.lines(doc, "apply").map((line) => [Record.text(line, "doc"), Record.text(line, "amount")] as const),
  )

/** Moves the invoices by what changed between two states of a payment or a credit. */
export const settle = (world: NetSuiteWorld, before: Doc | undefined, after: Doc | undefined, now: number): void => {
  const [old, fresh] = [applications(before), applications(after)]
  for (const id of new Set([...old.keys(), ...fresh.keys()])) {
    const change = Amount.subtract(fresh.get(id) ?? Amount.ZERO, old.get(id) ?? Amount.ZERO)
    const invoice = world.table("transactions").latest(id)
    if (invoice === undefined || Amount.isZero(change)) continue
    const made = Record.copy(invoice)
    Invoice.settled(made, Amount.sum([Record.text(invoice, "amountPaid"), change]))
    if (world.knobs.paymentMovesInvoice) made.modified = now
    world.commit(made, now)
  }
}

export interface Standing {
  readonly balance: string
  readonly overdue: string
  /** Of the oldest invoice that is overdue. */
  readonly days: number
}

const NOTHING: Standing = { balance: Amount.ZERO, overdue: Amount.ZERO, days: 0 }

const inCurrency = (world: NetSuiteWorld, amount: string, from: string, to: string): string => {
  if (from === to) return amount
  const rate = (id: string) =>
    Record.text(world.table("currency").get(id) ?? Record.doc("currency", id, 0), "exchangeRate")
  const cross = Amount.divide(rate(from) || "1", rate(to) || "1", 8) ?? "1"
  return Amount.multiply(amount, cross, 2)
}

/** What a customer owes today, in the currency of the customer. */
export const standing = (world: NetSuiteWorld, customer: Doc): Standing => {
  const open = world
    .table("transactions")
    .where("entity", customer.id)
    .filter((one) => one.type === "invoice" && Record.text(one, "status") === "A")
  if (open.length === 0) return NOTHING
  const today = Zone.today(world.now(), world.knobs)
  const owed = (invoices: ReadonlyArray<Doc>): string =>
    Amount.sum(
      invoices.map((one) =>
        inCurrency(
          world,
          Record.text(one, "amountRemaining"),
          Record.text(one, "currency"),
          Record.text(customer, "currency"),
        ),
      ),
    )
  const late = open.filter((one) => Record.text(one, "dueDate") < today)
  const days = late.map((one) => Zone.daysBetween(Record.text(one, "dueDate"), today))
  return { balance: owed(open), overdue: owed(late), days: Math.max(0, ...days) }
}
