import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { getHeapStatistics } from "node:v8"
import { describe, expect, it } from "vitest"
import type { System } from "../src/Description.ts"
import { nearest } from "../src/internal/nearest.ts"
import { read, refusal, text, texts, write } from "./support/read.ts"
import * as samples from "./support/samples.ts"

const endpointText = JSON.stringify(samples.endpoint)

const inFolder = async <A>(
  files: { readonly [path: string]: string },
  use: (folder: string) => Promise<A>,
): Promise<A> => {
  const folder = await mkdtemp(join(tmpdir(), "mortise-bad-"))
  try {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(join(folder, path, ".."), { recursive: true })
      await writeFile(join(folder, path), content)
    }
    return await use(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const schemas = (given: object) => ({
  openapi: "3.0.3",
  info: { title: "t", version: "1" },
  paths: {},
  components: { schemas: given },
})

describe("what is no description", () => {
  const cases: ReadonlyArray<readonly [string, string, System, string]> = [
    ["an empty file", "", "acumatica", "is empty"],
    ["blank text", " \n ", "acumatica", "is empty"],
    ["a sentence", "The quick brown fox", "acumatica", "is no description"],
    [
      "JSON about something else",
      '{"name":"left-pad","version":"1.0.0"}',
      "acumatica",
      'it holds an object with "name", "version"',
    ],
    ["a list of numbers", "[1,2,3]", "acumatica", "it holds a list"],
    ["broken JSON", '{"openapi": 3.0.3}', "acumatica", "begins like JSON and is none"],
    ["broken YAML", "openapi: 3.0.0\n  paths: [", "acumatica", "neither JSON, YAML nor XML"],
    ["a page that asks to sign in", "<!DOCTYPE html><html><body>Sign in</body></html>", "dynamics", "is a web page"],
    ["the same page without its type", "<html><body>Sign in</body></html>", "dynamics", "is a web page"],
    ["XML of another kind", "<catalog><book/></catalog>", "dynamics", 'its root is "catalog", not Edmx'],
    [
      "XML that is not well-formed",
      "<edmx:Edmx Version='4.0' xmlns:edmx='e'><a></b></edmx:Edmx>",
      "dynamics",
      "no well-formed XML",
    ],
    [
      "the list of data entities",
      '{"value":[{"Name":"CustCustomerV3Entity","PublicCollectionName":"CustomersV3"}]}',
      "dynamics",
      "/metadata/PublicEntities",
    ],
    [
      "the list of records",
      '{"items":[{"name":"customer","links":[{"rel":"canonical","href":"x"}]}]}',
      "netsuite",
      "application/swagger+json",
    ],
    ["custom fields without the doctype", JSON.stringify(samples.customFields), "erpnext", "ask for the DocTypes too"],
    ["an ad hoc schema without its endpoint", JSON.stringify(samples.adHocCustomer), "acumatica", "swagger.json too"],
  ]
  for (const [what, given, system, message] of cases) {
    it(`refuses ${what} in one sentence`, async () => {
      const error = await refusal(text(given, "given.txt"), { system })
      expect(error.problem).toBe("NotADescription")
      expect(error.message).toContain(message)
      expect(error.message).toContain("given.txt")
      expect(error.message).not.toContain("\n")
    })
  }

  it("refuses a page that asks to sign in for every system, and in the place of one of many files", async () => {
    const pages = ["<!doctype html>\n<html>", '\uFEFF<?xml version="1.0"?><!-- x -->\n<html lang="en">', "<HTML>"]
    for (const system of ["acumatica", "dynamics", "erpnext", "hubspot", "netsuite"] as const) {
      for (const page of pages) {
        expect(await refusal(text(page, "given.json"), { system })).toMatchObject({
          problem: "NotADescription",
          message: "given.json is a web page, perhaps the one that asks to sign in",
        })
      }
    }
    const files = { "customer.json": samples.customerSchema, "contact.json": pages[0] ?? "" }
    const error = await refusal(texts(files), { system: "netsuite" })
    expect(error.message).toContain("contact.json is a web page")
  })

  it("tells a file that is not there, an empty one and an empty folder apart", async () => {
    await inFolder({ "empty.json": "", "folder/readme.md": "nothing here" }, async (folder) => {
      const at = (path: string) => refusal({ kind: "path", path: join(folder, path) }, { system: "acumatica" })
      expect(await at("missing.json")).toMatchObject({
        problem: "Unreadable",
        message: expect.stringContaining("no such file") as string,
      })
      expect(await at("empty.json")).toMatchObject({ problem: "NotADescription", message: "empty.json is empty" })
      expect(await at("folder")).toMatchObject({
        problem: "NotADescription",
        message: expect.stringContaining("holds no description") as string,
      })
    })
  })

  it("refuses bytes that are no text", async () => {
    const folder = await mkdtemp(join(tmpdir(), "mortise-bad-"))
    try {
      await writeFile(join(folder, "x.json"), Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]))
      const error = await refusal({ kind: "path", path: join(folder, "x.json") }, { system: "acumatica" })
      expect(error).toMatchObject({ problem: "NotADescription", message: "x.json is not text in UTF-8" })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})

describe("a description in another format", () => {
  it("is refused when the caller named one", async () => {
    const error = await refusal(text(samples.endpoint), { system: "acumatica", format: "swagger2" })
    expect(error).toMatchObject({
      problem: "WrongFormat",
      message: "given.json is OpenAPI 3, not Swagger 2.0, as was named",
    })
  })

  it("is refused when the system does not serve it", async () => {
    const csdl = await refusal(text(samples.metadata, "m.xml"), { system: "erpnext" })
    expect(csdl).toMatchObject({
      problem: "WrongFormat",
      message: "m.xml is CSDL XML ($metadata); erpnext is described by DocType JSON, or OpenAPI 3",
    })
  })

  it("is refused in a version that is not read", async () => {
    const later = await refusal(text({ ...samples.endpoint, openapi: "4.0.0" }), { system: "acumatica" })
    expect(later).toMatchObject({
      problem: "WrongFormat",
      message: expect.stringContaining('OpenAPI "4.0.0"') as string,
    })
    const older = await refusal(text({ ...samples.oldEndpoint, swagger: "1.2" }), { system: "acumatica" })
    expect(older).toMatchObject({ problem: "WrongFormat", message: expect.stringContaining('Swagger "1.2"') as string })
    const odata = await refusal(text(samples.metadata.replace('Version="4.0"', 'Version="1.0"'), "m.xml"), {
      system: "dynamics",
    })
    expect(odata).toMatchObject({
      problem: "WrongFormat",
      message: expect.stringContaining("version 4 is read") as string,
    })
  })
})

describe("a description that ends in the middle", () => {
  it("is called truncated wherever it was cut, and never read in part", async () => {
    for (let cut = 1; cut < endpointText.length; cut += 97) {
      const error = await refusal(text(endpointText.slice(0, cut)), { system: "acumatica" })
      expect([cut, error.problem]).toEqual([cut, "Truncated"])
    }
  })

  it("is called truncated as XML too", async () => {
    const start = samples.metadata.indexOf("<Schema")
    for (let cut = start + 200; cut < samples.metadata.length - 1; cut += 131) {
      const error = await refusal(text(samples.metadata.slice(0, cut), "m.xml"), { system: "dynamics" })
      expect([cut, error.problem]).toEqual([cut, "Truncated"])
    }
  })
})

describe("a part that is something else than it ought to be", () => {
  const get = (operation: object) => ({ paths: { "/a": { get: operation } } })
  const field = (given: unknown) => ({ components: { schemas: { A: { type: "object", properties: { q: given } } } } })
  const answer = (given: unknown) => get({ responses: { "200": given } })
  const at = "given.json#/paths/~1a/get"
  const q = "given.json#/components/schemas/A/properties/q"
  const cases: ReadonlyArray<readonly [string, object, string]> = [
    ["a property", field(null), `${q} is null and ought to be a schema`],
    ["properties", field({ properties: ["a"] }), `${q}/properties is a list and ought to be an object`],
    ["a list of schemas", field({ allOf: { type: "string" } }), `${q}/allOf is an object and ought to be a list`],
    ["elements", field({ type: "array", items: null }), `${q}/items is null and ought to be a schema`],
    ["a type", field({ type: 3 }), `${q}/type is the number 3 and ought to be a text`],
    ["an enumeration", field({ enum: "a" }), `${q}/enum is the text "a" and ought to be a list`],
    ["a reference", field({ $ref: null }), `${q}/$ref is null and ought to be a reference`],
    ["a parameter", get({ parameters: [{ name: "x", in: "query" }, null] }), `${at}/parameters/1 is null and ought`],
    ["parameters", get({ parameters: { a: 1 } }), `${at}/parameters is an object and ought to be a list`],
    ["an operation", { paths: { "/a": { get: "x" } } }, `${at} is the text "x" and ought to be an operation`],
    ["answers", get({ responses: null }), `${at}/responses is null and ought to be an object`],
    ["an answer", answer(null), `${at}/responses/200 is null and ought to be an answer`],
    ["a header", answer({ headers: { x: null } }), `${at}/responses/200/headers/x is null and ought`],
    ["a body", get({ requestBody: [] }), `${at}/requestBody is a list and ought to be a body`],
    [
      "a form of an answer",
      answer({ content: { "application/json": { schema: "x" } } }),
      `${at}/responses/200/content/application~1json/schema is the text "x" and ought to be a schema`,
    ],
    [
      "a shared parameter",
      { components: { parameters: { P: null } } },
      "given.json#/components/parameters/P is null and ought to be a parameter",
    ],
  ]
  for (const [what, given, message] of cases) {
    it(`is told with its place: ${what}`, async () => {
      const whole = { openapi: "3.0.3", info: { title: "t", version: "1" }, paths: {}, ...given }
      const error = await refusal(text(whole), { system: "hubspot" })
      expect(error).toMatchObject({
        problem: "NotADescription",
        message: expect.stringContaining(message) as string,
        at: expect.stringMatching(/^given\.json#\//) as string,
      })
      expect(error.message).toMatch(/; correct it, or take it out$/)
    })
  }

  it("is told in Swagger 2.0 and in JSON Schema too", async () => {
    const swagger = { ...samples.oldEndpoint, definitions: { Customer: { properties: { q: null } } } }
    expect(await refusal(text(swagger), { system: "acumatica" })).toMatchObject({
      message: expect.stringContaining("given.json#/definitions/Customer/properties/q is null") as string,
    })
    const schema = { ...samples.customerSchema, properties: { q: null } }
    expect(await refusal(text(schema, "customer.json"), { system: "netsuite" })).toMatchObject({
      message: expect.stringContaining("customer.json#/properties/q is null") as string,
    })
  })

  it("is none where an optional one was left empty, or where an older draft had another", async () => {
    const given = {
      openapi: "3.0.3",
      info: { title: "t", version: "1" },
      paths: { "/a": null, "/b": { post: null, get: { parameters: null, responses: { "200": { headers: null } } } } },
      components: { parameters: null, schemas: { A: { properties: { q: { type: "string", required: true } } } } },
    }
    const document = await read(text(given), { system: "hubspot" })
    expect((await write(document)).length).toBeGreaterThan(0)
  })
})

describe("references", () => {
  it("fails for one that leads nowhere, and offers what is near", async () => {
    const given = endpointText.replace('"#/components/schemas/Address"', '"#/components/schemas/Adress"')
    const error = await refusal(text(given), { system: "acumatica" })
    expect(error.problem).toBe("UnresolvedReference")
    expect(error.message).toContain('"#/components/schemas/Adress", which it does not hold; there is Address')
  })

  it("fails for schemas that are made of themselves, and says how", async () => {
    const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
    const alias = await refusal(text(schemas({ A: ref("B"), B: ref("C"), C: ref("A") })), { system: "hubspot" })
    expect(alias).toMatchObject({
      problem: "CircularReference",
      message: expect.stringContaining("A -> B -> C -> A") as string,
    })
    const inherited = await refusal(text(schemas({ A: { allOf: [ref("A"), { type: "object" }] } })), {
      system: "hubspot",
    })
    expect(inherited.problem).toBe("CircularReference")
  })

  describe("fails for a circle", () => {
    const answer = { "200": { description: "d" } }
    const to = (pointer: string) => ({ $ref: `#/${pointer}` })
    const base = { openapi: "3.0.3", info: { title: "t", version: "1" }, paths: {} }
    const get = (operation: object) => ({ "/a": { get: { responses: answer, ...operation } } })
    const circles: { readonly [what: string]: object } = {
      paths: { paths: { "/a": to("paths/~1b"), "/b": to("paths/~1a") } },
      parameters: {
        paths: get({ parameters: [to("components/parameters/P")] }),
        components: { parameters: { P: to("components/parameters/P") } },
      },
      bodies: {
        paths: get({ requestBody: to("components/requestBodies/B") }),
        components: { requestBodies: { B: to("components/requestBodies/B") } },
      },
      answers: {
        paths: get({ responses: { "200": to("components/responses/A") } }),
        components: { responses: { A: to("components/responses/B"), B: to("components/responses/A") } },
      },
      pointers: {
        components: {
          schemas: {
            A: {
              type: "object",
              properties: {
                x: to("components/schemas/A/properties/y"),
                y: { anyOf: [to("components/schemas/A/properties/x"), { type: "string" }] },
              },
            },
          },
        },
      },
    }
    for (const [what, given] of Object.entries(circles)) {
      it(`of ${what}`, async () => {
        const error = await refusal(text({ ...base, ...given }), { system: "hubspot" })
        expect(error).toMatchObject({
          problem: "CircularReference",
          message: expect.stringContaining("is made of itself: ") as string,
        })
      })
    }

    it("of paths in several files", async () => {
      const path = (file: string) => ({ paths: { "/a": { $ref: `${file}#/paths/~1a` } } })
      const files = { "a.json": { ...base, ...path("b.json") }, "b.json": path("c.json"), "c.json": path("b.json") }
      expect((await refusal(texts(files), { system: "hubspot" })).problem).toBe("CircularReference")
    })

    it("of nothing where two paths are one", async () => {
      const given = { ...base, paths: { ...get({}), "/b": to("paths/~1a"), "/c": to("paths/~1b") } }
      expect(Object.keys((await read(text(given), { system: "hubspot" })).openapi31.paths)).toHaveLength(3)
    })
  })

  it("takes records that hold records of their kind", async () => {
    const ref = { $ref: "#/components/schemas/Node" }
    const node = {
      type: "object",
      properties: { parent: ref, children: { type: "array", items: ref }, next: { anyOf: [ref, { type: "string" }] } },
    }
    const document = await read(text(schemas({ Node: node })), { system: "hubspot" })
    expect(Object.keys(document.openapi31.components.schemas)).toEqual(["Node"])
  })

  it("never leaves the folder and never goes to the net", async () => {
    const to = (reference: string) => schemas({ A: { type: "object", properties: { b: { $ref: reference } } } })
    for (const reference of [
      "http://example.com/x.json",
      "file:///etc/passwd",
      "/etc/passwd",
      "../outside.json#/X",
      "a/../../outside.json",
    ]) {
      const error = await refusal(texts({ "in.json": to(reference) }), { system: "hubspot" })
      expect([reference, error.problem]).toEqual([reference, "Refused"])
    }
    const missing = await refusal(texts({ "in.json": to("beside.json#/X") }), { system: "hubspot" })
    expect(missing.problem).toBe("UnresolvedReference")
  })
})

describe("two of one name", () => {
  it("are refused in JSON, where a parser would silently take the later one", async () => {
    const given = endpointText.replace('"schemas":{', '"schemas":{"Vendor":{"type":"object"},')
    const error = await refusal(text(given), { system: "acumatica" })
    expect(error).toMatchObject({
      problem: "DuplicateSchema",
      message: expect.stringContaining('the schema "Vendor" twice') as string,
    })
  })

  it("are refused in YAML", async () => {
    const yaml =
      "openapi: 3.0.0\ninfo: { title: t, version: '1' }\npaths: {}\ncomponents:\n  schemas:\n    A: { type: string }\n    A: { type: object }\n"
    expect((await refusal(text(yaml, "t.yaml"), { system: "hubspot" })).problem).toBe("DuplicateSchema")
  })

  it("are refused in CSDL, as types and as sets", async () => {
    const type = samples.metadata.replace('<EntityType Name="Ledger">', '<EntityType Name="CustomerV3">')
    expect(await refusal(text(type, "m.xml"), { system: "dynamics" })).toMatchObject({
      problem: "DuplicateSchema",
      message: expect.stringContaining("CustomerV3") as string,
    })
    const set = samples.metadata.replace('<EntitySet Name="Ledgers"', '<EntitySet Name="CustomersV3"')
    expect((await refusal(text(set, "m.xml"), { system: "dynamics", entities: ["CustomersV3"] })).problem).toBe(
      "DuplicateSchema",
    )
  })

  it("are refused between the files of a folder, when they are records that differ", async () => {
    const other = { ...samples.endpoint, info: { title: "Default/25.200.001", version: "4" } }
    const changed = JSON.parse(JSON.stringify(other).replace('"CreditLimit"', '"CreditLine"')) as object
    const error = await refusal(texts({ "a.json": samples.endpoint, "b.json": changed }), { system: "acumatica" })
    expect(error).toMatchObject({
      problem: "DuplicateSchema",
      message: expect.stringContaining('a.json and b.json both describe "Customer"') as string,
    })
    const doctypes = texts({
      "a.json": samples.customerDocType,
      "b.json": { ...samples.customerDocType, fields: [{ fieldname: "x", fieldtype: "Data" }] },
    })
    expect((await refusal(doctypes, { system: "erpnext" })).problem).toBe("DuplicateSchema")
    const properties = { results: [...samples.companyProperties.results, samples.companyProperties.results[0]] }
    expect((await refusal(text(properties, "companies.json"), { system: "hubspot" })).problem).toBe("DuplicateSchema")
  })
})

describe("an entity that is not there", () => {
  it("offers the nearest names, whatever the format", async () => {
    const odata = await refusal(text(samples.metadata, "m.xml"), { system: "dynamics", entities: ["CustomerV2"] })
    expect(odata).toMatchObject({ problem: "EntityNotFound" })
    expect(odata.nearest?.[0]).toBe("CustomersV3")
    expect(odata.message).toContain("did you mean CustomersV3")
    const openapi = await refusal(text(samples.endpoint), { system: "acumatica", entities: ["Customer", "Vendro"] })
    expect(openapi.nearest).toEqual(["Vendor"])
    const doctype = await refusal(text(samples.customerDocType), { system: "erpnext", entities: ["Kustomer"] })
    expect(doctype.nearest).toEqual(["Customer"])
  })

  it("offers all that there is when nothing is near", async () => {
    const error = await refusal(text(samples.endpoint), { system: "acumatica", entities: ["Zzzzzzzz"] })
    expect(error.nearest).toEqual([])
    expect(error.message).toContain("it has 2: Customer, Vendor")
  })

  it("is left out when the caller says so", async () => {
    const document = await read(text(samples.metadata, "m.xml"), {
      system: "dynamics",
      entities: ["Ledgers", "Gone"],
      missing: "skip",
    })
    expect(document.entities.map(({ name }) => name)).toEqual(["Ledgers"])
  })

  it("is found by the name of its type, and in other letters", async () => {
    for (const name of ["CustomerV3", "customersv3", "CustomersV3"]) {
      const document = await read(text(samples.metadata, "m.xml"), { system: "dynamics", entities: [name] })
      expect(document.entities.map((each) => each.name)).toEqual(["CustomersV3"])
    }
  })
})

describe("XML by which a file could read other files", () => {
  const within = (doctype: string, body = "") =>
    `<?xml version="1.0"?>\n${doctype}\n<edmx:Edmx Version="4.0" xmlns:edmx="e">${body}</edmx:Edmx>`
  const cases: ReadonlyArray<readonly [string, string]> = [
    ["a document type", within("<!DOCTYPE edmx:Edmx>")],
    ["an external document type", within('<!DOCTYPE edmx:Edmx SYSTEM "file:///etc/passwd">')],
    ["an external entity", within('<!DOCTYPE edmx:Edmx [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;")],
    [
      "entities that multiply",
      within('<!DOCTYPE e [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>', "&b;"),
    ],
  ]
  for (const [what, given] of cases) {
    it(`refuses ${what}`, async () => {
      const error = await refusal(text(given, "m.xml"), { system: "dynamics" })
      expect(error).toMatchObject({ problem: "Refused", message: expect.stringContaining("DTD") as string })
      expect(error.message).not.toContain("root:")
    })
  }

  it("knows no entity of its own", async () => {
    const given = samples.metadata.replace("CustomerGroupId", "Customer&evil;GroupId")
    expect((await refusal(text(given, "m.xml"), { system: "dynamics" })).problem).toBe("NotADescription")
  })
})

it("says the limit of a file that is too large, before reading it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "mortise-large-"))
  const heap = getHeapStatistics().heap_size_limit
  try {
    for (const [name, first, system, size, entities] of [
      ["large.json", "{", "acumatica", 700 * 1024 * 1024, ["Customer"]],
      ["large.json", "{", "acumatica", heap / 20, undefined],
      ["large.xml", "<", "dynamics", heap / 40, undefined],
    ] as const) {
      const path = join(folder, name)
      await writeFile(path, first)
      // Sparse: it takes no room on the disk.
      await truncate(path, Math.ceil(size))
      const error = await refusal({ kind: "path", path }, { system, ...(entities === undefined ? {} : { entities }) })
      expect(error).toMatchObject({
        problem: "TooLarge",
        message: expect.stringMatching(/has \d+ MB; the limit .* \d+ MB: .*--max-old-space-size/) as string,
      })
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

it("follows no more aliases of YAML than a description has", async () => {
  const bomb = `a: &a [x, x]\n${Array.from({ length: 1200 }, (_, index) => `k${index}: *a`).join("\n")}\n`
  expect((await refusal(text(bomb, "bomb.yaml"), { system: "hubspot" })).problem).toBe("Refused")
})

describe("the nearest names", () => {
  it("are those with the fewest letters to change", () => {
    const names = ["Customer", "Customers", "Contact", "SalesOrder", "SalesInvoice"]
    expect(nearest("Custmoer", names)).toEqual(["Customer", "Customers"])
    expect(nearest("salesorders", names)).toEqual(["SalesOrder"])
    expect(nearest("sales_invoice", names)[0]).toBe("SalesInvoice")
    expect(nearest("xyz", names)).toEqual([])
  })
})
