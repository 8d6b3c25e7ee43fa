/** Reading: what is there, what changed, what went away, in whatever order the database has. */
import type * as Change from "@mortise/core/Change"
import * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const COMPANY = Bench.COMPANY
const told = (changes: ReadonlyArray<Change.Change<unknown>>) =>
  changes.map((change) => [change._tag, "id" in change ? change.id : ""])

describe("reading accounts", () => {
  it("delivers each once, then only what changed, an email that moves no ETag among them, and what went away", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", Seeds.customers(12), COMPANY)
    bench.world.seed("CustomersV3", Seeds.customers(3), "demf")
    const found = await Bench.use(bench, Bench.options(bench, { pageSize: 5 }), ({ ports }) =>
      Effect.gen(function* () {
        const first = yield* Bench.readAll(ports.Account)
        bench.world.edit("CustomersV3", [COMPANY, "C-00003"], { PrimaryContactEmail: "new@customer3.example" })
        bench.world.remove("CustomersV3", COMPANY, "C-00007")
        return { first, second: yield* Bench.readAll(ports.Account) }
      }),
    )
    expect(Bench.upserted(found.first.changes).length).toBe(12)
    expect(told(found.second.changes)).toEqual([
      ["Upserted", "C-00003"],
      ["Deleted", "C-00007"],
    ])
  })

  it.each([0, 1, 4, 5, 6, 10, 11])("delivers %i of them in pages of 5, each once", async (count) => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", Seeds.customers(count), COMPANY)
    const { changes } = await Bench.use(bench, Bench.options(bench, { pageSize: 5 }), ({ ports }) =>
      Bench.readAll(ports.Account, { fields: ["name"] }),
    )
    expect(changes.length).toBe(count)
  })

  it("resumes where it stopped, in a new process, and loses nothing that came meanwhile", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", Seeds.customers(9), COMPANY)
    const ids = await Bench.use(bench, Bench.options(bench, { pageSize: 2 }), ({ ports }) =>
      Effect.gen(function* () {
        const store = yield* StateStore.StateStore
        const seen: Array<string> = []
        const take = (page: Change.Page<unknown>) =>
          Effect.as(store.commit({ page }), void seen.push(...told(page.changes).map(([, id]) => id ?? "")))
        const pages = yield* ports.Account.changes().pipe(Stream.take(2), Stream.tap(take), Stream.runCollect)
        const cursor = [...pages].at(-1)?.cursor
        bench.world.seed("CustomersV3", [Seeds.customer(20)], COMPANY)
        const from = cursor === undefined ? {} : { cursor }
        yield* Stream.runForEach(ports.Account.changes(from), take)
        return seen
      }),
    )
    expect([...ids].sort()).toEqual(
      [...Seeds.customers(9), Seeds.customer(20)].map(({ CustomerAccount }) => CustomerAccount),
    )
  })

  it("asks only for the fields that are wanted, and for nobody's balance then", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", Seeds.customers(2), COMPANY)
    await Bench.use(bench, Bench.options(bench), ({ ports }) => Bench.readAll(ports.Account, { fields: ["email"] }))
    const [list] = bench.twin.journal.where(({ url }) => url.includes("/CustomersV3"))
    expect(Bench.queryOf(list ?? { url: "http://x" }).get("$select")).toBe(
      "dataAreaId,CustomerAccount,IdentificationNumber,PrimaryContactEmail",
    )
    expect(bench.twin.journal.where(({ url }) => url.includes("CustTransOpens"))).toEqual([])
  })

  it("names its company in every question, and crosses companies in each", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", Seeds.customers(2), "demf")
    const { changes } = await Bench.use(bench, Bench.options(bench, { company: "DEMF" }), ({ ports }) =>
      Bench.readAll(ports.Account),
    )
    expect(changes.length).toBe(2)
    const lists = bench.twin.journal.where(({ url }) => /\/data\/(?:Cust|Payment)/.test(url))
    expect(lists.length).toBeGreaterThan(1)
    for (const line of lists) {
      expect(Bench.queryOf(line).get("cross-company")).toBe("true")
      expect(Bench.queryOf(line).get("$filter")).toContain("dataAreaId eq 'demf'")
    }
  })
})

