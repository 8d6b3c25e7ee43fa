/** What real descriptions do and a plain one does not, made up in their form. */
import { describe, expect, it } from "vitest"
import type { Schema } from "../src/Description.ts"
import * as Drift from "../src/Drift.ts"
import { CLEAN, compile } from "./support/compile.ts"
import { fileOf, read, text, texts, write } from "./support/read.ts"

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const json = (schema: object) => ({ content: { "application/json": { schema } } })
const answer = (schema: object) => ({ responses: { "200": { description: "done", ...json(schema) } } })

const special = (name: string, kind: string) => ({
  properties: {},
  allOf: [
    ref("Flow"),
    {
      type: "object",
      required: ["kind"],
      properties: { kind: { type: "string", enum: [kind] }, [`of${name}`]: { type: "integer" }, next: ref("Flow") },
    },
  ],
})

const flows = {
  openapi: "3.0.1",
  info: { title: "Flows", version: "v4" },
  paths: {
    "/automation/v4/flows": { get: answer({ type: "array", items: ref("Flow") }) },
    "/automation/v4/flows/{id}": {
      get: answer(ref("Flow")),
      put: { requestBody: json(ref("Flow")), ...answer(ref("Flow")) },
    },
  },
  components: {
    schemas: {
      Flow: { properties: { note: { type: "string" } }, oneOf: [ref("ContactFlow"), ref("TicketFlow")] },
      ContactFlow: special("Contact", "CONTACT"),
      TicketFlow: special("Ticket", "TICKET"),
      Anything: { type: "object", properties: { detail: { type: "object", properties: {}, example: null } } },
      Whatever: true,
    },
  },
}

describe("OpenAPI", () => {
  it("takes a record that is one of several, each of which is that record and more, for what is meant", async () => {
    const document = await read(text(flows), { system: "hubspot", entities: ["flows"] })
    const written = await write(document)
    const program = `
      import type { flows, flowsUpdate } from "./out/entities.js"
      declare const flow: flows
      export const text: string = flow.kind === "CONTACT" ? String(flow.ofContact) : String(flow.ofTicket)
      export const note: string | undefined = flow.note
      export const change: flowsUpdate = { kind: "TICKET", ofTicket: 1 }
      // @ts-expect-error there is no such kind
      export const other: flowsUpdate = { kind: "DEAL" }
    `
    const files = Object.fromEntries(written.map(({ path, text: content }) => [`out/${path}`, content]))
    expect(await compile({ ...files, "program.ts": program })).toEqual(CLEAN)
  })

  it("lets an object of which nothing is said hold anything", async () => {
    const document = await read(text(flows), { system: "hubspot" })
    const api = fileOf(await write(document), "api.ts")
    expect(api).toMatch(/detail\?: \{\s*\[key: string\]: unknown;\s*\}/)
    expect(api).toContain("Whatever: unknown;")
    expect(api).not.toMatch(/detail\?: Record<string, never>/)
  })
})

describe("names", () => {
  it("of entities that are words of the language or of its library are written all the same", async () => {
    const words = ["any", "class", "components", "constructor", "default", "enum", "import", "of", "string", "toString"]
    const given = {
      openapi: "3.0.1",
      info: { title: "Words", version: "1" },
      paths: Object.fromEntries(
        words.map((word) => [`/${word}`, { get: answer({ type: "array", items: ref(word) }) }]),
      ),
      components: {
        schemas: Object.fromEntries(
          words.map((word) => [word, { type: "object", properties: { [word]: { type: "string", format: "date" } } }]),
        ),
      },
    }
    const files = await write(await read(text(given), { system: "acumatica" }))
    const program = `
      import type { Class, Entities } from "./out/entities.js"
      export const same = (one: Class): Entities["class"]["read"] => one
    `
    const written = Object.fromEntries(files.map(({ path, text: content }) => [`out/${path}`, content]))
    expect(await compile({ ...written, "program.ts": program })).toEqual(CLEAN)
  })

  it("of endpoints are the tenant's own, and so are their versions", async () => {
    for (const title of ["Shop/1", "Web Shop/22.200.002"]) {
      const given = { ...flows, info: { title, version: "4" } }
      const { source } = await read(text(given), { system: "acumatica" })
      expect(source).toMatchObject({ endpointVersion: title, contractVersion: "4", version: title.split("/")[1] })
    }
  })
})

