import type * as Twin from "@mortise/conformance/twin/Twin"
import * as Decimal from "@mortise/core/Decimal"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const { bodyOf, reasonOf, tags, writes } = Bench
const KEY = "hubspot/1234/|Company|42"
const EID = "acct2-hubspot_2f1234_2f_7c_43ompany_7c42"
const put = (request: Twin.TwinRequest) => request.method === "PUT"
const account = { key: KEY, fields: { name: "Blauwal GmbH", email: "post@blauwal.example" } }

describe("writing an account", () => {
  it("goes by its external id in one request, and says that it was created", async () => {
    const bench = Bench.make()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.upsert([account]))
    const [doc] = bench.world.all("customer")
    expect(outcomes).toEqual([{ _tag: "Created", id: doc?.id }])
    expect(Bench.requests(bench).filter((line) => !line.includes("suiteql"))).toEqual([
      `PUT /record/v1/customer/eid:${EID}`,
    ])
    expect(doc?.fields).toMatchObject({
      externalId: EID,
      companyName: "Blauwal GmbH",
      subsidiary: "2",
      isPerson: false,
    })
    expect(writes(bench)[0]?.requestHeaders["x-netsuite-propertynamevalidation"]).toBe("Error")
  })

  it("sends nothing when the record holds every value already", async () => {
    const bench = Bench.make()
    const config = Bench.options(bench)
    const twice = await Bench.use(bench, config, ({ ports }) =>
      Effect.flatMap(ports.Account.upsert([account]), () => ports.Account.upsert([account])),
    )
    const forgotten = await Bench.use(bench, config, ({ ports }) => ports.Account.upsert([account]))
    expect([...tags(twice), ...tags(forgotten)]).toEqual(["Unchanged", "Unchanged"])
    expect(writes(bench).length).toBe(1)
  })

  it("sends only what differs", async () => {
    const bench = Bench.make()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.flatMap(ports.Account.upsert([account]), () =>
        ports.Account.upsert([{ key: KEY, fields: { name: "Blauwal SE", email: "POST@blauwal.example" } }]),
      ),
    )
    expect(tags(outcomes)).toEqual(["Updated"])
    expect(bodyOf(writes(bench).at(-1))).toEqual({ companyName: "Blauwal SE" })
  })

  it("does not make a stump of a record that went away between the look and the write", async () => {
    const bench = Bench.make()
    const [doc] = bench.world.seed("customer", [Seeds.customer(1, { externalId: EID })])
    const config = Bench.options(bench, {
      fetch: (input, init) => {
        const request = new Request(input, init)
        if (request.method === "PATCH") bench.world.remove("customer", doc?.id ?? "")
        return bench.twin.fetch(request)
      },
    })
    const outcomes = await Bench.use(bench, config, ({ ports }) =>
      ports.Account.upsert([{ key: KEY, fields: { phone: "+49 40 1" } }]),
    )
    expect(reasonOf(outcomes[0])?._tag).toBe("Conflict")
    expect(bench.world.all("customer")).toEqual([])
  })

  it("does not create a second record when the reply is lost", async () => {
    for (const fault of [
      { kind: "lostReply" },
      { kind: "errorAfter", status: 500 },
      { kind: "errorBefore", status: 503 },
      { kind: "slow", millis: 400_000, commit: "late" },
      { kind: "hang", applied: true },
      { kind: "truncatedBody" },
      { kind: "resetBefore" },
      { kind: "hang", applied: false },
    ] as const) {
      const bench = Bench.make()
      bench.twin.faults.deal({ at: put, fault })
      const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.upsert([account]))
      expect(["Created", "Written"], fault.kind).toContain(outcomes[0]?._tag)
      expect(bench.world.all("customer").length, fault.kind).toBe(1)
      expect(bench.twin.faults.pending()).toEqual([])
    }
  })

  it("finds the record that was made, though the answer names its external id", async () => {
    const bench = Bench.make({ knobs: { location: "eid" } })
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.upsert([account]))
    expect(outcomes).toEqual([{ _tag: "Created", id: bench.world.all("customer")[0]?.id }])
  })

  it("makes one record when two fibers, or two processes on one store, write one key at once", async () => {
    const bench = Bench.make({ knobs: { processingMillis: 500, commitDelay: 3000 } })
    const config = Bench.options(bench)
    const outcomes = await Bench.use(bench, config, (one) =>
      Effect.flatMap(Bench.open(config), (two) =>
        Effect.all(
          [one, one, two].map(({ ports }) => ports.Account.upsert([account])),
          { concurrency: 3 },
        ),
      ),
    )
    expect(tags(outcomes.flat()).filter((tag) => tag === "Rejected")).toEqual([])
    await bench.clock.advance("10 seconds")
    bench.world.settle()
    expect(bench.world.all("customer").length).toBe(1)
  })

  it("folds doubles of a key and answers once for each input, in their order", async () => {
    const bench = Bench.make()
    const other = { key: "hubspot/1234/|Company|43", fields: { name: "Other" } }
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert([account, other, { key: KEY, fields: { name: "Blauwal SE" } }]),
    )
    expect(tags(outcomes)).toEqual(["Created", "Created", "Created"])
    expect(bench.world.all("customer").map((doc) => doc.fields["companyName"])).toEqual(["Blauwal SE", "Other"])
  })

  it("clears a text and refuses to clear what cannot be cleared, before any request", async () => {
    const bench = Bench.make()
    const [doc] = bench.world.seed("customer", [Seeds.customer(1, { vatRegNumber: "DE1", externalId: "their-1" })])
    const id = doc?.id ?? ""
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert([
        { id, fields: { taxId: null } },
        { id: "9", fields: { currency: null } },
      ]),
    )
    expect(tags(outcomes)).toEqual(["Updated", "Rejected"])
    expect(reasonOf(outcomes[1])?._tag).toBe("Unsupported")
    expect(bench.world.get("customer", id)?.fields["vatRegNumber"]).toBeNull()
    expect(bench.world.get("customer", id)?.fields["externalId"]).toBe("their-1")
  })

  it("keeps a key with quotes, operators and control characters from changing the question", async () => {
    const bench = Bench.make()
    bench.world.seed("customer", Seeds.customers(3))
    const nasty = "hubspot/1/|Company|' OR 1=1 --\u0001"
    const config = Bench.options(bench)
    const outcomes = await Bench.use(bench, config, ({ ports }) =>
      ports.Account.upsert([{ key: nasty, adoptBy: ["email"], fields: { name: "Nasty", email: `x' OR '1'='1` } }]),
    )
    expect(tags(outcomes)).toEqual(["Created"])
    const found = await Bench.use(bench, config, ({ ports }) => ports.Account.find([nasty]))
    expect([...found.keys()]).toEqual([nasty])
  })

  it("refuses a key that the field cannot hold, and a field that the port cannot write", async () => {
    const bench = Bench.make()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert([
        { key: "x".repeat(10_000), fields: { name: "Long" } },
        { key: "", fields: { name: "Empty" } },
        { key: KEY, fields: { number: "C77", name: "Numbered" } },
        { id: "101'", fields: { name: "No id" } },
      ]),
    )
    expect(tags(outcomes)).toEqual(["Rejected", "Rejected", "Rejected", "Rejected"])
    expect(reasonOf(outcomes[3])?._tag).toBe("NotFound")
    expect(writes(bench)).toEqual([])
  })

  it("keeps the records of two subsidiaries apart, and finds its own again where somebody moved it", async () => {
    const bench = Bench.make()
    const config = (subsidiary: string) => Bench.options(bench, { subsidiary })
    for (const subsidiary of ["2", "3"]) {
      const outcomes = await Bench.use(bench, config(subsidiary), ({ ports }) => ports.Account.upsert([account]))
      expect(tags(outcomes)).toEqual(["Created"])
    }
    const [first] = bench.world.all("customer")
    bench.world.edit("customer", first?.id ?? "", { subsidiary: "3" })
    const moved = await Bench.use(bench, config("2"), ({ ports }) =>
      ports.Account.upsert([{ key: KEY, fields: { name: "Blauwal SE" } }]),
    )
    expect(moved).toEqual([{ _tag: "Updated", id: first?.id }])
    expect(bench.world.all("customer").map(({ fields }) => [fields["companyName"], fields["subsidiary"]])).toEqual([
      ["Blauwal SE", "3"],
      ["Blauwal GmbH", "3"],
    ])
  })

  it("makes a person of two names, for good", async () => {
    const bench = Bench.make()
    const person = (name: string, party: "person" | "organization") => ({ key: KEY, fields: { name, party } })
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.flatMap(ports.Account.upsert([person("Ágnes Maria Nagy", "person")]), (first) =>
        Effect.map(
          Effect.forEach([person("Ágnes Maria Kiss", "person"), person("Nagy Kft.", "organization")], (next) =>
            ports.Account.upsert([next]),
          ),
          (next) => [...first, ...next.flat()],
        ),
      ),
    )
    expect(tags(outcomes)).toEqual(["Created", "Updated", "Rejected"])
    expect(bench.world.all("customer")[0]?.fields).toMatchObject({
      isPerson: true,
      firstName: "Ágnes Maria",
      lastName: "Kiss",
    })
  })

  it("changes one address and leaves the rest of the book as it was, whether its rows are keyed or not", async () => {
    for (const addressBookKeyed of [true, false]) {
      const bench = Bench.make({ knobs: { addressBookKeyed } })
      const row = (addr1: string, flags: { readonly [flag: string]: boolean }) => ({
        label: `At ${addr1}`,
        ...flags,
        addressBookAddress: { addr1, city: "Hamburg", country: "DE", attention: "Gate" },
      })
      const [doc] = bench.world.seed("customer", [
        Seeds.customer(1, {
          externalId: EID,
          addressBook: [
            row("Both", { defaultBilling: true, defaultShipping: true }),
            row("Old", { defaultBilling: false, defaultShipping: false }),
          ],
        }),
      ])
      const billingAddress = { lines: ["Kai 7", "Tor 3", "Halle 1", "Hof"], postalCode: "20457" }
      const write = { key: KEY, fields: { billingAddress } }
      const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
        Effect.flatMap(ports.Account.upsert([write]), (first) =>
          Effect.flatMap(ports.Account.upsert([write]), (second) =>
            Effect.map(ports.Account.get([doc?.id ?? ""]), (read) => {
              expect(read.get(doc?.id ?? "")?.record).toMatchObject({
                billingAddress: { lines: ["Kai 7", "Tor 3", "Halle 1, Hof"], city: "Hamburg", country: "DE" },
                shippingAddress: { lines: ["Both"], city: "Hamburg" },
              })
              return [...first, ...second]
            }),
          ),
        ),
      )
      expect(tags(outcomes)).toEqual(["Updated", "Unchanged"])
      const book = bench.world.get("customer", doc?.id ?? "")?.subs["addressBook"] ?? []
      expect(book.map(({ parts }) => parts["addressBookAddress"]?.fields["addr1"]).sort()).toEqual([
        "Both",
        "Kai 7",
        "Old",
      ])
      expect(book.map(({ fields }) => fields["label"] ?? null)).toContain("At Old")
    }
  })

  it("names the currency and the terms that the account does not have", async () => {
    const bench = Bench.make()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert([
        { key: KEY, fields: { name: "A", currency: "CHF" } },
        { key: "hubspot/1234/|Company|43", fields: { name: "B", paymentTerms: { code: "Net 99" } } },
        { key: "hubspot/1234/|Company|44", fields: { name: "C", currency: "GBP", paymentTerms: { code: "Net 30" } } },
      ]),
    )
    expect(tags(outcomes)).toEqual(["Rejected", "Rejected", "Created"])
    expect(bench.world.all("customer")[0]?.fields).toMatchObject({ currency: "2", terms: "2" })
  })

  it("sends no unsafe request when it was opened read-only", async () => {
    const bench = Bench.make()
    const config = Bench.options(bench, { readOnly: true })
    const outcomes = await Bench.use(bench, config, ({ ports }) => ports.Account.upsert([account]))
    expect(reasonOf(outcomes[0])?._tag).toBe("Unsupported")
    expect(writes(bench)).toEqual([])
  })
})

