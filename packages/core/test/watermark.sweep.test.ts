import type * as StateStore from "@mortise/core/StateStore"
import * as Watermark from "@mortise/core/Watermark"
import * as Effect from "effect/Effect"
import { assert, describe, it } from "vitest"
import { errorOf, idsOf, pagesOf, READING, readAll, readSome, run, storeOf } from "./support/table.ts"

interface Invoice {
  readonly id: string
  readonly stamp: string
  readonly due: string
  readonly paid: boolean
}

/** Invoices that are overdue on the day after the due date, in a zone; the stamp knows nothing of it. */
class Ledger {
  readonly zone: string
  now: number
  invoices: Array<Invoice>
  readonly log: Array<string> = []
  readonly payments: Array<{ readonly at: string; readonly invoice: string }> = []

  constructor(zone: string, now: string, invoices: ReadonlyArray<Invoice>) {
    this.zone = zone
    this.now = Date.parse(now)
    this.invoices = [...invoices]
  }

  today(): string {
    return new Intl.DateTimeFormat("en-CA", { timeZone: this.zone }).format(new Date(this.now))
  }

  row(invoice: Invoice): Watermark.Row<string> {
    const state = invoice.paid ? "paid" : invoice.due < this.today() ? "overdue" : "open"
    return Watermark.record(invoice.id, state, state, { stamp: invoice.stamp })
  }

  page(invoices: ReadonlyArray<Invoice>, next: string | undefined, limit: number): Watermark.Swept<string> {
    const left = invoices.filter(({ id }) => next === undefined || id > next)
    const taken = left.slice(0, limit)
    const last = taken.at(-1)
    return { rows: taken.map((each) => this.row(each)), ...(left.length > limit && last ? { next: last.id } : {}) }
  }

  readonly overdue: Watermark.Sweep<string>["_tag"] extends never ? never : Watermark.CalendarSweep<string>["due"] = (
    question,
  ) =>
    Effect.sync(() => {
      const { after, through, next, limit } = question
      this.log.push(`due ${after}..${through}${next === undefined ? "" : ` ${next}`}`)
      // What becomes overdue on a day was due on the day before.
      return this.page(
        this.invoices.filter(({ due }) => due >= after && due < through),
        next,
        limit,
      )
    })

  readonly applied: Watermark.SideTableSweep<string>["changed"] = ({ from, next, limit }) =>
    Effect.sync(() => {
      this.log.push(`applied ${from}`)
      const touched = new Set(this.payments.filter(({ at }) => at >= from).map(({ invoice }) => invoice))
      return this.page(
        this.invoices.filter(({ id }) => touched.has(id)),
        next,
        limit,
      )
    })

  /** Where the source has no endpoint for its time, and only headers tell it. */
  headers = false

  reader(store: Pick<StateStore.Service, "marks">, pageSize = 10, only?: ReadonlyArray<Watermark.Sweep<string>>) {
    const calendar = { _tag: "Calendar", name: "overdue", zone: this.zone, due: this.overdue } as const
    return Watermark.keyset<string>({
      reading: READING,
      store,
      pageSize,
      granularityMillis: 1,
      lag: "10 seconds",
      overlap: "0 seconds",
      ...(this.headers ? {} : { serverTime: Effect.sync(() => this.now) }),
      sweeps: only ?? [calendar],
      read: ({ from, limit }) =>
        Effect.sync(() => {
          this.log.push(`read ${from ?? "all"}`)
          const rows = this.invoices
            .filter(({ stamp }) => from === undefined || stamp >= from)
            .sort((a, b) => (a.stamp < b.stamp ? -1 : 1))
          return {
            rows: rows.slice(0, limit).map((each) => this.row(each)),
            more: rows.length > limit,
            serverTime: this.now,
          }
        }),
      readAt: () => Effect.succeed({ rows: [], more: false }),
    })
  }
}

const invoice = (id: string, due: string): Invoice => ({
  id,
  due,
  paid: false,
  stamp: `2026-01-10T08:00:0${id.slice(-1)}.000Z`,
})
const told = (pages: Awaited<ReturnType<typeof readAll<string>>>) =>
  pages.flatMap((page) =>
    page.changes.map((change) => (change._tag === "Upserted" ? `${change.id} ${change.record}` : "")),
  )

