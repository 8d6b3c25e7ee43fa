import { describe, expect, it } from "vitest"
import * as ErpNextTwin from "../../src/erpnext/ErpNextTwin.ts"
import { open, START } from "./bench.ts"

const shop = (companies = [ErpNextTwin.COMPANY]) => {
  const bench = open({ companies })
  bench.world.seed("Customer", [{ customer_name: "Acme" }, { customer_name: "Euro", default_currency: "EUR" }])
  bench.world.seed("Item", [{ item_code: "SVC-1", item_group: "Services", is_stock_item: 0 }])
  return bench
}

const line = (rate: unknown, qty: unknown = 1, more: object = {}) => ({ item_code: "SVC-1", qty, rate, ...more })
const INVOICE = "ACC-SINV-2026-00001"

const seedInvoice = ({ world }: ReturnType<typeof shop>, rate: string, due = "2026-12-20") =>
  world.seed("Sales Invoice", [{ customer: "Acme", due_date: due, items: [line(rate)], $submitted: true }])

describe("amounts", () => {
  it("are exact, however long, and rounded to two places, a half to the even neighbour", async () => {
    const { post } = shop()
    const made = await post("Sales Invoice", {
      customer: "Acme",
      items: [line("0.1", 3), line("12345678901234.56", 1), line("0.005", 1), line("0.015", 1)],
    })
    expect(made.at("data.items.0.amount")).toBe("0.3")
    expect([made.at("data.items.2.amount"), made.at("data.items.3.amount")]).toEqual(["0.0", "0.02"])
    expect(made.at("data.grand_total")).toBe("12345678901234.88")
  })

  it("bear taxes on the net, on taxes before, and as they are", async () => {
    const { post } = shop()
    const account_head = "Duties and Taxes - TTC"
    const made = await post("Sales Invoice", {
      customer: "Acme",
      items: [line("99.99")],
      taxes: [
        { charge_type: "On Net Total", account_head, description: "VAT", rate: 7.25 },
        { charge_type: "On Previous Row Amount", row_id: "1", account_head, description: "On it", rate: 10 },
        { charge_type: "Actual", account_head, description: "Freight", tax_amount: 5 },
      ],
    })
    const taxes = [0, 1, 2].map((at) => made.at(`data.taxes.${at}.tax_amount`))
    expect(taxes).toEqual(["7.25", "0.72", "5.0"])
    expect([made.at("data.grand_total"), made.at("data.total_taxes_and_charges")]).toEqual(["112.96", "12.97"])
  })

  it("bear a discount on a line, and one on the document that is spread over its lines", async () => {
    const { post, world } = shop()
    world.seed("Item Price", [{ item_code: "SVC-1", price_list: "Standard Selling", price_list_rate: "100" }])
    const lines = await post("Sales Order", {
      customer: "Acme",
      delivery_date: "2026-12-01",
      items: [{ item_code: "SVC-1", qty: 2, discount_percentage: 10 }, line(90, 1)],
    })
    expect([lines.at("data.items.0.rate"), lines.at("data.items.1.discount_amount")]).toEqual(["90.0", "10.0"])
    const whole = await post("Sales Order", {
      customer: "Acme",
      delivery_date: "2026-12-01",
      discount_amount: 10,
      items: [line(100), line(50), line(0.01)],
    })
    expect([whole.at("data.total"), whole.at("data.net_total"), whole.at("data.grand_total")]).toEqual([
      "150.01",
      "140.01",
      "140.01",
    ])
    const parts = [0, 1, 2].map((at) => whole.at(`data.items.${at}.net_amount`))
    expect(parts).toEqual(["93.33", "46.67", "0.01"])
    const percent = await post("Sales Order", {
      customer: "Acme",
      delivery_date: "2026-12-01",
      additional_discount_percentage: 25,
      items: [line(80)],
    })
    expect([percent.at("data.discount_amount"), percent.at("data.grand_total")]).toEqual(["20.0", "60.0"])
  })

  it("are rounded to the coin of the currency, and to the unit where there is none", async () => {
    const { post, world } = shop()
    world.knobs.rateService = { "CHF/USD": "1.1", "JPY/USD": "0.0067" }
    world.set("Accounts Settings", { allow_multi_currency_invoices_against_single_party_account: 1 })
    const of = async (currency: string) =>
      (await post("Sales Invoice", { customer: "Acme", currency, items: [line("10.03")] })).at("data.rounded_total")
    expect([await of("USD"), await of("CHF"), await of("JPY")]).toEqual(["10.03", "10.05", "10.0"])
  })
})