describe("adopting an account", () => {
  const adopting = (by: ReadonlyArray<"number" | "taxId" | "email">) => ({
    key: KEY,
    adoptBy: by,
    fields: { name: "Blauwal GmbH", taxId: "de1", email: "post@blauwal.example" },
  })

  it("writes our key into the one record that matches, together with what differs", async () => {
    for (const by of ["taxId", "email"] as const) {
      const bench = Bench.make()
      const match = by === "taxId" ? { vatRegNumber: "DE1" } : { email: "Post@Blauwal.example" }
      const [doc] = bench.world.seed("customer", [Seeds.customer(1, match), Seeds.customer(2)])
      const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
        ports.Account.upsert([adopting([by])]),
      )
      expect(outcomes).toEqual([{ _tag: "Updated", id: doc?.id }])
      expect(bench.world.get("customer", doc?.id ?? "")?.fields).toMatchObject({
        externalId: EID,
        companyName: "Blauwal GmbH",
      })
      expect(writes(bench).map(({ method }) => method)).toEqual(["PATCH"])
      expect(bench.world.all("customer").length).toBe(2)
    }
  })

  it("leaves several matches alone and names them", async () => {
    const bench = Bench.make()
    const docs = bench.world.seed("customer", [
      Seeds.customer(1, { vatRegNumber: "DE1" }),
      Seeds.customer(2, { vatRegNumber: "DE1" }),
    ])
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert([adopting(["taxId"])]),
    )
    const reason = reasonOf(outcomes[0])
    expect(reason?._tag === "Ambiguous" && reason.candidates.map(({ id }) => id)).toEqual(docs.map(({ id }) => id))
    expect(writes(bench)).toEqual([])
  })

  it("takes no record that carries another key of ours or somebody else's external id", async () => {
    for (const externalId of ["acct2-hubspot_2f1234_2f_7c_43ompany_7c99", "SF-7"]) {
      const bench = Bench.make()
      bench.world.seed("customer", [Seeds.customer(1, { vatRegNumber: "DE1", externalId })])
      const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
        ports.Account.upsert([adopting(["taxId"])]),
      )
      expect(reasonOf(outcomes[0])?._tag).toBe("Ambiguous")
      expect(writes(bench)).toEqual([])
    }
  })

  it("never adopts by name, and only where it may match at all", async () => {
    const bench = Bench.make()
    bench.world.seed("customer", [Seeds.customer(1, { companyName: "Blauwal GmbH" })])
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert([
        { ...account, adoptBy: ["name"] },
        { key: "hubspot/1234/|Company|43", adoptBy: ["email"], create: false, fields: { email: "nobody@x.example" } },
      ]),
    )
    expect(tags(outcomes)).toEqual(["Rejected", "Rejected"])
    expect(reasonOf(outcomes[0])?.message).toContain("name does not tell which Account is meant")
    expect(reasonOf(outcomes[1])?._tag).toBe("NotFound")
    expect(writes(bench)).toEqual([])
  })

  it("looks for hundreds of records together, and for each that it adopts once more in its turn", async () => {
    const bench = Bench.make()
    bench.world.seed("customer", Seeds.customers(300))
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert(
        Array.from({ length: 300 }, (_, index) => ({
          key: `hubspot/1234/|Company|${index}`,
          adoptBy: ["email" as const],
          create: false as const,
          fields: { email: `POST${index}@customer${index}.example` },
        })),
      ),
    )
    expect(new Set(tags(outcomes))).toEqual(new Set(["Updated"]))
    expect(Bench.queries(bench).length).toBeLessThan(12 + 2 * 300)
    expect(writes(bench).length).toBe(300)
  })
})