describe("a calendar sweep", () => {
  it("reports an invoice that becomes overdue at midnight of its zone, and only then", async () => {
    for (const [zone, midnight] of [
      ["Europe/Berlin", "2026-01-14T23:00:00.000Z"],
      ["Pacific/Kiritimati", "2026-01-14T10:00:00.000Z"],
      ["America/St_Johns", "2026-01-15T03:30:00.000Z"],
    ] as const) {
      const store = await storeOf()
      const ledger = new Ledger(zone, midnight, [invoice("i1", "2026-01-14"), invoice("i2", "2026-01-20")])
      ledger.now -= 60_000
      assert.deepStrictEqual(told(await readAll(ledger.reader(store), store)), ["i1 open", "i2 open"])
      ledger.now += 59_000
      assert.deepStrictEqual(told(await readAll(ledger.reader(store), store)), [], zone)
      ledger.now += 12_000
      assert.deepStrictEqual(told(await readAll(ledger.reader(store), store)), ["i1 overdue"], zone)
      assert.deepStrictEqual(told(await readAll(ledger.reader(store), store)), [])
    }
  })

  it("asks once for all the days that passed while nobody read", async () => {
    const store = await storeOf()
    const ledger = new Ledger("UTC", "2026-01-14T12:00:00.000Z", [
      invoice("i1", "2026-01-15"),
      invoice("i2", "2026-02-20"),
    ])
    await readAll(ledger.reader(store), store)
    ledger.now += 86_400_000 * 60
    ledger.log.length = 0
    assert.deepStrictEqual(told(await readAll(ledger.reader(store), store)), ["i1 overdue", "i2 overdue"])
    assert.deepStrictEqual(
      ledger.log.filter((line) => line.startsWith("due")),
      ["due 2026-01-14..2026-03-15"],
    )
  })

  it("goes on in the middle of its pages after a stop, up to the day for which it began", async () => {
    const store = await storeOf()
    const invoices = ["i1", "i2", "i3", "i4", "i5"].map((id) => invoice(id, "2026-01-14"))
    const ledger = new Ledger("UTC", "2026-01-14T12:00:00.000Z", [...invoices, invoice("i6", "2026-01-15")])
    await readAll(ledger.reader(store), store)
    ledger.now += 86_400_000
    assert.deepStrictEqual(told(await readSome(ledger.reader(store, 2), store, 1)), ["i1 overdue", "i2 overdue"])
    ledger.now += 86_400_000
    ledger.log.length = 0
    const rest = told(await readAll(ledger.reader(store, 2), store))
    assert.deepStrictEqual(rest, ["i3 overdue", "i4 overdue", "i5 overdue", "i6 overdue"])
    assert.deepStrictEqual(ledger.log.slice(0, 3), [
      "due 2026-01-14..2026-01-15 i2",
      "due 2026-01-14..2026-01-15 i4",
      "due 2026-01-15..2026-01-16",
    ])
  })

  it("has nothing to ask on a first reading, which reads everything as it is", async () => {
    const ledger = new Ledger("UTC", "2026-01-14T12:00:00.000Z", [invoice("i1", "2026-01-01")])
    const store = await storeOf()
    assert.deepStrictEqual(told(await readAll(ledger.reader(store), store)), ["i1 overdue"])
    assert.deepStrictEqual(ledger.log, ["read all"])
  })

  it("reaches back to where the reading began, when it began at an instant", async () => {
    const ledger = new Ledger("UTC", "2026-01-14T12:00:00.000Z", [
      invoice("i1", "2026-01-12"),
      invoice("i2", "2026-01-05"),
    ])
    const since = "2026-01-11T00:00:00.000Z" as Watermark.From["since"] & string
    assert.deepStrictEqual(idsOf(await pagesOf(ledger.reader(await storeOf()), { since })), ["i1"])
  })

  it("that also moved its stamp is delivered once, though nothing was committed between", async () => {
    const store = await storeOf()
    const ledger = new Ledger("UTC", "2026-01-14T12:00:00.000Z", [invoice("i1", "2026-01-14")])
    await readAll(ledger.reader(store), store)
    ledger.now += 86_400_000
    ledger.invoices = [{ ...invoice("i1", "2026-01-14"), stamp: "2026-01-15T11:00:00.000Z" }]
    const cursor = await run(store.cursor(READING.stream))
    assert.isTrue(cursor._tag === "Some")
    const pages = await pagesOf(ledger.reader(store), cursor._tag === "Some" ? { cursor: cursor.value } : {})
    assert.deepStrictEqual(told(pages), ["i1 overdue"])
  })

  it("in a zone that does not exist is refused", async () => {
    const ledger = new Ledger("UTC", "2026-01-14T12:00:00.000Z", [])
    const sweep = { _tag: "Calendar", name: "x", zone: "Europe/Atlantis", due: ledger.overdue } as const
    const error = await errorOf(ledger.reader(await storeOf(), 10, [sweep]))
    assert.strictEqual(error.reason._tag === "Decode" && error.reason.issues[0]?.path[0], "zone")
  })

  it("that gives the same place again is ended with an error", async () => {
    const store = await storeOf()
    const ledger = new Ledger("UTC", "2026-01-14T12:00:00.000Z", [])
    const due = () => Effect.succeed({ rows: [], next: "here" })
    const sweep = { _tag: "Calendar", name: "stuck", zone: "UTC", due } as const
    await readAll(ledger.reader(store, 10, [sweep]), store)
    ledger.now += 86_400_000
    const cursor = await run(store.cursor(READING.stream))
    const error = await errorOf(
      ledger.reader(store, 10, [sweep]),
      cursor._tag === "Some" ? { cursor: cursor.value } : {},
    )
    assert.include(error.message, "stuck")
  })
})

