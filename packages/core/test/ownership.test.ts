import * as ConnectorError from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import { Account, Company, Contact, Invoice, Order } from "@mortise/core/Entities"
import type * as Entity from "@mortise/core/Entity"
import type * as Outcome from "@mortise/core/Outcome"
import * as Ownership from "@mortise/core/Ownership"
import type * as Port from "@mortise/core/Port"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import { describe, expect, it } from "vitest"
import { CRM } from "./support/leadToLedger.ts"
import { modelPort } from "./support/modelPort.ts"
import { ModelSystem } from "./support/modelSystem.ts"

const { leadToLedger } = Ownership

/** A port that keeps what it was asked. */
const spy = <E extends Entity.Any>(entity: E, more: Partial<Port.Port<E>> = {}) => {
  const asked: Array<{ readonly call: string; readonly with: unknown }> = []
  const system = new ModelSystem("crm")
  const port = modelPort(entity, { fetch: system.fetch, scope: CRM })
  const note = <A>(call: string, value: unknown, answer: A): A => {
    asked.push({ call, with: value })
    return answer
  }
  const spied: Port.Port<E> = {
    ...port,
    changes: (options) => note("changes", options, port.changes(options)),
    get: (ids, options) => note("get", options, port.get(ids, options)),
    find: (keys) => note("find", keys, port.find(keys)),
    upsert: (records, options) => note("upsert", records, port.upsert(records, options)),
    archive: (ids) => note("archive", ids, Effect.succeed(ids.map((id): Outcome.Outcome => ({ _tag: "Updated", id })))),
    ...more,
  }
  return { asked, port: spied, system }
}

const violation = (outcome: Outcome.Outcome | undefined) =>
  outcome?._tag === "Rejected" && outcome.error.reason._tag === "OwnershipViolation" ? outcome.error.reason : undefined

describe("the preset", () => {
  const owner = (entity: string, field: string, target: Ownership.Side, happened = false) =>
    Ownership.field(leadToLedger, entity, field, { writer: "integration", target, happened: () => happened }).owner
  const holders = (entity: string, right: Ownership.Right) => Ownership.right(leadToLedger, entity, right, "crm").owner

  it("gives contacts and companies to the CRM, and the billing copy to the ERP once the deal is won", () => {
    expect(owner("Contact", "email", "crm")).toBe("crm")
    expect(owner("Contact", "email", "erp")).toBe("crm")
    expect(owner("Contact", "email", "erp", true)).toBe("erp")
    expect(owner("Contact", "email", "crm", true)).toBe("crm")
    expect(owner("Company", "name", "crm")).toBe("crm")
    expect([holders("Contact", "create"), holders("Company", "create")]).toEqual(["crm", "crm"])
  })

  it("gives accounts, products, invoices and payments to the ERP", () => {
    for (const entity of ["Account", "Product", "Invoice", "Payment"]) {
      expect([owner(entity, "number", "crm"), holders(entity, "create")]).toEqual(["erp", "erp"])
    }
  })

  it("lets the integration open an order once, and leaves it to the ERP from then on", () => {
    expect(owner("Order", "lines", "erp")).toBe("integration")
    expect(owner("Order", "lines", "erp", true)).toBe("erp")
    expect(holders("Order", "create")).toBe("integration")
  })

  it("keeps the ERP's numbers and statuses on CRM records for the integration", () => {
    for (const field of [
      "erpNumber",
      "financialStatus",
      "daysOverdue",
      "outstanding",
      "lastInvoice",
      "lastPayment",
      "asOf",
    ]) {
      expect(owner("Company", field, "crm")).toBe("integration")
    }
    expect(owner("Deal", "order", "crm")).toBe("integration")
    expect(owner("Deal", "stage", "crm")).toBe("crm")
  })

  it("denies ledger, journals, payables, payroll, cost and tax computation to everybody", () => {
    for (const entity of ["LedgerEntry", "JournalEntry", "Bill", "Payroll", "TaxComputation"]) {
      expect(Ownership.isDenied(leadToLedger, entity)).toBe(true)
    }
    expect(Ownership.isDenied(leadToLedger, "Product", "cost")).toBe(true)
    expect(Ownership.isDenied(leadToLedger, "Product", "prices")).toBe(false)
  })

  it("is edited entity by entity and field by field, and stays as it was", () => {
    const edited = Ownership.edit(leadToLedger, {
      entities: { Company: { create: ["erp"], fields: { name: Ownership.shared("newest") } } },
      deny: { fields: { Company: ["owner"] } },
    })
    expect(Ownership.field(edited, "Company", "name", { writer: "erp", target: "crm" })).toMatchObject({
      allowed: true,
      owner: "both",
    })
    expect(Ownership.field(edited, "Company", "phone", { writer: "erp", target: "crm" }).allowed).toBe(false)
    expect(Ownership.field(edited, "Company", "erpNumber", { writer: "erp", target: "crm" }).allowed).toBe(true)
    expect(Ownership.isDenied(edited, "Company", "owner")).toBe(true)
    expect(Ownership.isDenied(edited, "Product", "cost")).toBe(true)
    expect(Ownership.right(leadToLedger, "Company", "create", "erp").allowed).toBe(false)
  })

  it("knows no owner for names that only objects have", () => {
    expect(Ownership.field(leadToLedger, "constructor", "name", { writer: "erp", target: "crm" }).allowed).toBe(false)
    expect(Ownership.field(leadToLedger, "Company", "toString", { writer: "erp", target: "crm" }).allowed).toBe(false)
  })
})

