/** Records for worlds. */
import type { SeedRecord } from "@mortise/conformance/acumatica/Seed"
import { START } from "./Bench.ts"

export const HOUR = 3_600_000

export const customer = (index: number, more: SeedRecord = {}): SeedRecord => ({
  CustomerID: `C${String(index).padStart(4, "0")}`,
  CustomerName: `Customer ${index}`,
  MainContact: { Email: `post${index}@customer${index}.example` },
  $modified: START - 10 * HOUR + index * 1000,
  ...more,
})

export const customers = (count: number, more: SeedRecord = {}): ReadonlyArray<SeedRecord> =>
  Array.from({ length: count }, (_, index) => customer(index, more))

export const item = (id: string, more: SeedRecord = {}): SeedRecord => ({
  InventoryID: id,
  Description: `Item ${id}`,
  DefaultPrice: "10",
  $modified: START - 10 * HOUR,
  ...more,
})

export const salesInvoice = (nbr: string, more: SeedRecord = {}): SeedRecord => ({
  Type: "Invoice",
  ReferenceNbr: nbr,
  CustomerID: "C0000",
  Date: "2026-01-02",
  DueDate: "2026-02-01",
  Details: [{ InventoryID: "BOLT", Qty: "2", UnitPrice: "50" }],
  $released: true,
  $modified: START - 8 * HOUR,
  ...more,
})

export const ledgerInvoice = (nbr: string, more: SeedRecord = {}): SeedRecord => ({
  Type: "Invoice",
  ReferenceNbr: nbr,
  Customer: "C0000",
  Date: "2026-01-02",
  DueDate: "2026-02-01",
  Details: [{ TransactionDescription: "Consulting", Qty: "1", UnitPrice: "70" }],
  $released: true,
  $modified: START - 8 * HOUR,
  ...more,
})

export const payment = (nbr: string, more: SeedRecord = {}): SeedRecord => ({
  Type: "Payment",
  ReferenceNbr: nbr,
  CustomerID: "C0000",
  PaymentAmount: "100",
  ApplicationDate: "2026-01-10",
  PaymentMethod: "WIRE",
  $released: true,
  $modified: START - 6 * HOUR,
  ...more,
})
