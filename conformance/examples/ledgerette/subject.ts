/** What the rules have to know of Ledgerette beside its declaration. */
import type * as Probe from "@mortise/conformance/kit/Probe"
import type * as TwinKit from "@mortise/conformance/TwinKit"
import * as TwinSubject from "@mortise/conformance/TwinSubject"
import * as Decimal from "@mortise/core/Decimal"
import type { Product } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import * as Redacted from "effect/Redacted"
import { ledgerette } from "./adapter.ts"
import { declaration, TOKEN } from "./twin.ts"

/** The price of the nth product: how it is written, where it stands in the world, how it is read back. */
const price = ({ world }: TwinKit.KitTwin): Probe.ValueProbe => ({
  entity: "Product",
  write: (n, amount, currency = "EUR") => ({
    key: `shop|Product|${n}`,
    fields: { sku: `P-${n}`, name: `Product ${n}`, prices: [{ amount: Decimal.make(amount), currency }] },
  }),
  inWorld: (key) => {
    const row = world.all("products").find(({ code }) => `shop|Product|${String(code).slice(2)}` === key)
    return row?.["price"]?.toString()
  },
  read: (record) => {
    const [first] = (record as Entity.Record<typeof Product>).prices ?? []
    return first && Decimal.format(first.amount)
  },
  digits: { whole: 30, fraction: 4 },
})

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
  probes: (twin) => ({ values: { decimal: price(twin), money: price(twin) } }),
  has: ["decimals", "money"],
  absent: {
    deletions: "a list filtered by its stamp does not tell what is gone",
    archives: "customers are not archived",
    person: "Ledgerette has customers, and no persons at them",
    lines: "there are no documents with lines",
    ledger: "there are no documents of a ledger",
    overdue: "there are no invoices",
    dates: "there is no field for a day",
  },
})
