import type * as Twin from "@mortise/conformance/twin/Twin"
import * as Decimal from "@mortise/core/Decimal"
import type * as Outcome from "@mortise/core/Outcome"
import * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const KEY = "hubspot/1234/|Company|42"
const tags = (outcomes: ReadonlyArray<Outcome.Outcome>) => outcomes.map((outcome) => outcome._tag)
const reasonOf = (outcome: Outcome.Outcome | undefined) =>
  outcome !== undefined && "error" in outcome ? outcome.error.reason : undefined
const puts = (bench: Bench.Bench) => bench.twin.journal.lines.filter((line) => line.method === "PUT")
const put = (request: Twin.TwinRequest) => request.method === "PUT"
const bodyOf = (line: { readonly requestBody: string } | undefined) => JSON.parse(line?.requestBody ?? "{}")
const account = { key: KEY, fields: { name: "Blauwal GmbH", email: "post@blauwal.example" } }

describe("writing an account", () => {
  it("finds or inserts by its external reference in one request, and reads it again before it believes it", async () => {
    const bench = Bench.make()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.upsert([account]))
    expect(tags(outcomes)).toEqual(["Created"])
    const [line] = puts(bench)
    expect(Bench.queryOf(line ?? { url: "" }).get("$filter")).toBe("AccountRef eq 'hubspot/1234/|_43ompany|42'")
    expect(bodyOf(line).AccountRef).toEqual({ value: "hubspot/1234/|_43ompany|42" })
    expect(bench.world.all("Customer").length).toBe(1)
    expect(Bench.requests(bench).at(-2)).toMatch(/^GET \/Customer\/C/)
  })

  it("sends nothing when the record holds every value already", async () => {
    const bench = Bench.make()
    const config = Bench.options(bench)
    const twice = await Bench.use(bench, config, ({ ports }) =>
      Effect.flatMap(ports.Account.upsert([account]), () => ports.Account.upsert([account])),
    )
    const forgotten = await Bench.use(bench, config, ({ ports }) => ports.Account.upsert([account]))
    expect([...tags(twice), ...tags(forgotten)]).toEqual(["Unchanged", "Unchanged"])
    expect(puts(bench).length).toBe(1)
  })

  it("sends only what differs, and only to the record that exists", async () => {
    const bench = Bench.make()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.flatMap(ports.Account.upsert([account]), () =>
        ports.Account.upsert([{ key: KEY, fields: { name: "Blauwal SE", email: "post@blauwal.example" } }]),
      ),
    )
    expect(tags(outcomes)).toEqual(["Updated"])
    const line = puts(bench).at(-1)
    expect(Object.keys(bodyOf(line)).sort()).toEqual(["CustomerID", "CustomerName"])
    expect(line?.requestHeaders["if-match"]).toBe("*")
  })

  it("does not create a second record when the reply is lost", async () => {
    for (const fault of [
      { kind: "lostReply" },
      { kind: "errorAfter", status: 500 },
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
      expect(bench.world.all("Customer").length, fault.kind).toBe(1)
      expect(bench.twin.faults.pending()).toEqual([])
    }
  })

  it("does not believe a 200 that saved nothing", async () => {
    const bench = Bench.make({ knobs: { savesNothing: ["Customer"] } })
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.upsert([account]))
    expect(tags(outcomes)).toEqual(["Unknown"])
  })

  it("says so when the form takes a value and keeps its own", async () => {
    const bench = Bench.make({ knobs: { discards: { Customer: ["TaxRegistrationID"] } } })
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert([{ key: KEY, fields: { name: "Blauwal GmbH", taxId: "DE123" } }]),
    )
    expect(tags(outcomes)).toEqual(["Rejected"])
    expect(reasonOf(outcomes[0])?.message).toMatch(/^taxId was accepted and not kept/)
  })

  it("makes one record when two fibers, or two processes on one store, write one key at once", async () => {
    const bench = Bench.make({ knobs: { processingMillis: 500 } })
    const store = StateStore.layerMemory()
    const outcomes = await Bench.use(
      bench,
      Bench.options(bench),
      (one) =>
        Effect.flatMap(StateStore.StateStore, () =>
          Effect.all([one.ports.Account.upsert([account]), one.ports.Account.upsert([account])], {
            concurrency: "unbounded",
          }),
        ),
      store,
    )
    expect(outcomes.flat().every((outcome) => outcome._tag !== "Rejected")).toBe(true)
    expect(bench.world.all("Customer").length).toBe(1)
  })

  it("makes one record when two processes on one store write one key, though a commit is seen late", async () => {
    const bench = Bench.make({ knobs: { commitDelay: 3000 } })
    const config = Bench.options(bench)
    const outcomes = await Bench.use(bench, config, (one) =>
      Effect.flatMap(Bench.open(config), (two) =>
        Effect.all([one.ports.Account.upsert([account]), two.ports.Account.upsert([account])], { concurrency: 2 }),
      ),
    )
    expect([...tags(outcomes.flat())].sort()).toEqual(["Created", "Unchanged"])
    expect(bench.world.all("Customer").length).toBe(1)
  })

  it("says so when the form does not keep our key, with the record that was made", async () => {
    const bench = Bench.make({ knobs: { discards: { Customer: ["AccountRef"] } } })
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.upsert([account]))
    expect(outcomes[0]).toMatchObject({ _tag: "Rejected", id: bench.world.all("Customer")[0]?.fields["CustomerID"] })
    expect(reasonOf(outcomes[0])?.message).toMatch(/^key was accepted and not kept/)
  })

  it("refuses own fields that nobody configured, and values that do not fit them", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [Seeds.customer(1)])
    const config = Bench.options(bench, { custom: { Account: { "CurrentCustomer.UsrRank": "Decimal" } } })
    const outcomes = await Bench.use(bench, config, ({ ports }) =>
      Effect.map(
        Effect.forEach([{ "CurrentCustomer.UsrOther": "x" }, { "CurrentCustomer.UsrRank": Number.NaN }], (custom) =>
          ports.Account.upsert([{ id: "C0001", fields: { custom } }]),
        ),
        (all) => all.flat(),
      ),
    )
    expect(outcomes.map((outcome) => reasonOf(outcome)?._tag)).toEqual(["Invalid", "Invalid"])
    expect(puts(bench)).toEqual([])
  })

  it("folds doubles of a key and answers once for each input, in their order", async () => {
    const bench = Bench.make()
    const other = { key: "hubspot/1234/|Company|43", fields: { name: "Other" } }
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert([account, other, { key: KEY, fields: { name: "Blauwal SE" } }]),
    )
    expect(tags(outcomes)).toEqual(["Created", "Created", "Created"])
    expect(
      bench.world
        .all("Customer")
        .map((doc) => doc.fields["CustomerName"])
        .sort(),
    ).toEqual(["Blauwal SE", "Other"])
  })

  it("clears a text and refuses to clear what cannot be cleared, before any request", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [Seeds.customer(1, { TaxRegistrationID: "DE1" })])
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert([
        { id: "C0001", fields: { taxId: null } },
        { id: "C0002", fields: { currency: null } },
      ]),
    )
    expect(tags(outcomes)).toEqual(["Updated", "Rejected"])
    expect(reasonOf(outcomes[1])?._tag).toBe("Unsupported")
    expect(bodyOf(puts(bench)[0]).TaxRegistrationID).toEqual({ value: "" })
  })

  it("keeps a key with quotes, operators and control characters from changing the question", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", Seeds.customers(3))
    const nasty = "hubspot/1/|Company|' or 1 eq 1"
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert([{ key: nasty, fields: { name: "Nasty" } }]),
    )
    expect(tags(outcomes)).toEqual(["Created"])
    expect(bench.world.all("Customer").length).toBe(4)
    const found = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.find([nasty]))
    expect([...found.keys()]).toEqual([nasty])
  })

  it("refuses a key that the field cannot hold, and a field that the port cannot write", async () => {
    const bench = Bench.make()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert([
        { key: "x".repeat(10_000), fields: { name: "Long" } },
        { key: "", fields: { name: "Empty" } },
        { key: KEY, fields: { number: "C77", name: "Numbered" } },
      ]),
    )
    expect(tags(outcomes)).toEqual(["Rejected", "Rejected", "Rejected"])
    expect(puts(bench)).toEqual([])
  })

  it("gives its own number only where numbers are given by hand", async () => {
    const bench = Bench.make({ knobs: { numbering: { Customer: "manual" } } })
    const config = Bench.options(bench, { accounts: { manualNumbering: true } })
    const outcomes = await Bench.use(bench, config, ({ ports }) =>
      ports.Account.upsert([{ key: KEY, fields: { number: "BLAU", name: "Blauwal GmbH" } }]),
    )
    expect(outcomes).toEqual([{ _tag: "Created", id: "BLAU" }])
  })

  it("writes an address as one of its own and leaves the main one alone", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [Seeds.customer(1)])
    const billingAddress = { lines: ["Hafen 1", "Tor 3"], city: "Hamburg", postalCode: "20457", country: "DE" }
    const read = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.flatMap(ports.Account.upsert([{ id: "C0001", fields: { billingAddress } }]), (outcomes) => {
        expect(tags(outcomes)).toEqual(["Updated"])
        return ports.Account.get(["C0001"])
      }),
    )
    expect(read.get("C0001")?.record.billingAddress).toMatchObject(billingAddress)
    expect(read.get("C0001")?.record.shippingAddress?.city ?? null).toBeNull()
  })

  it("sends no unsafe request when it was opened read-only", async () => {
    const bench = Bench.make()
    const outcomes = await Bench.use(bench, Bench.options(bench, { readOnly: true }), ({ ports }) =>
      ports.Account.upsert([account]),
    )
    expect(reasonOf(outcomes[0])?._tag).toBe("Unsupported")
    expect(bench.twin.journal.writes()).toEqual([])
    expect(puts(bench)).toEqual([])
  })
})

