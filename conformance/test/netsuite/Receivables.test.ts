import { describe, expect, it } from "vitest"
import { furnish, open } from "./Client.ts"

const setUp = (options: Parameters<typeof open>[0] = {}) => {
  const t = open(options)
  const { customer, item, stock } = furnish(t)
  const [one, two] = t.world.seed(
    "invoice",
    ["100", "50"].map((amount) => ({ entity: customer, item: [{ item, amount }], $modified: 0, $created: 0 })),
  )
  const invoice = (id: string) => t.world.get("invoice", id)
  const owed = (id: string) => [
    invoice(id)?.fields["amountPaid"],
    invoice(id)?.fields["amountRemaining"],
    invoice(id)?.fields["status"],
  ]
  const apply = (...items: ReadonlyArray<object>) => ({ apply: { items } })
  const pay = (payment: number, ...items: ReadonlyArray<object>) =>
    t.post("customerPayment", { customer: { id: customer }, payment, ...apply(...items) })
  return { ...t, customer, item, stock, one: one?.id ?? "", two: two?.id ?? "", invoice, owed, apply, pay }
}

describe("a payment", () => {
  it("moves what its invoices owe, and their stamps", async () => {
    const { get, invoice, one, owed, pay, two } = setUp()
    const { id } = await pay(120, { doc: { id: one }, apply: true }, { doc: { id: two }, apply: true })
    expect([owed(one), owed(two)]).toEqual([
      ["100", "0", "B"],
      ["20", "30", "A"],
    ])
    expect(invoice(one)?.modified).toBeGreaterThan(0)
    const found = await get(`customerPayment/${id}?expandSubResources=true`)
    expect([found.at("applied"), found.at("unapplied"), found.at("apply.items.1.due")]).toEqual([
      "120.0",
      "0.0",
      "30.0",
    ])
  })

  it("leaves the stamps where the account does", async () => {
    const { invoice, one, owed, pay } = setUp({ knobs: { paymentMovesInvoice: false } })
    await pay(100, { doc: { id: one }, apply: true })
    expect([invoice(one)?.modified, owed(one)[2]]).toEqual([0, "B"])
  })

  it("merges by document: a repeat applies nothing twice, and what is taken off is owed again", async () => {
    const { apply, one, owed, patch, pay, put, customer } = setUp()
    const body = { customer: { id: customer }, payment: 60, ...apply({ doc: { id: one }, apply: true, amount: 40 }) }
    const { id } = await put("customerPayment/eid:p-1", body)
    await put("customerPayment/eid:p-1", body)
    expect(owed(one)).toEqual(["40", "60", "A"])
    await patch(`customerPayment/${id}`, apply({ doc: { id: one }, apply: true, amount: 60 }))
    expect(owed(one)).toEqual(["60", "40", "A"])
    await patch(`customerPayment/${id}`, apply({ doc: { id: one }, apply: false }))
    expect(owed(one)).toEqual(["0", "100", "A"])
    await pay(100, { doc: { id: one }, apply: true })
    await patch(`customerPayment/${id}`, apply({ doc: { id: one }, apply: true, amount: 0 }))
    expect(owed(one)).toEqual(["100", "0", "B"])
  })

  it("is given back when it is deleted, and holds the invoice until then", async () => {
    const { one, owed, pay, remove } = setUp()
    const { id } = await pay(100, { doc: { id: one }, apply: true })
    expect((await remove(`invoice/${one}`)).refusal).toContain("dependent records")
    await remove(`customerPayment/${id}`)
    expect(owed(one)).toEqual(["0", "100", "A"])
  })

  it("cannot be applied beyond what is owed or what was paid, nor to another customer", async () => {
    const { one, owed, pay, two, world } = setUp()
    expect((await pay(200, { doc: { id: one }, apply: true, amount: 101 })).status).toBe(400)
    expect(
      (await pay(20, { doc: { id: one }, apply: true, amount: 15 }, { doc: { id: two }, apply: true, amount: 15 }))
        .refusal,
    ).toContain("exceeds")
    const [other] = world.seed("customer", [{ companyName: "Other", subsidiary: "2" }])
    world.edit("invoice", two, { entity: other?.id ?? "" })
    expect((await pay(10, { doc: { id: two }, apply: true })).status).toBe(400)
    expect([owed(one)[0], world.all("customerPayment").length]).toEqual(["0", 0])
  })

  it("pays the oldest invoices by itself when it is told to", async () => {
    const { customer, one, owed, post, two } = setUp()
    await post("customerPayment", { customer: { id: customer }, payment: 120, autoApply: true })
    expect([owed(one)[1], owed(two)[1]]).toEqual(["0", "30"])
  })
})

