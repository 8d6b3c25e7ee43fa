import { describe, expect, it } from "vitest"
import { filter, open } from "./Client.ts"

const customers = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    CustomerID: `C${String(i).padStart(3, "0")}`,
    CustomerName: `Name ${i}`,
    $modified: Date.UTC(2026, 0, 1) + i * 1000,
  }))

describe("lists", () => {
  it("are bare arrays, empty ones too", async () => {
    const { get, world } = await open()
    expect((await get("Customer")).text).toBe("[]")
    world.seed("Customer", customers(3))
    expect((await get("Customer")).length).toBe(3)
  })

  it("come shuffled but stable, whatever $orderby says, or in the order of keys", async () => {
    const { get, world } = await open()
    world.seed("Customer", customers(50))
    const read = async (query = "") => (await get(`Customer?$select=CustomerID${query}`)).each("CustomerID.value")
    const first = await read()
    const sorted = [...first].sort()
    expect(first).not.toEqual(sorted)
    expect(await read()).toEqual(first)
    expect(await read("&$orderby=CustomerID")).toEqual(first)
    world.knobs.listOrder = "reshuffled"
    expect(await read()).not.toEqual(await read())
    world.knobs.listOrder = "key"
    expect(await read()).toEqual(sorted)
  })

  it("keep their order when records come and go between them", async () => {
    const { get, world } = await open()
    world.seed("Customer", customers(40))
    const read = async () => (await get("Customer?$select=CustomerID")).each("CustomerID.value")
    const before = await read()
    world.seed("Customer", [{ CustomerID: "X1", CustomerName: "New" }])
    const between = await read()
    expect(between.filter((one) => one !== "X1")).toEqual(before)
    world.remove("Customer", "C007")
    expect((await read()).filter((one) => one !== "X1")).toEqual(before.filter((one) => one !== "C007"))
  })

  it("are cut by $top and $skip, without a count or a next link", async () => {
    const { get, world } = await open({ knobs: { listOrder: "key" } })
    world.seed("Customer", customers(10))
    const answer = await get("Customer?$top=3&$skip=8&$select=CustomerID")
    expect(answer.each("CustomerID.value")).toEqual(["C008", "C009"])
    expect((await get("Customer?$top=2")).each("rowNumber")).toEqual(["1", "2"])
  })

  it("show {} for null, and top-level values only", async () => {
    const { get, world } = await open()
    world.seed("Customer", [{ ...customers(1)[0], MainContact: { Email: "a@b.example" } }])
    const answer = await get("Customer")
    expect(answer.at("0.AccountRef")).toEqual({})
    expect(answer.at("0.custom")).toEqual({})
    expect(answer.at("0.MainContact")).toBeUndefined()
    expect(answer.at("0.Contacts")).toBeUndefined()
    world.knobs.details = "empty"
    expect((await get("Customer")).at("0.Contacts")).toEqual([])
  })

  it("expand by the path of every level", async () => {
    const { get, world } = await open()
    world.seed("Customer", [{ ...customers(1)[0], MainContact: { Email: "a@b.example", Address: { City: "Bonn" } } }])
    world.seed("Contact", [{ LastName: "Lovelace", BusinessAccount: "C000" }])
    const shallow = await get("Customer?$expand=MainContact,Contacts")
    expect(shallow.at("0.MainContact.Email.value")).toBe("a@b.example")
    expect(shallow.at("0.MainContact.Address")).toBeUndefined()
    expect(shallow.at("0.Contacts.0.ContactID.value")).toBe("100000")
    const deep = await get("Customer?$expand=MainContact/Address,Contacts/Contact")
    expect(deep.at("0.MainContact.Address.City.value")).toBe("Bonn")
    expect(deep.at("0.Contacts.0.Contact.LastName.value")).toBe("Lovelace")
  })

  it("with $select show an expanded member only if it is selected as well", async () => {
    const { get, world } = await open()
    world.seed("Customer", [{ ...customers(1)[0], MainContact: { Email: "a@b.example", Phone1: "1" } }])
    const without = await get("Customer?$select=CustomerID&$expand=MainContact")
    expect(without.at("0.MainContact")).toBeUndefined()
    expect(without.at("0.CustomerName")).toBeUndefined()
    const within = await get("Customer?$select=CustomerID,MainContact/Email&$expand=MainContact")
    expect(within.at("0.MainContact.Email.value")).toBe("a@b.example")
    expect(within.at("0.MainContact.Phone1")).toBeUndefined()
    expect((await get("Customer?$select=MainContact/Email")).at("0.MainContact")).toBeUndefined()
  })

  it("fail for names and parameters that are not there", async () => {
    const { get } = await open()
    for (const query of ["$select=Wings", "$expand=Wings", "$expand=MainContact($expand=Address)"]) {
      expect((await get(`Customer?${query}`)).status).toBe(500)
    }
    expect((await get("Customer?$count=true")).status).toBe(400)
    expect((await get("Customer?$top=ten")).status).toBe(400)
  })

  it("fail on a member whose view cannot be optimized, which a read by key shows", async () => {
    const { get, world } = await open()
    world.seed("Customer", customers(1))
    world.seed("Payment", [{ CustomerID: "C000", PaymentAmount: "5" }])
    for (const query of ["$expand=ApplicationHistory", "$select=ReferenceNbr,ApplicationHistory"]) {
      const answer = await get(`Payment?${query}`)
      expect(answer.status).toBe(500)
      expect(answer.at("exceptionType")).toMatch(/CannotOptimizeException$/)
      expect(answer.at("exceptionMessage")).toContain("BqlDelegate")
    }
    expect((await get("Payment/Payment/000001?$expand=ApplicationHistory")).at("ApplicationHistory")).toEqual([])
    world.knobs.nonOptimizable = { Customer: ["CreditLimit"] }
    expect((await get(`Customer?${filter("CreditLimit gt 5")}`)).status).toBe(500)
    expect((await get("Customer")).status).toBe(200)
  })
})

describe("reading one record", () => {
  it("takes keys parted by / or |, and the id", async () => {
    const { get, world } = await open()
    world.seed("Customer", customers(1))
    const [order] = world.seed("SalesOrder", [{ CustomerID: "C000" }])
    for (const path of ["SO/SO000001", "SO%7CSO000001", String(order?.id)]) {
      expect((await get(`SalesOrder/${path}`)).at("OrderNbr.value")).toBe("SO000001")
    }
  })

  it("cannot find a key that holds a slash, but by its id", async () => {
    const { get, world } = await open()
    const [item] = world.seed("StockItem", [{ InventoryID: "A/1" }])
    expect((await get("StockItem/A%2F1")).status).toBe(404)
    expect((await get(`StockItem/${item?.id}`)).at("InventoryID.value")).toBe("A/1")
  })

  it("says 404 for what is not there, or 500 with a text as older builds do", async () => {
    const { get, world } = await open()
    expect((await get("Customer/NOBODY")).status).toBe(404)
    world.knobs.missingRecord = 500
    const answer = await get("Customer/NOBODY")
    expect([answer.status, answer.at("exceptionMessage")]).toEqual([500, "No entity satisfies the condition."])
  })

  it("shows links to itself and to its files", async () => {
    const { get, world } = await open()
    const [one] = world.seed("Customer", customers(1))
    expect((await get("Customer/C000")).at("_links")).toMatchObject({
      self: `/AcmeERP/entity/Default/24.200.001/Customer/${one?.id}`,
    })
  })
})