describe("adopting an account", () => {
  const adopting = (by: ReadonlyArray<"number" | "taxId" | "email">) => ({
    key: KEY,
    adoptBy: by,
    fields: { name: "Blauwal GmbH", taxId: "DE1", email: "post@blauwal.example" },
  })

  it("writes our key into the one record that matches", async () => {
    for (const by of ["taxId", "email"] as const) {
      const bench = Bench.make()
      const match = by === "taxId" ? { TaxRegistrationID: "DE1" } : { MainContact: { Email: "post@blauwal.example" } }
      bench.world.seed("Customer", [Seeds.customer(1, match), Seeds.customer(2)])
      const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
        ports.Account.upsert([adopting([by])]),
      )
      expect(outcomes).toEqual([{ _tag: "Updated", id: "C0001" }])
      expect(bench.world.customer("C0001")?.fields["AccountRef"]).toBe("hubspot/1234/|_43ompany|42")
      expect(bench.world.all("Customer").length).toBe(2)
    }
  })

  it("leaves several matches alone and names them", async () => {
    const bench = Bench.make()
    bench.world.seed("Customer", [
      Seeds.customer(1, { TaxRegistrationID: "DE1" }),
      Seeds.customer(2, { TaxRegistrationID: "DE1" }),
    ])
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      ports.Account.upsert([adopting(["taxId"])]),
    )
    const reason = reasonOf(outcomes[0])
    expect(reason?._tag === "Ambiguous" && reason.candidates.map(({ id }) => id).sort()).toEqual(["C0001", "C0002"])
    expect(puts(bench)).toEqual([])
  })

  it("takes no record that carries another key of ours or somebody else's reference", async () => {
    for (const AccountRef of ["hubspot/1234/|_43ompany|99", "Mandant 7"]) {
      const bench = Bench.make()
      bench.world.seed("Customer", [Seeds.customer(1, { TaxRegistrationID: "DE1", AccountRef })])
      const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
        ports.Account.upsert([adopting(["taxId"])]),
      )
      expect(reasonOf(outcomes[0])?._tag).toBe("Ambiguous")
      expect(puts(bench)).toEqual([])
    }
  })

  it("never adopts by name, and never two records with one key", async () => {
    const bench = Bench.make()
    const AccountRef = "hubspot/1234/|_43ompany|42"
    bench.world.seed("Customer", [Seeds.customer(1, { AccountRef }), Seeds.customer(2, { AccountRef })])
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.upsert([account]))
    expect(reasonOf(outcomes[0])?._tag).toBe("Ambiguous")
    const named = Bench.make()
    named.world.seed("Customer", [Seeds.customer(1, { CustomerName: "Blauwal GmbH" })])
    const made = await Bench.use(named, Bench.options(named), ({ ports }) =>
      ports.Account.upsert([
        { ...account, adoptBy: ["name"] },
        { ...account, key: "hubspot/1234/|Company|43" },
      ]),
    )
    expect(tags(made)).toEqual(["Rejected", "Created"])
    expect(reasonOf(made[0])?.message).toContain("name does not tell which Account is meant; name number, taxId, email")
  })
})

