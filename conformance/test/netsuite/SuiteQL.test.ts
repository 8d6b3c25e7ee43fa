import { describe, expect, it } from "vitest"
import { furnish, open } from "./Client.ts"

const many = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ companyName: `Name ${i}`, subsidiary: "1", isInactive: i % 2 === 1 }))

describe("an answer", () => {
  it("holds lower-case keys and texts alone, T and F, and leaves out what has no value", async () => {
    const { query, world } = open()
    world.seed("customer", [{ companyName: "One", subsidiary: "1", creditLimit: "1234567890123456789.10" }])
    const found = await query(
      "SELECT ID, companyName, isInactive, phone, creditLimit, COUNT(*) AS n FROM Customer GROUP BY 1",
    )
    expect(found.items[0]).toEqual({
      links: [],
      id: "101",
      companyname: "One",
      isinactive: "F",
      creditlimit: "1234567890123456789.1",
      n: "1",
    })
  })

  it("is refused without Prefer: transient", async () => {
    const { send } = open()
    const body = { q: "SELECT id FROM customer" }
    const path = "/services/rest/query/v1/suiteql"
    const refused = await send(path, { method: "POST", body })
    expect([refused.status, refused.at("o:errorDetails.0.o:errorHeader")]).toEqual([400, "Prefer"])
    const async = await send(path, { method: "POST", body, headers: { prefer: "respond-async" } })
    expect(async.status).toBe(404)
  })

  it("comes a thousand rows a page, and ends at the cap whatever there is", async () => {
    const { query, world } = open({ knobs: { queryCap: 2000 } })
    world.seed("customer", many(2100))
    const page = (offset: number) => query("SELECT id FROM customer ORDER BY id", [], `?limit=1000&offset=${offset}`)
    const [first, second] = [await page(0), await page(1000)]
    expect([first.items.length, first.at("hasMore"), second.at("hasMore")]).toEqual([1000, true, false])
    expect((await page(2000)).refusal).toContain("400 INVALID_PARAMETER")
    expect((await query("SELECT id FROM customer ORDER BY id", [], "?limit=1001")).status).toBe(400)
    expect((await query("SELECT id FROM customer ORDER BY id", [], "?limit=10&offset=5")).status).toBe(400)
  })

  it("without an order is another one at every page, so that offsets miss rows; rows of one rank are no better off", async () => {
    const { query, world } = open()
    world.seed("customer", many(60))
    const all = async (q: string) => {
      const pages = [0, 20, 40].map((offset) => query(q, [], `?limit=20&offset=${offset}`))
      return new Set((await Promise.all(pages)).flatMap((page) => page.each("id"))).size
    }
    expect(await all("SELECT id FROM customer")).toBeLessThan(60)
    expect(await all("SELECT id FROM customer ORDER BY isinactive")).toBeLessThan(60)
    expect(await all("SELECT id FROM customer ORDER BY isinactive, id")).toBe(60)
    world.knobs.unordered = "stable"
    expect(await all("SELECT id FROM customer")).toBe(60)
  })
})

describe("a refusal", () => {
  it("of a column that is not there is 400 with a text, or on some accounts 500", async () => {
    const { query, world } = open()
    const q = "SELECT wings FROM customer"
    expect((await query(q)).refusal).toContain("Search error occurred: Field 'wings' was not found")
    expect((await query("SELECT x.id FROM customer c")).refusal).toContain("Unknown identifier 'x'")
    expect((await query("SELECT id FROM dragon")).refusal).toContain("Record 'dragon' was not found")
    world.knobs.badColumn = 500
    expect((await query(q)).refusal).toContain("500 UNEXPECTED_ERROR: An unexpected error occurred. Error ID:")
  })

  it("of a table that the role may not see looks as if it were not there", async () => {
    const { query } = open({ role: { levels: { contact: "none", invoice: "none" } } })
    expect((await query("SELECT id FROM contact")).refusal).toContain("Record 'contact' was not found")
  })

  it("of what SuiteQL does not take", async () => {
    const { query } = open()
    const wrong = [
      "WITH a AS (SELECT id FROM customer) SELECT id FROM a",
      "SELECT id FROM customer WHERE lastmodifieddate > DATE '2026-01-01'",
      "SELECT [id] FROM customer",
      "SELECT id FROM customer WHERE",
      "SELECT id FROM customer; DELETE FROM customer",
      "SELECT id FROM customer WHERE id = ?",
      "SELECT id FROM customer WHERE lastmodifieddate > '2026-01-01'",
      `SELECT id FROM customer WHERE id IN (${Array.from({ length: 1001 }, (_, i) => i).join(",")})`,
    ]
    // A world with a row, or a date would never be compared.
    const t = open()
    furnish(t)
    for (const q of wrong) expect([q.slice(0, 60), (await t.query(q)).status]).toEqual([q.slice(0, 60), 400])
    expect((await query("SELECT id FROM customer WHERE id = 1", [1])).status).toBe(400)
  })
})

