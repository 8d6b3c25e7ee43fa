import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { parse } from "yaml"
import type { ApiDocument, Schema, System } from "../src/Description.ts"
import * as Reader from "../src/Reader.ts"

const specs = join(import.meta.dirname, "../../../specs")

const read = (system: System, path: string): Promise<ApiDocument> =>
  Effect.runPromise(Reader.read({ kind: "path", path: join(specs, system, path) }, { system }))

const text = (path: string): Promise<string> => readFile(join(specs, path), "utf8")

const ACUMATICA = ["18", "20", "22", "23", "24", "25", "26"].map((major) => `Default-${major}.200.001.yaml`)
const HUBSPOT = ["v3.yaml", "2026-03.yaml", "2026-09.yaml"]
const ERPNEXT = ["v15", "v16"]

const all: ReadonlyArray<readonly [System, string]> = [
  ...HUBSPOT.map((file) => ["hubspot", file] as const),
  ...[...ACUMATICA, "system.yaml"].map((file) => ["acumatica", file] as const),
  ["dynamics", "metadata.xml"],
  ["netsuite", "2026.1.yaml"],
  ["netsuite", "system.yaml"],
  ...[...ERPNEXT, "api.yaml"].map((file) => ["erpnext", file] as const),
]

type Node = { readonly [member: string]: unknown }
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null

/** Every text under a `$ref`, wherever it stands. */
const references = (value: unknown, found: Array<string> = []): ReadonlyArray<string> => {
  if (!isNode(value)) return found
  if (typeof value["$ref"] === "string") found.push(value["$ref"])
  for (const child of Object.values(value)) references(child, found)
  return found
}

const at = (document: unknown, pointer: string): unknown =>
  pointer
    .slice(2)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce((node: unknown, part) => (isNode(node) ? node[part] : undefined), document)

describe("every description", () => {
  it.each(all)("%s %s is read by its reader, and each of its references leads somewhere", async (system, file) => {
    const { openapi31 } = await read(system, file)
    expect(Object.keys(openapi31.paths)).not.toHaveLength(0)
    const found = references(openapi31)
    expect(found.length).toBeGreaterThan(0)
    expect(found.filter((reference) => at(openapi31, reference) === undefined)).toEqual([])
  })

  it("stands in the SOURCE.md of its folder", async () => {
    for (const system of ["hubspot", "dynamics", "acumatica", "netsuite", "erpnext"]) {
      const source = await text(`${system}/SOURCE.md`)
      const named = (file: string) =>
        source.includes(`\`${file}\``) ||
        source.includes(`\`${file}/*.json\``) ||
        (file.startsWith("Default-") && source.includes("`Default-<version>.yaml`"))
      const files = (await readdir(join(specs, system))).filter((file) => file !== "SOURCE.md")
      expect(files.filter((file) => !named(file))).toEqual([])
    }
  })
})

describe("the records that the connectors speak of are described", () => {
  const entities = async (system: System, file: string) => (await read(system, file)).entities.map(({ name }) => name)

  it.each(ACUMATICA)("Acumatica %s", async (file) => {
    expect(await entities("acumatica", file)).toEqual(
      expect.arrayContaining([
        "Customer",
        "Contact",
        "StockItem",
        "NonStockItem",
        "SalesOrder",
        "SalesInvoice",
        "Invoice",
        "Payment",
      ]),
    )
  })

  it("Dynamics: with their lines, addresses, settlements and the sets that carry a stamp", async () => {
    expect(await entities("dynamics", "metadata.xml")).toEqual(
      expect.arrayContaining([
        ...["CustomersV3", "CustomerGroups", "ContactPersons", "CustomerPostalAddresses", "CustomerPostalAddressesV2"],
        ...["ReleasedProductsV2", "AllProducts", "SalesPriceAgreements", "UnitsOfMeasure"],
        ...["SalesOrderHeadersV2", "SalesOrderHeadersV4", "SalesOrderLines", "SalesOrderLinesV3"],
        ...["SalesInvoiceHeadersV2", "SalesInvoiceV2Lines", "SalesInvoiceHeadersV4", "SalesInvoiceV4Lines"],
        ...["FreeTextInvoiceHeaders", "FreeTextInvoiceLines", "CustTransactions", "CustTransOpens"],
        ...["CustomerPaymentJournalHeaders", "CustomerPaymentJournalLines", "PaymentJournalLineSettledInvoices"],
        ...["CustTableBiEntities", "SalesTableBiEntities", "CustInvoiceJourBiEntities", "CustTransBiEntities"],
        ...["LegalEntities", "Ledgers", "Currencies", "PaymentTerms"],
      ]),
    )
  })

  it("NetSuite", async () => {
    expect(await entities("netsuite", "2026.1.yaml")).toEqual(
      expect.arrayContaining([
        ...["customer", "contact", "serviceSaleItem", "nonInventorySaleItem", "inventoryItem"],
        ...["salesOrder", "invoice", "customerPayment", "currency", "customerStatus"],
      ]),
    )
  })

  it.each(ERPNEXT)("ERPNext %s, with the rows of their tables", async (folder) => {
    const { entities: found, openapi31 } = await read("erpnext", folder)
    expect(found.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        ...["Customer", "Contact", "Address", "Item", "Item Price", "Price List"],
        ...["Sales Order", "Sales Invoice", "Payment Entry", "Currency", "Company"],
      ]),
    )
    for (const row of ["DynamicLink", "ContactEmail", "ContactPhone", "SalesOrderItem", "SalesInvoiceItem"]) {
      expect(openapi31.components.schemas[row]?.properties?.["parent"]).toBeDefined()
    }
  })
})