describe("a currency", () => {
  it("is the company's where none is sent, whatever the customer's", async () => {
    const { post } = shop()
    expect((await post("Sales Invoice", { customer: "Euro", items: [line(100)] })).at("data.currency")).toBe("USD")
  })

  it("needs a rate, and a receivable of its own or the setting", async () => {
    const { post, world } = shop()
    const invoice = { customer: "Euro", currency: "EUR", items: [line(100)] }
    const none = await post("Sales Invoice", invoice)
    expect([none.status, none.notes.length]).toEqual([417, 2])
    world.seed("Currency Exchange", [
      { date: "2026-11-01", from_currency: "EUR", to_currency: "USD", exchange_rate: "1.25" },
    ])
    expect((await post("Sales Invoice", invoice)).type).toBe("ValidationError")
    world.set("Accounts Settings", { allow_multi_currency_invoices_against_single_party_account: 1 })
    const made = await post("Sales Invoice", invoice)
    expect([made.at("data.grand_total"), made.at("data.outstanding_amount"), made.at("data.base_grand_total")]).toEqual(
      ["100.0", "125.0", "125.0"],
    )
    expect([made.at("data.name"), made.at("data.party_account_currency")]).toEqual([INVOICE, "USD"])
  })

  it("of the receivable is that of what is owed", async () => {
    const { post, world } = shop()
    world.seed("Account", [
      {
        $name: "Debtors EUR - TTC",
        account_name: "Debtors EUR",
        company: "Twin Test Co",
        account_type: "Receivable",
        account_currency: "EUR",
      },
    ])
    const made = await post("Sales Invoice", {
      customer: "Euro",
      currency: "EUR",
      conversion_rate: 1.25,
      debit_to: "Debtors EUR - TTC",
      items: [line(100)],
    })
    expect([made.at("data.grand_total"), made.at("data.outstanding_amount")]).toEqual(["100.0", "100.0"])
  })

  it("of the second company is its own, with its own accounts", async () => {
    const { post } = shop([ErpNextTwin.COMPANY, ErpNextTwin.SECOND])
    const made = await post("Sales Invoice", { customer: "Acme", company: "Zweigwerk GmbH", items: [line(100)] })
    expect([made.at("data.currency"), made.at("data.debit_to"), made.at("data.items.0.cost_center")]).toEqual([
      "EUR",
      "Debtors - ZWG",
      "Main - ZWG",
    ])
  })
})

