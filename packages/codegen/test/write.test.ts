import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import type { ApiDocument, System } from "../src/Description.ts"
import type { File } from "../src/Writer.ts"
import { CLEAN, compile } from "./support/compile.ts"
import { fileOf, read, text, texts, write } from "./support/read.ts"
import * as samples from "./support/samples.ts"

const specs = join(import.meta.dirname, "../../../specs")

const inputs: { readonly [name: string]: () => Promise<ApiDocument> } = {
  acumatica: () =>
    read(texts({ "swagger.json": samples.endpoint, "Customer.json": samples.adHocCustomer }), { system: "acumatica" }),
  acumaticaOld: () => read(text(samples.oldEndpoint), { system: "acumatica" }),
  dynamics: () => read(text(samples.metadata, "metadata.xml"), { system: "dynamics" }),
  dynamicsRest: () =>
    read(texts({ "a.json": samples.publicEntities, "b.json": samples.publicEnumerations }), { system: "dynamics" }),
  netsuite: () => read(texts({ "customer.json": samples.customerSchema }), { system: "netsuite" }),
  erpnext: () =>
    read(
      texts({ "c.json": samples.customerDocType, "t.json": samples.salesTeamDocType, "x.json": samples.customFields }),
      {
        system: "erpnext",
      },
    ),
  hubspotPlain: () => read(text(samples.ownHubSpot), { system: "hubspot" }),
  hubspotOwn: () =>
    read(texts({ "companies.json": samples.ownHubSpot, "properties/companies.json": samples.companyProperties }), {
      system: "hubspot",
    }),
  hubspot: () =>
    read(texts({ "objects.json": samples.objects, "companies.json": samples.companyProperties }), {
      system: "hubspot",
    }),
}

const specPaths: ReadonlyArray<readonly [string, System, string]> = [
  ["ourHubspot", "hubspot", "hubspot/2026-09.yaml"],
  ["ourAcumatica", "acumatica", "acumatica/Default-25.200.001.yaml"],
  ["ourDynamics", "dynamics", "dynamics/metadata.xml"],
  ["ourNetsuite", "netsuite", "netsuite/2026.1.yaml"],
  ["ourErpnext", "erpnext", "erpnext/v15"],
]

const folder = (name: string, files: ReadonlyArray<File>): { readonly [path: string]: string } =>
  Object.fromEntries(
    files.filter(({ path }) => path.endsWith(".ts")).map((file) => [`${name}/${file.path}`, file.text]),
  )

const written = async (name: keyof typeof inputs & string, options = {}): Promise<ReadonlyArray<File>> =>
  write(await (inputs[name] as () => Promise<ApiDocument>)(), options)

/** A program of somebody who got these types; each line marked with an error must be one. */
const program = `
import type { paths } from "./dynamics/api.js"
import type { Entities, CustomersV3, CustomersV3Create, CustomersV3Update } from "./dynamics/entities.js"
import type { AxDate, DateTime, Decimal } from "./dynamics/values.js"

const group: CustomersV3Create = { CustomerGroupId: "30", SalesCurrencyCode: "USD" }
// @ts-expect-error a create without its currency
const lacking: CustomersV3Create = { CustomerGroupId: "30" }
// @ts-expect-error what is needed cannot be null
const empty: CustomersV3Create = { CustomerGroupId: null, SalesCurrencyCode: "USD" }
// @ts-expect-error a read-only field is in no form for writing
const locked: CustomersV3Create = { CustomerGroupId: "30", SalesCurrencyCode: "USD", AddressRecordId: null }
// @ts-expect-error a key is not changed
const moved: CustomersV3Update = { CustomerAccount: "US-001" }
// @ts-expect-error written on create only
const late: CustomersV3Update = { PartyNumber: "1" }
const blocked: CustomersV3Update = { OnHoldStatus: "All" }
// @ts-expect-error not a member of the enumeration
const wrong: CustomersV3Update = { OnHoldStatus: "Some" }
// @ts-expect-error not a field of this instance
const unknown: CustomersV3Update = { Nickname: "x" }
// @ts-expect-error links are read and not written
const linked: CustomersV3Update = { Orders: [] }

declare const row: CustomersV3
export const day: AxDate | undefined = row.CreditLimitDate
export const instant: DateTime | undefined = row.AddressValidFrom
export const limit: Decimal | undefined = row.CreditLimit
// @ts-expect-error a day is no instant
export const confused: DateTime | undefined = row.CreditLimitDate
export const order: string | null | undefined = row.Orders?.[0]?.CurrencyCode
export const tag: string | undefined = row["@odata.etag"]
// More than is known is read without complaint.
export const read: CustomersV3 = JSON.parse("{}")
const more = { OrganizationName: "A", Nickname: "x" }
export const tolerated: CustomersV3 = more

export const keys: Entities["CustomersV3"]["keys"] = "dataAreaId"
// @ts-expect-error a ledger is read-only
export const ledger: Entities["Ledgers"]["create"] = { LegalEntityId: "x" }
type Body = NonNullable<paths["/CustomersV3"]["post"]["requestBody"]>["content"]["application/json"]
export const body: Body = group
// @ts-expect-error the body of a create is the form for creating
export const short: Body = { OrganizationName: "A" }
export { blocked, empty, lacking, late, linked, locked, moved, unknown, wrong }
`

