import { setupServer } from "msw/node"
import { describe, expect, it } from "vitest"
import * as DynamicsTwin from "../../src/dynamics/DynamicsTwin.ts"
import { CUSTOMER, customers, filter, make, open } from "./Client.ts"
import * as Scene from "./Scene.ts"

describe("the world", () => {
  it("goes to JSON and back, with late commits, events, numbers and the tenant's fields", async () => {
    const first = open({ fields: [{ set: "CustomersV3", name: "AcmeScore", kind: "decimal" }] })
    first.world.events.activate({ eventId: "SalesInvoicePostedBusinessEvent" })
    Scene.invoice(first.world)
    first.world.knobs.commitDelay = 60_000
    await first.post("CustomersV3", { ...CUSTOMER, AcmeScore: 1 })
    const dump = JSON.parse(JSON.stringify(first.world.dump()))
    const second = open({ chart: "none" })
    second.world.load(dump)
    expect(JSON.parse(JSON.stringify(second.world.dump()))).toEqual(dump)
    expect(second.world.events.waiting()).toHaveLength(1)
    expect((await second.get("CustomersV3")).rows).toHaveLength(1)
    await second.clock.advance("2 minutes")
    expect((await second.get(`CustomersV3?${filter("AcmeScore eq 1")}`)).each("CustomerAccount")).toEqual([
      "USMF-000001",
    ])
    second.world.knobs.commitDelay = 0
    expect((await second.post("CustomersV3", CUSTOMER)).at("CustomerAccount")).toBe("USMF-000002")
    expect(first.world.all("CustomersV3")).toHaveLength(1)
  })

  it("follows from its seed", async () => {
    const etag = async (seed: number) => {
      const { get, patch, post } = open({ seed })
      await post("CustomersV3", CUSTOMER)
      const key = "CustomersV3(dataAreaId='usmf',CustomerAccount='USMF-000001')"
      await patch(key, { CreditRating: "A" })
      return (await get(key)).etag()
    }
    expect(await etag(1)).toBe(await etag(1))
    expect(await etag(1)).not.toBe(await etag(2))
  })

  it("refuses seeds that no one could have entered", () => {
    const { world } = make()
    expect(() => world.seed("CustomersV3", [{ Wings: "2" }])).toThrow("CustomersV3 has no field Wings")
    expect(() => world.seed("CustomersV3", [{ ...CUSTOMER, CustomerGroupId: "99" }])).toThrow(
      "is not found in the related table",
    )
    expect(() => world.seed("CustomersV3", [{ ...CUSTOMER, CreditLimit: "much" }])).toThrow(
      "CustomersV3.CreditLimit cannot be",
    )
    expect(() => world.seed("Dragons", [])).toThrow("no entity set Dragons")
    expect(() => world.seed("CustomersV3", [CUSTOMER], "zzz")).toThrow("no company zzz")
    world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "C1" }])
    expect(() => world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "c1" }])).toThrow("already exists")
  })

  it("lets somebody else edit, with or without a moved stamp, seen now or later", async () => {
    const { clock, get, world } = open()
    world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "C1" }])
    const state = async () => {
      const { rows } = await get("CustTableBiEntities?$select=CreditRating,SysModifiedDateTime")
      return [rows[0]?.["CreditRating"], rows[0]?.["SysModifiedDateTime"]]
    }
    await clock.advance("1 hour")
    world.edit("CustomersV3", ["usmf", "C1"], { CreditRating: "A" }, { moveStamp: false })
    expect(await state()).toEqual(["A", "2026-07-15T09:30:00Z"])
    world.edit("CustomersV3", ["usmf", "C1"], { CreditRating: "B" }, { seenAfter: 1000 })
    expect((await state())[0]).toBe("A")
    await clock.advance("1 second")
    expect(await state()).toEqual(["B", "2026-07-15T10:30:00Z"])
  })

  it("lets the next writer build on what readers do not see yet", async () => {
    const { clock, get, patch, world } = open({ knobs: { commitDelay: 10_000 } })
    world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "C1" }])
    const key = "CustomersV3(dataAreaId='usmf',CustomerAccount='C1')"
    await patch(key, { CreditRating: "A" })
    await patch(key, { TaxExemptNumber: "T" })
    expect((await get(key)).at("CreditRating")).toBe("")
    await clock.advance("11 seconds")
    const read = await get(key)
    expect([read.at("CreditRating"), read.at("TaxExemptNumber")]).toEqual(["A", "T"])
  })

  it("holds a business of 25,000 records in two companies and reads it page by page and by a reference", async () => {
    const { get, world } = open()
    const many = <A>(count: number, of: (i: number) => A) => Array.from({ length: count }, (_, i) => of(i))
    for (const company of ["usmf", "demf"]) {
      world.seed(
        "CustomersV3",
        many(10_200, (i) => ({ ...CUSTOMER, CustomerAccount: `C${i}`, OrganizationNumber: `crm|${i}` })),
        company,
      )
      world.seed(
        "ContactPersons",
        many(2500, (i) => ({ ContactPersonId: `P${i}`, LastName: `Name ${i}` })),
        company,
      )
    }
    const started = performance.now()
    const seen = new Set<unknown>()
    let path: string | undefined =
      "CustomersV3?cross-company=true&$select=dataAreaId,CustomerAccount&$orderby=dataAreaId,CustomerAccount"
    let pages = 0
    while (path !== undefined) {
      const page = await get(path)
      for (const row of page.rows) seen.add(`${row["dataAreaId"]} ${row["CustomerAccount"]}`)
      const link = page.at(["@odata.nextLink"])
      path = link === undefined ? undefined : String(link).split("/data/")[1]
      pages += 1
    }
    expect([pages, seen.size]).toEqual([3, 20_400])
    // About a second; the bound only tells a crawl from something worse on a busy machine.
    expect(performance.now() - started).toBeLessThan(15_000)
    const carrier = `CustomersV3?cross-company=true&$select=CustomerAccount&${filter("dataAreaId eq 'demf' and OrganizationNumber eq 'crm|77'")}`
    await get(carrier)
    const looked = performance.now()
    expect((await get(carrier)).each("CustomerAccount")).toEqual(["C77"])
    expect(performance.now() - looked).toBeLessThan(500)
  }, 60_000)
})

