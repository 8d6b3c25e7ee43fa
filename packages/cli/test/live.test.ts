import { generateKeyPairSync } from "node:crypto"
import * as HubSpotTwin from "@mortise/conformance/hubspot/HubSpotTwin"
import { describe, expect, it, onTestFinished } from "vitest"
import { fetched } from "./support/fetched.ts"
import { type Answer, json, type Server, serve, text } from "./support/server.ts"

const start = async (routes: Readonly<Record<string, Answer>>): Promise<Server> => {
  const server = await serve(routes)
  onTestFinished(server.close)
  return server
}

const paths = (server: Server) => server.asked.map(({ method, url }) => `${method} ${decodeURIComponent(url)}`)

describe("a HubSpot portal", () => {
  const environment = { HUBSPOT_TOKEN: HubSpotTwin.TOKEN }
  const serveTwin = async () => {
    const clock = { now: () => Date.UTC(2026, 10, 2, 9), sleep: async () => {} }
    const twin = HubSpotTwin.make({ clock })
    const served = await twin.serve()
    onTestFinished(served.close)
    return { twin, from: served.url }
  }

  for (const [version, path] of [
    ["2026-09", ""],
    ["2026-03", "/crm/properties/2026-03"],
    ["v3", "/crm/v3/properties"],
  ]) {
    it(`gives the properties of each object type, to be laid over our description of ${version}`, async () => {
      const { from } = await serveTwin()
      const entities = ["companies", "line_items"]
      const brought = await fetched({ system: "hubspot", from: from + path, entities, environment })
      expect([...brought.files.keys()]).toEqual(["companies.json", "line_items.json", `${version}.yaml`].sort())
      const { results } = JSON.parse(brought.files.get("companies.json") ?? "")
      expect(results.map(({ name }: { name: string }) => name)).toContain("domain")
    })
  }

  it("is asked for the object types of the connector when none are named", async () => {
    const { from } = await serveTwin()
    const brought = await fetched({ system: "hubspot", from, environment })
    expect([...brought.files.keys()]).toContain("deals.json")
  })

  it("is asked again for what was pinned, resources without properties among it", async () => {
    const { from } = await serveTwin()
    const entities = ["companies", "owners", "pipelines"]
    const brought = await fetched({ system: "hubspot", from, entities, environment })
    expect([...brought.files.keys()]).toEqual(["2026-09.yaml", "companies.json"])
  })

  it("is asked for what was pinned beside them, when none are named", async () => {
    const { from } = await serveTwin()
    const brought = await fetched({ system: "hubspot", from, known: ["orders", "owners"], environment })
    expect([...brought.files.keys()]).toEqual(expect.arrayContaining(["deals.json", "orders.json"]))
    expect([...brought.files.keys()]).not.toContain("owners.json")
  })

  it("tells which object type it does not know", async () => {
    const { from } = await serveTwin()
    const asking = fetched({ system: "hubspot", from, entities: ["compnies"], environment })
    await expect(asking).rejects.toMatchObject({
      message: 'the portal has no object type "compnies".',
      hint: expect.stringContaining("companies"),
    })
  })

  it("refuses a version that is not known", async () => {
    const { from } = await serveTwin()
    const asking = fetched({ system: "hubspot", from: `${from}/crm/properties/2031-01`, environment })
    await expect(asking).rejects.toMatchObject({ problem: "VersionMismatch", hint: "Known are v3, 2026-03, 2026-09." })
  })

  it("refuses to send its token to a host that is not HubSpot's", async () => {
    const asking = fetched({ system: "hubspot", from: "https://hubspot.example.com/crm", environment })
    await expect(asking).rejects.toMatchObject({
      problem: "Address",
      hint: expect.stringContaining("HUBSPOT_BASE_URL"),
    })
  })
})