describe("a question", () => {
  it("is never longer than an address may be, however many keys are asked for", async () => {
    const bench = Bench.make()
    const ids = Seeds.customers(120).map(({ CustomerAccount }) => `${CustomerAccount}-with-a-tail`)
    bench.world.seed(
      "CustomersV3",
      ids.map((CustomerAccount, index) => Seeds.customer(index, { CustomerAccount })),
      COMPANY,
    )
    const keys = ids.map((id) => `hubspot/1/|Company|${id}`)
    const found = await Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.all({ got: ports.Account.get(ids), none: ports.Account.find(keys) }),
    )
    expect([found.got.size, found.none.size]).toEqual([120, 0])
    const lengths = bench.twin.journal.lines.map(({ url }) => new URL(url).search.length)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(2048)
  })

  it("is asked when its page is wanted, and not before", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", Seeds.customers(20), COMPANY)
    await Bench.use(bench, Bench.options(bench, { pageSize: 2 }), ({ ports }) =>
      Stream.runDrain(Stream.take(ports.Account.changes({ fields: ["name"] }), 2)),
    )
    expect(bench.twin.journal.where(({ url }) => url.includes("/CustomersV3")).length).toBeLessThanOrEqual(3)
  })
})

describe("keys in an order that nobody publishes", () => {
  const ids = ["a-1", "A1", "A-2", "a2", "B-1", "b0", "b-2", "Ä1", "0-9", "09", "z'", "Z1"]
  const read = (bench: Bench.Bench, order: "folded" | "words" | "ordinal") =>
    Bench.use(bench, Bench.options(bench, { pageSize: 3, order }), ({ ports }) =>
      Effect.gen(function* () {
        const first = yield* Bench.readAll(ports.Account)
        bench.world.remove("CustomersV3", COMPANY, "A-2")
        return { first: first.changes.length, second: told((yield* Bench.readAll(ports.Account)).changes) }
      }),
    )
  const stage = (collation: "fold" | "words" | "exact") => {
    const bench = Bench.make({ knobs: { collation } })
    bench.world.seed(
      "CustomersV3",
      ids.map((CustomerAccount, index) => Seeds.customer(index, { CustomerAccount })),
      COMPANY,
    )
    return bench
  }

  it.each([
    ["fold", "folded"],
    ["words", "words"],
    ["exact", "ordinal"],
  ] as const)("are read whole when it is %s", async (collation, order) => {
    expect(await read(stage(collation), order)).toEqual({ first: ids.length, second: [["Deleted", "A-2"]] })
  })

  it("are not read past: a wrong order is told, and what to give", async () => {
    const bench = stage("words")
    const failure = await Bench.failure(bench, Bench.options(bench, { pageSize: 3, order: "ordinal" }), ({ ports }) =>
      Bench.readAll(ports.Account),
    )
    expect(failure.reason._tag).toBe("Decode")
    expect(failure.message).toContain("order")
  })

  const stored = async () => {
    const store = await Effect.runPromise(Effect.provide(StateStore.StateStore, StateStore.layerMemory()))
    return Layer.succeed(StateStore.StateStore, store)
  }

  it("are compared anew when the order is mended: what is there is told once more, and only what went away is gone", async () => {
    const bench = stage("words")
    const store = await stored()
    const reading = (order: "folded" | "words") =>
      Bench.use(
        bench,
        Bench.options(bench, { pageSize: 3, order }),
        ({ ports }) => Effect.result(Bench.readAll(ports.Account)),
        store,
      )
    expect((await reading("folded"))._tag).toBe("Failure")
    bench.world.remove("CustomersV3", COMPANY, "09")
    for (const [order, count] of [
      ["words", ids.length],
      ["words", 0],
    ] as const) {
      const result = await reading(order)
      const changes = result._tag === "Success" ? told(result.success.changes) : undefined
      expect(changes?.length).toBe(count)
      expect(changes?.filter(([tag]) => tag === "Deleted")).toEqual(count === 0 ? [] : [["Deleted", "09"]])
    }
  })

  it("are read from the beginning by a cursor that was made in another order", async () => {
    const bench = stage("words")
    const store = await stored()
    const first = await Bench.use(
      bench,
      Bench.options(bench, { pageSize: 4, order: "words" }),
      ({ ports }) => Effect.map(Stream.runHead(ports.Account.changes()), (page) => Option.getOrThrow(page).cursor),
      store,
    )
    expect(first.state).not.toEqual({})
    bench.world.knobs.collation = "exact"
    const reading = (cursor: Change.Cursor) =>
      Bench.use(
        bench,
        Bench.options(bench, { pageSize: 4, order: "ordinal" }),
        ({ ports }) => Effect.result(Bench.readAll(ports.Account, { cursor })),
        store,
      )
    const result = await reading(first)
    expect(result._tag === "Success" && result.success.changes.length).toBe(ids.length)
    expect((await reading({ ...first, entity: "Contact" }))._tag).toBe("Failure")
  })
})

