/**
 * Real descriptions, which are not ours to keep here: `MORTISE_REAL_SPECS` names the folder where they lie. Without it these
 * tests are skipped, and say so.
 */
import { createHash } from "node:crypto"
import { existsSync } from "node:fs"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import type { System } from "../src/Description.ts"
import * as Drift from "../src/Drift.ts"
import * as Pin from "../src/Pin.ts"
import type { File } from "../src/Writer.ts"
import { CLEAN, compile } from "./support/compile.ts"
import { fileOf, read, text, write } from "./support/read.ts"

const folder = process.env["MORTISE_REAL_SPECS"] ?? ""
const isThere = folder !== "" && existsSync(folder)

if (!isThere) {
  console.warn(
    folder === ""
      ? "real descriptions: SKIPPED, MORTISE_REAL_SPECS is not set"
      : `real descriptions: SKIPPED, MORTISE_REAL_SPECS names ${JSON.stringify(folder)}, which is not there`,
  )
}

interface Real {
  readonly name: string
  readonly path: string
  readonly system: System
  readonly sha256: string
  /** As whoever keeps them counted. */
  readonly entities: number
  readonly paths?: number
  readonly schemas?: number
  readonly asked: ReadonlyArray<string>
}

const CRM = ["Customer", "Contact", "SalesOrder", "SalesInvoice", "Invoice", "Payment", "StockItem", "NonStockItem"]

const files: ReadonlyArray<Real> = [
  {
    name: "acumatica20",
    path: "acumatica/Default_20.200.001.json",
    system: "acumatica",
    sha256: "e9472e37bb8264f5849bb5c6b9dc3702095ea7883396deb9e9100b19d27b9e7b",
    entities: 105,
    paths: 767,
    schemas: 588,
    asked: CRM,
  },
  {
    name: "acumatica24",
    path: "acumatica/Default_24.200.001.json",
    system: "acumatica",
    sha256: "7e629be9c4dcd908e62bf616464d1cca3848be91f96701eb5db7a35d9b1926f2",
    entities: 119,
    paths: 877,
    schemas: 730,
    asked: CRM,
  },
  {
    name: "tripPin",
    path: "odata/oasis-TripPin.xml",
    system: "dynamics",
    sha256: "6b9a81095f5516c76564415d10d85f6629499588c3023289143e3a87bb0945f5",
    entities: 5,
    asked: ["People"],
  },
  {
    name: "northwind",
    path: "odata/oasis-Northwind.xml",
    system: "dynamics",
    sha256: "e3af4ea6b05eed7bcdda905a17efbe490d19496cc73986249a82dfe045bd4631",
    entities: 26,
    asked: ["Customers", "Orders", "Order_Details"],
  },
]

/** Somebody who uses what was generated. */
const program = `
import createClient from "./client.js"
import type { paths as Acumatica } from "./acumatica24_whole/api.js"
import type { paths as Old } from "./acumatica20/api.js"
import type { Entities, SalesOrderCreate } from "./acumatica24/entities.js"
import type { CustomersUpdate, Orders, OrdersCreate } from "./northwind/entities.js"
import type { Decimal } from "./acumatica24/values.js"
import type { People, PeopleCreate } from "./tripPin/entities.js"

const erp = createClient<Acumatica>()
export const customer = erp.get("/Customer").CustomerName?.value
export const rows: string | undefined = createClient<Old>().get("/SalesOrder").OrderNbr?.value

declare const price: Decimal
export const order: SalesOrderCreate = {
  OrderType: { value: "SO" },
  CustomerID: { value: "C000001" },
  Hold: { value: false },
  Details: [{ InventoryID: { value: "AALEGO500" }, OrderQty: { value: price } }],
}
// @ts-expect-error an order is for somebody
export const nobody: SalesOrderCreate = { OrderType: { value: "SO" } }
// @ts-expect-error the ERP computes it
export const total: SalesOrderCreate = { CustomerID: { value: "C" }, OrderTotal: { value: price } }
export const keys: Entities["SalesOrder"]["keys"] = "OrderNbr"
// @ts-expect-error no key of a sales order
export const other: Entities["SalesOrder"]["keys"] = "InvoiceNbr"

export const placed: OrdersCreate = { OrderID: 1 }
export const moved: CustomersUpdate = { City: "Seattle" }
// @ts-expect-error a key stays
export const renamed: CustomersUpdate = { CustomerID: "ALFKI" }
declare const row: Orders
export const freight: number | object | null | undefined = row.Freight
export const person: PeopleCreate = { FirstName: "A", LastName: "B", Gender: "Male" }
// @ts-expect-error not one of the enumeration
export const thing: PeopleCreate = { FirstName: "A", LastName: "B", Gender: "Robot" }
declare const one: People
export const city: string | undefined = one.AddressInfo?.[0]?.City?.Name
`