/** The same service with and without short names for its namespaces, and with annotations where they belong or apart. */
const service = ({ alias, apart }: { readonly alias: boolean; readonly apart: boolean }) => {
  const [own, core] = alias ? ["fo", "Core"] : ["Microsoft.Dynamics.DataEntities", "Org.OData.Core.V1"]
  const include = '<edmx:Include Namespace="Org.OData.Core.V1" Alias="Core"/>'
  const computed = `<Annotation Term="${core}.Computed" Bool="true"/>`
  const restriction =
    '<Annotation Term="Org.OData.Capabilities.V1.InsertRestrictions"><Record><PropertyValue Property="Insertable" Bool="false"/></Record></Annotation>'
  const of = (target: string, annotation: string) =>
    apart ? `<Annotations Target="${own}.${target}">${annotation}</Annotations>` : ""
  const within = (annotation: string) => (apart ? "" : annotation)
  return `<?xml version="1.0"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
<edmx:Reference Uri="https://example.com/core.xml">${alias ? include : include.replace(' Alias="Core"', "")}</edmx:Reference>
<edmx:DataServices><Schema Namespace="Microsoft.Dynamics.DataEntities"${alias ? ' Alias="fo"' : ""} xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EnumType Name="Extensible"/>
<EntityType Name="Row" Abstract="true"><Key><PropertyRef Name="RecId"/></Key><Property Name="RecId" Type="Edm.Int64" Nullable="false"/></EntityType>
<EntityType Name="Customer" BaseType="${own}.Row" OpenType="true">
<Property Name="Balance" Type="Edm.Decimal">${within(computed)}</Property>
<Property Name="Kind" Type="${own}.Extensible"/>
<NavigationProperty Name="Orders" Type="Collection(${own}.Order)"/>
</EntityType>
<EntityType Name="Order" BaseType="${own}.Row"><Property Name="Note" Type="Edm.String"/></EntityType>
<Action Name="closeAll" IsBound="true"><Parameter Name="rows" Type="Collection(${own}.Customer)"/></Action>
${of("Customer/Balance", computed)}${of("Resources/Customers", restriction)}
<EntityContainer Name="Resources">
<EntitySet Name="Customers" EntityType="${own}.Customer">${within(restriction)}</EntitySet>
<EntitySet Name="Orders" EntityType="${own}.Order"/>
<Singleton Name="Me" Type="${own}.Customer"/>
</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`
}

