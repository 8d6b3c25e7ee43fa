import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const KEY = "hubspot/123/|Company|77"
const OTHER = "hubspot/123/|Company|78"
const address = { lines: ["Hafenstr. 1", "Hof"], city: "Hamburg", postalCode: "20457", country: "DE" }

describe("an account", () => {
  it("is created with our key, found by it, and unchanged when it is written again", async () => {
    const bench = Bench.make()
    const fields = {
      name: "Blauwal GmbH",
      party: "organization" as const,
      taxId: "DE123",
      web: "https://blauwal.example",
      currency: "EUR",
      paymentTerms: { code: "Net 30" },
      billingAddress: address,
    }
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
      Effect.gen(function* () {
        const first = yield* Account.upsert([{ key: KEY, fields }])
        const from = bench.twin.journal.lines.length
        const again = yield* Account.upsert([{ key: KEY, fields }])
        return { first, again, sent: Bench.writes(bench, from), found: yield* Account.find([KEY]) }
      }),
    )
    expect(seen.first).toMatchObject([{ _tag: "Created", id: "Blauwal GmbH" }])
    expect(seen.again).toMatchObject([{ _tag: "Unchanged", id: "Blauwal GmbH" }])
    expect(seen.sent).toEqual([])
    expect(seen.found.get(KEY)).toMatchObject({
      id: "Blauwal GmbH",
      key: KEY,
      record: { ...fields, creditHold: false },
    })
    expect(bench.world.all("Customer")).toHaveLength(1)
    expect(bench.world.all("Address")).toHaveLength(1)
    expect(bench.world.misfits).toEqual([])
  })

  it("becomes no second one when somebody has the same name: names are the site's, the key is ours", async () => {
    const bench = Bench.make()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
      Account.upsert([
        { key: KEY, fields: { name: "Acme Corp" } },
        { key: OTHER, fields: { name: "Acme Corp" } },
        { key: KEY, fields: { web: "https://acme.example" } },
      ]),
    )
    expect(outcomes.map((outcome) => ("id" in outcome ? outcome.id : outcome))).toEqual([
      "Acme Corp",
      "Acme Corp - 1",
      "Acme Corp",
    ])
    const again = await Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
      Account.upsert([{ key: OTHER, fields: { name: "Acme Corp" } }]),
    )
    expect(again).toMatchObject([{ _tag: "Unchanged", id: "Acme Corp - 1" }])
  })

  it("is one when two callers make it at once", async () => {
    const bench = Bench.make()
    const one = () =>
      Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
        Effect.all(
          [1, 2, 3].map(() => Account.upsert([{ key: KEY, fields: { name: "Acme Corp", taxId: "T1" } }])),
          { concurrency: "unbounded" },
        ),
      )
    const outcomes = await one()
    expect(bench.world.having("Customer", "tax_id", "T1")).toHaveLength(1)
    const ids = outcomes.flat().map((outcome) => ("id" in outcome ? outcome.id : outcome._tag))
    expect(new Set(ids)).toEqual(new Set(["Acme Corp"]))
  })

  it("that holds a value which the site keeps unique is refused when another has it, and nothing is made", async () => {
    const bench = Bench.make()
    bench.world.seed("Custom Field", [
      { dt: "Customer", fieldname: "duns", label: "DUNS", fieldtype: "Data", unique: 1 },
    ])
    bench.world.seed("Customer", [{ customer_name: "First", duns: "123" }])
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
      Account.upsert([{ key: KEY, fields: { name: "Second", custom: { duns: "123" } } }]),
    )
    expect(outcomes).toMatchObject([{ _tag: "Rejected", error: { reason: { _tag: "Duplicate" } } }])
    expect(bench.world.all("Customer")).toHaveLength(1)
  })

  it("is adopted by its tax number, and the key is written into it; another key of ours there is left alone", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [
      { customer_name: "Free", tax_id: "DE1" },
      { customer_name: "Taken", tax_id: "DE2", mortise_key: "hubspot/9/|_43ompany|9" },
      { customer_name: "Twin A", tax_id: "DE3" },
      { customer_name: "Twin B", tax_id: "DE3" },
    ])
    const write = (taxId: string, key: string) => ({ key, adoptBy: ["taxId"] as const, fields: { taxId, name: "New" } })
    const [free, taken, twins] = await Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
      Account.upsert([write("DE1", "a|b|1"), write("DE2", "a|b|2"), write("DE3", "a|b|3")]),
    )
    expect(free).toMatchObject({ _tag: "Updated", id: "Free" })
    expect(bench.world.get("Customer", "Free")?.columns).toMatchObject({ mortise_key: "a|b|1", customer_name: "New" })
    expect(taken).toMatchObject({ _tag: "Rejected", error: { reason: { _tag: "Ambiguous" } } })
    expect(twins).toMatchObject({
      _tag: "Rejected",
      error: { reason: { _tag: "Ambiguous", candidates: [{ id: "Twin A" }, { id: "Twin B" }] } },
    })
    expect(bench.world.all("Customer")).toHaveLength(4)
  })

  it("is found by its key after it was renamed, and a name that was given again is nobody's link", async () => {
    const bench = Bench.make()
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
      Effect.gen(function* () {
        yield* Account.upsert([{ key: KEY, fields: { name: "Old Name" } }])
        bench.world.rename("Customer", "Old Name", "New Name")
        const found = yield* Account.find([KEY])
        const written = yield* Account.upsert([{ key: KEY, fields: { web: "https://new.example" } }])
        const gone = yield* Account.upsert([{ id: "Old Name", fields: { web: "https://old.example" } }])
        return { found: found.get(KEY)?.id, written, gone }
      }),
    )
    expect(seen.found).toBe("New Name")
    expect(seen.written).toMatchObject([{ _tag: "Updated", id: "New Name" }])
    expect(seen.gone).toMatchObject([{ _tag: "Rejected", error: { reason: { _tag: "NotFound" } } }])
  })

  it("is not made where the site has no field for our key, and is read and updated all the same", async () => {
    const bench = Bench.make({ unprepared: true })
    bench.world.seed("Customer", [{ customer_name: "There" }])
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
      Effect.gen(function* () {
        const made = yield* Account.upsert([{ key: KEY, fields: { name: "Blauwal" } }])
        const written = yield* Account.upsert([{ id: "There", key: KEY, fields: { taxId: "DE7" } }])
        return { made, written, read: yield* Account.get(["There"]) }
      }),
    )
    expect(seen.made).toMatchObject([
      { _tag: "Rejected", error: { reason: { _tag: "Unsupported", feature: "identity" } } },
    ])
    expect(seen.written).toMatchObject([{ _tag: "Updated", id: "There" }])
    expect(seen.read.get("There")?.record.taxId).toBe("DE7")
    expect(bench.world.all("Customer")).toHaveLength(1)
  })

  it("has only the supplied fields written: what is absent stays, null clears, and what is no field of ours survives", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [
      {
        customer_name: "Acme",
        tax_id: "DE1",
        website: "https://a.example",
        market_segment: null,
        exempt_from_sales_tax: 1,
      },
    ])
    const from = bench.twin.journal.lines.length
    await Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
      Account.upsert([{ id: "Acme", fields: { taxId: null } }]),
    )
    const put = bench.twin.journal.lines.slice(from).find(({ method }) => method === "PUT")
    expect(Object.keys(JSON.parse(put?.requestBody ?? "{}"))).toEqual(["tax_id", "modified"])
    const columns = bench.world.get("Customer", "Acme")?.columns ?? {}
    expect(columns).toMatchObject({ website: "https://a.example", exempt_from_sales_tax: 1 })
    expect(columns["tax_id"] ?? null).toBeNull()
  })

  it("is switched off and on, and is never frozen by us", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [{ customer_name: "Acme" }, { customer_name: "Cold", is_frozen: 1 }])
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
      Effect.gen(function* () {
        const off = yield* Account.upsert([{ id: "Acme", fields: { status: { code: "inactive" } } }])
        const frozen = yield* Account.upsert([{ id: "Acme", fields: { status: { code: "creditHold" } } }])
        return { off, frozen, read: yield* Account.get(["Acme", "Cold"]) }
      }),
    )
    expect(seen.off).toMatchObject([{ _tag: "Updated" }])
    expect(seen.frozen).toMatchObject([{ _tag: "Rejected", error: { reason: { _tag: "Invalid" } } }])
    expect(seen.read.get("Acme")?.record.status?.code).toBe("inactive")
    expect(seen.read.get("Cold")?.record).toMatchObject({ status: { code: "creditHold" }, creditHold: true })
  })

  it("with a currency or terms that the site does not have is refused, and the field is named", async () => {
    const bench = Bench.make()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
      Account.upsert([
        { key: KEY, fields: { name: "A", currency: "ZZZ" } },
        { key: OTHER, fields: { name: "B", paymentTerms: { code: "Never" } } },
      ]),
    )
    expect(outcomes).toMatchObject([
      { _tag: "Rejected", error: { reason: { _tag: "MissingReference", field: "currency", reference: "ZZZ" } } },
      { _tag: "Rejected", error: { reason: { _tag: "MissingReference", field: "paymentTerms", reference: "Never" } } },
    ])
    expect(bench.world.all("Customer")).toEqual([])
  })

  it("is not saved over what somebody else saved since it was read", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [{ customer_name: "Acme" }])
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
      Effect.gen(function* () {
        const read = yield* Account.get(["Acme"])
        const revision = read.get("Acme")?.revision ?? ""
        bench.world.edit("Customer", "Acme", { website: "https://else.example" })
        const stale = yield* Account.upsert([{ id: "Acme", ifRevision: revision, fields: { taxId: "DE1" } }])
        const fresh = yield* Account.upsert([{ id: "Acme", fields: { taxId: "DE1" } }])
        return [...stale, ...fresh]
      }),
    )
    expect(outcomes).toMatchObject([
      { _tag: "Rejected", error: { reason: { _tag: "Conflict" } } },
      { _tag: "Updated", id: "Acme" },
    ])
    expect(bench.world.get("Customer", "Acme")?.columns["website"]).toBe("https://else.example")
  })
})

