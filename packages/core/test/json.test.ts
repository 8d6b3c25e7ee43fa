import * as Json from "@mortise/core/Json"
import { assert, describe, it } from "vitest"

describe("a JSON number", () => {
  it("keeps its text, whatever a float would make of it", () => {
    for (const text of [
      "12345678901234567890.10",
      "0.1",
      "1.50",
      "-0",
      "-0.00",
      "1e400",
      "1E+2",
      "9007199254740993",
      "123456789012345678901234567890",
      "0.000000000000000000000000000001",
    ]) {
      const parsed = Json.parse(`{"n":${text},"list":[${text}]}`)
      assert.strictEqual(Json.stringify(parsed), `{"n":${text},"list":[${text}]}`)
      assert.deepStrictEqual(Json.parse(text), new Json.JsonNumber({ text }))
    }
  })

  it("is written as digits by plain JSON.stringify too, at any depth", () => {
    const amount = Json.number("10.00")
    assert.strictEqual(JSON.stringify({ a: [{ amount }] }), '{"a":[{"amount":10.00}]}')
  })

  it("is made from the texts of JSON only", () => {
    for (const text of [
      "",
      " 1",
      "1 ",
      "+1",
      "01",
      ".5",
      "5.",
      "1,5",
      "0x10",
      "NaN",
      "Infinity",
      "1e",
      "--1",
      "1_000",
      "١",
    ]) {
      assert.isUndefined(Json.number(text), text)
    }
    assert.strictEqual(String(Json.number("1e-7")), "1e-7")
  })

  it("in a string stays a string", () => {
    assert.deepStrictEqual(Json.parse('{"zip":"01234","n":1}'), { zip: "01234", n: new Json.JsonNumber({ text: "1" }) })
  })
})

describe("JSON that means harm", () => {
  it("with a __proto__ member changes no prototype", () => {
    const parsed = Json.parse('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}')
    assert.isUndefined(({} as { admin?: boolean }).admin)
    assert.isUndefined((parsed as { admin?: unknown }).admin)
    assert.strictEqual(Object.getPrototypeOf(parsed), Object.prototype)
    assert.isTrue(Object.hasOwn(parsed as object, "__proto__"))
    assert.include(Json.stringify(parsed), '"__proto__":{"admin":true}')
  })

  it("nested a thousand deep is parsed and written back", () => {
    const depth = 1000
    const text = `${"[".repeat(depth)}1${"]".repeat(depth)}`
    assert.strictEqual(Json.stringify(Json.parse(text)), text)
  })

  it("nested without end is an error and not a crash", () => {
    const text = "[".repeat(2_000_000)
    assert.throws(() => Json.parse(text))
  })

  it("that is broken throws, whatever is broken", () => {
    for (const text of [
      "",
      " ",
      "{",
      "[1,]",
      "{'a':1}",
      '{"a":1,}',
      "nul",
      "01",
      "1.",
      '"\u0001"',
      '{"a":1}x',
      "NaN",
      "\ufeff{}",
      "<html>",
    ]) {
      assert.throws(() => Json.parse(text), SyntaxError, undefined, JSON.stringify(text))
    }
  })
})

describe("other JSON values", () => {
  it("come back as they were: strings of any script, escapes, null, empty lists and objects, doubles of a member", () => {
    for (const text of [
      '"שלום"',
      '"😀"',
      '"\\u0000"',
      "null",
      "[]",
      "{}",
      "true",
      '{"":""}',
      '[null,false,{"a":[]}]',
    ]) {
      assert.strictEqual(Json.stringify(Json.parse(text)), text)
    }
    assert.deepStrictEqual(Json.parse('{"a":1,"a":2}'), { a: new Json.JsonNumber({ text: "2" }) })
  })

  it("come back the same over 2,000 seeded trees", () => {
    let state = 7
    const draw = (below: number) => {
      state = (state * 48271) % 2147483647
      return state % below
    }
    let numbers = 0
    const tree = (depth: number): string => {
      switch (draw(depth > 4 ? 4 : 6)) {
        case 0:
          numbers += 1
          return `${draw(2) === 0 ? "-" : ""}${1 + draw(9)}${"0123456789".slice(0, draw(11))}.${draw(1e9)}e${draw(2) === 0 ? "+" : "-"}${draw(999)}`
        case 1:
          return JSON.stringify(String.fromCodePoint(32 + draw(0xd7ff - 32), 0x1f600 + draw(60)))
        case 2:
          return ["null", "true", "false"][draw(3)] ?? "null"
        case 3:
          numbers += 1
          return String(draw(1e9))
        case 4:
          return `[${Array.from({ length: draw(5) }, () => tree(depth + 1)).join(",")}]`
        default:
          return `{${Array.from({ length: draw(5) }, (_, index) => `"k${index}":${tree(depth + 1)}`).join(",")}}`
      }
    }
    for (let count = 0; count < 2000; count++) {
      const text = tree(0)
      assert.strictEqual(Json.stringify(Json.parse(text)), text)
    }
    assert.isAbove(numbers, 1000)
  })
})
