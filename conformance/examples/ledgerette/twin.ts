/** Ledgerette, an accounting API that nobody has: what its documentation would say, as a twin. */
import * as TwinKit from "@mortise/conformance/TwinKit"
import type { Options } from "@mortise/conformance/twin/Twin"

export const TOKEN = "ledgerette-made-up-token"
export const ORIGIN = "https://api.ledgerette.example"

const modified: TwinKit.Modified = {
  field: "updated_at",
  granularityMillis: 1000,
  lagMillis: 5000,
  from: "updated_from",
  before: "updated_before",
}

const customers: TwinKit.Collection = {
  key: { field: "id", assigned: "number", start: 1001 },
  fields: {
    name: { type: "text", required: true, maxLength: 100 },
    email: { type: "text" },
    phone: { type: "text" },
    vat_number: { type: "text", maxLength: 20 },
    currency: { type: "text", choices: ["EUR", "USD", "GBP", "CHF", "JPY"], default: "EUR" },
    address: {
      type: "object",
      fields: {
        street: { type: "text" },
        city: { type: "text" },
        postcode: { type: "text" },
        country: { type: "text", maxLength: 2 },
      },
    },
    products_bought: { type: "integer", readOnly: true, default: "0" },
  },
  filters: ["email", "vat_number"],
  modified,
  delete: "gone",
}

const products: TwinKit.Collection = {
  key: { field: "id", assigned: "number" },
  fields: {
    code: { type: "text", required: true, unique: true, maxLength: 30 },
    name: { type: "text", required: true },
    active: { type: "boolean", default: true },
    price: { type: "number", scale: 4 },
    currency: { type: "text", default: "EUR" },
  },
  filters: ["code"],
  modified,
}

export const declaration: TwinKit.Declaration = {
  name: "ledgerette",
  origin: ORIGIN,
  base: "/v1",
  auth: { scheme: "bearer", token: TOKEN },
  limits: [{ kind: "window", requests: 60, millis: 60_000 }],
  paging: { style: "page", page: "page", size: "per_page", default: 20, most: 50, items: "data", total: "total" },
  collections: { customers, products },
  quirks: [
    {
      id: "ledgerette/all",
      says: "the API is made up",
      grade: "assumed",
      source: "docs/conformance/your-own-adapter.md",
    },
  ],
}

export const make = (options: Options): TwinKit.KitTwin => TwinKit.make(declaration, options)
