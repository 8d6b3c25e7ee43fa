import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const KEY = "hubspot/123/|Contact|5"

const staged = () => {
  const bench = Bench.make()
  bench.world.seed("Customer", [Seeds.customer(0, { mortise_key: "a|_41ccount|1" }), Seeds.customer(1)])
  return bench
}

describe("a contact", () => {
  it("is created with its tables, belongs to its account, and is unchanged when it is written again", async () => {
    const bench = staged()
    const fields = {
      firstName: "Ann",
      lastName: "Lee",
      title: "CFO",
      email: "ann@acme.example",
      phone: "+49 40 1",
      mobile: "+49 170 2",
      account: { key: "a|Account|1" },
    }
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Contact } }) =>
      Effect.gen(function* () {
        const first = yield* Contact.upsert([{ key: KEY, fields }])
        const again = yield* Contact.upsert([{ key: KEY, fields }])
        return { first, again, found: (yield* Contact.find([KEY])).get(KEY) }
      }),
    )
    expect(seen.first).toMatchObject([{ _tag: "Created", id: "Ann Lee-Customer 0000" }])
    expect(seen.again).toMatchObject([{ _tag: "Unchanged" }])
    expect(seen.found?.record).toMatchObject({
      ...fields,
      account: { id: "Customer 0000" },
      displayName: "Ann Lee",
      emails: ["ann@acme.example"],
    })
    expect(bench.world.misfits).toEqual([])
  })

  it("keeps the other rows of its tables, and what stands in them, when one of them is written", async () => {
    const bench = staged()
    bench.world.seed("Contact", [
      Seeds.contact("Bob", {
        email_ids: [
          { email_id: "bob@acme.example", is_primary: 1 },
          { email_id: "bob@home.example", is_primary: 0 },
        ],
        phone_nos: [{ phone: "1", is_primary_phone: 1, is_primary_mobile_no: 1 }, { phone: "9" }],
        links: [
          { link_doctype: "Customer", link_name: "Customer 0000" },
          { link_doctype: "Company", link_name: "Twin Test Co" },
        ],
      }),
    ])
    const [id = ""] = bench.world.all("Contact").map((doc) => String(doc.columns["name"]))
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Contact } }) =>
      Effect.gen(function* () {
        const fields = { email: "bob@new.example", mobile: "2", account: { id: "Customer 0001" } }
        const written = yield* Contact.upsert([{ id, fields }])
        return { written, read: (yield* Contact.get([id])).get(id)?.record }
      }),
    )
    expect(seen.written).toMatchObject([{ _tag: "Updated", id }])
    expect(seen.read).toMatchObject({
      email: "bob@new.example",
      emails: ["bob@new.example", "bob@home.example"],
      phone: "1",
      mobile: "2",
      account: { id: "Customer 0001" },
    })
    const doc = bench.world.get("Contact", id)
    expect(doc?.tables["phone_nos"]?.map((row) => row["phone"])).toEqual(["1", "9", "2"])
    expect(doc?.tables["links"]?.map((row) => row["link_name"])).toEqual(["Customer 0001", "Twin Test Co"])
  })

  it("promotes an address that it has already, and does not let another one take the place of a cleared one", async () => {
    const bench = staged()
    bench.world.seed("Contact", [
      Seeds.contact("Bob", {
        email_ids: [
          { email_id: "bob@acme.example", is_primary: 1 },
          { email_id: "bob@home.example", is_primary: 0 },
        ],
      }),
      Seeds.contact("Eve"),
    ])
    const seen = await Bench.use(bench, Bench.options(bench), ({ ports: { Contact } }) =>
      Effect.gen(function* () {
        const promoted = yield* Contact.upsert([{ id: "Bob", fields: { email: "bob@home.example" } }])
        const cleared = yield* Contact.upsert([
          { id: "Bob", fields: { email: null } },
          { id: "Eve", fields: { email: null } },
        ])
        return { promoted, cleared, read: yield* Contact.get(["Bob", "Eve"]) }
      }),
    )
    expect(seen.promoted).toMatchObject([{ _tag: "Updated" }])
    expect(seen.cleared).toMatchObject([
      { _tag: "Rejected", error: { reason: { _tag: "Invalid" } } },
      { _tag: "Updated", id: "Eve" },
    ])
    expect(seen.read.get("Bob")?.record).toMatchObject({
      email: "bob@home.example",
      emails: ["bob@acme.example", "bob@home.example"],
    })
    expect(seen.read.get("Eve")?.record.email).toBeNull()
  })

  it("is adopted by any of its addresses, and a contact of whom only an address is known is named by it", async () => {
    const bench = staged()
    bench.world.seed("Contact", [
      Seeds.contact("Bob", {
        email_ids: [
          { email_id: "bob@acme.example", is_primary: 1 },
          { email_id: "bob@home.example", is_primary: 0 },
        ],
      }),
    ])
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports: { Contact } }) =>
      Contact.upsert([
        { key: KEY, adoptBy: ["email"], fields: { email: "bob@home.example", title: "CTO" } },
        { key: "a|Contact|2", adoptBy: ["email"], fields: { email: "new@acme.example" } },
        { key: "a|Contact|3", fields: { title: "nobody" } },
      ]),
    )
    expect(outcomes).toMatchObject([
      { _tag: "Updated", id: "Bob" },
      { _tag: "Created", id: "new@acme.example" },
      { _tag: "Rejected", error: { reason: { _tag: "Invalid" } } },
    ])
  })

  it("is not made for an account that is not there", async () => {
    const bench = staged()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports: { Contact } }) =>
      Contact.upsert([
        { key: "a|Contact|1", fields: { firstName: "A", account: { key: "a|Account|404" } } },
        { key: "a|Contact|2", fields: { firstName: "B", account: { id: "Nobody" } } },
      ]),
    )
    expect(outcomes).toMatchObject([
      {
        _tag: "Rejected",
        error: { reason: { _tag: "MissingReference", field: "account", reference: "a|Account|404" } },
      },
      { _tag: "Rejected", error: { reason: { _tag: "MissingReference", field: "account", reference: "Nobody" } } },
    ])
    expect(bench.world.all("Contact")).toEqual([])
  })
})