describe("writing contacts and products", () => {
  it("needs a field for the key of a contact, and takes a user-defined one where the version has none", async () => {
    const bench = Bench.make()
    const contact = { key: "hubspot/1234/|Contact|7", fields: { firstName: "Ágnes", lastName: "Nagy" } }
    const without = await Bench.use(bench, Bench.options(bench, { version: "23.200.001" }), ({ ports }) =>
      ports.Contact.upsert([contact]),
    )
    expect(reasonOf(without[0])?._tag).toBe("Unsupported")
    expect(puts(bench)).toEqual([])
    bench.world
      .tenant()
      .custom.push({ entity: "Contact", path: "", view: "Contact", field: "AttributeMORTISE", type: "String" })
    const config = Bench.options(bench, { version: "23.200.001", contacts: { keyField: "Contact.AttributeMORTISE" } })
    const made = await Bench.use(bench, config, ({ ports }) =>
      Effect.flatMap(ports.Contact.upsert([contact]), (first) =>
        Effect.map(ports.Contact.upsert([contact]), (second) => [...first, ...second]),
      ),
    )
    expect(tags(made)).toEqual(["Created", "Unchanged"])
    expect(bench.world.all("Contact").length).toBe(1)
  })

  it("links a contact to an account by id, number or our key, and says when there is none", async () => {
    const bench = Bench.make()
    const config = Bench.options(bench)
    const outcomes = await Bench.use(bench, config, ({ ports }) =>
      Effect.flatMap(ports.Account.upsert([account]), () =>
        ports.Contact.upsert([
          { key: "hubspot/1234/|Contact|7", fields: { lastName: "Nagy", account: { key: KEY } } },
          {
            key: "hubspot/1234/|Contact|8",
            fields: { lastName: "Kiss", account: { key: "hubspot/1234/|Company|none" } },
          },
        ]),
      ),
    )
    expect(tags(outcomes)).toEqual(["Created", "Rejected"])
    expect(reasonOf(outcomes[1])?._tag).toBe("MissingReference")
    const [customer] = bench.world.all("Customer")
    expect(bench.world.all("Contact").map((doc) => doc.fields["BusinessAccount"])).toEqual([
      customer?.fields["CustomerID"],
    ])
  })

  it("names a product by its number and never makes a second one", async () => {
    const bench = Bench.make()
    const price = (amount: string) => [{ amount: Decimal.make(amount), currency: "USD" }]
    const product = (amount: string) => ({
      key: "hubspot/1234/|Product|9",
      fields: { sku: "O'BRIEN", name: "Tap", kind: { code: "stock" as const }, prices: price(amount) },
    })
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.forEach(["12.345678901234567890", "12.345678901234567890", "13"], (amount) =>
        ports.Product.upsert([product(amount)]),
      ),
    )
    expect(tags(outcomes.flat())).toEqual(["Created", "Unchanged", "Updated"])
    expect(bench.world.all("StockItem").map((doc) => doc.fields["DefaultPrice"])).toEqual(["13"])
  })
})
