import { describe, expect, it } from "vitest"
import { amount, CUSTOMER, filter, open } from "./Client.ts"

const NO_RESOURCES = "No resources were found when selecting for update."
const US = "dataAreaId='usmf'"
const key = (account: string, company = "usmf") => `CustomersV3(dataAreaId='${company}',CustomerAccount='${account}')`

describe("a create", () => {
  it("answers the whole record with its number, its party and what follows from the group", async () => {
    const { post } = open()
    const made = await post("CustomersV3?cross-company=true", { dataAreaId: "usmf", ...CUSTOMER })
    expect(made.status).toBe(201)
    expect(made.at(["@odata.context"])).toBe(
      "https://contoso.operations.dynamics.com/data/$metadata#CustomersV3/$entity",
    )
    const shown = [
      "dataAreaId",
      "CustomerAccount",
      "PartyNumber",
      "LanguageId",
      "NameAlias",
      "PaymentTerms",
      "CreditLimit",
    ]
    expect(shown.map((name) => made.at(name))).toEqual([
      "usmf",
      "USMF-000001",
      "000000001",
      "en-US",
      "Contoso Retail",
      "Net10",
      "0",
    ])
  })

  it("twice the same makes two records", async () => {
    const { post, world } = open()
    const again = async () => (await post("CustomersV3", CUSTOMER)).at("CustomerAccount")
    expect([await again(), await again()]).toEqual(["USMF-000001", "USMF-000002"])
    expect(world.all("CustomersV3")).toHaveLength(2)
  })

  it("counts numbers of each company apart", async () => {
    const { post } = open()
    const there = await post("CustomersV3?cross-company=true", {
      ...CUSTOMER,
      dataAreaId: "DEMF",
      SalesCurrencyCode: "EUR",
    })
    expect([there.at("dataAreaId"), there.at("CustomerAccount")]).toEqual(["demf", "DEMF-000001"])
    expect((await post("CustomersV3", CUSTOMER)).at("CustomerAccount")).toBe("USMF-000001")
  })

  it("takes a number from outside only where the sequence is manual, and needs it there", async () => {
    const { post, world } = open()
    const own = { ...CUSTOMER, CustomerAccount: "C-1" }
    expect((await post("CustomersV3", own)).reason).toContain("does not allow manual numbering")
    world.knobs.manualNumbers = ["usmf CustomerAccount"]
    expect((await post("CustomersV3", own)).at("CustomerAccount")).toBe("C-1")
    expect((await post("CustomersV3", CUSTOMER)).reason).toContain("Field 'Customer account' must be filled in")
  })

  it("of a key that is there is no 409: the text alone tells", async () => {
    const { post, world } = open({ knobs: { manualNumbers: ["usmf CustomerAccount"] } })
    await post("CustomersV3", { ...CUSTOMER, CustomerAccount: "C-1" })
    const again = await post("CustomersV3", { ...CUSTOMER, CustomerAccount: "c-1" })
    expect([again.status, again.at("error.code"), again.at("error.message")]).toEqual([
      400,
      "",
      "An error has occurred.",
    ])
    expect(again.reason).toMatch(
      /^Write failed for table row of type 'CustomerV3Entity'\. Infolog: Info: Cannot create a record/,
    )
    expect(again.reason).toContain("The record already exists.")
    expect(world.all("CustomersV3")).toHaveLength(1)
  })

  it("names what is missing and what is not known", async () => {
    const { post } = open()
    const { reason } = await post("CustomersV3", { OrganizationName: "x", SalesCurrencyCode: "XXX" })
    expect(reason).toContain("Warning: Field 'Customer group' must be filled in; ")
    expect(reason).toContain("The value 'XXX' in field 'Currency' is not found in the related table 'Currencies'")
    expect(reason).toContain("validateWrite failed on data source 'CustTable (CustTable)'")
  })

  it("cuts the search name at 20 characters", async () => {
    const { post } = open()
    const made = await post("CustomersV3", { ...CUSTOMER, OrganizationName: "A name that is longer than that" })
    expect(made.at("NameAlias")).toBe("A name that is longe")
  })

  it("refuses fields that the entity does not have, values that do not fit, and what is no object", async () => {
    const { post } = open()
    expect((await post("CustomersV3", { ...CUSTOMER, Wings: "2" })).reason).toContain(
      "The property 'Wings' does not exist",
    )
    expect((await post("CustomersV3", { ...CUSTOMER, CreditLimit: "12" })).reason).toContain("Edm.Decimal")
    expect((await post("CustomersV3", { ...CUSTOMER, CreditLimit: null })).reason).toContain("Edm.Decimal")
    expect((await post("CustomersV3", { ...CUSTOMER, OnHoldStatus: "Maybe" })).reason).toContain("CustVendorBlocked")
    expect((await post("CustomersV3", { ...CUSTOMER, AddressRecordId: amount("1") })).reason).toContain(
      "is not editable",
    )
    expect((await post("CustomersV3", { ...CUSTOMER, "@odata.type": "#Other" })).status).toBe(400)
    expect((await post("CustomersV3", "[]")).status).toBe(400)
    expect((await post("CustomersV3", "{")).status).toBe(400)
  })
})