/** What a client of paths is, as far as these programs need one. */
const client = `
type Answer<P, K extends keyof P> = P[K] extends { get: { responses: { 200: { content: { "application/json": infer A } } } } }
  ? A extends ReadonlyArray<infer Row> ? Row : A
  : never
export default function createClient<P extends object>(): { get: <K extends keyof P>(path: K) => Answer<P, K> } {
  throw new Error("types only")
}
`

describe.skipIf(!isThere)("real descriptions", () => {
  for (const { asked, entities, name, path, paths, schemas, sha256, system } of files) {
    it(`reads ${name} whole: as many paths, schemas and records as it has`, async () => {
      const bytes = await readFile(join(folder, path))
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256)
      const document = await read({ kind: "path", path: join(folder, path) }, { system })
      expect(document.source.digest).toBe(sha256)
      expect(document.entities).toHaveLength(entities)
      if (paths !== undefined) expect(Object.keys(document.openapi31.paths)).toHaveLength(paths)
      if (schemas !== undefined) expect(Object.keys(document.openapi31.components.schemas)).toHaveLength(schemas)
    })

    it(`trims ${name} to the same whether while reading or after`, async () => {
      const whole = await read({ kind: "path", path: join(folder, path) }, { system })
      const cut = await read({ kind: "path", path: join(folder, path) }, { system, entities: asked })
      const [one, two] = [await write(whole, { entities: asked }), await write(cut)]
      expect(cut.entities.map((entity) => entity.name)).toEqual([...asked].sort())
      expect(fileOf(one, "entities.ts")).toBe(fileOf(two, "entities.ts"))
      expect(fileOf(one, "api.ts")).toBe(fileOf(two, "api.ts"))
    })

    it(`finds ${name} unchanged against its own pin`, async () => {
      const document = await read({ kind: "path", path: join(folder, path) }, { system })
      const pin = await read(text(Pin.encode(document, "here"), "description.json"), { system })
      expect(Drift.compare(pin, document).changes).toEqual([])
    })
  }

  it("finds what went and came between two endpoints, and that they are two", async () => {
    const [older, newer] = await Promise.all(
      ["20", "24"].map((major) =>
        read(
          { kind: "path", path: join(folder, `acumatica/Default_${major}.200.001.json`) },
          { system: "acumatica", entities: ["SalesOrder"] },
        ),
      ),
    )
    if (older === undefined || newer === undefined) throw new Error("not read")
    const { changes } = Drift.compare(older, newer)
    const has = (kind: Drift.Kind, field: string) => changes.some((each) => each.kind === kind && each.field === field)
    expect(has("version", "endpointVersion")).toBe(true)
    expect(has("added", "CreatedDate")).toBe(true)
  })

  it("compile, whole and trimmed, under both compilers, and can be used", async () => {
    const written: { [path: string]: string } = { "program.ts": program, "client.ts": client }
    const put = (name: string, all: ReadonlyArray<File>) => {
      for (const file of all) if (file.path.endsWith(".ts")) written[`${name}/${file.path}`] = file.text
    }
    for (const { asked, name, path, system } of files) {
      const input = { kind: "path", path: join(folder, path) } as const
      put(`${name}_whole`, await write(await read(input, { system })))
      put(name, await write(await read(input, { system, entities: asked })))
    }
    expect(await compile(written)).toEqual(CLEAN)
  })
})