describe("values of Acumatica", () => {
  const wrapper = async (major: string, name: string): Promise<Schema | undefined> =>
    (await read("acumatica", `Default-${major}.200.001.yaml`)).openapi31.components.schemas[name]

  it("are wrapped as the contract of the version has it", async () => {
    const members = async (major: string, name: string) => Object.keys((await wrapper(major, name))?.properties ?? {})
    expect(await members("18", "StringValue")).toEqual(["value"])
    for (const major of ["20", "22", "23", "24", "25", "26"]) {
      expect(await members(major, "StringValue")).toEqual(["value", "error"])
    }
    expect(await wrapper("25", "StringSingleSelectValue")).toBeUndefined()
    expect(await members("26", "StringSingleSelectValue")).toEqual(["value", "error"])
  })

  it("the version of contract 5 says of itself that it is provisional", async () => {
    const document: unknown = parse(await text("acumatica/Default-26.200.001.yaml"))
    expect(at(document, "#/info/x-provisional")).toBe(true)
    expect(at(document, "#/info/version")).toBe("5")
  })
})

describe("the metadata of Dynamics", () => {
  it("has each key among the properties, in the order of the address", async () => {
    const { entities, openapi31 } = await read("dynamics", "metadata.xml")
    expect(entities).toHaveLength(62)
    for (const { keys, name, schema } of entities) {
      const properties = openapi31.components.schemas[schema]?.properties ?? {}
      expect([name, keys.length > 0, keys.filter((key) => properties[key] === undefined)]).toEqual([name, true, []])
      const template = Object.keys(openapi31.paths).find((path) => path.startsWith(`/${name}(`)) ?? ""
      expect([...template.matchAll(/\{(\w+)\}/g)].map(([, key]) => key)).toEqual(keys)
    }
  })

  it("says what is required of a customer and what may not be edited, and is silent elsewhere", async () => {
    const xml = await text("dynamics/metadata.xml")
    const annotated = xml.split("<EntityType ").filter((type) => /V1\.(?:IsRequired|AllowEdit|IsReadOnly)/.test(type))
    expect(annotated.map((type) => /Name="(\w+)"/.exec(type)?.[1])).toEqual(["CustomerV3"])
    const { entities } = await read("dynamics", "metadata.xml")
    const customers = entities.find(({ name }) => name === "CustomersV3")
    expect([...(customers?.requiredOnCreate ?? [])].sort()).toEqual(["CustomerGroupId", "SalesCurrencyCode"])
    expect(customers?.readOnly).toContain("PaymentBankAccount")
  })

  it("offers no way to write what only posting writes, and every way to write a draft", async () => {
    const { entities, openapi31 } = await read("dynamics", "metadata.xml")
    const readOnly = entities.filter(({ writable }) => !writable).map(({ name }) => name)
    expect(readOnly).toHaveLength(21)
    expect(readOnly).toEqual(
      expect.arrayContaining(["CustTransactions", "SalesInvoiceHeadersV2", "CustTableBiEntities"]),
    )
    const methods = (set: string) =>
      Object.entries(openapi31.paths)
        .filter(([template]) => template === `/${set}` || template.startsWith(`/${set}(`))
        .flatMap(([, item]) => Object.keys(item as object))
        .filter((method) => method !== "parameters")
        .sort()
    for (const set of readOnly) expect([set, methods(set)]).toEqual([set, ["get", "get"]])
    expect(methods("FreeTextInvoiceHeaders")).toEqual(["delete", "get", "get", "patch", "post"])
  })

  it("tells days from instants, and leaves open what nobody has seen", async () => {
    const schemas = (await read("dynamics", "metadata.xml")).openapi31.components.schemas
    const format = (type: string, property: string) => schemas[type]?.properties?.[property]?.format
    expect(format("SalesOrderHeaderV2", "RequestedReceiptDate")).toBe("ax-date")
    expect(format("SalesOrderHeaderV2", "OrderCreationDateTime")).toBe("date-time")
    const dates = (await text("dynamics/metadata.xml")).match(/<Property [^>]*Type="Edm.DateTimeOffset"[^>]*>/g) ?? []
    expect(dates.filter((property) => property.endsWith("/>"))).toHaveLength(50)
  })
})