describe("email and phone of an account", () => {
  const read = (bench: Bench.Bench, id: string) =>
    Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.get([id])).then(
      (found) => found.get(id)?.record,
    )

  it("are given with a new one, written through its primary contact, and taken away there", async () => {
    const bench = Bench.make()
    const write = (fields: { readonly email?: string | null; readonly phone?: string | null }) =>
      Bench.use(bench, Bench.options(bench), ({ ports }) =>
        ports.Account.upsert([{ key: KEY, fields: { name: "Acme", ...fields } }]),
      )
    expect(await write({ email: "post@acme.example", phone: "1" })).toMatchObject([{ _tag: "Created" }])
    expect(await write({ email: "post@acme.example", phone: "1" })).toMatchObject([{ _tag: "Unchanged" }])
    expect(await write({ email: "new@acme.example" })).toMatchObject([{ _tag: "Updated" }])
    expect(await read(bench, "Acme")).toMatchObject({ email: "new@acme.example", phone: "1" })
    const [contact] = bench.world.all("Contact")
    expect(contact?.tables["email_ids"]?.map((row) => row["email_id"])).toEqual(["new@acme.example"])
    expect(await write({ phone: null })).toMatchObject([{ _tag: "Updated" }])
    expect(await read(bench, "Acme")).toMatchObject({ email: "new@acme.example", phone: null })
    expect(bench.world.all("Contact")).toHaveLength(1)
  })

  it("stand on the customer itself where it has no contact", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [{ customer_name: "Alone" }])
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert([{ id: "Alone", fields: { email: "a@alone.example" } }]),
    )
    expect(outcomes).toMatchObject([{ _tag: "Updated" }])
    expect((await read(bench, "Alone"))?.email).toBe("a@alone.example")
  })
})

