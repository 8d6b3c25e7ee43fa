/** What the rules have to know of Ledgerette beside its declaration. */
import * as TwinSubject from "@mortise/conformance/TwinSubject"
import * as Redacted from "effect/Redacted"
import { ledgerette } from "./adapter.ts"
import { declaration, TOKEN } from "./twin.ts"

export const subject = TwinSubject.make({
  name: "ledgerette",
  version: "1.0.0",
  apiVersion: "v1",
  declaration,
  adapter: ledgerette,
  credentials: { token: Redacted.make(TOKEN) },
  wrongCredentials: { token: Redacted.make("not-the-token") },
  party: {
    entity: "Account",
    collection: "customers",
    natural: "email",
    wire: { name: "name", phone: "phone", natural: "email" },
    unwelcome: { currency: "XXX" },
    unreadable: { field: "currency", wire: { currency: "euros" } },
  },
  absent: {
    deletions: "a list filtered by its stamp does not tell what is gone",
    archives: "customers are not archived",
  },
})