describe("conditions", () => {
  it("bind values in order, whatever stands in them", async () => {
    const { query, world } = open()
    const name = 'O\'Neil "&" ? OR 1=1 --'
    world.seed("customer", [
      { companyName: name, subsidiary: "1", externalId: "a" },
      { companyName: "Other", subsidiary: "1" },
    ])
    const q = "SELECT id FROM customer WHERE companyname = ? AND subsidiary IN (?, ?) ORDER BY id"
    expect((await query(q, [name, 1, 2])).items).toHaveLength(1)
    expect(
      (await query("SELECT id FROM customer WHERE companyname = 'O''Neil' OR LOWER(externalid) IN (?)", ["a"])).items,
    ).toHaveLength(1)
  })

  it("compare ids as numbers and external ids as texts, and nothing equals what is not there", async () => {
    const { query, world } = open()
    world.seed("customer", [
      { $id: "9", companyName: "Nine", subsidiary: "1" },
      { $id: "10", companyName: "Ten", subsidiary: "1", externalId: "9" },
    ])
    const ids = async (where: string, ...params: ReadonlyArray<unknown>) =>
      (await query(`SELECT id FROM customer WHERE ${where} ORDER BY id`, params)).each("id")
    expect(await ids("id > ?", 9)).toEqual(["10"])
    expect(await ids("id > ?", "9")).toEqual(["10"])
    expect(await ids("externalid = ?", "9")).toEqual(["10"])
    expect(await ids("externalid <> ?", "x")).toEqual(["10"])
    expect(await ids("externalid IS NULL")).toEqual(["9"])
    expect(await ids("NOT (id = 9) AND companyname LIKE 'T%' AND id BETWEEN 1 AND 10")).toEqual(["10"])
    expect(await ids("CASE WHEN id = 9 THEN 'a' ELSE 'b' END = 'a'")).toEqual(["9"])
  })

  it("join, group, and ask within", async () => {
    const t = open()
    const { customer, item } = furnish(t)
    const [other] = t.world.seed("customer", [{ companyName: "Quiet", subsidiary: "3" }])
    t.world.seed("invoice", [
      { entity: customer, item: [{ item, amount: "10.10" }] },
      { entity: customer, item: [{ item, amount: "20.20" }] },
    ])
    const sums = await t.query(
      "SELECT c.id, COUNT(i.id) AS n, SUM(i.foreigntotal) AS total FROM customer c LEFT JOIN transaction i ON i.entity = c.id GROUP BY c.id ORDER BY c.id",
    )
    expect(sums.items.map((one) => [one["id"], one["n"], one["total"]])).toEqual([
      [customer, "2", "30.3"],
      [other?.id, "0", undefined],
    ])
    const of = (subsidiary: number) =>
      t.query(
        "SELECT id FROM transaction WHERE id IN (SELECT transaction FROM transactionline WHERE mainline = 'T' AND subsidiary = ?) ORDER BY id",
        [subsidiary],
      )
    expect([(await of(2)).items.length, (await of(1)).items.length]).toEqual([2, 0])
    const within = await t.query("SELECT COUNT(*) AS n FROM (SELECT DISTINCT entity FROM transaction) x")
    expect(within.each("n")).toEqual(["1"])
  })
})