describe("an update", () => {
  it("writes the fields that it names, answers nothing, and leaves the rest", async () => {
    const { get, patch, world } = open()
    world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "C1", TaxExemptNumber: "T1" }])
    const done = await patch(key("C1"), { CreditLimit: amount("1234.50"), OrganizationName: "New" })
    expect([done.status, done.text]).toEqual([204, ""])
    const read = await get(key("C1"))
    const shown = ["OrganizationName", "CreditLimit", "TaxExemptNumber"].map((name) => read.at(name))
    expect(shown).toEqual(["New", "1234.5", "T1"])
  })

  it("of a key that is not there creates nothing", async () => {
    const { patch, world } = open()
    const done = await patch(key("C9"), { OrganizationName: "New" })
    expect([done.status, done.reason]).toEqual([400, NO_RESOURCES])
    expect(world.all("CustomersV3")).toHaveLength(0)
  })

  it("without the whole key, or of the key itself, is refused", async () => {
    const { patch, world } = open()
    world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "C1" }])
    expect((await patch(`CustomersV3(${US})`, {})).reason).toContain("Only 1 of 2 keys provided for lookup")
    expect((await patch("CustomersV3", {})).reason).toContain("More than one resource")
    expect((await patch(key("C1"), { CustomerAccount: "C2" })).status).toBe(400)
    expect((await patch(key("C1"), { PartyNumber: "9" })).reason).toContain("Field 'PartyNumber' is not editable")
  })

  it("with a stale ETag is a conflict, however the environment words it", async () => {
    const { get, patch, world } = open()
    world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "C1" }])
    const etag = (await get(key("C1"))).etag()
    expect((await patch(key("C1"), { CreditRating: "A" }, { headers: { "if-match": etag } })).status).toBe(204)
    for (const staleEtag of [412, 409, 400] as const) {
      world.knobs.staleEtag = staleEtag
      const stale = await patch(key("C1"), { CreditRating: "B" }, { headers: { "if-match": etag } })
      expect([stale.status, stale.reason]).toEqual([staleEtag, expect.stringContaining("An update conflict occurred")])
    }
    expect((await patch(key("C1"), { CreditRating: "B" }, { headers: { "if-match": "*" } })).status).toBe(204)
    world.knobs.staleEtag = "ignored"
    expect((await patch(key("C1"), { CreditRating: "C" }, { headers: { "if-match": etag } })).status).toBe(204)
  })

  it("by PUT keeps what it does not send", async () => {
    const { get, world } = open()
    world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "C1", TaxExemptNumber: "T1" }])
    expect((await get(key("C1"), { method: "PUT", body: { CreditRating: "A" } })).status).toBe(204)
    expect(world.get("CustomersV3", "usmf", "C1")?.fields).toMatchObject({ CreditRating: "A", TaxExemptNumber: "T1" })
  })
})

describe("a delete", () => {
  it("answers 204, and 400 when it comes again", async () => {
    const { remove, world } = open()
    world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "C1" }])
    expect((await remove(key("C1"))).status).toBe(204)
    const again = await remove(key("C1"))
    expect([again.status, again.reason]).toEqual([400, NO_RESOURCES])
  })

  it("is refused while something depends on the record", async () => {
    const { remove, world } = open()
    world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "C1" }])
    world.seed("SalesOrderHeadersV2", [{ OrderingCustomerAccountNumber: "C1" }])
    expect((await remove(key("C1"))).reason).toContain("cannot be deleted while dependent Sales orders exist")
  })
})

describe("companies", () => {
  it("other than the user's own are only reached across companies, by every verb", async () => {
    const { get, patch, remove, world } = open()
    world.seed("CustomersV3", [{ ...CUSTOMER, CustomerAccount: "C1" }], "demf")
    const there = key("C1", "demf")
    expect((await get("CustomersV3")).rows).toHaveLength(0)
    expect((await get(`CustomersV3?${filter("dataAreaId eq 'demf'")}`)).rows).toHaveLength(0)
    expect((await get(there)).status).toBe(404)
    expect((await patch(there, { CreditRating: "A" })).reason).toBe(NO_RESOURCES)
    expect((await remove(there)).reason).toBe(NO_RESOURCES)
    expect((await get("CustomersV3?cross-company=true")).each("dataAreaId")).toEqual(["demf"])
    expect((await get(`${there}?cross-company=true`)).status).toBe(200)
    expect((await patch(`${there}?cross-company=true`, { CreditRating: "A" })).status).toBe(204)
    expect((await remove(`${there}?cross-company=true`)).status).toBe(204)
  })

  it("that a create names without crossing are kept, or where the environment does so, replaced by the user's own", async () => {
    const { post, world } = open()
    const body = { ...CUSTOMER, dataAreaId: "demf" }
    expect((await post("CustomersV3", body)).at("dataAreaId")).toBe("demf")
    world.knobs.createWithoutFlag = "default"
    expect((await post("CustomersV3", body)).at("dataAreaId")).toBe("usmf")
    expect((await post("CustomersV3?cross-company=true", body)).at("dataAreaId")).toBe("demf")
    expect((await post("CustomersV3?cross-company=true", { ...body, dataAreaId: "zzz" })).status).toBe(400)
  })

  it("do not matter to what all of them share", async () => {
    const { get } = open()
    expect((await get("Currencies('EUR')")).at("Name")).toBe("Euro")
    expect((await get("LegalEntities")).each("LegalEntityId")).toEqual(expect.arrayContaining(["usmf", "demf"]))
  })
})