describe("a field of the account's own that carries the key", () => {
  const keyFields = { Account: "custentity_mortise_key" }
  const customFields = [{ name: "custentity_mortise_key", kind: "text" as const, on: ["customer"] }]

  it("names a record that was made once, found by it, and made once more by nobody", async () => {
    for (const fault of [
      undefined,
      { kind: "lostReply" },
      { kind: "hang", applied: true },
      { kind: "hang", applied: false },
    ] as const) {
      const bench = Bench.make({ customFields })
      if (fault !== undefined)
        bench.twin.faults.deal({
          at: (request) => request.method === "POST" && request.path.endsWith("/customer"),
          fault,
        })
      const config = Bench.options(bench, { keyFields })
      const outcomes = await Bench.use(bench, config, ({ ports }) =>
        Effect.flatMap(ports.Account.upsert([account]), (first) =>
          Effect.map(ports.Account.upsert([{ key: KEY, fields: { name: "Blauwal SE" } }]), (second) => [
            ...first,
            ...second,
          ]),
        ),
      )
      expect(["Created", "Written"]).toContain(outcomes[0]?._tag)
      expect(outcomes[1]?._tag).toBe("Updated")
      expect(
        bench.world
          .all("customer")
          .map(({ fields }) => [fields["custentity_mortise_key"], fields["externalId"] ?? null]),
      ).toEqual([[EID, null]])
    }
  })
})