describe("a payment", () => {
  const pay = async (bench: ReturnType<typeof shop>, amount: number, docstatus: number) => {
    const made = await bench.call("erpnext.accounts.doctype.payment_entry.payment_entry.get_payment_entry", {
      dt: "Sales Invoice",
      dn: INVOICE,
    })
    const doc = made.at("message") as { readonly references: ReadonlyArray<object> }
    const references = doc.references.map((one) => ({ ...one, allocated_amount: amount }))
    return bench.call("frappe.client.insert", {
      doc: { ...doc, docstatus, reference_no: "T", paid_amount: amount, received_amount: amount, references },
    })
  }

  it("moves the stamp, the status and the debt of its invoice when it is submitted and when it is cancelled, not as a draft", async () => {
    const bench = shop()
    seedInvoice(bench, "300")
    const state = async () => {
      const read = await bench.get("Sales Invoice", INVOICE)
      return [read.at("data.outstanding_amount"), read.at("data.status"), read.at("data.modified")] as const
    }
    const start = await state()
    await pay(bench, 120, 0)
    expect(await state()).toEqual(start)
    bench.world.submit("Payment Entry", "ACC-PAY-2026-00001")
    const part = await state()
    expect([part[0], part[1], part[2] !== start[2]]).toEqual(["180.0", "Partly Paid", true])
    expect((await pay(bench, 180, 1)).at("message.status")).toBe("Submitted")
    const paid = await state()
    expect([paid[0], paid[1]]).toEqual(["0.0", "Paid"])
    expect((await bench.get("Sales Invoice", INVOICE)).at("data.paid_amount")).toBe("0.0")
    await bench.call("frappe.client.cancel", { doctype: "Payment Entry", name: "ACC-PAY-2026-00002" })
    const back = await state()
    expect([back[0], back[1], back[2] !== paid[2]]).toEqual(["180.0", "Partly Paid", true])
  })

  it("of more than is owed is refused, and so is one through a bank without a reference", async () => {
    const bench = shop()
    seedInvoice(bench, "300")
    expect((await pay(bench, 301, 0)).type).toBe("ValidationError")
    const made = await bench.call("erpnext.accounts.doctype.payment_entry.payment_entry.get_payment_entry", {
      dt: "Sales Invoice",
      dn: INVOICE,
    })
    expect((await bench.call("frappe.client.insert", { doc: made.at("message") })).type).toBe("ValidationError")
  })

  it("is found by the invoice that it pays, and let go when that is cancelled", async () => {
    const bench = shop()
    seedInvoice(bench, "300")
    bench.world.pay(INVOICE, "100")
    const filters = [
      ["Payment Entry Reference", "reference_name", "=", INVOICE],
      ["docstatus", "=", 1],
    ]
    const found = await bench.list("Payment Entry", {
      filters,
      fields: ["name", "`tabPayment Entry Reference`.allocated_amount as part"],
    })
    expect(found.each("part")).toEqual(["100.0"])
    bench.world.cancel("Sales Invoice", INVOICE)
    expect(bench.world.get("Payment Entry", "ACC-PAY-2026-00001")?.columns["unallocated_amount"]).toBe("100")
  })
})

describe("an invoice that is late", () => {
  it("becomes Overdue by the daily job, with its stamp as it was", async () => {
    const bench = shop()
    seedInvoice(bench, "70", "2026-11-25")
    const stamp = bench.world.get("Sales Invoice", INVOICE)?.columns["modified"]
    expect(bench.world.runDailyJob()).toBe(0)
    await bench.clock.advance("6 days")
    expect((await bench.get("Sales Invoice", INVOICE)).at("data.status")).toBe("Unpaid")
    expect(bench.world.runDailyJob()).toBe(1)
    const read = await bench.get("Sales Invoice", INVOICE)
    expect([read.at("data.status"), read.at("data.modified")]).toEqual(["Overdue", stamp])
  })

  it("is overdue on the day of the site, not of the reader", async () => {
    const bench = shop()
    seedInvoice(bench, "70", "2026-11-20")
    await bench.clock.advance(Date.UTC(2026, 10, 21, 4, 59) - START)
    expect(bench.world.runDailyJob()).toBe(0)
    await bench.clock.advance("2 minutes")
    expect(bench.world.runDailyJob()).toBe(1)
  })

  it("is only partly paid while it keeps up with its terms", async () => {
    const bench = shop()
    bench.world.seed("Payment Terms Template", [
      {
        template_name: "Halves",
        terms: [
          { invoice_portion: "50", credit_days: 1 },
          { invoice_portion: "50", credit_days: 30 },
        ],
      },
    ])
    bench.world.seed("Sales Invoice", [
      { customer: "Acme", payment_terms_template: "Halves", items: [line("100")], $submitted: true },
    ])
    bench.world.pay(INVOICE, "50")
    await bench.clock.advance("3 days")
    expect(bench.world.runDailyJob()).toBe(0)
    await bench.clock.advance("30 days")
    expect(bench.world.runDailyJob()).toBe(1)
  })
})