describe("a guarded port", () => {
  it("refuses a field of the other side before any request, and names field and owner", async () => {
    const { asked, port } = spy(Company)
    const guarded = Ownership.guard(port, { table: leadToLedger, writer: "erp" })
    const outcomes = await Effect.runPromise(
      guarded.upsert([
        { key: "a", fields: { name: "A", erpNumber: "1" } },
        { id: "1", fields: { phone: null } },
      ]),
    )
    expect(violation(outcomes[0])).toMatchObject({ entity: "Company", field: "name", owner: "crm", writer: "erp" })
    expect(violation(outcomes[1])).toMatchObject({ field: "phone" })
    expect(asked).toEqual([])
  })

  it("lets the rest of a call through, each outcome in its place", async () => {
    const { port, system } = spy(Company)
    system.put("Company", "1", { name: "One" })
    const guarded = Ownership.guard(port, { table: leadToLedger, writer: "erp" })
    const outcomes = await Effect.runPromise(
      guarded.upsert([
        { id: "1", fields: { name: "Not ours" } },
        { id: "1", fields: { erpNumber: "C1" } },
        { key: "new", fields: { erpNumber: "C2" } },
      ]),
    )
    expect(outcomes.map(({ _tag }) => _tag)).toEqual(["Rejected", "Updated", "Rejected"])
    expect(system.table("Company").get("1")?.fields).toEqual({ name: "One", erpNumber: "C1" })
    expect(system.counts.created).toBe(0)
  })

  it("keeps the right to create: what is not there is not made, what is there is found by its key", async () => {
    const { port, system } = spy(Company)
    system.put("Company", "1", { name: "One" }, "known")
    const guarded = Ownership.guard(port, { table: leadToLedger, writer: "erp" })
    const outcomes = await Effect.runPromise(
      guarded.upsert([
        { key: "known", fields: { erpNumber: "C1" } },
        { key: "unknown", fields: { erpNumber: "C2" } },
      ]),
    )
    expect(outcomes[0]?._tag).toBe("Updated")
    expect(violation(outcomes[1])).toMatchObject({
      owner: "crm",
      message: "erp may not create Company records in the crm; it belongs to crm",
    })
  })

  it("lets a writer without that right adopt a record where the port can promise not to create", async () => {
    const { port, system } = spy(Company)
    system.put("Company", "1", { domain: "rossi.example" })
    const table = Ownership.edit(leadToLedger, { entities: { Company: { fields: { domain: "erp" } } } })
    const adopt = [{ key: "k", fields: { domain: "rossi.example", erpNumber: "C1" }, adoptBy: ["domain"] as const }]
    const guarded = Ownership.guard(port, { table, writer: "erp" })
    expect((await Effect.runPromise(guarded.upsert(adopt)))[0]?._tag).toBe("Updated")
    expect(system.table("Company").get("1")).toMatchObject({ key: "k", fields: { erpNumber: "C1" } })
    const [nobody] = await Effect.runPromise(
      guarded.upsert([{ ...(adopt[0] as object), key: "l", fields: { domain: "else.example" } } as never]),
    )
    expect(nobody).toMatchObject({ _tag: "Rejected" })
    expect(system.rows("Company")).toHaveLength(1)
    const { existingOnly: _, ...features } = port.features
    const cannot = Ownership.guard({ ...port, features }, { table, writer: "erp" })
    expect(
      violation((await Effect.runPromise(cannot.upsert([{ ...(adopt[0] as object), key: "m" } as never])))[0]),
    ).toBeDefined()
  })

  it("refuses every write without a table, and of entities that the table does not name", async () => {
    const { asked, port } = spy(Company)
    const none = Ownership.guard(port, { table: undefined, writer: "crm" })
    expect(
      violation((await Effect.runPromise(none.upsert([{ key: "a", fields: { name: "A" } }])))[0])?.message,
    ).toContain("without an ownership table")
    const table = Ownership.table({ entities: {}, deny: { entities: [], fields: {} } })
    const unnamed = Ownership.guard(port, { table, writer: "crm" })
    expect(violation((await Effect.runPromise(unnamed.upsert([{ key: "a", fields: { name: "A" } }])))[0])?.owner).toBe(
      "nobody",
    )
    expect(asked).toEqual([])
  })

  it("neither asks for nor writes what is denied", async () => {
    const { asked, port } = spy(Company)
    const table = Ownership.edit(leadToLedger, { deny: { fields: { Company: ["owner"] } } })
    const guarded = Ownership.guard(port, { table, writer: "crm", target: "crm" })
    await Effect.runPromise(Stream.runDrain(guarded.changes()))
    await Effect.runPromise(guarded.get(["1"], { fields: ["name"] }))
    const [changes, get] = asked.map((each) => (each.with as { readonly fields: ReadonlyArray<string> }).fields)
    expect(changes).toContain("name")
    expect(changes).not.toContain("owner")
    expect(get).toEqual(["name"])
    const refused = await Effect.runPromiseExit(Stream.runDrain(guarded.changes({ fields: ["owner"] })))
    expect(Exit.isFailure(refused)).toBe(true)
    const [outcome] = await Effect.runPromise(guarded.upsert([{ id: "1", fields: { owner: { id: "2" } } }]))
    expect(violation(outcome)).toMatchObject({ field: "owner", owner: "nobody" })
    expect(asked).toHaveLength(2)
  })

  it("does not read a denied entity at all", async () => {
    const { asked, port } = spy(Company)
    const table = Ownership.edit(leadToLedger, { deny: { entities: ["Company"] } })
    const guarded = Ownership.guard(port, { table, writer: "crm", target: "crm" })
    const reads = [Stream.runDrain(guarded.changes()), guarded.get(["1"]), guarded.find(["k"])]
    for (const read of reads) {
      const exit = await Effect.runPromiseExit(
        Effect.asVoid(read as Effect.Effect<unknown, ConnectorError.ConnectorError>),
      )
      expect(String(Exit.isFailure(exit) ? exit.cause : "")).toContain("not to be read")
    }
    expect(asked).toEqual([])
  })

  it("leaves invoices in an ERP as drafts, and copies their state into a CRM", async () => {
    const ours = Ownership.edit(leadToLedger, {
      entities: { Invoice: { create: ["erp", "integration"], update: ["integration"], rest: "integration" } },
    })
    const write = (state: string) => [
      { key: "i", fields: { number: "1", balance: Decimal.make("1"), state: { code: state } } } as never,
    ]
    const erp = spy(Invoice)
    const intoErp = Ownership.guard(erp.port, { table: ours, writer: "crm" })
    const [posted] = await Effect.runPromise(intoErp.upsert(write("awaiting")))
    expect(posted?._tag === "Rejected" && posted.error.reason).toMatchObject({
      _tag: "Unsupported",
      feature: "finalize",
    })
    expect(erp.asked.filter(({ call }) => call === "upsert")).toEqual([])
    expect((await Effect.runPromise(intoErp.upsert(write("draft"))))[0]?._tag).toBe("Created")
    const crm = spy(Invoice)
    const intoCrm = Ownership.guard(crm.port, { table: leadToLedger, writer: "erp" })
    expect((await Effect.runPromise(intoCrm.upsert(write("overdue"))))[0]?._tag).toBe("Created")
  })

  it("voids and deletes no document in an ERP, whoever owns it", async () => {
    const ours = Ownership.edit(leadToLedger, { entities: { Invoice: { retire: ["erp", "crm", "integration"] } } })
    const { asked, port } = spy(Invoice)
    const guarded = Ownership.guard(port, { table: ours, writer: "crm" })
    const [outcome] = await Effect.runPromise(guarded.archive?.(["1"]) ?? Effect.succeed([]))
    expect(violation(outcome)?.owner).toBe("nobody")
    expect(asked).toEqual([])
  })

  it("archives only with the right to retire", async () => {
    const { asked, port } = spy(Contact)
    const erp = Ownership.guard(port, { table: leadToLedger, writer: "erp" })
    expect(violation((await Effect.runPromise(erp.archive?.(["1"]) ?? Effect.succeed([])))[0])?.owner).toBe("crm")
    const crm = Ownership.guard(port, { table: leadToLedger, writer: "crm", target: "crm" })
    expect((await Effect.runPromise(crm.archive?.(["1"]) ?? Effect.succeed([])))[0]?._tag).toBe("Updated")
    expect(asked).toHaveLength(1)
  })

  it("opens an order and does not touch it again", async () => {
    const { port, system } = spy(Order)
    const guarded = Ownership.guard(port, { table: leadToLedger, writer: "crm" })
    const write = (description: string) => [{ key: "deal 1", fields: { description, requestedState: "held" as const } }]
    expect((await Effect.runPromise(guarded.upsert(write("first"))))[0]?._tag).toBe("Created")
    const [again] = await Effect.runPromise(guarded.upsert(write("second")))
    expect(violation(again)).toMatchObject({ owner: "erp" })
    expect(system.rows("Order").map(({ fields }) => fields["description"])).toEqual(["first"])
  })

  it("hands a record over with the event, for those records for which it has happened", async () => {
    const { port } = spy(Contact)
    const won = (event: string, write: Port.Write<typeof Contact>) => event === "dealWon" && write.id === "won"
    const guarded = Ownership.guard(port, { table: leadToLedger, writer: "crm", happened: won })
    const outcomes = await Effect.runPromise(
      guarded.upsert([
        { id: "won", fields: { email: "a@example.com" } },
        { key: "open", fields: { email: "b@example.com" } },
      ]),
    )
    expect(violation(outcomes[0])).toMatchObject({ field: "email", owner: "erp" })
    expect(outcomes[1]?._tag).toBe("Created")
  })

  it("lets only the side write where a record was born, if its owner is the origin", async () => {
    const { port } = spy(Account)
    const table = Ownership.edit(leadToLedger, {
      entities: { Account: { create: ["crm"], update: ["crm"], rest: "origin" } },
    })
    const guarded = Ownership.guard(port, {
      table,
      writer: "crm",
      origin: ({ id }) => (id === "theirs" ? "erp" : "crm"),
    })
    const outcomes = await Effect.runPromise(
      guarded.upsert([
        { id: "theirs", fields: { name: "A" } },
        { key: "ours", fields: { name: "B" } },
      ]),
    )
    expect(violation(outcomes[0])).toMatchObject({ owner: "erp" })
    expect(outcomes[1]?._tag).toBe("Created")
  })

  it("says that nothing was attempted when the look before the write fails", async () => {
    const error = new ConnectorError.ConnectorError({
      system: "crm",
      reason: new ConnectorError.Throttled({ message: "slow down" }),
    })
    const { asked, port } = spy(Company, { find: () => Effect.fail(error) })
    const guarded = Ownership.guard(port, { table: leadToLedger, writer: "erp" })
    expect(await Effect.runPromise(guarded.upsert([{ key: "a", fields: { erpNumber: "1" } }]))).toEqual([
      { _tag: "NotAttempted", error },
    ])
    expect(asked).toEqual([])
  })
})