describe("a side-table sweep", () => {
  it("finds what changed in another table, and a late commit there", async () => {
    const store = await storeOf()
    const ledger = new Ledger("UTC", "2026-01-14T12:00:00.000Z", [
      invoice("i1", "2026-02-01"),
      invoice("i2", "2026-02-01"),
    ])
    const sweep = { _tag: "SideTable", name: "payments", changed: ledger.applied } as const
    const read = async () => told(await readAll(ledger.reader(store, 10, [sweep]), store))
    await read()
    const pay = (id: string, at: string) => {
      ledger.payments.push({ at, invoice: id })
      ledger.invoices = ledger.invoices.map((each) => (each.id === id ? { ...each, paid: true } : each))
    }
    ledger.now += 30_000
    pay("i1", "2026-01-14T12:00:29.000Z")
    assert.deepStrictEqual(await read(), ["i1 paid"])
    ledger.now += 5000
    pay("i2", "2026-01-14T12:00:28.000Z")
    assert.deepStrictEqual(await read(), ["i2 paid"])
    assert.deepStrictEqual(await read(), [])
  })

  it("that was stopped finds what changed behind it meanwhile, however long the stop", async () => {
    const store = await storeOf()
    const invoices = ["i1", "i2", "i3", "i4"].map((id) => invoice(id, "2026-02-01"))
    const ledger = new Ledger("UTC", "2026-01-14T12:00:00.000Z", invoices)
    const sweep = { _tag: "SideTable", name: "payments", changed: ledger.applied } as const
    const reader = () => ledger.reader(store, 2, [sweep])
    const pay = (id: string) => {
      ledger.payments.push({ at: new Date(ledger.now).toISOString(), invoice: id })
      ledger.invoices = ledger.invoices.map((each) => (each.id === id ? { ...each, paid: true } : each))
    }
    await readAll(reader(), store)
    ledger.now += 60_000
    for (const id of ["i2", "i3", "i4"]) pay(id)
    ledger.now += 60_000
    assert.deepStrictEqual(told(await readSome(reader(), store, 1)), ["i2 paid", "i3 paid"])
    pay("i1")
    ledger.now += 3_600_000
    assert.deepStrictEqual(told(await readAll(reader(), store)), ["i4 paid", "i1 paid"])
    assert.deepStrictEqual(told(await readAll(reader(), store)), [])
  })
})

