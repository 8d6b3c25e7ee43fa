/**
 * The clients of the five systems, from our descriptions, and from real ones where `MORTISE_REAL_SPECS` names the folder
 * where they lie: how large they are, and what writing them takes.
 */
import { readdir } from "node:fs/promises"
import { join } from "node:path"
import { type Generated, measure as measureOne, megabytes } from "./generate.ts"

export interface Description {
  readonly name: string
  readonly system: string
  readonly path: string
  readonly entities?: ReadonlyArray<string>
}

const specs = join(import.meta.dirname, "../../../../specs")

const ours: ReadonlyArray<Description> = [
  { system: "hubspot", name: "hubspot/2026-09.yaml" },
  { system: "dynamics", name: "dynamics/metadata.xml" },
  { system: "acumatica", name: "acumatica/Default-24.200.001.yaml" },
  { system: "netsuite", name: "netsuite/2026.1.yaml" },
  { system: "erpnext", name: "erpnext/v15" },
].map(({ name, system }) => ({ name, system, path: join(specs, name) }))

const IN_USE: { readonly [file: string]: ReadonlyArray<string> } = {
  acumatica: ["Customer", "Contact", "SalesOrder", "SalesInvoice", "Invoice", "Payment", "StockItem", "NonStockItem"],
  "oasis-Northwind.xml": ["Customers", "Orders", "Order_Details"],
  "oasis-TripPin.xml": ["People"],
}

/** Each whole, and cut to what is in use. */
const real = async (folder: string): Promise<ReadonlyArray<Description>> => {
  const found: Array<Description> = []
  for (const [kind, system] of [
    ["acumatica", "acumatica"],
    ["odata", "dynamics"],
  ] as const) {
    for (const file of (await readdir(join(folder, kind))).sort()) {
      if (!/\.(?:json|xml)$/.test(file)) continue
      const entities = IN_USE[file] ?? IN_USE[kind] ?? []
      const whole = { system, name: file, path: join(folder, kind, file) }
      found.push(whole, { ...whole, name: `${file}, cut to ${entities.length}`, entities })
    }
  }
  return found
}

export const descriptions = async (): Promise<ReadonlyArray<Description>> => {
  const folder = process.env["MORTISE_REAL_SPECS"]
  return [...ours, ...(folder === undefined || folder === "" ? [] : await real(folder))]
}

export const measure = ({ entities, path, system }: Description): Promise<Generated> =>
  measureOne(system, path, entities)

export const line = ({ name, system }: Description, found: Generated): string =>
  `types of ${system} from ${name}: ${found.entities} entities, ${found.paths} paths, ${found.schemas} schemas; ` +
  `${((found.read + found.write) / 1000).toFixed(2)} s, ${megabytes(found.peak * 1024)} of memory, ${found.bytes} bytes written`
