/** Fields: what is written of them, what is read back, what clears one, and what is never touched. */
import * as Decimal from "@mortise/core/Decimal"
import type * as Outcome from "@mortise/core/Outcome"
import { describe, expect, it } from "vitest"
import type * as Config from "../src/Config.ts"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const COMPANY = Bench.COMPANY
const KEY = "hubspot/1/|Company|1"

const account = (bench: Bench.Bench, fields: object, more: Partial<Config.DynamicsConfig> = {}, key = KEY) =>
  Bench.use(bench, Bench.options(bench, more), ({ ports }) => ports.Account.upsert([{ key, fields }]))
const found = (bench: Bench.Bench, more: Partial<Config.DynamicsConfig> = {}, key = KEY) =>
  Bench.use(bench, Bench.options(bench, more), ({ ports }) => ports.Account.find([key])).then(
    (all) => all.get(key)?.record,
  )
const tags = (outcomes: ReadonlyArray<Outcome.Outcome>) => outcomes.map(({ _tag }) => _tag)
const reason = ([outcome]: ReadonlyArray<Outcome.Outcome>) =>
  outcome !== undefined && "error" in outcome ? outcome.error.reason : undefined
const sent = (bench: Bench.Bench, method: string) =>
  bench.twin.journal
    .where((line) => line.method === method && line.url.includes("/data/"))
    .map(({ requestBody }) => JSON.parse(requestBody) as object)