describe("writing contacts and products", () => {
  it("links a contact to an account by id, number or our key, and says when there is none", async () => {
    const bench = Bench.make()
    const [doc] = bench.world.seed("customer", [Seeds.customer(1)])
    const contact = (id: number, to: { readonly id?: string; readonly key?: string; readonly number?: string }) => ({
      key: `hubspot/1234/|Contact|${id}`,
      fields: { firstName: "Ágnes", lastName: `Nagy ${id}`, account: to },
    })
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.flatMap(ports.Account.upsert([account]), () =>
        ports.Contact.upsert([
          contact(1, { key: KEY }),
          contact(2, { number: String(doc?.fields["entityId"]).toLowerCase() }),
          contact(3, { id: doc?.id ?? "" }),
          contact(4, { key: "hubspot/1234/|Company|none" }),
          contact(5, { id: "99999" }),
        ]),
      ),
    )
    expect(tags(outcomes)).toEqual(["Created", "Created", "Created", "Rejected", "Rejected"])
    expect(outcomes.slice(3).map((outcome) => reasonOf(outcome)?._tag)).toEqual([
      "MissingReference",
      "MissingReference",
    ])
    expect(reasonOf(outcomes[4])).toMatchObject({ field: "account" })
    const made = bench.world.byExternalId("customer", EID)?.id
    expect(bench.world.all("contact").map(({ fields }) => fields["company"])).toEqual([made, doc?.id, doc?.id])
  })

  it("gives an account and a contact of one record of the CRM two names, for they share one namespace", async () => {
    const bench = Bench.make()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.flatMap(ports.Account.upsert([account]), (first) =>
        Effect.map(ports.Contact.upsert([{ key: KEY, fields: { lastName: "Nagy" } }]), (second) => [
          ...first,
          ...second,
        ]),
      ),
    )
    expect(tags(outcomes)).toEqual(["Created", "Created"])
  })

  it("makes an item as what it is, and never a second one", async () => {
    const bench = Bench.make()
    const price = (amount: string) => [{ amount: Decimal.make(amount), currency: "EUR" }]
    const product = (kind: "stock" | "nonStock" | "service", amount: string) => ({
      key: `hubspot/1234/|Product|${kind}`,
      fields: { sku: `O'BRIEN ${kind}`, name: "Tap", kind: { code: kind }, prices: price(amount) },
    })
    const all = (amount: string) => (["stock", "nonStock", "service"] as const).map((kind) => product(kind, amount))
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.forEach(["12.345678901234567890", "12.345678901234567890", "13"], (amount) =>
        ports.Product.upsert(all(amount)),
      ),
    )
    expect(outcomes.map(tags)).toEqual([
      ["Created", "Created", "Created"],
      ["Unchanged", "Unchanged", "Unchanged"],
      ["Updated", "Updated", "Updated"],
    ])
    for (const type of ["inventoryItem", "nonInventorySaleItem", "serviceSaleItem"]) {
      const [doc, more] = bench.world.all(type)
      expect(more).toBeUndefined()
      expect(
        (doc?.subs["price"] ?? []).map(({ fields }) => [fields["priceLevel"], fields["currencyPage"], fields["price"]]),
      ).toEqual([["1", "4", "13"]])
    }
  })

  it("refuses an item without a number, a change of its kind, and a price of another level", async () => {
    const bench = Bench.make()
    const [doc] = bench.world.seed("serviceSaleItem", [Seeds.item("HOUR")])
    const id = doc?.id ?? ""
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Product.upsert([
        { key: "hubspot/1234/|Product|1", fields: { name: "Nameless" } },
        { id, fields: { kind: { code: "stock" } } },
        { id: `${id} `, fields: { name: "x" } },
        {
          key: "hubspot/1234/|Product|2",
          fields: { sku: "A", prices: [{ list: "Partner", amount: Decimal.make("1") }] },
        },
      ]),
    )
    expect(outcomes.map((outcome) => reasonOf(outcome)?._tag)).toEqual([
      "Invalid",
      "Unsupported",
      "NotFound",
      "Invalid",
    ])
    expect(writes(bench)).toEqual([])
  })
})
