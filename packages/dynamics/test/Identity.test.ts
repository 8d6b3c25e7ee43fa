/** Which record a write means: link, key, natural key; and when nobody may decide. */
import type * as Outcome from "@mortise/core/Outcome"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Bench from "./support/Bench.ts"
import * as Seeds from "./support/Seeds.ts"

const COMPANY = Bench.COMPANY
const KEY = "hubspot/1/|Company|1"
const reason = (outcome: Outcome.Outcome | undefined) =>
  outcome !== undefined && "error" in outcome ? outcome.error.reason : undefined
const customers = (bench: Bench.Bench) => bench.world.all("CustomersV3")

const upsert = (bench: Bench.Bench, write: object) =>
  Effect.map(
    Effect.promise(() => Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.upsert([write as never]))),
    ([outcome]) => outcome,
  ).pipe(Effect.runPromise)

describe("a record without our key", () => {
  it("is adopted by the one that matches, and carries the key from then on", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", [Seeds.customer(0, { TaxExemptNumber: "DE1" }), Seeds.customer(1)], COMPANY)
    const adopted = await upsert(bench, { key: KEY, adoptBy: ["taxId"], fields: { name: "Renamed", taxId: "de1" } })
    expect(adopted).toMatchObject({ _tag: "Updated", id: "C-00000" })
    const again = await upsert(bench, { key: KEY, fields: { name: "Renamed" } })
    expect(again).toMatchObject({ _tag: "Unchanged", id: "C-00000" })
    expect(customers(bench).length).toBe(2)
  })

  it("is not adopted by a star that stands for any text", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", [Seeds.customer(0, { TaxExemptNumber: "DE1" })], COMPANY)
    const made = await upsert(bench, { key: KEY, adoptBy: ["taxId"], fields: { name: "Starred", taxId: "DE*" } })
    expect(made?._tag).toBe("Created")
    expect(customers(bench).length).toBe(2)
  })

  it("is nobody's when several match, and none is written", async () => {
    const bench = Bench.make()
    bench.world.seed(
      "CustomersV3",
      [0, 1].map((index) => Seeds.customer(index, { TaxExemptNumber: "DE1" })),
      COMPANY,
    )
    const found = await upsert(bench, { key: KEY, adoptBy: ["taxId"], fields: { name: "X", taxId: "DE1" } })
    expect(reason(found)).toMatchObject({ _tag: "Ambiguous", candidates: [{ id: "C-00000" }, { id: "C-00001" }] })
    expect(bench.twin.journal.writes()).toEqual([])
  })

  it("is left alone when its reference is somebody else's", async () => {
    const bench = Bench.make()
    const seed = Seeds.customer(0, { TaxExemptNumber: "DE1", IdentificationNumber: "HRB 4711" })
    bench.world.seed("CustomersV3", [seed], COMPANY)
    const found = await upsert(bench, { key: KEY, adoptBy: ["taxId"], fields: { name: "X", taxId: "DE1" } })
    expect(reason(found)).toMatchObject({ _tag: "Ambiguous" })
    expect(bench.twin.journal.writes()).toEqual([])
  })

  it("of the same number in another company is another record", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", [Seeds.customer(0)], "demf")
    const found = await upsert(bench, { id: "C-00000", fields: { name: "X" } })
    expect(reason(found)).toMatchObject({ _tag: "NotFound" })
    expect(reason(found)?.message).toContain("is of company demf, and not of usmf")
    expect(reason(await upsert(bench, { id: "C-00009", fields: { name: "X" } }))?.message).toContain(
      "is not there any more",
    )
    expect(bench.world.get("CustomersV3", "demf", "C-00000")?.fields["OrganizationName"]).toBe("Customer 0")
  })
})

describe("two records that carry one key of ours", () => {
  it("are for a person to part", async () => {
    const bench = Bench.make()
    const carried = { IdentificationNumber: "hubspot/1/|_43ompany|1" }
    bench.world.seed("CustomersV3", [Seeds.customer(0, carried), Seeds.customer(1, carried)], COMPANY)
    const found = await upsert(bench, { key: KEY, fields: { name: "X" } })
    expect(reason(found)).toMatchObject({ _tag: "Ambiguous" })
    expect(bench.twin.journal.writes()).toEqual([])
  })
})

