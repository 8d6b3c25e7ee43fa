/**
 * Draft invoices and credit notes. They are made on hold, on the form that can carry our key beside a customer's
 * reference: SalesInvoice from 24.200.001, before that the ledger's Invoice. A document that left the draft is not
 * touched again.
 */

import type { Invoice } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type { Wire } from "../Client.ts"
import { definedBody } from "../internal/body.ts"
import { guard } from "../internal/draft.ts"
import * as lines from "../internal/lines.ts"
import * as Reader from "../internal/Reader.ts"
import type { Encoded, EncodeFacts, Pointer, Writer } from "../internal/Writer.ts"
import * as Keys from "../Keys.ts"
import type { Settings } from "../Settings.ts"
import { has } from "../Versions.ts"
import { ledgerShape, salesShape } from "./Invoice.ts"

type E = typeof Invoice
type Patch = Entity.Patch<E>
type Form = "SalesInvoice" | "Invoice"

const INVOICE = "Invoice"
const CREDIT_NOTE = "Credit Memo"

const typeOf = (patch: Patch): string => (patch.kind === "creditNote" ? CREDIT_NOTE : INVOICE)

const pointers = (patch: Patch): ReadonlyArray<Pointer> => [
  ...(patch.account === undefined || patch.account === null
    ? []
    : [{ path: "account", entity: "Account" as const, reference: patch.account }]),
  ...(patch.lines ?? []).flatMap((line, index) =>
    line.product === undefined || line.product === null
      ? []
      : [{ path: `lines.${index}.product`, entity: "Product" as const, reference: line.product }],
  ),
]

const shared = <F extends Form>(patch: Patch, facts: EncodeFacts<F>, shape: lines.LineMembers) => {
  const { codec, existing, idOf } = facts
  const { wrap } = codec
  const text = (value: string | null | undefined) => (value === undefined ? undefined : wrap.text(value))
  const day = (value: string | null | undefined) => (value === undefined || value === null ? undefined : { value })
  const details =
    patch.lines === undefined || patch.lines === null
      ? undefined
      : lines.encode({
          lines: patch.lines,
          shape,
          details: (existing as { readonly Details?: unknown } | undefined)?.Details,
          read: lines.named(shape, Reader.make),
          facts: { codec, idOf },
        })
  if (details !== undefined && "issues" in details) return details
  return {
    body: {
      Date: day(patch.date),
      DueDate: day(patch.dueDate),
      Description: text(patch.description),
      Details: details?.details,
    },
    account:
      patch.account === undefined || patch.account === null ? undefined : wrap.text(idOf("Account", patch.account)),
  }
}

const hold = <F extends Form>(patch: Patch, { codec }: EncodeFacts<F>) => ({
  body: { Type: codec.wrap.text(typeOf(patch)), Hold: codec.wrap.boolean(true) },
})

const fields = ["kind", "account", "date", "dueDate", "description", "lines"] as const
const notClearable = ["kind", "account", "date", "dueDate", "currency", "lines"] as const

const fixed = ["kind"] as const

const natural: Writer<E, Form>["natural"] = {
  number: (value) => (typeof value === "string" && value !== "" ? { id: Keys.join([INVOICE, value]) } : undefined),
}

export const salesDraft = (settings: Settings): Writer<E, "SalesInvoice"> => {
  const separate = has(settings.version, "SalesInvoice.ExternalRef")
  return {
    writable: [...fields, "currency", ...(separate ? (["customerReference"] as const) : [])],
    notClearable,
    fixed,
    pointers,
    initial: hold,
    encode: (patch, facts): Encoded<"SalesInvoice"> => {
      const made = shared(patch, facts, salesShape(settings))
      if ("issues" in made) return made
      const { currency, customerReference } = patch
      return {
        body: definedBody({
          ...made.body,
          CustomerID: made.account,
          Currency: currency === undefined || currency === null ? undefined : facts.codec.wrap.text(currency),
          CustomerOrder: customerReference === undefined ? undefined : facts.codec.wrap.text(customerReference),
        }) as Wire["SalesInvoice"],
      }
    },
    natural,
    guard: guard("SalesInvoice"),
  }
}

export const ledgerDraft: Writer<E, "Invoice"> = {
  writable: fields,
  notClearable,
  fixed,
  pointers,
  initial: hold,
  encode: (patch, facts): Encoded<"Invoice"> => {
    const made = shared(patch, facts, ledgerShape)
    if ("issues" in made) return made
    return { body: definedBody({ ...made.body, Customer: made.account }) as Wire["Invoice"] }
  },
  natural,
  guard: guard("Invoice"),
}
