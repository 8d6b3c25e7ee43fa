import type { Issue } from "@mortise/core/ConnectorError"
import * as Decimal from "@mortise/core/Decimal"
import * as Json from "@mortise/core/Json"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import * as Dimensions from "../src/Dimensions.ts"
import * as Order from "../src/internal/order.ts"
import * as Price from "../src/internal/price.ts"
import * as Reader from "../src/internal/Reader.ts"
import * as Keys from "../src/Keys.ts"

interface Row {
  readonly Text?: string
  readonly Amount?: unknown
  readonly Flag?: string
  readonly Day?: string
  readonly At?: string
}
const read = (row: object, issues: Array<Issue> = []) => Reader.make<Row>(Json.parse(JSON.stringify(row)), [], issues)

describe("values on the wire", () => {
  it("are absent, empty or there, which are three things", () => {
    const reader = read({ Text: "" })
    expect([reader.text("Text"), read({}).text("Text"), read({ Text: "x" }).text("Text")]).toEqual([
      null,
      undefined,
      "x",
    ])
  })

  it("of 1900 are none, a day is a day whatever time stands beside it, an instant is told in UTC", () => {
    expect([
      read({ Day: "1900-01-01T12:00:00Z" }).day("Day"),
      read({ At: "1900-01-01T00:00:00Z" }).instant("At"),
    ]).toEqual([null, null])
    expect([
      read({ Day: "2026-07-23T12:00:00Z" }).day("Day"),
      read({ Day: "2026-07-23T00:00:00Z" }).day("Day"),
    ]).toEqual(["2026-07-23", "2026-07-23"])
    expect(read({ At: "2026-07-23T01:00:00+02:00" }).instant("At")).toBe("2026-07-22T23:00:00.000Z")
  })

  it("keep every digit of an amount", () => {
    const row = Json.parse(`{"Amount":12345678901234567890.123456}`)
    const amount = Reader.make<Row>(row).decimal("Amount")
    expect(amount && Decimal.format(amount)).toBe("12345678901234567890.123456")
  })

  it("of the wrong kind are named with their shape, and hide nothing else", () => {
    const issues: Array<Issue> = []
    const reader = read({ Text: 7, Amount: "1,5", Flag: "Maybe", Day: "soon", At: true }, issues)
    expect([
      reader.text("Text"),
      reader.decimal("Amount"),
      reader.flag("Flag"),
      reader.day("Day"),
      reader.instant("At"),
    ]).toEqual(Array(5).fill(undefined))
    expect(issues.map(({ path }) => path[0])).toEqual(["Text", "Amount", "Flag", "Day", "At"])
    expect(JSON.stringify(issues)).not.toMatch(/soon|Maybe|1,5/)
  })
})

describe("an id", () => {
  it.each([
    ["CustomersV3", ["O'Brien/1%"]],
    ["SalesInvoiceHeadersV2", ["CIV-1/2", "2026-01-10T12:00:00Z", "V%2F1"]],
    ["FreeTextInvoiceHeaders", ["5637144576"]],
  ] as const)("of %s leads back to its key", (set, values) => {
    expect(Keys.split(set, Keys.join(set, values))).toEqual(values)
  })

  it("that is none of the set's leads nowhere", () => {
    expect(Keys.split("CustomersV3", "a/b")).toBeUndefined()
    expect(Keys.split("CustomersV3", "a\u0000")).toBeUndefined()
    expect(Keys.split("FreeTextInvoiceHeaders", "1 or 1 eq 1")).toBeUndefined()
    expect(Keys.split("SalesInvoiceHeadersV2", "a/soon/b")).toBeUndefined()
  })
})

describe("the order of ids", () => {
  const sorted = (order: "folded" | "words" | "ordinal", ids: ReadonlyArray<string>) => {
    const { id, key } = Order.of(order, "CustomersV3")
    return ids.map(key).sort().map(id)
  }

  it("is that of the database, and leads back to the id", () => {
    expect(sorted("ordinal", ["a", "B", "b-1", "A"])).toEqual(["A", "B", "a", "b-1"])
    expect(sorted("folded", ["B", "a", "b-1", "a-1"])).toEqual(["a", "a-1", "B", "b-1"])
    expect(sorted("words", ["co-op", "coat", "coop", "cop"])).toEqual(["coat", "co-op", "coop", "cop"])
  })

  it("of numbers is by their size", () => {
    const { id, key } = Order.of("folded", "CustTransactions")
    expect(["10", "9", "5637144576"].map(key).sort().map(id)).toEqual(["9", "10", "5637144576"])
  })
})

describe("dimensions", () => {
  const format = { dimensions: ["BusinessUnit", "Department", "CostCenter"], delimiter: "-" }

  it("come back from their display value, whatever signs they hold", async () => {
    for (const values of [{ BusinessUnit: "EU-01", CostCenter: "007" }, { Department: "a\\-b" }, {}]) {
      const text = await Effect.runPromise(Dimensions.display(format, values))
      expect(Dimensions.parse(format, text)).toEqual(values)
    }
  })

  it("that are not in the format are refused, and so is a value that would swallow the delimiter", async () => {
    for (const values of [{ Region: "N" }, { BusinessUnit: "001\\" }]) {
      const failure = await Effect.runPromise(Effect.flip(Dimensions.display(format, values)))
      expect(failure.reason._tag).toBe("Invalid")
    }
  })
})

describe("a price for many", () => {
  it("is divided where nothing is left over, and left out where something is", () => {
    const of = (price: string, quantity: string) => {
      const one = Price.ofOne(Decimal.make(price), Decimal.make(quantity))
      return one === undefined || one === null ? one : Decimal.format(one)
    }
    expect([of("25", "100"), of("10", "0"), of("10", "1"), of("10", "3")]).toEqual(["0.25", "10", "10", undefined])
  })
})
