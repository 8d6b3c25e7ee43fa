import * as Json from "@mortise/core/Json"
import { beforeAll, describe, expect, it } from "vitest"
import { compare } from "./compare.ts"
import * as Replay from "./replay.ts"

const all = Replay.exchanges()
const topics = [...new Set(all.map(({ topic }) => topic))].sort()

describe("the exchanges that were observed on a running site", () => {
  let verdicts: ReadonlyArray<Replay.Verdict> = []
  beforeAll(async () => {
    verdicts = await Replay.run(all)
  })

  it("are answered by the twin as the site answered them: 199 of 199", () => {
    expect(all).toHaveLength(199)
    expect(verdicts.filter(({ differences }) => differences.length === 0)).toHaveLength(199)
  })

  it.each(topics)("%s", (topic) => {
    const own = verdicts.filter(({ exchange }) => exchange.topic === topic)
    expect(own.length).toBeGreaterThan(0)
    const wrong = own.flatMap(({ differences, exchange }) => differences.map((one) => `${exchange.id} ${one}`))
    expect(wrong).toEqual([])
  })
})

describe("an answer that is not the one that was observed", () => {
  const [exchange] = all.filter(({ id }) => id === "cust-create-bad-link")
  const body = {
    exception: "frappe.exceptions.LinkValidationError: any words",
    exc_type: "LinkValidationError",
    exc: "any",
    _server_messages: JSON.stringify([
      JSON.stringify({ message: "any", title: "Message", indicator: "red", raise_exception: 1, __frappe_exc_id: "0" }),
    ]),
  }
  const told = (changes: object, status = 417, headers = { "content-type": "application/json" }) => {
    if (exchange === undefined) throw new RangeError("no such exchange")
    const response = new Response(null, { status, headers })
    return compare(exchange, response, Json.parse(JSON.stringify({ ...body, ...changes })))
  }

  it("is noticed by its status, its headers, a class, a value, a member too many and one too few", () => {
    expect(told({})).toEqual([])
    expect(told({}, 409)).toEqual(["status: 417, not 409"])
    expect(told({}, 417, { "content-type": "text/html" })).toHaveLength(1)
    expect(told({ exception: "frappe.exceptions.ValidationError: any words" })).toHaveLength(1)
    expect(told({ exc_type: "ValidationError" })).toEqual([
      'body.exc_type: "LinkValidationError", not "ValidationError"',
    ])
    expect(told({ _error_message: "more" })).toEqual(['body._error_message: "more", not nothing'])
    expect(told({ exc: undefined })).toEqual(['body.exc: "<text>", not nothing'])
    expect(told({ _server_messages: "[]" })).toHaveLength(2)
  })
})