const tenants = `
import { custom, type Custom as Acumatica } from "./acumatica/custom.js"
import type { Custom as HubSpot } from "./hubspot/custom.js"
import { custom as names } from "./hubspot/custom.js"
import type { companiesCreate as CompaniesCreate } from "./hubspotPlain/entities.js"
import type { paths as Own } from "./hubspotOwn/api.js"
import { custom as told, type Custom as NetSuite } from "./netsuite/custom.js"
import type { Custom as ErpNext } from "./erpnext/custom.js"
import type { DateTime, DecimalText, LocalDate } from "./hubspot/values.js"

export const account: Partial<Acumatica["Account"]> = { "Document.UsrRegion": "North", "CurrentCustomer.UsrVip": true }
// @ts-expect-error not a field of this tenant
export const other: Partial<Acumatica["Account"]> = { "Document.UsrColour": "red" }
// @ts-expect-error a flag is no text
export const flag: Partial<Acumatica["Account"]> = { "CurrentCustomer.UsrVip": "yes" }
export const types: { readonly [field: string]: "String" | "Decimal" | "Boolean" | "DateTime" } = custom.Account
export const company: Partial<HubSpot["Company"]> = { branch_code: "N", renewal: "2026-11-20" as LocalDate }
// @ts-expect-error not an option of the property
export const branch: Partial<HubSpot["Company"]> = { branch_code: "W" }
export const list: ReadonlyArray<string> = names.Company
type Answer = Own["/crm/objects/2026-09/companies/{companyId}"]["get"]["responses"][200]["content"]["application/json"]
declare const answer: Answer
export const option: "N" | "S" | null | undefined = answer.properties.branch_code
// @ts-expect-error a property that the portal does not have
export const nothing = answer.properties.branch
type Input = Own["/crm/objects/2026-09/companies"]["post"]["requestBody"]["content"]["application/json"]
export const input: Input = { associations: [], properties: { name: "A", branch_code: "N" } }
// @ts-expect-error HubSpot calculates it
export const calculated: Input = { associations: [], properties: { score: null } }
// The vendor's own schema for creating, not the record as it is read.
export const created: CompaniesCreate = { associations: [], properties: { anything: "x" } }
declare const read: HubSpot["Company"]
export const score: DecimalText | null = read.score
export const region: NetSuite["Account"]["custentity_region"] = "North"
export const kinds: { readonly custentity_region: "text"; readonly custentity_score: "decimal" } = told.Account
export const tier: ErpNext["Account"]["custom_loyalty_tier"] = "Gold"
// @ts-expect-error an entity without fields of the tenant takes none
export const none: Partial<Acumatica["Vendor"]> = { anything: 1 }
// An entity that was not generated has whatever it has.
export const whatever: Acumatica["Order"] = { anything: 1 }
export const since: DateTime | null | undefined = account["CurrentCustomer.UsrSince"] as DateTime | null | undefined
`