describe("the twin", () => {
  const authorization = (world: DynamicsTwin.DynamicsWorld) => ({
    authorization: `Bearer ${DynamicsTwin.token(world)}`,
  })

  it("answers the same in process, intercepted and served", async () => {
    const { twin, world } = make({ knobs: { listOrder: "key" } })
    world.seed("CustomersV3", customers(3))
    const headers = authorization(world)
    const path = "/data/CustomersV3?$select=CustomerAccount"
    const inProcess = await (await twin.fetch(`${twin.origin}${path}`, { headers })).text()
    const server = setupServer(...twin.handlers)
    server.listen()
    const intercepted = await (await fetch(`${twin.origin}${path}`, { headers })).text()
    server.close()
    const served = await twin.serve()
    const overLoopback = await (await fetch(`${served.url}${path}`, { headers })).text()
    await served.close()
    expect(inProcess).toContain('"CustomerAccount":"C002"')
    expect([intercepted, overLoopback]).toEqual([inProcess, inProcess])
  })

  it("lives below the path of an environment on premises", async () => {
    const { twin, world } = make({ basePath: "/namespaces/AXSF" })
    const ask = async (path: string) =>
      (await twin.fetch(`${twin.origin}${path}`, { headers: authorization(world) })).status
    expect([await ask("/namespaces/AXSF/data/Currencies"), await ask("/data/Currencies")]).toEqual([200, 404])
  })

  it("words faults of the deck as the service does", async () => {
    const { get, twin } = open()
    twin.faults.deal({ at: () => true, fault: { kind: "throttle", retryAfter: "7" } })
    const throttled = await get("Currencies")
    expect([throttled.status, throttled.headers.get("retry-after")]).toEqual([429, "7"])
    twin.faults.deal({ at: () => true, fault: { kind: "unauthorized" } })
    expect((await get("Currencies")).headers.get("www-authenticate")).toContain("Bearer")
    twin.faults.deal({ at: () => true, fault: { kind: "errorBefore", status: 500 } })
    expect((await get("Currencies")).at("error.innererror.stacktrace")).toBeTypeOf("string")
  })

  it("nests the reason one level deeper where the version does", async () => {
    const { patch } = open({ knobs: { errorShape: "internalexception" } })
    const refused = await patch("CustomersV3(dataAreaId='usmf',CustomerAccount='C9')", {})
    expect([refused.at("error.code"), refused.at("error.innererror.internalexception.message")]).toEqual([
      "BadRequest",
      "No resources were found when selecting for update.",
    ])
  })

  it("loses the reply after the record was saved", async () => {
    const { post, twin, world } = open()
    twin.faults.deal({ at: (request) => request.method === "POST", fault: { kind: "lostReply" } })
    await expect(post("CustomersV3", CUSTOMER)).rejects.toThrow("fetch failed")
    expect(world.all("CustomersV3")).toHaveLength(1)
  })

  it("is made in no time, for rules make it by the hundred", () => {
    const started = performance.now()
    for (let i = 0; i < 20; i++) make()
    expect((performance.now() - started) / 20).toBeLessThan(100)
  })
})