describe("an account", () => {
  const whole = {
    name: "Rossi S.p.A.",
    taxId: "IT12345678901",
    email: "post@rossi.example",
    phone: "+39 02 1234",
    web: "https://www.rossi.example",
    billingAddress: {
      lines: ["Via Roma 1", "Scala B"],
      city: "Milano",
      region: "MI",
      postalCode: "20121",
      country: "IT",
    },
    currency: "EUR",
    paymentTerms: { code: "Net30" },
  }

  it("comes back as it was written, with days, domain and the state of its credit", async () => {
    const bench = Bench.make()
    expect(tags(await account(bench, whole))).toEqual(["Created"])
    const record = await found(bench)
    expect(record).toMatchObject({
      ...whole,
      party: "organization",
      paymentTerms: { code: "Net30", days: 30 },
      domain: { name: "rossi.example", source: "web" },
      status: { code: "active", raw: "No" },
      creditHold: false,
    })
    expect(tags(await account(bench, whole))).toEqual(["Unchanged"])
  })

  it("that is a person has the two names of one", async () => {
    const bench = Bench.make()
    await account(bench, { party: "person", name: "Ágnes Mária Nagy" })
    const [customer] = bench.world.all("CustomersV3")
    expect([customer?.fields["PersonFirstName"], customer?.fields["PersonLastName"]]).toEqual(["Ágnes Mária", "Nagy"])
    expect(await found(bench)).toMatchObject({ party: "person", name: "Ágnes Mária Nagy" })
    expect(tags(await account(bench, { name: "Ágnes Kis" }))).toEqual(["Updated"])
    expect(reason(await account(bench, { party: "organization" }))).toMatchObject({
      _tag: "Unsupported",
      feature: "change.party",
    })
  })

  it("keeps what is absent, clears what is null, and refuses to clear what cannot be empty", async () => {
    const bench = Bench.make()
    await account(bench, whole)
    expect(tags(await account(bench, { phone: null }))).toEqual(["Updated"])
    expect(sent(bench, "PATCH")).toEqual([{ PrimaryContactPhone: "" }])
    expect(await found(bench)).toMatchObject({ phone: null, email: whole.email })
    expect(reason(await account(bench, { paymentTerms: null }))).toMatchObject({
      _tag: "Unsupported",
      feature: "clear.paymentTerms",
    })
  })

  it("sends a country as the environment writes it, where it was told how", async () => {
    const bench = Bench.make()
    const address = { billingAddress: { city: "Chicago", country: "US" } }
    await account(bench, { name: "One", ...address }, { countries: { US: "USA" } })
    expect(sent(bench, "POST").at(-1)).toMatchObject({ AddressCountryRegionId: "USA" })
    expect(await found(bench, { countries: { US: "USA" } })).toMatchObject(address)
    expect(tags(await account(bench, address))).toEqual(["Unchanged"])
  })

  it("of terms that are not there is refused, with the field and the value", async () => {
    const bench = Bench.make()
    const refused = await account(bench, { name: "One", paymentTerms: { code: "Net99" } })
    expect(reason(refused)).toMatchObject({ _tag: "MissingReference", field: "paymentTerms", reference: "Net99" })
  })

  it("on hold for invoices is held for its credit; on hold for payments is something else", async () => {
    const bench = Bench.make()
    bench.world.seed(
      "CustomersV3",
      ["Invoice", "All", "Payment", "Never"].map((OnHoldStatus, index) => Seeds.customer(index, { OnHoldStatus })),
      COMPANY,
    )
    const all = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.get(["C-00000", "C-00001", "C-00002", "C-00003"]),
    )
    const seen = [...all.values()].map(({ record }) => [record.status?.code, record.creditHold])
    expect(seen).toEqual([
      ["creditHold", true],
      ["creditHold", true],
      ["other", false],
      ["active", false],
    ])
  })

  it("needs a group, a currency and a name to be made, and nothing is sent without them", async () => {
    const bench = Bench.make()
    const refused = await account(bench, {}, { accounts: {} })
    expect(JSON.stringify(reason(refused))).toMatch(/accounts\.group.*is needed/)
    expect(bench.twin.journal.writes()).toEqual([])
  })

  it("is given its number by the sequence, or by hand where that takes one", async () => {
    const bench = Bench.make({ knobs: { manualNumbers: [`${COMPANY} CustomerAccount`] } })
    const manual = { accounts: { group: "10", manualNumbering: true } }
    expect(await account(bench, { name: "One", number: "ROSSI" }, manual)).toMatchObject([
      { _tag: "Created", id: "ROSSI" },
    ])
    expect(tags(await account(bench, { name: "One", number: "rossi" }, manual))).toEqual(["Unchanged"])
    const changed = await account(bench, { number: "OTHER" }, manual)
    expect(reason(changed)).toMatchObject({ _tag: "Unsupported", feature: "change.number" })
    expect(reason(await account(Bench.make(), { name: "One", number: "X" }))).toMatchObject({
      _tag: "Unsupported",
      feature: "write.number",
    })
  })

  it("is not made without a right to, nor twice under two cases of a key", async () => {
    const bench = Bench.make()
    const [refused] = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert([{ key: KEY, create: false, fields: { name: "One" } }]),
    )
    expect(refused).toMatchObject({ _tag: "Rejected", error: { reason: { _tag: "NotFound" } } })
    await account(bench, { name: "Upper" }, {}, "hubspot/1/|Company|A")
    await account(bench, { name: "Lower" }, {}, "hubspot/1/|Company|a")
    expect(bench.world.all("CustomersV3").length).toBe(2)
  })

  it("that is refused does not hold up the others, and outcomes come in the order of the inputs", async () => {
    const bench = Bench.make()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert([
        { key: "a/1/|Company|1", fields: { name: "One" } },
        { key: "a/1/|Company|2", fields: { name: "Two", currency: "XXX" } },
        { fields: { name: "Three" } },
        { key: "a/1/|Company|4", fields: { name: "Four" } },
        { key: "a/1/|Company|1", fields: { phone: "1" } },
      ]),
    )
    expect(tags(outcomes)).toEqual(["Created", "Rejected", "Rejected", "Created", "Created"])
    expect(bench.world.all("CustomersV3").length).toBe(2)
  })

  it("keeps text of any script, quotes and signs, and decimals of its credit to the last digit", async () => {
    const bench = Bench.make()
    const name = `"O'Brien" & Söhne 顧客 😀 עברית`
    await account(bench, { name })
    const number = bench.world.all("CustomersV3")[0]?.fields["CustomerAccount"] ?? ""
    bench.world.edit("CustomersV3", [COMPANY, number], { CreditLimit: "12345678901234.56" })
    const record = await found(bench)
    expect(record?.name).toBe(name)
    expect(Decimal.format(record?.creditLimit?.amount ?? Decimal.make("0"))).toBe("12345678901234.56")
    expect(record?.creditLimit?.currency).toBe("USD")
  })
})

