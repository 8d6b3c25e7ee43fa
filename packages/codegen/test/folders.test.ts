import { describe, expect, it } from "vitest"
import type { Schema } from "../src/Description.ts"
import { read, texts } from "./support/read.ts"

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const media = (kind: string, schema: object) => ({
  content: { [`application/vnd.oracle.resource+json; type=${kind}`]: { schema } },
})

const STUB = { type: "object", properties: {} }

const records: { readonly [record: string]: { readonly [field: string]: object } } = {
  contact: { id: { type: "string" }, company: ref("customer") },
  customer: { id: { type: "string" }, custentity_region: { type: "string" }, primaryContact: ref("contact") },
  salesOrder: { id: { type: "string" }, entity: ref("customer"), custbody_x: { type: "boolean" } },
}

/** What an account answers when it is asked for one record: the others are there by name alone. */
const fileOf = (record: string) => ({
  openapi: "3.0.1",
  info: { title: "NetSuite REST Record API", version: "v1" },
  paths: {
    [`/${record}`]: {
      get: { responses: { "200": { description: "d", ...media("collection", ref(`${record}Collection`)) } } },
      post: { requestBody: media("singular", ref(record)), responses: { "204": { description: "d" } } },
    },
    [`/${record}/{id}`]: { get: { responses: { "200": { description: "d", ...media("singular", ref(record)) } } } },
  },
  components: {
    schemas: {
      ...Object.fromEntries(Object.keys(records).map((name) => [name, STUB])),
      [record]: { type: "object", properties: records[record] },
      [`${record}Collection`]: { type: "object", properties: { items: { type: "array", items: ref(record) } } },
    },
  },
})

const orders = [
  ["contact", "customer", "salesOrder"],
  ["salesOrder", "customer", "contact"],
  ["customer", "salesOrder", "contact"],
]

describe("a folder with one file a record", () => {
  for (const order of orders) {
    const files = () => texts(Object.fromEntries(order.map((record, index) => [`${index}.json`, fileOf(record)])))

    it(`has every record with all its fields, in the order ${order.join(", ")}`, async () => {
      const { entities, openapi31 } = await read(files(), { system: "netsuite" })
      expect(entities.map(({ name, schema }) => [name, schema])).toEqual(
        Object.keys(records).map((name) => [name, name]),
      )
      for (const [name, fields] of Object.entries(records)) {
        const { properties = {} } = openapi31.components.schemas[name] as Schema
        expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(fields)))
      }
    })

    it(`can be cut to some of them, in the order ${order.join(", ")}`, async () => {
      const { entities } = await read(files(), { system: "netsuite", entities: ["customer", "salesOrder"] })
      expect(entities.map(({ custom, name }) => [name, custom.map((field) => field.name)])).toEqual([
        ["customer", ["custentity_region"]],
        ["salesOrder", ["custbody_x"]],
      ])
    })
  }

  it("has a record of which no more than its path is told", async () => {
    const bare = fileOf("contact")
    const given = { ...bare, components: { schemas: { ...bare.components.schemas, contact: STUB } } }
    const { entities } = await read(texts({ "a.json": fileOf("customer"), "b.json": given }), { system: "netsuite" })
    expect(entities.map(({ name }) => name)).toEqual(["contact", "customer"])
  })

  it("in JSON Schema has the records that other files hold by name alone", async () => {
    const schema = (record: string, definitions: object) => ({
      $schema: "http://json-schema.org/draft-06/hyper-schema#",
      type: "object",
      properties: { id: { type: "string" }, [`of_${record}`]: { type: "string" } },
      definitions,
    })
    const files = { "customer.json": schema("customer", {}), "contact.json": schema("contact", { customer: STUB }) }
    const { entities, openapi31 } = await read(texts(files), { system: "netsuite" })
    expect(entities.map(({ name }) => name)).toEqual(["contact", "customer"])
    expect(openapi31.components.schemas["customer"]?.properties).toHaveProperty("of_customer")
  })
})
