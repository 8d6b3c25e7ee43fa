import { describe, expect, it } from "vitest"
import { CUSTOMER, open, pairs } from "./Client.ts"

const C1 = "CustomersV3(dataAreaId='usmf',CustomerAccount='C1')"

const seeded = () => {
  const made = open()
  made.world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "C1", PrimaryContactEmail: "a@b.example" }])
  const read = async () => pairs((await made.get(C1)).etag())
  /** Places of the pairs that an edit moved. */
  const moved = async (fields: Record<string, unknown>) => {
    const before = await read()
    expect((await made.patch(C1, fields)).status).toBe(204)
    const after = await read()
    return after.flatMap((pair, place) => (pair === before[place] ? [] : [place]))
  }
  return { ...made, read, moved }
}

describe("the ETag of a row", () => {
  it("holds a version and an id of every row of the join, 0,0 where there is none", async () => {
    const { get, read } = seeded()
    const found = await read()
    expect(found).toHaveLength(11)
    expect(found.filter((pair) => pair === "0,0")).toHaveLength(9)
    expect(found[0]).toMatch(/^1,56371\d{5}$/)
    expect(found[4]).toMatch(/^1,56371\d{5}$/)
    expect(pairs((await get("CustomerGroups")).etag(0))).toHaveLength(1)
  })

  it("moves by the row that holds the field: the party's for a name, the customer's for the rest", async () => {
    const { moved } = seeded()
    expect(await moved({ OrganizationName: "New" })).toEqual([4])
    expect(await moved({ CreditRating: "A" })).toEqual([0])
    expect(await moved({ CreditRating: "B", KnownAs: "x" })).toEqual([0, 4])
  })

  it("does not move with an email, a phone or an address, which lie elsewhere, unless the environment is so", async () => {
    const { moved, world } = seeded()
    expect(await moved({ PrimaryContactEmail: "new@b.example" })).toEqual([])
    expect(await moved({ PrimaryContactPhone: "1" })).toEqual([])
    expect(await moved({ AddressCity: "Bonn" })).toEqual([])
    world.knobs.contactMovesEtag = true
    world.knobs.addressMovesEtag = true
    expect(await moved({ PrimaryContactEmail: "newer@b.example" })).toEqual([0])
    expect(await moved({ AddressCity: "Köln" })).toEqual([0])
  })

  it("does not move when nothing changes", async () => {
    const { moved, twin } = seeded()
    expect(await moved({ OrganizationName: CUSTOMER.OrganizationName })).toEqual([])
    expect(twin.journal.writes()).toHaveLength(0)
  })

  it("changes to a large number that says nothing of order", async () => {
    const { patch, read } = seeded()
    const versions: Array<number> = []
    for (const CreditRating of ["A", "B", "C", "D", "E", "F"]) {
      await patch(C1, { CreditRating })
      versions.push(Number((await read())[0]?.split(",")[0]))
    }
    expect(Math.min(...versions)).toBeGreaterThan(1)
    expect([...versions].sort((a, b) => a - b)).not.toEqual(versions)
  })

  it("of a header stays when a line changes", async () => {
    const { get, patch, world } = seeded()
    world.seed("ReleasedProductsV2", [{ ItemNumber: "I1", SalesPrice: "2" }])
    world.seed("SalesOrderHeadersV2", [
      { SalesOrderNumber: "S1", OrderingCustomerAccountNumber: "C1", DefaultShippingSiteId: "1" },
    ])
    const [line] = world.seed("SalesOrderLines", [{ SalesOrderNumber: "S1", ItemNumber: "I1" }])
    const lineKey = `SalesOrderLines(dataAreaId='usmf',InventoryLotId='${line?.fields["InventoryLotId"]}')`
    const order = "SalesOrderHeadersV2(dataAreaId='usmf',SalesOrderNumber='S1')"
    const [header, before] = [(await get(order)).etag(), (await get(lineKey)).etag()]
    expect(pairs(header)).toHaveLength(7)
    await patch(lineKey, { LineDescription: "new" })
    expect((await get(order)).etag()).toBe(header)
    expect((await get(lineKey)).etag()).not.toBe(before)
  })

  it("stands in the header of a single reply", async () => {
    const { get } = seeded()
    const read = await get(C1)
    expect(read.headers.get("etag")).toBe(read.etag())
  })
})