describe("the catalogue of NetSuite", () => {
  it("requires nothing, and holds no cost, no account of an item and no password", async () => {
    const yaml = await text("netsuite/2026.1.yaml")
    const schemas = at(parse(yaml), "#/components/schemas")
    const named = new Set<string>()
    const visit = (node: unknown): void => {
      if (!isNode(node)) return
      expect(Array.isArray(node["required"])).toBe(false)
      for (const [member, child] of Object.entries(node)) {
        named.add(member)
        visit(child)
      }
    }
    visit(schemas)
    const denied = ["cost", "averageCost", "lastPurchasePrice", "cogsAccount", "assetAccount", "password", "giveAccess"]
    expect(denied.filter((name) => named.has(name))).toEqual([])
    expect(named.has("amountRemaining")).toBe(true)
  })

  it("holds a reference where a record is meant, and a collection where a sublist stands", async () => {
    const { salesOrder } = (await read("netsuite", "2026.1.yaml")).openapi31.components.schemas
    expect(salesOrder?.properties?.["entity"]).toMatchObject({
      $ref: "#/components/schemas/nsResource",
      "x-mortise-target": "customer",
    })
    expect(salesOrder?.properties?.["item"]?.$ref).toBe("#/components/schemas/salesOrder-itemCollection")
  })
})

describe("the doctypes of ERPNext", () => {
  interface DocType {
    readonly name: string
    readonly fields: ReadonlyArray<{
      readonly fieldname: string
      readonly fieldtype: string
      readonly options?: string
    }>
  }
  const load = async (folder: string): Promise<ReadonlyMap<string, DocType>> => {
    const files = await readdir(join(specs, "erpnext", folder))
    const types = await Promise.all(
      files.map(async (file) => JSON.parse(await text(`erpnext/${folder}/${file}`)) as DocType),
    )
    return new Map(types.map((type) => [type.name, type]))
  }

  it.each(ERPNEXT)(
    "of %s name each field once, and every table has a doctype or is told to have none",
    async (folder) => {
      const types = await load(folder)
      const source = (await text("erpnext/SOURCE.md")).replaceAll(/\s+/g, " ")
      for (const { fields, name } of types.values()) {
        const names = fields.map(({ fieldname }) => fieldname)
        expect([name, names.filter((each, index) => names.indexOf(each) !== index)]).toEqual([name, []])
        for (const { fieldtype, options = "" } of fields) {
          if (fieldtype.startsWith("Table"))
            expect([name, types.has(options) || source.includes(options)]).toEqual([name, true])
          if (fieldtype === "Dynamic Link") expect(names).toContain(options)
        }
      }
    },
  )

  it("of v16 differ from those of v15 as they were seen to", async () => {
    const [before, after] = await Promise.all(ERPNEXT.map(load))
    const field = (types: typeof before, doctype: string, name: string) =>
      types?.get(doctype)?.fields.find(({ fieldname }) => fieldname === name)
    expect([field(before, "Sales Order", "title"), field(after, "Sales Order", "title")]).toEqual([
      expect.anything(),
      undefined,
    ])
    expect(field(before, "Sales Order", "status")?.options).not.toContain("To Pay")
    expect(field(after, "Sales Order", "status")?.options).toContain("To Pay")
    expect(field(after, "Payment Entry Reference", "allocated_amount")?.fieldtype).toBe("Float")
    expect([...(before?.keys() ?? [])].sort()).toEqual([...(after?.keys() ?? [])].sort())
  })
})