describe("reading by stamps", () => {
  const STAMPED = { stamped: ["Account"] } as const

  it("asks for what has moved, and for nothing else", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", Seeds.customers(30), COMPANY)
    const found = await Bench.use(bench, Bench.options(bench, STAMPED), ({ ports }) =>
      Effect.gen(function* () {
        const first = yield* Bench.readAll(ports.Account)
        yield* Effect.sleep("1 hour")
        bench.world.edit("CustomersV3", [COMPANY, "C-00003"], { TaxExemptNumber: "DE1" })
        yield* Effect.sleep("1 hour")
        bench.twin.journal.clear()
        return { first, second: yield* Bench.readAll(ports.Account, { cursor: first.cursor }) }
      }),
    )
    expect(found.first.changes.length).toBe(30)
    expect(told(found.second.changes)).toEqual([["Upserted", "C-00003"]])
    expect(bench.twin.journal.where(({ url }) => url.includes("CustTableBiEntities")).length).toBeGreaterThan(0)
  })

  it("goes past more records on one stamp than a page holds", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", Seeds.customers(23, { $modified: Bench.START - Seeds.HOUR }), COMPANY)
    const { changes } = await Bench.use(bench, Bench.options(bench, { ...STAMPED, pageSize: 4 }), ({ ports }) =>
      Bench.readAll(ports.Account),
    )
    expect(new Set(Bench.upserted(changes).map(({ id }) => id)).size).toBe(23)
  })

  it("tells a record that this user may not see as gone, and goes on", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", Seeds.customers(6), COMPANY)
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const response = await bench.twin.fetch(new Request(input, init))
      const text = await response.text()
      const hidden = text.includes("OrganizationName")
        ? text.replaceAll('"dataAreaId":"usmf","CustomerAccount":"C-00002"', '"dataAreaId":"zzz"')
        : text
      return new Response(hidden, { status: response.status, headers: response.headers })
    }
    const { changes } = await Bench.use(bench, Bench.options(bench, { ...STAMPED, pageSize: 1, fetch }), ({ ports }) =>
      Bench.readAll(ports.Account),
    )
    expect(told(changes).filter(([tag]) => tag !== "Upserted")).toEqual([["Deleted", "C-00002"]])
    expect(Bench.upserted(changes).length).toBe(5)
  })

  it.each(["forbidden", "absent", "unstamped"] as const)("is a crawl where the stamps are %s", async (bi) => {
    const bench = Bench.make({ knobs: { bi } })
    bench.world.seed("CustomersV3", Seeds.customers(3), COMPANY)
    const found = await Bench.use(bench, Bench.options(bench, STAMPED), ({ ports }) =>
      Effect.map(Bench.readAll(ports.Account), ({ changes }) => ({ changes, features: ports.Account.features })),
    )
    expect(found.changes.length).toBe(3)
    expect(found.features.modified.strategy).toBe("snapshot")
    expect(found.features.deletions).toBe(true)
  })
})

describe("what belongs to a page in another set", () => {
  const contactsOf = async (customers: number, party: (index: number) => number) => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", Seeds.customers(customers), COMPANY)
    const parties = bench.world.all("CustomersV3").map(({ fields }) => fields["PartyNumber"])
    bench.world.seed(
      "ContactPersons",
      Array.from({ length: 70 }, (_, index) => ({
        LastName: `Nagy ${index}`,
        AssociatedPartyNumber: parties[party(index)],
      })),
      COMPANY,
    )
    const { changes } = await Bench.use(bench, Bench.options(bench), ({ ports }) => Bench.readAll(ports.Contact))
    const found = Bench.upserted(changes)
    expect(found.length).toBe(70)
    expect(found.every(({ record }) => record.account?.id !== undefined)).toBe(true)
    return bench.twin.journal.where(({ url }) => url.includes("/CustomersV3")).length
  }

  it("is asked for as a range where it lies close together, and by key where much else lies between", async () => {
    expect(await contactsOf(140, (index) => (index * 37) % 140)).toBe(1)
    expect(await contactsOf(700, (index) => index * 10)).toBeGreaterThan(3)
  })

  it("is read along the links of the service, where a page of it is smaller than wished", async () => {
    const bench = Bench.make({ knobs: { pageSize: 1, nextLink: "skiptoken" } })
    bench.world.seed("CustomersV3", [Seeds.customer(0, { PaymentTerms: "Net60" })], COMPANY)
    const found = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.get(["C-00000"]))
    expect(found.get("C-00000")?.record.paymentTerms).toEqual({ code: "Net60", days: 60 })
    expect(bench.twin.journal.where(({ url }) => url.includes("/PaymentTerms")).length).toBe(4)
  })

  it("is not followed to another origin, and told with the link left out", async () => {
    const bench = Bench.make({ knobs: { pageSize: 2 } })
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const response = await bench.twin.fetch(new Request(input, init))
      const text = await response.text()
      const body = text.replaceAll(
        "https://contoso.operations.dynamics.com/data/PaymentTerms",
        "https://evil.example/steal",
      )
      return new Response(body, { status: response.status, headers: response.headers })
    }
    const failure = await Bench.failure(bench, Bench.options(bench, { fetch }), ({ ports }) => ports.Account.get(["1"]))
    expect(failure.reason._tag).toBe("Decode")
    expect(failure.message).not.toContain("evil.example")
  })

  it("is read behind a proxy whose name the links do not know, when its name is given", async () => {
    const bench = Bench.make({ knobs: { pageSize: 2 } })
    bench.world.seed("CustomersV3", [Seeds.customer(0, { PaymentTerms: "Net60" })], COMPANY)
    const seen: Array<string> = []
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init)
      seen.push(new URL(request.url).origin)
      const there = request.url.replace("https://proxy.example", "https://contoso.operations.dynamics.com")
      return bench.twin.fetch(new Request(there, request))
    }
    const config = Bench.options(bench, {
      url: "https://proxy.example",
      credentials: { ...Bench.credentials, resource: "https://contoso.operations.dynamics.com" },
      aliases: ["https://contoso.operations.dynamics.com"],
      fetch,
    })
    const found = await Bench.use(bench, config, ({ ports }) => ports.Account.get(["C-00000"]))
    expect(found.get("C-00000")?.record.paymentTerms).toEqual({ code: "Net60", days: 60 })
    expect(new Set(seen)).toEqual(new Set(["https://login.microsoftonline.com", "https://proxy.example"]))
    const { aliases: _, ...nameless } = config
    const failure = await Bench.failure(bench, nameless, ({ ports }) => ports.Account.get(["C-00000"]))
    expect(failure.reason._tag).toBe("Decode")
  })
})

