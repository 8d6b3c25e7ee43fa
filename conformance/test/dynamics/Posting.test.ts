import { describe, expect, it } from "vitest"
import { open } from "./Client.ts"
import * as Scene from "./Scene.ts"

describe("posting an order", () => {
  it("makes the invoice, its lines, the transaction and what is open, and moves the order on", async () => {
    const { clock, get, world } = open()
    Scene.stock(world)
    Scene.order(world)
    const stamp = async () => (await get("SalesTableBiEntities")).each("SysModifiedDateTime")[0]
    const before = await stamp()
    await clock.advance("1 hour")
    const number = world.postOrder("usmf", "S1", { tax: "7.5" })
    const header = (await get("SalesInvoiceHeadersV2?$expand=SalesInvoiceLinesV2")).rows[0] ?? {}
    expect([header["InvoiceNumber"], header["SalesOrderNumber"], String(header["TotalInvoiceAmount"])]).toEqual([
      number,
      "S1",
      "70",
    ])
    expect([header["InvoiceDate"], header["CustomersOrderReference"], header["InvoiceAddressCity"]]).toEqual([
      "2026-07-15T12:00:00Z",
      "crm|1",
      "Bonn",
    ])
    expect(header["SalesInvoiceLinesV2"]).toHaveLength(2)
    expect((await get("SalesInvoiceV4Lines?$orderby=LineCreationSequenceNumber")).each("LineAmount")).toEqual([
      "25",
      "37.5",
    ])
    expect((await get("CustInvoiceJourBiEntities")).each("DueDate")).toEqual(["2026-07-25T12:00:00Z"])
    expect((await get("CustTransOpens")).each("AmountCur")).toEqual(["70"])
    const order = await get("SalesOrderHeadersV2(dataAreaId='usmf',SalesOrderNumber='S1')")
    expect([order.at("SalesOrderStatus"), order.at("SalesOrderProcessingStatus")]).toEqual(["Invoiced", "Invoiced"])
    expect([before, await stamp()]).toEqual(["2026-07-15T09:30:00Z", "2026-07-15T10:30:00Z"])
  })

  it("in part leaves the rest on the order", async () => {
    const { get, world } = open()
    Scene.stock(world)
    const [first] = Scene.order(world)
    const lot = first?.fields["InventoryLotId"] ?? ""
    world.postOrder("usmf", "S1", { quantities: { [lot]: "1" } })
    const order = async () => (await get("SalesOrderHeadersV2")).each("SalesOrderProcessingStatus")[0]
    expect(await order()).toBe("PartiallyInvoiced")
    expect(() => world.postOrder("usmf", "S1", { quantities: { [lot]: "2" } })).toThrow("less than 2 left")
    world.postOrder("usmf", "S1")
    expect(await order()).toBe("Invoiced")
    expect((await get("SalesInvoiceHeadersV4?$orderby=InvoiceNumber")).each("TotalInvoiceAmount")).toEqual([
      "12.5",
      "50",
    ])
    expect(() => world.postOrder("usmf", "S1")).toThrow("nothing to invoice")
  })

  it("and paying are dated as they are told, at noon", async () => {
    const { get, world } = open()
    Scene.stock(world)
    Scene.order(world)
    const invoice = world.postOrder("usmf", "S1", { date: "2026-07-01" })
    world.pay("usmf", { customer: "C1", amount: "1", date: "2026-07-02", invoices: [{ invoice, amount: "1" }] })
    const [sale, payment] = (await get("CustTransactions?$orderby=SysRecId")).rows
    expect([sale?.["TransDate"], sale?.["DueDate"], sale?.["LastSettleDate"], payment?.["TransDate"]]).toEqual([
      "2026-07-01T12:00:00Z",
      "2026-07-11T12:00:00Z",
      "2026-07-02T12:00:00Z",
      "2026-07-02T12:00:00Z",
    ])
  })

  it("rounds to the unit of the currency: a whole yen, a thousandth of a dinar", async () => {
    const { world } = open()
    Scene.stock(world)
    const amounts = ["JPY", "KWD", "USD"].map((CurrencyCode) => {
      const header = { SalesOrderNumber: CurrencyCode, OrderingCustomerAccountNumber: "C1", CurrencyCode }
      world.seed("SalesOrderHeadersV2", [header])
      const line = {
        SalesOrderNumber: CurrencyCode,
        ItemNumber: "I1",
        SalesPrice: "10.12355",
        OrderedSalesQuantity: "3",
      }
      const [made] = world.seed("SalesOrderLines", [line])
      world.postOrder("usmf", CurrencyCode)
      return made?.fields["LineAmount"]
    })
    expect(amounts).toEqual(["30", "30.371", "30.37"])
    expect(world.all("CustTransactions").map((row) => row.fields["AmountMST"])).toEqual(["0.2", "98.86", "30.37"])
  })

  it("in another currency keeps both amounts, and the rate for a hundred", async () => {
    const { get, world } = open()
    Scene.stock(world)
    Scene.order(world)
    world.edit("SalesOrderHeadersV2", ["usmf", "S1"], { CurrencyCode: "EUR" })
    world.postOrder("usmf", "S1")
    const [row] = (await get("CustTransactions")).rows
    expect([
      row?.["CurrencyCode"],
      String(row?.["AmountCur"]),
      String(row?.["AmountMST"]),
      String(row?.["ExchRate"]),
    ]).toEqual(["EUR", "62.5", "67.81", "108.5"])
  })

  it("and paying take the numbers that people choose", async () => {
    const { get, world } = open()
    Scene.stock(world)
    const [draft] = world.seed("FreeTextInvoiceHeaders", [{ CustomerAccount: "C1" }], "usmf")
    const identifier = draft?.fields["InvoiceIdentifier"] ?? ""
    const line = { ParentRecId: identifier, LineNumber: "1", Quantity: "1", UnitPrice: "70" }
    world.seed("FreeTextInvoiceLines", [line], "usmf")
    expect(world.postFreeText("usmf", identifier, "AR1")).toBe("AR1")
    expect(world.pay("usmf", { customer: "C1", amount: "70", voucher: "PM1", method: "WIRE" })).toBe("PM1")
    expect(world.pay("usmf", { customer: "C1", amount: "-5", voucher: "RF1" })).toBe("RF1")
    expect((await get("FreeTextInvoiceHeaders")).each("FreeTextNumber")).toEqual(["AR1"])
    const { rows } = await get("CustTransactions")
    expect(rows.map((row) => [row["Invoice"] || row["Voucher"], String(row["AmountCur"]), row["PaymMode"]])).toEqual(
      expect.arrayContaining([
        ["AR1", "70", ""],
        ["PM1", "-70", "WIRE"],
        ["RF1", "5", ""],
      ]),
    )
  })

  it("cannot be had by writing what it would write", async () => {
    const { patch, post, world } = open()
    Scene.stock(world)
    const [line] = Scene.order(world)
    const order = "SalesOrderHeadersV2(dataAreaId='usmf',SalesOrderNumber='S1')"
    expect((await patch(order, { SalesOrderStatus: "Invoiced" })).reason).toContain(
      "'SalesOrderStatus' is not editable",
    )
    const lot = `SalesOrderLines(dataAreaId='usmf',InventoryLotId='${line?.fields["InventoryLotId"]}')`
    expect((await patch(lot, { SalesOrderLineStatus: "Invoiced" })).status).toBe(400)
    const draft = await post("FreeTextInvoiceHeaders", { CustomerAccount: "C1", IsPosted: "Yes" })
    expect(draft.at("IsPosted")).toBe("No")
    const key = `FreeTextInvoiceHeaders(dataAreaId='usmf',InvoiceIdentifier=${draft.at("InvoiceIdentifier")})`
    expect((await patch(key, { IsPosted: "Yes" })).reason).toContain("'IsPosted' is not editable")
    expect(world.all("CustTransactions")).toHaveLength(0)
  })

  it("closes the order to changes, and its results to all writes", async () => {
    const { patch, post, remove, world } = open()
    const number = Scene.invoice(world)
    const order = "SalesOrderHeadersV2(dataAreaId='usmf',SalesOrderNumber='S1')"
    expect((await patch(order, { SalesOrderName: "x" })).reason).toContain("has been invoiced")
    expect((await remove(order)).reason).toContain("has been invoiced")
    for (const set of ["SalesInvoiceHeadersV2", "SalesInvoiceV2Lines", "CustTransactions", "CustTransOpens"]) {
      expect((await post(set, {})).status).toBe(405)
    }
    const [transaction] = world.all("CustTransactions")
    const id = world.value("CustTransactions", transaction as never, "SysRecId")
    expect((await remove(`CustTransactions(dataAreaId='usmf',SysRecId=${id})`)).status).toBe(405)
    expect(transaction?.fields["Invoice"]).toBe(number)
  })
})