describe("two writers of one key", () => {
  it("take turns, and make one record", async () => {
    const bench = Bench.make()
    const outcomes = await Bench.use(bench, Bench.options(bench), ({ ports }) => {
      const write = ports.Account.upsert([{ key: KEY, fields: { name: "One" } }])
      return Effect.map(Effect.all([write, write, write], { concurrency: 3 }), (all) => all.flat())
    })
    expect(outcomes.map(({ _tag }) => _tag).sort()).toEqual(["Created", "Unchanged", "Unchanged"])
    expect(customers(bench).length).toBe(1)
  })
})

describe("a key that the column cut off", () => {
  it("is told after the write, with the id of the record", async () => {
    const bench = Bench.make({ knobs: { discards: { CustomersV3: ["IdentificationNumber"] } } })
    const found = await upsert(bench, { key: KEY, fields: { name: "X" } })
    expect(found).toMatchObject({
      _tag: "Rejected",
      error: { reason: { _tag: "Invalid", issues: [{ path: ["key"] }] } },
    })
    expect((found as { readonly id?: string }).id).toBeDefined()
  })
})

describe("a revision", () => {
  const read = (bench: Bench.Bench) =>
    Bench.use(bench, Bench.options(bench), ({ ports }) =>
      Effect.map(ports.Account.get(["C-00000"]), (found) => found.get("C-00000")?.revision ?? ""),
    )

  it("that is the record's lets it be written; one that an email has moved since is a conflict", async () => {
    const bench = Bench.make()
    bench.world.seed("CustomersV3", [Seeds.customer(0)], COMPANY)
    const before = await read(bench)
    expect(before).toMatch(/^[0-9a-f]{32}$/)
    const fields = { name: "Renamed" }
    expect(await upsert(bench, { id: "C-00000", ifRevision: before, fields })).toMatchObject({ _tag: "Updated" })
    const after = await read(bench)
    bench.world.edit("CustomersV3", [COMPANY, "C-00000"], { PrimaryContactEmail: "else@where.example" })
    const found = await upsert(bench, { id: "C-00000", ifRevision: after, fields: { name: "Again" } })
    expect(reason(found)).toMatchObject({ _tag: "Conflict", expected: after })
  })

  it("of an outcome is the one that a fresh read tells", async () => {
    const bench = Bench.make()
    const made = await upsert(bench, { key: KEY, fields: { name: "One", currency: "USD" } })
    const id = (made as { readonly id: string }).id
    const found = await Bench.use(bench, Bench.options(bench), ({ ports }) => ports.Account.get([id]))
    expect((made as { readonly revision?: string }).revision).toBe(found.get(id)?.revision)
    expect(found.get(id)?.record.revision).toBe(found.get(id)?.revision)
  })
})

describe("a write against a record that changes meanwhile", () => {
  it.each([412, 409, 400] as const)("is refused with %i, looked at anew and written", async (status) => {
    const bench = Bench.make({ knobs: { staleEtag: status } })
    bench.world.seed("CustomersV3", [Seeds.customer(0)], COMPANY)
    let edited = false
    const meanwhile: typeof fetch = async (input, init) => {
      const request = new Request(input, init)
      if (request.method === "PATCH" && !edited) {
        edited = true
        bench.world.edit("CustomersV3", [COMPANY, "C-00000"], { OrganizationName: "Theirs" })
      }
      return bench.twin.fetch(request)
    }
    const [outcome] = await Bench.use(bench, Bench.options(bench, { fetch: meanwhile }), ({ ports }) =>
      ports.Account.upsert([{ id: "C-00000", fields: { taxId: "DE9" } }]),
    )
    expect(outcome).toMatchObject({ _tag: "Updated" })
    expect(bench.world.get("CustomersV3", COMPANY, "C-00000")?.fields).toMatchObject({
      OrganizationName: "Theirs",
      TaxExemptNumber: "DE9",
    })
    expect(bench.twin.journal.where(({ method }) => method === "PATCH").length).toBe(2)
  })
})