describe("one bad record", () => {
  it("is one undecodable change, and hides nobody", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", Seeds.customers(3), COMPANY)
    bench.world.edit("CustomersV3", [COMPANY, "C-00001"], { SalesCurrencyCode: "" })
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const response = await bench.twin.fetch(new Request(input, init))
      const text = (await response.text()).replace(`"OrganizationName":"Customer 1"`, `"OrganizationName":7`)
      return new Response(text, { status: response.status, headers: response.headers })
    }
    const found = await Bench.use(bench, Bench.options(bench, { fetch }), ({ ports }) =>
      Effect.all({ read: Bench.readAll(ports.Account), got: ports.Account.get(["C-00001", "C-00002"]) }),
    )
    expect(told(found.read.changes)).toEqual([
      ["Upserted", "C-00000"],
      ["Undecodable", "C-00001"],
      ["Upserted", "C-00002"],
    ])
    expect(found.got.get("C-00001")?.issues).toMatchObject([{ path: ["OrganizationName"] }])
    expect(found.got.get("C-00001")?.record.email).toBe("post1@customer1.example")
  })
})

describe("fresh reads", () => {
  it("of ids that are not there are absent, and of odd ids cannot change the question", async () => {
    const bench = Bench.make()
    const odd = ["O'Brien/1", "*", " RFI-1", "A%2FB", "50%", "x' or dataAreaId ne 'y"]
    bench.world.seed(
      "CustomersV3",
      [...odd, "OTHER"].map((CustomerAccount, index) => Seeds.customer(index, { CustomerAccount })),
      COMPANY,
    )
    const { changes } = await Bench.use(bench, Bench.options(bench), ({ ports }) => Bench.readAll(ports.Account))
    const ids = Bench.upserted(changes).map(({ id, record }) => [record.number ?? "", id] as const)
    const idOf = new Map(ids)
    const asked = [...odd.map((each) => idOf.get(each) ?? ""), "GONE", "C\u0000", ""]
    const found = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.get(asked))
    expect([...found.values()].map(({ record }) => record.number).sort()).toEqual([...odd].sort())
  })
})

describe("items", () => {
  it("have the name of the shared product, a price in the company's currency, and none of a cost", async () => {
    const bench = Bench.make()
    Seeds.items(bench, "BOLT")
    bench.world.edit("ReleasedProductsV2", [COMPANY, "BOLT"], {
      SalesPrice: "25",
      SalesPriceQuantity: "100",
      UnitCost: "9",
    })
    const found = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Product.get(["BOLT"]))
    const record = found.get("BOLT")?.record
    expect(record).toMatchObject({
      sku: "BOLT",
      name: "Item BOLT",
      description: "What BOLT is",
      kind: { code: "stock" },
      unit: "ea",
    })
    expect(JSON.stringify(record?.prices?.map(({ amount, currency }) => [String(amount), currency]))).toContain("USD")
    expect(bench.twin.journal.where(({ url }) => url.includes("UnitCost"))).toEqual([])
  })
})
