/** Records for worlds. */
import type { SeedRecord } from "@mortise/conformance/netsuite/World"
import { START, SUBSIDIARY } from "./Bench.ts"

export const HOUR = 3_600_000
export const MINUTE = 60_000

export const customer = (index: number, more: SeedRecord = {}): SeedRecord => ({
  companyName: `Customer ${index}`,
  email: `post${index}@customer${index}.example`,
  subsidiary: SUBSIDIARY,
  currency: "4",
  $modified: START - 10 * HOUR + index * MINUTE,
  ...more,
})

export const customers = (count: number, more: SeedRecord = {}): ReadonlyArray<SeedRecord> =>
  Array.from({ length: count }, (_, index) => customer(index, more))

export const item = (itemId: string, more: SeedRecord = {}): SeedRecord => ({
  itemId,
  displayName: `Item ${itemId}`,
  price: [{ priceLevel: "1", currencyPage: "4", price: "10" }],
  $modified: START - 10 * HOUR,
  ...more,
})

const lines = (itemId: string): ReadonlyArray<SeedRecord> => [{ item: itemId, quantity: "2", rate: "50" }]

export const order = (entity: string, itemId: string, more: SeedRecord = {}): SeedRecord => ({
  entity,
  subsidiary: SUBSIDIARY,
  currency: "4",
  tranDate: "2026-01-02",
  item: lines(itemId),
  $modified: START - 9 * HOUR,
  ...more,
})

export const invoice = (entity: string, itemId: string, more: SeedRecord = {}): SeedRecord => ({
  entity,
  subsidiary: SUBSIDIARY,
  currency: "4",
  tranDate: "2026-01-02",
  dueDate: "2026-02-01",
  item: lines(itemId),
  $modified: START - 8 * HOUR,
  ...more,
})

export const payment = (
  customer: string,
  paid: ReadonlyArray<readonly [id: string, amount: string]>,
  more: SeedRecord = {},
): SeedRecord => ({
  customer,
  subsidiary: SUBSIDIARY,
  currency: "4",
  tranDate: "2026-01-10",
  payment: "100",
  apply: paid.map(([doc, amount]) => ({ doc, apply: true, amount })),
  $modified: START - 6 * HOUR,
  ...more,
})