describe("the addresses of an account", () => {
  it("are documents of their own: the one of its kind is written, and others stay", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [{ customer_name: "Acme" }])
    const links = [{ link_doctype: "Customer", link_name: "Acme" }]
    bench.world.seed("Address", [
      {
        address_title: "Acme",
        address_type: "Office",
        address_line1: "Old 1",
        city: "Kiel",
        country: "Germany",
        links,
      },
      {
        address_title: "Acme",
        address_type: "Billing",
        address_line1: "Old 2",
        city: "Kiel",
        country: "Germany",
        links,
      },
    ])
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
      Effect.gen(function* () {
        const before = yield* Account.get(["Acme"])
        const written = yield* Account.upsert([
          { id: "Acme", key: KEY, fields: { billingAddress: { city: "Bremen" }, shippingAddress: address } },
        ])
        return { before, written, after: yield* Account.get(["Acme"]) }
      }),
    )
    expect(seen.before.get("Acme")?.record.billingAddress).toMatchObject({
      lines: ["Old 2"],
      city: "Kiel",
      country: "DE",
    })
    expect(seen.before.get("Acme")?.record.shippingAddress).toBeNull()
    expect(seen.written).toMatchObject([{ _tag: "Updated" }])
    expect(seen.after.get("Acme")?.record.billingAddress).toMatchObject({ lines: ["Old 2"], city: "Bremen" })
    expect(seen.after.get("Acme")?.record.shippingAddress).toMatchObject(address)
    expect(bench.world.all("Address")).toHaveLength(3)
    expect(bench.world.get("Address", "Acme-Office")?.columns["city"]).toBe("Kiel")
  })

  describe("that serve more than is written", () => {
    const [invoices, goods] = [
      { lines: ["Invoice Ave 1"], city: "New York", country: "US" },
      { lines: ["Warehouse Rd 9"], city: "Newark", country: "US" },
    ]
    const old = { address_line1: "Old 1", address_line2: "Yard", city: "Kiel", country: "Germany" }
    const link = (link_name: string, link_doctype = "Customer") => ({ link_doctype, link_name })
    const both = { is_primary_address: 1, is_shipping_address: 1 }
    const staged = (...addresses: ReadonlyArray<object>) => {
      const bench = Bench.make()
      bench.world.seed("Customer", [{ customer_name: "Acme", mortise_key: "a|_41ccount|1" }, { customer_name: "Beta" }])
      const seeded = addresses.map((each) => ({ address_title: "Acme", ...old, links: [link("Acme")], ...each }))
      bench.world.seed("Address", seeded)
      return bench
    }
    const upsert = (bench: Bench.Bench, fields: object, more: object = {}) =>
      Bench.use(bench, Bench.options(bench, more), ({ ports }) => ports.Account.upsert([{ id: "Acme", fields }])).then(
        ([outcome]) => outcome,
      )
    const lines = (bench: Bench.Bench, id = "Acme") =>
      Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.get([id])).then((found) => {
        const record = found.get(id)?.record
        return [record?.billingAddress?.lines?.[0], record?.shippingAddress?.lines?.[0]]
      })

    it.each(["Billing", "Shipping", "Office"])(
      "are parted: one %s address for bills and goods becomes two",
      async (type) => {
        const bench = staged({ address_type: type, ...both })
        const fields = { billingAddress: invoices, shippingAddress: goods }
        expect(await upsert(bench, fields)).toMatchObject({ _tag: "Updated" })
        expect(await lines(bench)).toEqual(["Invoice Ave 1", "Warehouse Rd 9"])
        expect(await upsert(bench, fields)).toMatchObject({ _tag: "Unchanged" })
        expect(bench.world.all("Address")).toHaveLength(2)
      },
    )

    it.each([
      [{ billingAddress: invoices }, ["Invoice Ave 1", "Old 1"]],
      [{ shippingAddress: goods }, ["Old 1", "Warehouse Rd 9"]],
      [{ billingAddress: { lines: ["New 1"] } }, ["New 1", "Old 1"]],
    ])("keep the use that is not written: %j", async (fields, expected) => {
      for (const address_type of ["Billing", "Shipping", "Office"]) {
        const bench = staged({ address_type, ...both })
        expect(await upsert(bench, fields)).toMatchObject({ _tag: "Updated" })
        expect(await lines(bench)).toEqual(expected)
        expect(await upsert(bench, fields)).toMatchObject({ _tag: "Unchanged" })
      }
    })

    it("lose their mark for the use that went to another one, whoever else has it", async () => {
      const bench = staged({ address_type: "Office" }, { address_type: "Billing", ...both })
      bench.world.overwrite("Address", "Acme-Office", { is_primary_address: 1 })
      expect(await upsert(bench, { billingAddress: invoices })).toMatchObject({ _tag: "Updated" })
      const marks = ["Acme-Billing", "Acme-Billing-1"].map(
        (name) => bench.world.get("Address", name)?.columns["is_primary_address"] ?? 0,
      )
      expect(marks).toEqual([0, 1])
    })

    it("are parted where a person marked the one that we made for the other use too", async () => {
      const bench = staged()
      expect(await upsert(bench, { billingAddress: invoices })).toMatchObject({ _tag: "Updated" })
      bench.world.edit("Address", "Acme-Billing", { is_shipping_address: 1 })
      expect(await upsert(bench, { billingAddress: { lines: ["New 1"] } })).toMatchObject({ _tag: "Updated" })
      expect(await lines(bench)).toEqual(["New 1", "Invoice Ave 1"])
      expect(await upsert(bench, { billingAddress: { lines: ["New 2"] } })).toMatchObject({ _tag: "Updated" })
      expect(await lines(bench)).toEqual(["New 2", "Invoice Ave 1"])
      expect(bench.world.all("Address")).toHaveLength(2)
    })

    it.each(["Billing", "Office"])(
      "and an owner beside the customer are left as they are: %s",
      async (address_type) => {
        for (const other of [link("Beta"), link(Bench.COMPANY.name, "Company")]) {
          const bench = staged({ address_type, is_primary_address: 1, links: [link("Acme"), other] })
          expect(await upsert(bench, { billingAddress: invoices })).toMatchObject({ _tag: "Updated" })
          expect((await lines(bench))[0]).toBe("Invoice Ave 1")
          if (other.link_doctype === "Customer") expect((await lines(bench, "Beta"))[0]).toBe("Old 1")
          expect(bench.world.get("Address", `Acme-${address_type}`)?.columns).toMatchObject(old)
          expect(await upsert(bench, { billingAddress: { lines: ["New 2"] } })).toMatchObject({ _tag: "Updated" })
          expect(bench.world.all("Address")).toHaveLength(2)
        }
      },
    )

    it("stay disabled when a person disabled the one that we made: the next write makes another, once", async () => {
      const bench = staged()
      expect(await upsert(bench, { billingAddress: invoices })).toMatchObject({ _tag: "Updated" })
      bench.world.edit("Address", "Acme-Billing", { disabled: 1 })
      for (const line of ["New 1", "New 2"]) {
        const fields = { billingAddress: { ...invoices, lines: [line] } }
        expect(await upsert(bench, fields)).toMatchObject({ _tag: "Updated" })
        expect(await lines(bench)).toEqual([line, undefined])
        expect(await upsert(bench, fields)).toMatchObject({ _tag: "Unchanged" })
      }
      expect(bench.world.all("Address")).toHaveLength(2)
      const [first, second] = ["Acme-Billing", "Acme-Billing-1"].map(
        (name) => bench.world.get("Address", name)?.columns ?? {},
      )
      expect(first).toMatchObject({ disabled: 1, address_line1: "Invoice Ave 1" })
      expect([first?.["mortise_key"] ?? null, second?.["mortise_key"]]).toEqual([null, "a|_41ccount|1#billing"])
    })

    it("are made once when the answer is lost", async () => {
      const bench = staged({ address_type: "Billing", ...both })
      let lost = 0
      const fetch: typeof globalThis.fetch = async (...given) => {
        const request = new Request(...given)
        const response = await bench.twin.fetch(request.clone())
        if (request.method !== "POST" || !request.url.endsWith("/Address") || lost > 0) return response
        lost += 1
        throw new TypeError("the connection was lost")
      }
      const outcome = await upsert(bench, { billingAddress: invoices }, { fetch })
      expect([lost, outcome?._tag]).toEqual([1, "Updated"])
      expect(await lines(bench)).toEqual(["Invoice Ave 1", "Old 1"])
      expect(bench.world.all("Address")).toHaveLength(2)
    })

    it("are told as not kept when the site has them otherwise", async () => {
      const bench = staged({ address_type: "Billing" })
      const fetch: typeof globalThis.fetch = async (...given) => {
        const request = new Request(...given)
        if (request.method !== "PUT") return bench.twin.fetch(request)
        const { headers, method, url } = request
        return bench.twin.fetch(
          new Request(url, { headers, method, body: (await request.text()).replace("Newark", "NEWARK") }),
        )
      }
      expect(await upsert(bench, { billingAddress: goods }, { fetch })).toMatchObject({
        _tag: "Rejected",
        id: "Acme",
        error: { reason: { _tag: "Invalid", issues: [{ path: ["billingAddress"] }] } },
      })
    })
  })

  it("are refused when they are none, before anything is sent", async () => {
    const bench = Bench.make()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports: { Account } }) =>
      Account.upsert([
        { key: KEY, fields: { name: "A", billingAddress: { city: "Kiel" } } },
        { key: OTHER, fields: { name: "B", shippingAddress: { ...address, country: "ZZ" } } },
      ]),
    )
    expect(outcomes.map((outcome) => outcome._tag)).toEqual(["Rejected", "Rejected"])
    expect(Bench.writes(bench)).toEqual([])
    const paths = outcomes.map((outcome) =>
      outcome._tag === "Rejected" && outcome.error.reason._tag === "Invalid"
        ? outcome.error.reason.issues.map(({ path }) => path.join("."))
        : [],
    )
    expect(paths).toEqual([["billingAddress.lines", "billingAddress.country"], ["shippingAddress.country"]])
  })

  it("that the site refuses leave the account made, and say so", async () => {
    const bench = Bench.make()
    const config = Bench.options(bench, { countries: { Atlantis: "AQ" } })
    const fields = { name: "A", billingAddress: { ...address, country: "AQ" } }
    const outcomes = await Bench.use(bench, config, ({ ports }) => ports.Account.upsert([{ key: KEY, fields }]))
    expect(outcomes).toMatchObject([
      { _tag: "Rejected", id: "A", error: { reason: { _tag: "MissingReference", reference: "Atlantis" } } },
    ])
    expect(bench.world.all("Customer")).toHaveLength(1)
  })

  it("are left unknown, and are not empty, for a user who may not see them", async () => {
    const bench = Bench.make({
      users: [{ name: "few@example.com", roles: ["Item Manager", "Sales Manager"], apiKey: "few", apiSecret: "few" }],
    })
    bench.world.seed("Customer", [Seeds.customer(1)])
    const config = Bench.options(bench, { credentials: { type: "keyPair", ...Bench.pair("few", "few") } })
    const read = await Bench.use(bench, config, ({ ports }) => ports.Account.get(["Customer 0001"]))
    expect(read.get("Customer 0001")?.record).not.toHaveProperty("billingAddress")
    expect(read.get("Customer 0001")?.record.name).toBe("Customer 0001")
  })
})