describe("a Dynamics environment", () => {
  const EDMX = '<edmx:Edmx Version="4.0"/>'

  it("gives its $metadata as it is", async () => {
    const server = await start({ "/data/$metadata": text(EDMX, "application/xml") })
    const environment = { DYNAMICS_TOKEN: "s3cret" }
    const brought = await fetched({ system: "dynamics", from: server.url, environment })
    expect([...brought.files]).toEqual([["metadata.xml", EDMX]])
    expect(server.asked[0]?.headers.authorization).toBe("Bearer s3cret")
  })

  it("gives its $metadata below the path of an on-premises environment", async () => {
    const server = await start({ "/namespaces/AXSF/data/$metadata": text(EDMX, "application/xml") })
    const brought = await fetched({ system: "dynamics", from: `${server.url}/namespaces/AXSF/data/` })
    expect([...brought.files.keys()]).toEqual(["metadata.xml"])
  })

  it("gives its REST metadata, page by page", async () => {
    const second: Answer = (request, response) => {
      const rest = request.url.includes("$skip=1")
      const origin = "https://another.example"
      json(
        rest
          ? { value: [{ Name: "B" }] }
          : { value: [{ Name: "A" }], "@odata.nextLink": `${origin}/metadata/PublicEntities?$skip=1` },
      )(request, response)
    }
    const server = await start({
      "/metadata/PublicEntities": second,
      "/metadata/PublicEnumerations": json({ value: [{ Name: "NoYes" }] }),
    })
    const brought = await fetched({ system: "dynamics", from: `${server.url}/metadata` })
    expect(JSON.parse(brought.files.get("PublicEntities.json") ?? "").value).toEqual([{ Name: "A" }, { Name: "B" }])
    expect(JSON.parse(brought.files.get("PublicEnumerations.json") ?? "").value).toEqual([{ Name: "NoYes" }])
  })

  it("ends when the server gives the same page again and again", async () => {
    const server = await start({
      "/metadata/PublicEntities": json({ value: [], "@odata.nextLink": "/metadata/PublicEntities" }),
    })
    const asking = fetched({ system: "dynamics", from: `${server.url}/metadata` })
    await expect(asking).rejects.toHaveProperty("message", expect.stringContaining("repeats a page"))
  })

  it("is asked with a token for its own address, got by client credentials", async () => {
    const token = json({ access_token: "granted", expires_in: 3599, token_type: "Bearer" })
    const server = await start({
      "POST /contoso/oauth2/v2.0/token": token,
      "/data/$metadata": text(EDMX, "application/xml"),
    })
    const environment = {
      DYNAMICS_TENANT_ID: "contoso",
      DYNAMICS_CLIENT_ID: "app",
      DYNAMICS_CLIENT_SECRET: "s3cret",
      DYNAMICS_LOGIN_URL: server.url,
    }
    await fetched({ system: "dynamics", from: server.url, environment })
    const [grant, metadata] = server.asked
    const form = new URLSearchParams(grant?.body)
    expect(form.get("grant_type")).toBe("client_credentials")
    expect(form.get("scope")).toBe(`${server.url}/.default`)
    expect(metadata?.headers.authorization).toBe("Bearer granted")
  })

  it("does not repeat a secret that was refused", async () => {
    const server = await start({ "POST /contoso/oauth2/v2.0/token": json({ error: "invalid_client" }, 401) })
    const environment = {
      DYNAMICS_TENANT_ID: "contoso",
      DYNAMICS_CLIENT_ID: "app",
      DYNAMICS_CLIENT_SECRET: "s3cret",
      DYNAMICS_LOGIN_URL: server.url,
    }
    const error = await fetched({ system: "dynamics", from: server.url, environment }).catch((caught) => caught)
    expect(error).toMatchObject({ problem: "Credentials" })
    expect(JSON.stringify(error) + error.message).not.toContain("s3cret")
  })
})

describe("a NetSuite account", () => {
  const CATALOG = "/services/rest/record/v1/metadata-catalog"

  it("gives OpenAPI of the records that were named, and of no other", async () => {
    const server = await start({ [CATALOG]: json({ openapi: "3.0.1" }) })
    const environment = { NETSUITE_TOKEN: "s3cret" }
    const entities = ["customer", "salesOrder"]
    const brought = await fetched({ system: "netsuite", from: server.url, entities, environment })
    expect([...brought.files.keys()]).toEqual(["metadata-catalog.json"])
    expect(paths(server)).toEqual([`GET ${CATALOG}?select=customer,salesOrder`])
    expect(server.asked[0]?.headers.accept).toBe("application/swagger+json")
  })

  it("gives the schemas of the records and of those that they refer to", async () => {
    const ref = (name: string) => ({ $ref: `${CATALOG}/${name}` })
    const server = await start({
      [`${CATALOG}/customer`]: json({ properties: { subsidiary: ref("subsidiary"), links: { items: ref("nsLink") } } }),
      [`${CATALOG}/subsidiary`]: json({ properties: { parent: ref("subsidiary") } }),
      [`${CATALOG}/nsLink`]: json({ properties: {} }),
    })
    const format = "netsuite-schema"
    const brought = await fetched({ system: "netsuite", from: server.url, entities: ["customer"], format })
    expect([...brought.files.keys()]).toEqual(["customer.json", "nsLink.json", "subsidiary.json"])
    expect(server.asked[0]?.headers.accept).toBe("application/schema+json")
  })

  it("says that a record type is not described", async () => {
    const server = await start({ [CATALOG]: json({ title: "Bad Request" }, 400) })
    const asking = fetched({ system: "netsuite", from: server.url, entities: ["custmer"] })
    await expect(asking).rejects.toHaveProperty("message", expect.stringContaining("custmer"))
  })

  it("is asked with a token for a signed assertion", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
    const pem = String(privateKey.export({ type: "pkcs8", format: "pem" }))
    const server = await start({
      "POST /services/rest/auth/oauth2/v1/token": json({
        access_token: "granted",
        expires_in: "3600",
        token_type: "bearer",
      }),
      [CATALOG]: json({}),
    })
    const environment = {
      NETSUITE_CLIENT_ID: "client",
      NETSUITE_CERTIFICATE_ID: "certificate",
      NETSUITE_PRIVATE_KEY: pem.replaceAll("\n", "\\n"),
    }
    await fetched({ system: "netsuite", from: server.url, entities: ["customer"], environment })
    const assertion = new URLSearchParams(server.asked[0]?.body).get("client_assertion") ?? ""
    const [header, claims] = assertion.split(".").map((part) => Buffer.from(part, "base64url").toString())
    expect(JSON.parse(header ?? "")).toMatchObject({ alg: "PS256", kid: "certificate" })
    expect(JSON.parse(claims ?? "")).toMatchObject({ iss: "client", scope: ["rest_webservices"] })
    expect(server.asked[1]?.headers.authorization).toBe("Bearer granted")
  })
})