describe("a payment", () => {
  it("settles in parts: what is open shrinks, and the last part closes", async () => {
    const { clock, get, world } = open()
    const invoice = Scene.invoice(world)
    const state = async () => {
      const [row] = (await get(`CustTransactions?$filter=${encodeURIComponent(`Invoice eq '${invoice}'`)}`)).rows
      return [String(row?.["SettleAmountCur"]), row?.["Closed"], row?.["LastSettleDate"]]
    }
    const none = "1900-01-01T12:00:00Z"
    expect(await state()).toEqual(["0", none, none])
    world.pay("usmf", { customer: "C1", amount: "20", invoices: [{ invoice, amount: "20" }] })
    expect(await state()).toEqual(["20", none, "2026-07-15T12:00:00Z"])
    expect((await get("CustTransOpens")).each("AmountCur")).toEqual(["42.5"])
    await clock.advance("1 day")
    const voucher = world.pay("usmf", { customer: "C1", amount: "50", invoices: [{ invoice, amount: "42.5" }] })
    expect(await state()).toEqual(["62.5", "2026-07-16T12:00:00Z", "2026-07-16T12:00:00Z"])
    expect((await get("CustTransOpens")).each("AmountCur")).toEqual(["-7.5"])
    expect((await get("CustTransactions?$expand=CustTransOpen")).rows).toHaveLength(3)
    const settlements = await get(
      `CustSettlementBiEntities?$filter=${encodeURIComponent(`SettlementVoucher eq '${voucher}'`)}`,
    )
    expect([...settlements.each("SettleAmountCur")].sort()).toEqual(["-42.5", "42.5"])
  })

  it("moves the stamp of the transaction, and nothing of the posted invoice", async () => {
    const { clock, get, world } = open()
    const invoice = Scene.invoice(world)
    const etag = (await get("SalesInvoiceHeadersV2")).etag(0)
    await clock.advance("1 hour")
    world.pay("usmf", { customer: "C1", amount: "62.5", invoices: [{ invoice, amount: "62.5" }] })
    expect((await get("SalesInvoiceHeadersV2")).etag(0)).toBe(etag)
    expect((await get("CustInvoiceJourBiEntities")).each("SysModifiedDateTime")).toEqual(["2026-07-15T09:30:00Z"])
    expect(new Set((await get("CustTransBiEntities")).each("SysModifiedDateTime"))).toEqual(
      new Set(["2026-07-15T10:30:00Z"]),
    )
  })

  it("cannot settle more than is open", () => {
    const { world } = open()
    const invoice = Scene.invoice(world)
    const payment = { customer: "C1", amount: "100", invoices: [{ invoice, amount: "100" }] }
    expect(() => world.pay("usmf", payment)).toThrow("less than 100 open")
  })
})