describe("a side-table sweep with an interval", () => {
  const HOUR = 3_600_000
  const opened = async (headers: boolean, more: ReadonlyArray<Watermark.Sweep<string>> = []) => {
    const store = await storeOf()
    const ledger = new Ledger("UTC", "2026-01-14T12:00:00.000Z", [
      invoice("i1", "2026-02-01"),
      invoice("i2", "2026-02-01"),
      invoice("i3", "2026-02-01"),
    ])
    ledger.headers = headers
    const changed: typeof ledger.applied = (question) =>
      Effect.map(ledger.applied(question), (swept) => ({ ...swept, serverTime: ledger.now }))
    const sweep = { _tag: "SideTable", name: "payments", every: "1 hour", changed } as const
    // A reader of its own for each run, as another process would have.
    const reader = (pageSize = 10) => ledger.reader(store, pageSize, [sweep, ...more])
    const read = async () => told(await readAll(reader(), store))
    const pay = (id: string) => {
      ledger.payments.push({ at: new Date(ledger.now).toISOString(), invoice: id })
      ledger.invoices = ledger.invoices.map((each) => (each.id === id ? { ...each, paid: true } : each))
    }
    const asked = () => ledger.log.splice(0).map((line) => line.split(" ")[0])
    return { store, ledger, reader, read, pay, asked }
  }

  it("asks once in it, however often it is read, and finds all that changed since it asked last", async () => {
    for (const headers of [true, false]) {
      const { asked, ledger, pay, read } = await opened(headers)
      await read()
      pay("i1")
      for (let minute = 1; minute < 60; minute++) {
        ledger.now += 60_000
        assert.deepStrictEqual(await read(), [], `minute ${minute}`)
      }
      assert.notInclude(asked(), "applied")
      ledger.now += 70_000
      assert.deepStrictEqual(await read(), ["i1 paid"])
      assert.strictEqual(asked().filter((what) => what === "applied").length, 1)
      pay("i2")
      ledger.now += HOUR - 1000
      assert.deepStrictEqual(await read(), [])
      ledger.now += HOUR
      pay("i3")
      assert.deepStrictEqual(await read(), ["i2 paid", "i3 paid"])
      assert.deepStrictEqual(await read(), [])
    }
  })

  it("costs no question in between, and one more when it is due", async () => {
    const { asked, ledger, read } = await opened(true)
    await read()
    assert.deepStrictEqual(asked(), ["read"])
    ledger.now += 60_000
    await read()
    assert.deepStrictEqual(asked(), ["read"])
    ledger.now += HOUR
    await read()
    assert.deepStrictEqual(asked(), ["read", "applied", "read"])
  })

  it("waits for it beside another one that is asked in every run", async () => {
    const always = { _tag: "SideTable", name: "always", changed: () => Effect.succeed({ rows: [] }) } as const
    const { asked, ledger, pay, read } = await opened(true, [always])
    await read()
    pay("i1")
    ledger.now += 60_000
    assert.deepStrictEqual(await read(), [])
    assert.notInclude(asked(), "applied")
    ledger.now += HOUR
    assert.deepStrictEqual(await read(), ["i1 paid"])
  })

  it("goes on where it was stopped, without waiting", async () => {
    const { ledger, pay, read, reader, store } = await opened(true)
    await read()
    for (const id of ["i1", "i2", "i3"]) pay(id)
    ledger.now += HOUR + 1000
    assert.deepStrictEqual(told(await readSome(reader(2), store, 1)), ["i1 paid", "i2 paid"])
    ledger.now += 1000
    assert.deepStrictEqual(await read(), ["i3 paid"])
  })

  it("reaches back to where the reading began, when it began at an instant", async () => {
    const { ledger, pay, reader } = await opened(true)
    pay("i1")
    ledger.now += 600_000
    const since = "2026-01-14T11:55:00.000Z" as Watermark.From["since"] & string
    assert.deepStrictEqual(told(await pagesOf(reader(), { since })), ["i1 paid"])
  })
})

describe("a source that tells its time only in its answers", () => {
  const ledgerOf = async () => {
    const store = await storeOf()
    const ledger = new Ledger("UTC", "2026-01-14T12:00:00.000Z", [
      invoice("i1", "2026-01-14"),
      invoice("i2", "2026-01-20"),
    ])
    ledger.headers = true
    return { store, ledger }
  }
  const questions = (ledger: Ledger) => ledger.log.splice(0).map((line) => line.split(" ")[0])

  it("is asked no question more for a calendar sweep, but on the day on which one is due", async () => {
    const { store, ledger } = await ledgerOf()
    await readAll(ledger.reader(store), store)
    assert.deepStrictEqual(questions(ledger), ["read"])
    ledger.now += 60_000
    await readAll(ledger.reader(store), store)
    assert.deepStrictEqual(questions(ledger), ["read"])
    ledger.now += 86_400_000
    assert.deepStrictEqual(told(await readAll(ledger.reader(store), store)), ["i1 overdue"])
    assert.deepStrictEqual(questions(ledger), ["read", "due", "read"])
    await readAll(ledger.reader(store), store)
    assert.deepStrictEqual(questions(ledger), ["read"])
  })

  it("is asked no question more for a side table whose answers tell it, and one more for one whose do not", async () => {
    for (const tells of [true, false]) {
      const { store, ledger } = await ledgerOf()
      const changed: typeof ledger.applied = (question) =>
        Effect.map(ledger.applied(question), (swept) => (tells ? { ...swept, serverTime: ledger.now } : swept))
      const sweep = { _tag: "SideTable", name: "payments", changed } as const
      await readAll(ledger.reader(store, 10, [sweep]), store)
      assert.deepStrictEqual(questions(ledger), ["read"])
      ledger.now += 60_000
      ledger.payments.push({ at: "2026-01-14T12:00:55.000Z", invoice: "i1" })
      ledger.invoices = ledger.invoices.map((each) => ({ ...each, paid: each.id === "i1" }))
      assert.deepStrictEqual(told(await readAll(ledger.reader(store, 10, [sweep]), store)), ["i1 paid"])
      assert.deepStrictEqual(questions(ledger), tells ? ["applied", "read"] : ["applied", "read", "applied", "read"])
    }
  })
})