describe("an ERPNext site", () => {
  const METHOD = "/api/method/frappe.desk.form.load.getdoctype"
  const doctype = (name: string, fields: ReadonlyArray<object> = []) => ({
    doctype: "DocType",
    name,
    fields,
    __js: "secret()",
  })

  it("gives a doctype with its child tables and custom fields, without scripts", async () => {
    const custom = { fieldname: "hubspot_company_id", fieldtype: "Data", is_custom_field: 1 }
    const site: Answer = (request, response) => {
      const asked = new URL(request.url, "http://site").searchParams.get("doctype")
      const docs =
        asked === "Customer" ? [doctype("Customer", [custom])] : [doctype("Sales Order"), doctype("Sales Order Item")]
      json({ docs, user_settings: "{}" })(request, response)
    }
    const server = await start({
      [METHOD]: site,
      "/api/method/frappe.utils.change_log.get_versions": json({
        message: { frappe: { version: "15.105.0" }, erpnext: { version: "15.104.3" } },
      }),
    })
    const environment = { ERPNEXT_API_KEY: "key", ERPNEXT_API_SECRET: "s3cret" }
    const entities = ["Customer", "Sales Order"]
    const brought = await fetched({ system: "erpnext", from: `${server.url}/app/customer`, entities, environment })
    expect([...brought.files.keys()]).toEqual(["customer.json", "sales_order.json", "sales_order_item.json"])
    expect(JSON.parse(brought.files.get("customer.json") ?? "").fields).toEqual([custom])
    expect([...brought.files.values()].join()).not.toContain("secret()")
    expect(brought.build).toBe("erpnext 15.104.3")
    expect(server.asked.at(-1)?.headers.authorization).toBe("token key:s3cret")
  })

  it("tells which doctype it does not have", async () => {
    const server = await start({ [METHOD]: json({ exc_type: "DoesNotExistError" }, 404) })
    const asking = fetched({ system: "erpnext", from: server.url, entities: ["Sales Ordr"] })
    await expect(asking).rejects.toHaveProperty("message", 'the site has no doctype "Sales Ordr".')
  })

  it("is asked for what was pinned when none are named", async () => {
    const docs = [doctype("Customer"), doctype("Party Account")]
    const server = await start({ [METHOD]: json({ docs }) })
    const brought = await fetched({ system: "erpnext", from: server.url, known: ["Customer"] })
    expect([...brought.files.keys()]).toEqual(["customer.json", "party_account.json"])
  })

  it("has to be told which doctypes are in use", async () => {
    const server = await start({})
    await expect(fetched({ system: "erpnext", from: server.url })).rejects.toMatchObject({ problem: "Usage" })
    expect(server.asked).toEqual([])
  })
})

describe("credentials that no header can carry", () => {
  it("are not sent, and not repeated", async () => {
    const server = await start({})
    const environment = { DYNAMICS_TOKEN: "s3cret\r\nx-other: 1" }
    const error = await fetched({ system: "dynamics", from: server.url, environment }).catch((caught) => caught)
    expect(error).toMatchObject({ problem: "Credentials" })
    expect(error.message).not.toContain("s3cret")
    expect(server.asked).toEqual([])
  })
})

describe("a description that somebody put on a web server", () => {
  it("is fetched without credentials", async () => {
    const server = await start({ "/files/hubspot.json": json({ openapi: "3.1.0" }) })
    const environment = { HUBSPOT_TOKEN: "s3cret" }
    const brought = await fetched({ system: "hubspot", from: `${server.url}/files/hubspot.json`, environment })
    expect([...brought.files.keys()]).toEqual(["hubspot.json"])
    expect(server.asked[0]?.headers.authorization).toBeUndefined()
  })

  it("is not fetched by plain http from another machine", async () => {
    const asking = fetched({ system: "hubspot", from: "http://files.example.com/hubspot.json" })
    await expect(asking).rejects.toMatchObject({ problem: "Address", message: expect.stringContaining("plain http") })
  })
})
