import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { parse } from "yaml"
import { specs } from "./support/descriptions.ts"
import { files, folder } from "./support/folder.ts"
import { inProcess } from "./support/run.ts"
import { type Answer, json, serve, text } from "./support/server.ts"

interface DocType {
  readonly name: string
  readonly fields: ReadonlyArray<{ readonly fieldtype?: string; readonly options?: string }>
}

const doctypes = async (): Promise<ReadonlyMap<string, DocType>> => {
  const names = await readdir(join(specs, "erpnext/v15"))
  const all = names.map(async (name) => JSON.parse(await readFile(join(specs, "erpnext/v15", name), "utf8")) as DocType)
  return new Map((await Promise.all(all)).map((one) => [one.name, one]))
}

/** A doctype with its child tables, as a site answers; Customer has a field of this site's own. */
const erpNext = async (): Promise<Answer> => {
  const all = await doctypes()
  const own = { fieldname: "hubspot_company_id", fieldtype: "Data", is_custom_field: 1 }
  const site = (one: DocType) => (one.name === "Customer" ? { ...one, fields: [...one.fields, own] } : one)
  return (request, response) => {
    const asked = all.get(new URL(request.url, "http://site").searchParams.get("doctype") ?? "")
    const tables = asked?.fields.filter(({ fieldtype }) => fieldtype === "Table") ?? []
    const docs = [asked, ...tables.map(({ options }) => all.get(options ?? ""))].filter((one) => one !== undefined)
    json(docs.length === 0 ? {} : { docs: docs.map(site) }, docs.length === 0 ? 404 : 200)(request, response)
  }
}

const instances = [
  {
    system: "dynamics",
    entities: "CustomersV3,SalesOrderHeadersV2",
    routes: async () => ({
      "/data/$metadata": text(await readFile(join(specs, "dynamics/metadata.xml"), "utf8"), "application/xml"),
    }),
    typed: /CustomerAccount/,
  },
  {
    system: "netsuite",
    entities: "customer,salesOrder",
    routes: async () => ({
      "/services/rest/record/v1/metadata-catalog": json(
        parse(await readFile(join(specs, "netsuite/2026.1.yaml"), "utf8")),
      ),
    }),
    typed: /companyName/,
  },
  {
    system: "erpnext",
    entities: "Customer,Sales Order",
    routes: async () => ({ "/api/method/frappe.desk.form.load.getdoctype": await erpNext() }),
    typed: /hubspot_company_id/,
  },
]

describe("types are generated from, and compared with, what is served by", () => {
  for (const { entities, routes, system, typed } of instances) {
    it(system, async () => {
      const server = await serve(await routes())
      onTestFinished(server.close)
      const at = await folder()
      const args = ["generate", "--quiet", "--system", system, "--from", server.url, "--out", "erp"]
      const ran = await inProcess([...args, "--entities", entities], { folder: at })
      expect(ran, ran.err).toMatchObject({ code: 0 })
      const written = await files(join(at, "erp"))
      expect(written.get("api.ts")).toMatch(typed)
      expect(JSON.parse(written.get("mortise.pin.json") ?? "").entities).toEqual(entities.split(","))
      const checked = await inProcess([...args, "--check"], { folder: at })
      expect(checked, checked.out + checked.err).toMatchObject({
        code: 0,
        out: expect.stringContaining("nothing has changed"),
      })
    })
  }
})