describe("a tenant's own fields", () => {
  const fields = [
    { set: "CustomersV3", name: "ContosoRegion", kind: "text" },
    { set: "CustomersV3", name: "ContosoScore", kind: "decimal" },
    { set: "CustomersV3", name: "ContosoSince", kind: "date" },
    { set: "CustomersV3", name: "ContosoKey", kind: "enum" },
  ] as const
  const custom = {
    Account: { ContosoRegion: "String", ContosoScore: "Decimal", ContosoSince: "Date", ContosoKey: "Enum" },
  } as const

  it("are written and read by their types, and those that were not named stay untouched", async () => {
    const bench = Bench.make({ fields: [...fields] })
    const own = { ContosoRegion: "north", ContosoScore: "12.50", ContosoSince: "2026-01-02", ContosoKey: "Yes" }
    expect(tags(await account(bench, { name: "One", custom: own }, { custom }))).toEqual(["Created"])
    const expected = { ...own, ContosoScore: "12.5", ContosoSince: "2026-01-02T12:00:00Z" }
    expect((await found(bench, { custom }))?.custom).toEqual(expected)
    expect(tags(await account(bench, { custom: own }, { custom }))).toEqual(["Unchanged"])
    expect(tags(await account(bench, { custom: { ContosoRegion: null, ContosoSince: null } }, { custom }))).toEqual([
      "Updated",
    ])
    expect((await found(bench, { custom }))?.custom).toEqual({ ...expected, ContosoRegion: null, ContosoSince: null })
    const other = await account(bench, { custom: { ContosoElse: "x" } }, { custom })
    expect(reason(other)).toMatchObject({ _tag: "Invalid", issues: [{ path: ["custom", "ContosoElse"] }] })
    const wrong = await account(bench, { custom: { ContosoScore: 7, ContosoKey: null } }, { custom })
    expect(JSON.stringify(reason(wrong))).toMatch(/is no Decimal.*cannot be cleared/)
  })

  it("may carry our key in the place of a built-in one", async () => {
    const bench = Bench.make({ fields: [...fields] })
    const more = { accounts: { group: "10", keyField: { name: "ContosoRegion", length: 60 } } }
    await account(bench, { name: "One" }, more)
    expect(bench.world.all("CustomersV3")[0]?.fields["ContosoRegion"]).toBe("hubspot/1/|_43ompany|1")
    expect(bench.world.all("CustomersV3")[0]?.fields["IdentificationNumber"] ?? "").toBe("")
    expect(tags(await account(bench, { name: "One" }, more))).toEqual(["Unchanged"])
  })

  it("that the environment lacks are told as what they are", async () => {
    const bench = Bench.make()
    const refused = await Bench.failure(bench, Bench.options(bench, { custom }), ({ ports }) =>
      Bench.readAll(ports.Account),
    )
    expect(refused.reason._tag).toBe("Invalid")
    expect(refused.message).toContain("ContosoRegion")
  })
})

describe("a contact", () => {
  const contact = (bench: Bench.Bench, fields: object) =>
    Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Contact.upsert([{ key: "hubspot/1/|Contact|1", fields }]),
    )
  const read = (bench: Bench.Bench) =>
    Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Contact.find(["hubspot/1/|Contact|1"])).then(
      (all) => all.get("hubspot/1/|Contact|1")?.record,
    )

  it("comes back as it was written, belongs to another account when that is told, and to none", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", Seeds.customers(2), COMPANY)
    const whole = {
      firstName: "Ágnes",
      lastName: "Nagy",
      title: "Buyer",
      email: "agnes@nagy.example",
      phone: "+36 1 234",
      account: { id: "C-00000" },
      address: { lines: ["Fő u. 1"], city: "Budapest", postalCode: "1011", country: "HU" },
      active: false,
    }
    expect(tags(await contact(bench, whole))).toEqual(["Created"])
    expect(await read(bench)).toMatchObject({
      ...whole,
      account: { id: "C-00000", number: "C-00000" },
      displayName: "Ágnes Nagy",
    })
    expect(tags(await contact(bench, whole))).toEqual(["Unchanged"])
    expect(tags(await contact(bench, { account: { number: "C-00001" } }))).toEqual(["Updated"])
    expect((await read(bench))?.account?.id).toBe("C-00001")
    expect(tags(await contact(bench, { account: null }))).toEqual(["Updated"])
    expect((await read(bench))?.account).toBeNull()
  })

  it("of an account that is not there is not made", async () => {
    const bench = Bench.make()
    const refused = await contact(bench, { lastName: "Nagy", account: { number: "GONE" } })
    expect(reason(refused)).toMatchObject({ _tag: "MissingReference", field: "account" })
    expect(bench.twin.journal.writes()).toEqual([])
  })
})