describe("documents", () => {
  it("tell no subsidiary in their header, unless the account exposes it; their lines do", async () => {
    const t = open()
    const { customer, item } = furnish(t)
    t.world.seed("invoice", [{ entity: customer, item: [{ item, amount: "10" }] }])
    const q = "SELECT id FROM transaction WHERE subsidiary = 2 ORDER BY id"
    expect((await t.query(q)).refusal).toContain(
      "Field 'subsidiary' for record 'transaction' was not found. Reason: NOT_EXPOSED",
    )
    t.world.knobs.transactionSubsidiary = "exposed"
    expect((await t.query(q)).items).toHaveLength(1)
  })

  it("are a line of their own, sales negative, credits positive", async () => {
    const t = open()
    const { customer, item } = furnish(t)
    t.world.seed("invoice", [{ entity: customer, item: [{ item, quantity: "2", rate: "5" }] }])
    t.world.seed("creditMemo", [{ entity: customer, item: [{ item, quantity: "1", rate: "5" }] }])
    const found = await t.query(
      "SELECT transaction, id, mainline, quantity, rate, foreignamount, BUILTIN.DF(item) AS name FROM transactionline ORDER BY transaction, id",
    )
    expect(found.items.map((one) => [one["mainline"], one["quantity"], one["foreignamount"], one["name"]])).toEqual([
      ["T", undefined, "10", undefined],
      ["F", "-2", "-10", "CONSULT"],
      ["T", undefined, "-5", undefined],
      ["F", "1", "5", "CONSULT"],
    ])
    const heads = await t.query(
      "SELECT type, BUILTIN.DF(status) AS words, foreignpaymentamountunused FROM transaction ORDER BY id",
    )
    expect(heads.items.map((one) => [one["type"], one["words"], one["foreignpaymentamountunused"]])).toEqual([
      ["CustInvc", "Invoice : Open", undefined],
      ["CustCred", "Credit Memo : Open", "5"],
    ])
  })
})

describe("stamps", () => {
  it("are in the account's zone or in UTC, cut to the minute, and a plain date loses its time", async () => {
    const { query, world } = open()
    world.seed("customer", [{ companyName: "One", subsidiary: "1", $modified: Date.UTC(2026, 0, 15, 2, 30, 59) }])
    const q = "SELECT lastmodifieddate, TO_CHAR(lastmodifieddate, 'YYYY-MM-DD HH24:MI:SS') AS exact FROM customer"
    const shown = async () => (await query(q)).items.map((one) => [one["lastmodifieddate"], one["exact"]])
    expect(await shown()).toEqual([["1/14/2026", "2026-01-14 18:30:00"]])
    world.knobs.queryZone = "utc"
    world.knobs.dateFormat = "D/M/YYYY"
    expect(await shown()).toEqual([["15/1/2026", "2026-01-15 02:30:00"]])
    const where = (text: string) =>
      query("SELECT id FROM customer WHERE lastmodifieddate >= TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS')", [text])
    expect((await where("2026-01-15 02:30:00")).items).toHaveLength(1)
    expect((await where("2026-01-15 02:30:01")).items).toHaveLength(0)
    expect((await where("yesterday")).status).toBe(400)
  })

  it("are UTC in the record API, and the server's clock is cut as they are", async () => {
    const { get, query, send, world } = open()
    const [one] = world.seed("customer", [{ companyName: "One", subsidiary: "1" }])
    expect((await get(`customer/${one?.id}`)).at("lastModifiedDate")).toBe("2026-01-15T12:00:00Z")
    expect((await send("/services/rest/system/v1/serverTime")).at("serverTime")).toBe("2026-01-15T12:00:00.000Z")
    const two = world.edit("customer", one?.id ?? "", { phone: "1" }, { at: Date.UTC(2026, 0, 15, 12, 0, 50) })
    expect(two.modified % 60_000).toBe(50_000)
    const same = await query("SELECT TO_CHAR(lastmodifieddate, 'HH24:MI:SS') AS at FROM customer")
    expect(same.each("at")).toEqual(["04:00:00"])
  })
})
