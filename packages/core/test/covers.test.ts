import * as Covers from "@mortise/core/Covers"
import * as Decimal from "@mortise/core/Decimal"
import { JsonNumber } from "@mortise/core/Json"
import { describe, expect, it } from "vitest"

const number = (text: string) => new JsonNumber({ text })

describe("what a record holds", () => {
  it("covers what is wanted whatever else it holds, and members that are not named", () => {
    const found = { city: "Turin", street: "Via Po", country: "IT" }
    expect(Covers.covers({ city: "Turin", street: undefined }, found)).toBe(true)
    expect(Covers.covers({ city: "Turin", street: null }, found)).toBe(false)
    expect(Covers.covers({ city: "Turin" }, null)).toBe(false)
  })

  it("is nothing by any of its names: null, absent or an empty text", () => {
    for (const wanted of [null, undefined, ""]) {
      expect([null, undefined, ""].map((found) => Covers.covers(wanted, found))).toEqual([true, true, true])
      expect([0, false, "x"].map((found) => Covers.covers(wanted, found))).toEqual([false, false, false])
    }
  })

  it("is compared as a number where it is an amount, and by its digits where it is a number of JSON", () => {
    expect(Covers.covers(Decimal.make("12.5"), Decimal.make("12.50"))).toBe(true)
    expect(Covers.covers(Decimal.make("12.5"), "12.5")).toBe(false)
    expect([Covers.covers(number("1"), number("1")), Covers.covers(number("1"), number("2"))]).toEqual([true, false])
    expect(Covers.covers(number("1"), { text: "1" })).toBe(false)
  })

  it("is the whole list where a list is wanted, in its order", () => {
    expect(Covers.covers([{ a: 1 }, { a: 2 }], [{ a: 1, b: 1 }, { a: 2 }])).toBe(true)
    for (const found of [[{ a: 1 }], [{ a: 2 }, { a: 1 }], "no list", null]) {
      expect(Covers.covers([{ a: 1 }, { a: 2 }], found)).toBe(false)
    }
  })

  it("is the same text as far as the system takes it for the same", () => {
    const trimmed = Covers.by((wanted, found) => wanted.trim() === found.trim())
    const seen = ["x", "x ", " x", "X"].map((found) => [
      Covers.exactly({ a: "x" }, { a: found }),
      Covers.covers({ a: "x" }, { a: found }),
      trimmed({ a: "x" }, { a: found }),
    ])
    expect(seen).toEqual([
      [true, true, true],
      [false, true, true],
      [false, false, true],
      [false, false, false],
    ])
    expect(["a-1", "A-1  ", " A-1"].map((found) => Covers.sameText("A-1", found))).toEqual([true, true, false])
    expect([Covers.sameText(null, ""), Covers.sameText("A", null)]).toEqual([true, false])
  })
})

describe("the lines of a document", () => {
  const line = (key: string, members: object = {}) => ({ key, description: "Bolt", ...members })
  const lines = Covers.lines({ defaulted: ["description"] })

  it("are a set by their keys, however they are ordered and whatever the system computes", () => {
    const found = [line("b", { id: "2", net: Decimal.make("9") }), line("a", { id: "1", unit: "EA" })]
    expect(lines([line("a"), line("b", { id: "7", net: Decimal.make("1") })], found)).toBe(true)
    expect(lines([line("a"), line("c")], found)).toBe(false)
    expect(lines([line("a")], found)).toBe(false)
  })

  it("are matched by place where those found have no keys of ours", () => {
    const found = [line("#1"), line("#2", { description: "Nut" })]
    expect(lines([line("a"), line("b", { description: "Nut" })], found)).toBe(true)
    expect(lines([line("a", { description: "Nut" }), line("b")], found)).toBe(false)
  })

  it("keep a value of the system's own where none of ours is given, but only for members that have one", () => {
    expect(lines([line("a", { description: null })], [line("a")])).toBe(true)
    expect(lines([line("a", { unit: null })], [line("a", { unit: "EA" })])).toBe(false)
  })

  it("show a discount by its amount, or by the net where the system turns it into a percentage", () => {
    const [quantity, unitPrice] = [Decimal.make("4"), Decimal.make("25")]
    const discount = { amount: Decimal.make("10") }
    const wanted = [line("a", { quantity, unitPrice, discount })]
    const shown = (net: string, percent = "10") => [
      line("a", { quantity, unitPrice, net: Decimal.make(net), discount: { percent: Decimal.make(percent) } }),
    ]
    const turning = Covers.lines({ defaulted: [], turnsDiscounts: true })
    expect([turning(wanted, shown("90.00")), turning(wanted, shown("95")), lines(wanted, shown("90"))]).toEqual([
      true,
      false,
      false,
    ])
    for (const comparison of [turning, lines]) {
      expect(comparison(wanted, [line("a", { quantity, unitPrice, net: Decimal.make("1"), discount })])).toBe(true)
      expect(comparison([line("a", { discount: null })], shown("90"))).toBe(false)
      expect(comparison([line("a")], shown("90"))).toBe(true)
    }
  })

  it("are no lines, where nothing is found or nothing is wanted, and compared as anything else", () => {
    expect([lines(null, undefined), lines([line("a")], null), lines(null, [line("a")])]).toEqual([true, false, false])
  })

  it("are compared by the system's own idea of texts", () => {
    const strict = Covers.lines({ defaulted: [], comparison: Covers.exactly })
    const found = [line("a", { description: "Bolt " })]
    expect([lines([line("a")], found), strict([line("a")], found)]).toEqual([true, false])
  })
})
