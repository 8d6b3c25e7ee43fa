import { describe, expect, it } from "vitest"
import { open } from "./Client.ts"

const q = (text: string) => `customer?q=${encodeURIComponent(text)}`

const many = (count: number) => Array.from({ length: count }, (_, i) => ({ companyName: `Name ${i}`, subsidiary: "1" }))

describe("the collection", () => {
  it("holds ids and links, pages, and no order of theirs", async () => {
    const { get, world } = open()
    world.seed("customer", many(25))
    const first = await get("customer?limit=10&offset=0")
    expect(Object.keys(first.items[0] ?? {}).sort()).toEqual(["id", "links"])
    expect([first.at("count"), first.at("hasMore"), first.at("totalResults")]).toEqual(["10", true, "25"])
    const links = first.at("links") as ReadonlyArray<{ readonly rel: string; readonly href: string }>
    expect(links.map(({ rel }) => rel)).toEqual(["self", "next", "last"])
    const last = await get("customer?limit=10&offset=20")
    const middle = await get("customer?limit=10&offset=10")
    const ids = [first, middle, last].flatMap((one) => one.each("id").map(Number))
    expect(new Set(ids).size).toBe(25)
    expect(ids).not.toEqual(ids.toSorted((a, b) => a - b))
    expect((await get("customer?orderBy=id")).refusal).toContain("400 INVALID_PARAMETER")
    expect((await get("customer?limit=10&offset=5")).refusal).toContain("divisible")
    expect((await get("customer?limit=1001")).status).toBe(400)
  })
})

describe("q", () => {
  const seeded = () => {
    const t = open()
    t.world.seed("customer", [
      { companyName: "Blauwal GmbH", email: "a@one.example", subsidiary: "2", creditLimit: "10", externalId: "a_b" },
      { companyName: "Rotfuchs", isInactive: true, subsidiary: "1", creditLimit: "20.5" },
      { companyName: "Graureiher", subsidiary: "1" },
    ])
    const names = async (text: string) => {
      const found = await t.get(q(text))
      return found
        .each("id")
        .map((id) => t.world.get("customer", String(id))?.fields["companyName"])
        .sort()
    }
    return { ...t, names }
  }

  it("compares texts, numbers, booleans and references", async () => {
    const { names } = seeded()
    expect(await names('companyName IS "blauwal gmbh"')).toEqual(["Blauwal GmbH"])
    expect(await names("companyName START_WITH r")).toEqual(["Rotfuchs"])
    expect(await names("companyName CONTAIN_NOT u")).toEqual([])
    expect(await names("companyName ENDWITH fuchs")).toEqual(["Rotfuchs"])
    expect(await names("creditLimit GREATER 10")).toEqual(["Rotfuchs"])
    expect(await names("creditLimit BETWEEN [10, 20.5]")).toEqual(["Blauwal GmbH", "Rotfuchs"])
    expect(await names("creditLimit EMPTY")).toEqual(["Graureiher"])
    expect(await names("email EMPTY_NOT")).toEqual(["Blauwal GmbH"])
    expect(await names("isInactive IS true")).toEqual(["Rotfuchs"])
    expect(await names("subsidiary ANY_OF [2, 3]")).toEqual(["Blauwal GmbH"])
    expect(await names('externalId IS "A_B"')).toEqual(["Blauwal GmbH"])
  })

  it("binds AND tighter than OR, and takes brackets", async () => {
    const { names } = seeded()
    expect(await names("isInactive IS false AND creditLimit EQUAL 10 OR companyName IS Rotfuchs")).toEqual([
      "Blauwal GmbH",
      "Rotfuchs",
    ])
    expect(await names("isInactive IS false AND (creditLimit EQUAL 10 OR companyName IS Rotfuchs)")).toEqual([
      "Blauwal GmbH",
    ])
  })

  it("refuses single quotes, unknown fields, sublists and operators of another kind", async () => {
    const { get, world } = seeded()
    for (const text of [
      "companyName IS 'x'",
      "wings IS 2",
      "addressBook EMPTY",
      "companyName GREATER 2",
      "companyName IS",
      "(",
    ]) {
      expect((await get(q(text))).refusal).toBe(
        "400 INVALID_PARAMETER: Invalid search query. Provide a valid search query.",
      )
    }
    world.knobs.missingFields = { customer: ["fax"] }
    expect((await get(q("fax EMPTY"))).refusal).toContain("400 NONEXISTENT_FIELD")
  })
})

describe("dates in q", () => {
  const HOUR = 3_600_000

  it("are the account's own midnight: what happened between UTC's and it is on the day before", async () => {
    const t = open()
    const utcMidnight = Date.UTC(2026, 0, 15)
    t.world.seed("customer", [
      { companyName: "Evening", subsidiary: "1", $modified: utcMidnight + HOUR },
      { companyName: "Morning", subsidiary: "1", $modified: utcMidnight + 9 * HOUR },
    ])
    const count = async (text: string) => (await t.get(q(text))).at("totalResults")
    expect(await count('lastModifiedDate ON_OR_AFTER "1/15/2026"')).toBe("1")
    expect(await count('lastModifiedDate ON "1/14/2026"')).toBe("1")
    expect(await count('lastModifiedDate AFTER "1/14/2026 4:59 pm"')).toBe("2")
    expect(await count('lastModifiedDate BEFORE "1/15/2026 1:00 am"')).toBe("1")
    expect(await count('lastModifiedDate ON_OR_BEFORE "1/14/2026 17:00"')).toBe("1")
  })

  it("have to be in the account's format", async () => {
    const { get, world } = open()
    for (const text of ["2026-01-15", "15.01.2026", "1/32/2026", "13/1/2026"]) {
      const refused = await get(q(`lastModifiedDate AFTER "${text}"`))
      expect(refused.refusal).toContain("400 INVALID_PARAMETER")
      expect(refused.refusal).toContain("Unparseable date:")
    }
    world.knobs.dateFormat = "DD.MM.YYYY"
    expect((await get(q('lastModifiedDate AFTER "15.01.2026"'))).status).toBe(200)
  })
})
