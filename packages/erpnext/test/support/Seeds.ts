/** Documents for worlds. */
import type { SeedRecord } from "@mortise/conformance/erpnext/World"
import { HOUR, START } from "./Bench.ts"

export const customer = (index: number, more: SeedRecord = {}): SeedRecord => ({
  customer_name: `Customer ${String(index).padStart(4, "0")}`,
  $modified: START - 10 * HOUR + index * 1000,
  ...more,
})

export const customers = (count: number, more: SeedRecord = {}): ReadonlyArray<SeedRecord> =>
  Array.from({ length: count }, (_, index) => customer(index, more))

export const item = (code: string, more: SeedRecord = {}): SeedRecord => ({
  item_code: code,
  item_name: `Item ${code}`,
  item_group: "Services",
  stock_uom: "Nos",
  is_stock_item: 0,
  $modified: START - 10 * HOUR,
  ...more,
})

/** Of a customer `Customer 0000` and an item `BOLT`, due in ten days. */
export const invoice = (more: SeedRecord = {}): SeedRecord => ({
  customer: "Customer 0000",
  company: "Twin Test Co",
  currency: "USD",
  set_posting_time: 1,
  posting_date: "2026-11-10",
  due_date: "2026-11-30",
  items: [{ item_code: "BOLT", qty: "2", rate: "50" }],
  $submitted: true,
  ...more,
})

export const order = (more: SeedRecord = {}): SeedRecord => ({
  customer: "Customer 0000",
  company: "Twin Test Co",
  currency: "USD",
  transaction_date: "2026-11-10",
  delivery_date: "2026-11-30",
  items: [{ item_code: "BOLT", qty: "2", rate: "50" }],
  ...more,
})

export const contact = (first: string, more: SeedRecord = {}): SeedRecord => ({
  first_name: first,
  email_ids: [{ email_id: `${first.toLowerCase()}@acme.example`, is_primary: 1 }],
  $modified: START - 9 * HOUR,
  ...more,
})