describe("CSDL", () => {
  const asked = { system: "dynamics", entities: ["Customers", "Me"] } as const
  const plain = text(service({ alias: false, apart: false }), "m.xml")

  it("means the same with short names and with annotations apart", async () => {
    const whole = await read(plain, asked)
    for (const [alias, apart] of [
      [true, false],
      [false, true],
      [true, true],
    ] as const) {
      for (const entities of [undefined, asked.entities]) {
        const options = { system: "dynamics", ...(entities === undefined ? {} : { entities }) } as const
        const other = await read(text(service({ alias, apart }), "m.xml"), options)
        const same = entities === undefined ? await read(plain, options) : whole
        expect(other.entities).toEqual(same.entities)
        expect(Drift.compare(same, other).changes).toEqual([])
      }
    }
    const customers = whole.entities.find(({ name }) => name === "Customers")
    expect(customers).toMatchObject({ keys: ["RecId"], readOnly: expect.arrayContaining(["Balance"]) as unknown })
    expect(whole.openapi31.paths["/Customers"]).not.toHaveProperty("post")
  })

  it("gives no form for creating what is not created, nor one for changing what is not changed", async () => {
    const { entities } = await read(plain, asked)
    const customers = entities.find(({ name }) => name === "Customers")
    expect(customers).toMatchObject({ writable: true, creatable: false, requiredOnCreate: [] })
    const changed = fileOf(await write(await read(plain, asked)), "entities.ts")
    expect(changed).toMatch(
      /Customers: \{\s+readonly read: Customers\s+readonly create: never\s+readonly update: CustomersUpdate/,
    )
    expect(changed).not.toContain("CustomersCreate")
    // Of the same type, and not restricted.
    expect(changed).toMatch(/Me: \{\s+readonly read: Me\s+readonly create: MeCreate/)
    const turned = text(
      service({ alias: false, apart: false })
        .replace("InsertRestrictions", "UpdateRestrictions")
        .replace("Insertable", "Updatable"),
      "m.xml",
    )
    const created = fileOf(await write(await read(turned, { ...asked, entities: ["Customers"] })), "entities.ts")
    expect(created).toMatch(/readonly create: CustomersCreate\s+readonly update: never/)
    expect(created).not.toContain("CustomersUpdate")
  })

  it("calls on a singleton what is bound to one record, and not what is bound to many", async () => {
    const { openapi31 } = await read(plain, asked)
    const calls = Object.keys(openapi31.paths).filter((path) => path.includes("closeAll"))
    expect(calls).toEqual(["/Customers/Microsoft.Dynamics.DataEntities.closeAll"])
  })

  it("takes an enumeration without members for one that others fill", async () => {
    const { openapi31 } = await read(plain, asked)
    expect(openapi31.components.schemas["Extensible"]).toEqual({ type: "string" })
  })

  it("lets further fields be written to an open type that is derived from another", async () => {
    const api = fileOf(await write(await read(plain, asked)), "api.ts")
    expect(api).toMatch(/CustomerUpdate: \{[^}]*\} & \{\s*\[key: string\]: unknown;/)
  })
})

const doctype = (name: string, fieldname: string, more: object = {}) => ({
  doctype: "DocType",
  name,
  fields: [{ fieldname, fieldtype: "Data" }],
  ...more,
})

describe("the folder of an app", () => {
  const app = {
    "crm/doctype/lead/lead.json": doctype("Lead", "lead_name"),
    "crm/doctype/lead/test_records.json": [{ doctype: "Lead", lead_name: "x" }],
    "crm/custom/lead.json": {
      custom_fields: [{ dt: "Lead", fieldname: "custom_region", fieldtype: "Select", options: "\nNorth\nSouth" }],
      doctype: "Lead",
      property_setters: [{ doc_type: "Lead", field_name: "lead_name", property: "reqd", value: "1" }],
    },
    "accounts/chart/de.json": '{"tree":{"Assets":{"Bank":{},"Bank":{}}}}',
    "regional/e-invoice.xml": '{%- macro line(x) -%}\n<?xml version="1.0"?><Line>"{{ x }}</Line>',
    "regional/schema.xml": '<?xml version="1.0"?><!DOCTYPE a><a/>',
    "tsconfig.json": '{ /* with a comment */ "files": [1,] }',
    "crowdin.yml": "files:\n  - source: a\n---\nmore: 1\n",
  }

  it("is read with all that lies beside its doctypes", async () => {
    const { entities } = await read(texts(app), { system: "erpnext" })
    expect(entities.map(({ name }) => name)).toEqual(["Lead"])
    expect(entities[0]?.custom.map(({ name, schema }) => [name, schema.enum])).toEqual([
      ["custom_region", ["", "North", "South", null]],
    ])
    expect(entities[0]?.requiredOnCreate).toEqual(["lead_name"])
  })

  it("is refused when a doctype in it is broken or ends in the middle", async () => {
    const whole = JSON.stringify(app["crm/doctype/lead/lead.json"])
    for (const [broken, problem] of [
      [whole.slice(0, 20), "Truncated"],
      [whole.replace('"Data"}', '"Data",}'), "NotADescription"],
      [whole.replace('"fieldname"', '"fieldname":"twice","fieldname"'), "DuplicateSchema"],
    ] as const) {
      const error = await read(texts({ ...app, "crm/doctype/lead/lead.json": broken }), { system: "erpnext" }).catch(
        (failure: unknown) => failure,
      )
      expect(error).toMatchObject({ problem })
    }
  })

  it("keeps doctypes apart whose names differ in blanks and dashes alone", async () => {
    const given = { "a.json": doctype("C-Form", "a"), "b.json": doctype("CForm", "b"), "c.json": doctype("Lead", "c") }
    const { entities, openapi31 } = await read(texts(given), { system: "erpnext" })
    expect(entities.map(({ schema }) => schema)).toEqual(["C-Form", "CForm", "Lead"])
    expect(Object.keys(openapi31.components.schemas["C-Form"]?.properties ?? {})).toContain("a")
    expect(Object.keys(openapi31.components.schemas["CForm"]?.properties ?? {})).toContain("b")
  })
})

describe("schemas of NetSuite", () => {
  const at = (name: string) => ({ $ref: `/services/rest/record/v1/metadata-catalog/${name}` })
  const customer = {
    $schema: "http://json-schema.org/draft-06/hyper-schema#",
    type: "object",
    properties: {
      id: { type: "string", nullable: true },
      subsidiary: { type: "object", ...at("subsidiary") },
      addressBook: at("customer-addressBookCollection"),
      phone: { type: "string", format: "phone", nullable: true },
      custentity_tier: { type: "object", ...at("customrecord_tier"), "x-ns-custom-field": true },
    },
    links: [{ rel: "describedby", href: "https://example.com/customer" }],
    "x-ns-filterable": ["id"],
  }

  it("refer by id to records that were not given, and hold anything in parts that were not given", async () => {
    const { openapi31 } = await read(text(customer, "customer.json"), { system: "netsuite" })
    const { properties = {} } = openapi31.components.schemas["customer"] as Schema
    expect(properties["subsidiary"]).toMatchObject(ref("nsResource"))
    expect(properties["addressBook"]).toEqual({ type: "object", additionalProperties: true })
    expect(properties["phone"]).toEqual({ type: ["string", "null"], format: "phone" })
  })

  it("type a custom field that refers to a record by its id and its name", async () => {
    const files = await write(await read(text(customer, "customer.json"), { system: "netsuite" }))
    expect(fileOf(files, "custom.ts")).toMatch(
      /readonly custentity_tier: \{ readonly id\?: string; readonly refName\?: string/,
    )
  })
})

it("types a tenant's own field of Finance & Operations whose values are an enumeration by their names", async () => {
  const given = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="Microsoft.Dynamics.DataEntities" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EnumType Name="Tier"><Member Name="Gold" Value="0"/><Member Name="Silver" Value="1"/></EnumType>
<EntityType Name="CustomerV3"><Key><PropertyRef Name="CustomerAccount"/></Key>
<Property Name="CustomerAccount" Type="Edm.String" Nullable="false"/>
<Property Name="AcmeTier" Type="Microsoft.Dynamics.DataEntities.Tier"/></EntityType>
<EntityContainer Name="R"><EntitySet Name="CustomersV3" EntityType="Microsoft.Dynamics.DataEntities.CustomerV3"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`
  const files = await write(await read(text(given, "m.xml"), { system: "dynamics" }))
  expect(fileOf(files, "custom.ts")).toContain('readonly AcmeTier: "Gold" | "Silver" | null')
})