describe("a credit memo", () => {
  it("settles invoices as a payment does", () => {
    const { customer, item, one, owed, world } = setUp()
    const [credit] = world.seed("creditMemo", [
      { entity: customer, item: [{ item, amount: "70" }], apply: [{ doc: one, amount: "30" }] },
    ])
    expect([owed(one), credit?.fields["unapplied"], credit?.fields["status"]]).toEqual([["30", "70", "A"], "40", "A"])
  })
})

describe("a customer", () => {
  it("owes what is open, becomes overdue as days pass, and no stamp moves", async () => {
    const { clock, customer, get, pay, one, world } = setUp()
    world.edit("invoice", one, { dueDate: "2026-01-20" }, { moveStamp: false })
    world.edit("invoice", world.all("invoice")[1]?.id ?? "", { dueDate: "2026-02-20" }, { moveStamp: false })
    const standing = async () => {
      const found = await get(`customer/${customer}`)
      return ["balance", "overdueBalance", "daysOverdue"].map((name) => found.at(name))
    }
    expect(await standing()).toEqual(["150.0", "0.0", "0"])
    const before = world.get("customer", customer)?.modified
    await clock.advance("7 days")
    world.state.accessTokens = world.state.accessTokens.map((token) => ({
      ...token,
      expiresAt: Number.MAX_SAFE_INTEGER,
    }))
    expect(await standing()).toEqual(["150.0", "100.0", "2"])
    expect(world.get("customer", customer)?.modified).toBe(before)
    await pay(100, { doc: { id: one }, apply: true })
    expect(await standing()).toEqual(["50.0", "0.0", "0"])
  })
})

describe("a transform", () => {
  const order = async (t: ReturnType<typeof setUp>, status = "B") => {
    const item = { items: [{ item: { id: t.stock }, quantity: 4, rate: 2 }] }
    return (await t.post("salesOrder", { entity: { id: t.customer }, orderStatus: { id: status }, item })).id
  }

  it("makes a document out of an order, moves what is billed, and makes another one at every repeat", async () => {
    const t = setUp()
    const id = await order(t)
    const first = await t.post(`salesOrder/${id}/!transform/invoice`, { memo: "mine" })
    expect([first.status, first.text]).toEqual([204, ""])
    const made = await t.get(`invoice/${first.id}?expandSubResources=true`)
    expect([made.at("createdFrom.id"), made.at("memo"), made.at("total")]).toEqual([id, "mine", "8.0"])
    expect(t.world.get("salesOrder", id)?.subs["item"]?.[0]?.fields["quantityBilled"]).toBe("4")
    const second = await t.post(`salesOrder/${id}/!transform/invoice`, {})
    expect([second.status, second.id === first.id]).toEqual([204, false])
    const links = await t.query(
      "SELECT nextdoc, linktype FROM nexttransactionlinelink WHERE previousdoc = ? ORDER BY nextdoc",
      [Number(id)],
    )
    expect(links.each("nextdoc")).toEqual([first.id, second.id])
    expect(links.each("linktype")).toEqual(["OrdBill", "OrdBill"])
  })

  it("refuses to bill again where the account does, and what waits for approval", async () => {
    const t = setUp({ knobs: { billedAgain: "refused" } })
    const id = await order(t)
    await t.post(`salesOrder/${id}/!transform/invoice`, {})
    expect((await t.post(`salesOrder/${id}/!transform/invoice`, {})).refusal).toContain("can not initialize invoice")
    const waiting = await order(t, "A")
    expect((await t.post(`salesOrder/${waiting}/!transform/invoice`, {})).status).toBe(400)
    t.world.approve("salesOrder", waiting)
    expect((await t.post(`salesOrder/${waiting}/!transform/invoice`, {})).status).toBe(204)
  })

  it("pays an invoice, and takes back what a deleted invoice had billed", async () => {
    const t = setUp()
    const paid = await t.post(`invoice/${t.one}/!transform/customerPayment`, {})
    expect([paid.status, t.owed(t.one)[1]]).toEqual([204, "0"])
    const id = await order(t)
    const billed = await t.post(`salesOrder/${id}/!transform/invoice`, {})
    await t.remove(`invoice/${billed.id}`)
    expect(t.world.get("salesOrder", id)?.subs["item"]?.[0]?.fields["quantityBilled"]).toBe("0")
  })
})

