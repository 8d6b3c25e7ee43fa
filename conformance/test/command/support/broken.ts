/** The adapter of the tutorial, with its factory misused. */
import * as Redacted from "effect/Redacted"
import { ledgerette } from "../../../examples/ledgerette/adapter.ts"
import { declaration, TOKEN } from "../../../examples/ledgerette/twin.ts"
import type { Subject } from "../../../src/kit/Subject.ts"
import * as TwinSubject from "../../../src/TwinSubject.ts"

export type Adapter = typeof ledgerette

export { ledgerette }

/** All of its subject but the adapter. */
export const options = {
  name: "broken",
  version: "1.0.0",
  apiVersion: "v1",
  declaration,
  credentials: { token: Redacted.make(TOKEN) },
  wrongCredentials: { token: Redacted.make("not-the-token") },
  party: {
    entity: "Account",
    collection: "customers",
    natural: "email",
    wire: { name: "name", phone: "phone", natural: "email" },
    unwelcome: { currency: "XXX" },
  },
  absent: {
    deletions: "a list filtered by its stamp does not tell what is gone",
    archives: "nothing is archived",
    unreadable: "every record can be read",
    person: "there are no persons",
    lines: "there are no lines",
    ledger: "there is no ledger",
    overdue: "there are no invoices",
    decimals: "no price is written",
    money: "no price is written",
    dates: "there are no days",
  },
}

/** Whatever it gives, as somebody without types may give it. */
export const subject = (adapter: (given: Parameters<Adapter>[0]) => unknown): Subject =>
  TwinSubject.make({ ...options, adapter: adapter as Adapter })