describe("the entities for analysis", () => {
  const STAMP = "CustTableBiEntities?$select=AccountNum,SysModifiedDateTime,SysRecVersion"
  const later = async (fields: Record<string, unknown>, knobs = {}) => {
    const made = seeded()
    Object.assign(made.world.knobs, knobs)
    await made.clock.advance("1 hour")
    await made.patch(C1, fields)
    return (await made.get(STAMP)).each("SysModifiedDateTime")[0]
  }

  it("show raw names and a stamp that an edit of the customer moves, and one of the party does not", async () => {
    expect(await later({})).toBe("2026-07-15T09:30:00Z")
    expect(await later({ CreditRating: "A" })).toBe("2026-07-15T10:30:00Z")
    expect(await later({ OrganizationName: "New" })).toBe("2026-07-15T09:30:00Z")
    expect(await later({ OrganizationName: "New" }, { partyMovesStamp: true })).toBe("2026-07-15T10:30:00Z")
  })

  it("join as their tables do: customer, party, email and address", async () => {
    const { get, patch, world } = seeded()
    await patch(C1, { AddressCity: "Bonn" })
    const customer = await get("CustTableBiEntities")
    const party = await get("DirPartyTableBiEntities")
    expect(party.each("SourceKey")).toEqual(customer.each("Party"))
    const emails = await get("LogisticsElectronicAddressBiEntities")
    expect(emails.each("Locator")).toEqual(["a@b.example"])
    expect(party.each("PrimaryContactEmail")).toEqual(emails.each("SourceKey"))
    const addresses = await get("LogisticsPostalAddressBiEntities")
    expect(party.each("PrimaryAddressLocation")).toEqual(addresses.each("Location"))
    world.edit("CustomerElectronicAddresses", ["usmf", "000000001", "C1"], { Locator: "c@d.example" })
    expect((await get(C1)).at("PrimaryContactEmail")).toBe("c@d.example")
  })

  it("name their company in capitals where the key does not", async () => {
    const { get } = seeded()
    const [row] = (await get("CustTableBiEntities")).rows
    expect([row?.["dataAreaId"], row?.["SysDataAreaId"]]).toEqual(["usmf", "USMF"])
  })

  it("are forbidden, absent or unstamped where the environment is so, and never written", async () => {
    const { get, patch, world } = seeded()
    const stale = "CustTableBiEntities(dataAreaId='usmf',AccountNum='C1')"
    expect((await patch(stale, { CreditRating: "A" })).status).toBe(405)
    world.knobs.bi = "unstamped"
    expect((await get(STAMP)).each("SysModifiedDateTime")).toEqual(["1900-01-01T00:00:00Z"])
    world.knobs.bi = "forbidden"
    expect((await get(STAMP)).status).toBe(403)
    world.knobs.bi = "absent"
    expect((await get(STAMP)).status).toBe(404)
  })
})

describe("the last edit of a contact", () => {
  it("moves with its name, and with an email only where the environment is so", async () => {
    const { clock, get, patch, world } = open()
    world.seed("ContactPersons", [{ ContactPersonId: "P1", LastName: "Lovelace" }])
    const key = "ContactPersons(dataAreaId='usmf',ContactPersonId='P1')"
    const edit = async (fields: Record<string, unknown>) => {
      await clock.advance("1 hour")
      await patch(key, fields)
      return (await get(key)).at("LastEditDateTime")
    }
    expect(await edit({ PrimaryEmailAddress: "a@b.example" })).toBe("2026-07-15T09:30:00Z")
    expect(await edit({ FirstName: "Ada" })).toBe("2026-07-15T11:30:00Z")
    world.knobs.contactInfoMovesEdit = true
    expect(await edit({ PrimaryEmailAddress: "c@d.example" })).toBe("2026-07-15T12:30:00Z")
    expect((await get(key)).at("ContactPersonName")).toBe("Ada Lovelace")
  })
})