describe("an order", () => {
  it("waits for approval where it says so, and goes its way by what is shipped and billed", async () => {
    const t = setUp()
    const item = { items: [{ item: { id: t.stock }, quantity: 4, rate: 2 }] }
    const { id } = await t.post("salesOrder", { entity: { id: t.customer }, item })
    const status = async () => (await t.get(`salesOrder/${id}`)).at("status.refName")
    expect(await status()).toBe("Pending Approval")
    t.world.approve("salesOrder", id)
    expect(await status()).toBe("Pending Fulfillment")
    t.world.fulfil(id, { "1": "1" })
    expect(await status()).toBe("Partially Fulfilled")
    t.world.fulfil(id)
    expect(await status()).toBe("Pending Billing")
    await t.post(`salesOrder/${id}/!transform/invoice`, {})
    expect(await status()).toBe("Billed")
  })

  it("stays with whoever approves where the role may not", async () => {
    const t = setUp({ knobs: { orderStatusWritable: false } })
    const item = { items: [{ item: { id: t.stock }, quantity: 4, rate: 2 }] }
    const { id } = await t.post("salesOrder", { entity: { id: t.customer }, orderStatus: { id: "B" }, item })
    expect(t.world.get("salesOrder", id)?.fields["status"]).toBe("A")
  })
})

describe("an invoice", () => {
  it("waits where invoices are approved, and is open where they are not", async () => {
    const body = (t: ReturnType<typeof setUp>) => ({
      entity: { id: t.customer },
      item: { items: [{ item: { id: t.item }, amount: 5 }] },
    })
    const routed = setUp({ knobs: { invoiceApproval: true } })
    const waiting = await routed.post("invoice", body(routed))
    expect((await routed.get(`invoice/${waiting.id}`)).at("approvalStatus.refName")).toBe("Pending Approval")
    expect(routed.world.get("invoice", waiting.id)?.fields["status"]).toBe("D")
    routed.world.approve("invoice", waiting.id)
    expect(routed.world.get("invoice", waiting.id)?.fields["status"]).toBe("A")
    const plain = setUp()
    const open = await plain.post("invoice", { ...body(plain), approvalStatus: { id: "1" } })
    expect(plain.world.get("invoice", open.id)?.fields["status"]).toBe("A")
  })

  it("is due by its terms, counts for its company, and keeps the money of its currency", async () => {
    const t = setUp()
    const [dollars] = t.world.seed("customer", [{ companyName: "Two", subsidiary: "2", currency: "1", terms: "1" }])
    const item = { items: [{ item: { id: t.item }, amount: 10.005 }] }
    const { id } = await t.post("invoice", { entity: { id: dollars?.id }, tranDate: "2026-01-31", item })
    const found = await t.get(`invoice/${id}`)
    expect(["dueDate", "tranId", "exchangeRate", "total"].map((name) => found.at(name))).toEqual([
      "2026-02-15",
      "INV2-1003",
      "0.92592593",
      "10.01",
    ])
    const wrong = await t.post("invoice", { entity: { id: dollars?.id }, currency: { id: "5" }, item })
    expect(wrong.refusal).toContain("Invalid Field Value 5 for the following field: currency")
  })
})

describe("a refund", () => {
  it("stands among the documents of its customer, paid out at once, and moves no invoice", async () => {
    const { customer, one, owed, query, world } = setUp()
    const [refund] = world.seed("customerRefund", [{ customer, payment: "12.50" }])
    const found = await query(
      "SELECT id, type, entity, foreigntotal, BUILTIN.DF(status) AS words FROM transaction WHERE type = 'CustRfnd'",
    )
    expect(found.items.map(({ links: _, ...row }) => row)).toEqual([
      {
        id: refund?.id,
        type: "CustRfnd",
        entity: customer,
        foreigntotal: "12.5",
        words: "Customer Refund : Deposited",
      },
    ])
    expect(owed(one)).toEqual(["0", "100", "A"])
  })

  it("is no record that the record API serves in the pinned description", async () => {
    const { customer, get, post } = setUp()
    expect([(await get("customerRefund")).status, (await post("customerRefund", { customer })).status]).toEqual([
      404, 404,
    ])
  })
})