describe("what is written", () => {
  it("compiles strictly under both compilers, whatever it was made of, and holds users to it", async () => {
    const all: Array<readonly [string, ReadonlyArray<File>]> = []
    for (const name of Object.keys(inputs)) all.push([name, await written(name)])
    all.push(["native", await written("dynamics", { numbers: "native" })])
    for (const [name, system, path] of specPaths) {
      all.push([name, await write(await read({ kind: "path", path: join(specs, path) }, { system }))])
    }
    const files = Object.assign({}, ...all.map(([name, each]) => folder(name, each))) as { [path: string]: string }
    expect(await compile({ ...files, "program.ts": program, "tenants.ts": tenants })).toEqual(CLEAN)
  })

  it("is the same bytes each time, and whatever the order of the parts", async () => {
    const reversed = (node: unknown): unknown => {
      if (Array.isArray(node)) return node.map(reversed)
      if (typeof node !== "object" || node === null) return node
      return Object.fromEntries(
        Object.entries(node)
          .reverse()
          .map(([key, value]) => [key, reversed(value)]),
      )
    }
    const once = await written("acumatica")
    expect(await written("acumatica")).toEqual(once)
    const turned = await read(
      texts({ "swagger.json": reversed(samples.endpoint) as object, "Customer.json": samples.adHocCustomer }),
      {
        system: "acumatica",
      },
    )
    const bodies = (files: ReadonlyArray<File>) =>
      files
        .filter(({ path }) => path.endsWith(".ts"))
        .map(({ path, text: body }) => [path, body.slice(body.indexOf("\n"))])
    expect(bodies(await write(turned))).toEqual(bodies(once))
  })

  it("says in its first line what it is made of, by which version, with the digest of the input", async () => {
    const document = await read(text(samples.endpoint, "default.json"), { system: "acumatica", build: "24.208.0011" })
    for (const { path, text: body } of await write(document)) {
      const line = body.split("\n")[path.endsWith(".json") ? 1 : 0]
      expect(line).toContain(
        "Generated by mortise 1.2.3 from default.json (Default/24.200.001, build 24.208.0011; sha256 ".replace(
          "(",
          "(acumatica ",
        ),
      )
      expect(line).toContain(document.source.digest)
    }
  })

  it("keeps a hostile name or version inside of its comment", async () => {
    const given = { ...samples.endpoint, info: { title: "t", version: "4\nexport const stolen = process.env //" } }
    const name = "V*/; import('x'); /*"
    const parts = JSON.stringify(given).replaceAll("schemas/Vendor", `schemas/${name.replaceAll("/", "~1")}`)
    const evil = JSON.parse(parts.replaceAll("Vendor", name)) as object
    const document = await read(text(evil, "a\nprocess.exit(1) //.json"), { system: "hubspot", entities: [name] })
    const files = await write(document)
    for (const { path, text: body } of files) {
      if (!path.endsWith(".ts")) continue
      expect(body.split("\n")[1]).not.toContain("process")
      expect(body.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').replaceAll(/\/\*[\s\S]*?\*\//g, "")).not.toContain(
        "import('x')",
      )
    }
    expect(await compile(folder("evil", files))).toEqual(CLEAN)
  })

  it("is what the pin gives when it is read again", async () => {
    const document = await (inputs["dynamics"] as () => Promise<ApiDocument>)()
    const pin = fileOf(await write(document), "description.json")
    const again = await read(text(pin, "description.json"), { system: "dynamics" })
    expect(again.entities).toEqual(document.entities)
    expect(again.openapi31).toEqual(document.openapi31)
    expect(fileOf(await write(again), "api.ts")).toBe(fileOf(await write(document), "api.ts"))
  })

  it("is only what was asked for", async () => {
    const files = await write(await read(text(samples.metadata, "m.xml"), { system: "dynamics" }), {
      entities: ["SalesOrderHeadersV2"],
    })
    expect(fileOf(files, "entities.ts")).not.toContain("CustomersV3")
    expect(fileOf(files, "api.ts")).not.toContain("CustomerV3")
  })
})

it("writes records that refer to each other in a chain of thousands", async () => {
  const count = 12_000
  const schemas = Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `R${index}`,
      {
        type: "object",
        properties: {
          next: { $ref: `#/components/schemas/R${(index + 1) % count}` },
          ...(index === count - 1 ? { id: { type: "string", readOnly: true } } : {}),
        },
      },
    ]),
  )
  const body = { content: { "application/json": { schema: { $ref: "#/components/schemas/R0" } } } }
  const paths = {
    "/R0": { post: { operationId: "make", requestBody: body, responses: { "200": { description: "d", ...body } } } },
  }
  const given = { openapi: "3.0.3", info: { title: "t", version: "1" }, paths, components: { schemas } }
  const api = fileOf(await write(await read(text(given), { system: "hubspot" })), "api.ts")
  expect(api).toContain('next?: components["schemas"]["R11999Write"]')
})

describe("Acumatica's forms for writing", () => {
  it("keep keys in the body of an update, for they select the record, and lose what the ERP derives", async () => {
    const api = fileOf(await written("acumatica"), "api.ts")
    const update = /CustomerUpdate: \{[\s\S]*?\n {8}\};/.exec(api)?.[0] ?? ""
    expect(update).toContain("CustomerID?:")
    expect(update).not.toContain("LastModifiedDateTime")
    expect(update).not.toContain("rowNumber")
    expect(update).toContain('Parent?: components["schemas"]["CustomerWrite"]')
    expect(/StringValueWrite: \{[\s\S]*?\};/.exec(api)?.[0]).not.toContain("error")
    expect(/requestBody: \{[\s\S]*?\};\s*\};/.exec(api)?.[0]).toContain('components["schemas"]["CustomerUpdate"]')
  })
})

it("names its package in the repository's own modules as its manifest does", async () => {
  const manifest = JSON.parse(await readFile(join(import.meta.dirname, "../package.json"), "utf8")) as {
    readonly version: string
  }
  const generated = await readFile(join(import.meta.dirname, "../../dynamics/src/generated/api.ts"), "utf8")
  expect(generated.split("\n")[0]).toContain(`mortise ${manifest.version} from metadata.xml`)
})
