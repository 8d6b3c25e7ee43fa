import { mkdir, readdir, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { describe, expect, it } from "vitest"
import { CUSTOMER, csdl, openApi, small } from "./support/descriptions.ts"
import { folder } from "./support/folder.ts"
import { inProcess } from "./support/run.ts"

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })

interface Case {
  readonly what: string
  readonly files: Readonly<Record<string, string | Uint8Array>>
  readonly from?: string
  readonly args?: ReadonlyArray<string>
  readonly system?: string
  readonly says: RegExp
}

const yaml = (schemas: string) => `openapi: 3.0.1
info: { title: Default/24.200.001, version: "4" }
paths: {}
components:
  schemas:
${schemas}`

const dtd = (declaration: string) => csdl("", `<!DOCTYPE edmx [${declaration}]>`)

const whole = JSON.stringify(small())

const cases: ReadonlyArray<Case> = [
  { what: "a file that is not there", files: {}, from: "none.json", says: /none\.json.*no such file/ },
  { what: "an empty file", files: { "a.json": "" }, says: /a\.json is empty/ },
  { what: "an empty folder", files: { "a/.keep": "" }, from: "a", says: /holds no description/ },
  { what: "JSON that is no description", files: { "a.json": '{"name":"x"}' }, says: /no API description/ },
  {
    what: "a text",
    files: { "a.yaml": "Dear all,\nthe API is described on page 3.\n" },
    says: /no description|neither/,
  },
  {
    what: "a picture",
    files: { "a.json": new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0xd8]) },
    says: /not text in UTF-8/,
  },
  {
    what: "another format than the one named",
    files: { "a.json": whole },
    args: ["--format", "csdl"],
    says: /not CSDL XML/,
  },
  {
    what: "a format that the system does not serve",
    files: { "a.xml": csdl("") },
    system: "hubspot",
    says: /hubspot is described by/,
  },
  { what: "half a JSON file", files: { "a.json": whole.slice(0, whole.length / 2) }, says: /ends in the middle/ },
  {
    what: "half an XML file",
    files: { "a.xml": csdl("").slice(0, 400) },
    system: "dynamics",
    says: /ends in the middle|unclosed/i,
  },
  {
    what: "a reference that leads nowhere",
    files: {
      "a.json": JSON.stringify(
        openApi({ Customer: { ...CUSTOMER, properties: { Terms: ref("Term") } }, Terms: CUSTOMER }),
      ),
    },
    says: /"#\/components\/schemas\/Term", which it does not hold; there is Terms/,
  },
  {
    what: "schemas that are made of themselves",
    files: {
      "a.json": JSON.stringify(openApi({ Customer: { allOf: [ref("Base")] }, Base: { allOf: [ref("Customer")] } })),
    },
    says: /made of itself: Customer -> Base -> Customer/,
  },
  {
    what: "two schemas of one name in JSON",
    files: { "a.json": whole.replace('"SalesOrder":{"type"', '"Customer":{"type"') },
    says: /describes the schema "Customer" twice/,
  },
  {
    what: "two schemas of one name in YAML",
    files: { "a.yaml": yaml("    Customer: { type: object }\n    Customer: { type: string }\n") },
    says: /"Customer" is there twice/,
  },
  {
    what: "two files that describe one entity, and not alike",
    files: {
      "a/one.json": whole,
      "a/two.json": JSON.stringify(openApi({ Customer: { type: "object", properties: { Name: { type: "string" } } } })),
    },
    from: "a",
    says: /both describe "Customer", and not alike/,
  },
  {
    what: "an entity that is not there",
    files: { "a.json": whole },
    args: ["--entities", "Custmer"],
    says: /no entity "Custmer"; did you mean Customer\?/,
  },
  {
    what: "an XML with a document type",
    files: { "a.xml": dtd("") },
    system: "dynamics",
    says: /DOCTYPE|document type/i,
  },
  {
    what: "an XML with an external entity",
    files: { "a.xml": dtd('<!ENTITY x SYSTEM "file:///etc/passwd">').replace('CustomerV3"', '&x;"') },
    system: "dynamics",
    says: /DOCTYPE|document type/i,
  },
  {
    what: "an XML with entities that grow",
    files: { "a.xml": dtd('<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">') },
    system: "dynamics",
    says: /DOCTYPE|document type/i,
  },
  { what: "plain http from another machine", files: {}, from: "http://erp.example.com/entity", says: /plain http/ },
  { what: "another scheme than http", files: {}, from: "ftp://erp.example.com/a.json", says: /ftp: is not https/ },
  { what: "no address that can be read", files: {}, from: "https://", says: /cannot be read/ },
  {
    what: "a server that is no instance",
    files: {},
    from: "https://erp.example.com/page.aspx",
    says: /no address of acumatica/,
  },
]

describe("a description is refused, in one sentence and with nothing written, when it is", () => {
  for (const { args = [], files, from, says, system = "acumatica", what } of cases) {
    it(what, async () => {
      const at = await folder()
      for (const [name, content] of Object.entries(files)) {
        await mkdir(dirname(join(at, name)), { recursive: true })
        await writeFile(join(at, name), content)
      }
      const before = (await readdir(at)).sort()
      const source = from ?? Object.keys(files)[0] ?? ""
      const all = ["generate", "--quiet", "--system", system, "--from", source, "--out", "erp", ...args]
      const { code, err, out } = await inProcess(all, { folder: at })
      expect(err).toMatch(says)
      expect(err.split("\n").filter((line) => line.startsWith("mortise: "))).toHaveLength(1)
      expect(err).not.toMatch(/\n\s+at /)
      expect({ code, out }).toEqual({ code: 2, out: "" })
      expect((await readdir(at)).sort()).toEqual(before)
    })
  }

  it("tells the error as JSON to a program that asked for JSON", async () => {
    const at = await folder()
    await writeFile(join(at, "a.json"), whole)
    const args = [
      "generate",
      "--json",
      "--system",
      "acumatica",
      "--from",
      "a.json",
      "--out",
      "erp",
      "--entities",
      "Custmer",
    ]
    const { code, out } = await inProcess(args, { folder: at })
    expect(code).toBe(2)
    expect(JSON.parse(out)).toEqual({
      error: {
        problem: "EntityNotFound",
        message: expect.stringContaining("Custmer"),
        at: "a.json",
        entity: "Custmer",
        nearest: ["Customer"],
      },
    })
  })
})
