import * as Json from "@mortise/core/Json"
import type { Exchange } from "@mortise/core/Pipeline"
import { describe, expect, it } from "vitest"
import * as Errors from "../src/Errors.ts"
import * as Operations from "../src/Operations.ts"

const exchange = (status: number, body: unknown, headers: Record<string, string> = {}): Exchange => {
  const text = typeof body === "string" ? body : JSON.stringify(body)
  const isText = typeof body === "string"
  return {
    method: "GET",
    url: new URL("https://erp.example.com/entity/Default/24.200.001/Customer"),
    status,
    headers: new Headers(headers),
    text,
    ...(isText ? {} : { body: Json.parse(text) }),
    unparsable: isText && text !== "",
    receivedAt: 0,
  }
}

const classify = (status: number, body: unknown, headers?: Record<string, string>) =>
  Errors.classify(exchange(status, body, headers), Operations.of("Customer").put)

const failed = (exceptionMessage: string, exceptionType = "PX.Data.PXException") => ({
  message: "An error has occurred.",
  exceptionMessage,
  exceptionType,
  stackTrace: "   at PX.Secret.Inner(String) in C:\\build\\Secret.cs:line 7",
})

describe("the vendor's answers", () => {
  const cases: ReadonlyArray<readonly [string, number, unknown, string]> = [
    ["a seat that is not free", 500, failed("API Login Limit"), "Throttled"],
    [
      "a list that cannot be optimized",
      500,
      failed("There is a BqlDelegate in view X", "PX.Api.CannotOptimizeException"),
      "Unsupported",
    ],
    ["a missing record of an older build", 500, failed("No entity satisfies the condition."), "NotFound"],
    ["a filter of the wrong type", 500, failed("A binary operator with incompatible types was detected."), "Invalid"],
    [
      "preferences that nobody filled",
      500,
      failed("Fill the form.", "PX.Data.PXSetupNotEnteredException"),
      "Unsupported",
    ],
    ["a tenant that is not there", 500, failed("Unknown", "PX.Data.PXUndefinedCompanyException"), "Unauthorized"],
    ["wrong credentials with a 500", 500, failed("Invalid credentials. Please try again."), "Unauthorized"],
    ["a form that is busy", 500, failed("The previous operation has not been completed yet."), "Locked"],
    ["a form that is busy, from 25.200.001", 409, "", "Locked"],
    [
      "anything else of the server",
      500,
      failed("Object reference not set to an instance of an object."),
      "Unavailable",
    ],
    ["a declined request", 429, "The custom error module does not recognize this error.", "Throttled"],
    ["no session", 401, { message: "You are not logged in." }, "Unauthorized"],
    ["no right", 403, failed("Access denied"), "Forbidden"],
    ["a record that is not there", 404, { message: "Not found." }, "NotFound"],
    ["a post to a list", 406, "", "Unsupported"],
    ["a stale link", 412, failed("The entity does not exist."), "Conflict"],
    ["a malformed request", 400, { message: "Bad", modelState: { "entity.Date": ["is no date"] } }, "Invalid"],
    ["a gateway", 502, "<html><body>Bad Gateway</body></html>", "Unavailable"],
    ["a page instead of JSON", 200, "<!DOCTYPE html><html></html>", "Unavailable"],
  ]

  for (const [what, status, body, tag] of cases) {
    it(`tell ${what} as ${tag}`, () => {
      expect(classify(status, body)?._tag).toBe(tag)
    })
  }

  it("tell an unhealthy tenant by its redirect, and success by nothing", () => {
    expect(classify(302, "", { location: "/ui/error?x=1" })?._tag).toBe("Unavailable")
    expect(classify(200, [])).toBeUndefined()
    expect(classify(204, "")).toBeUndefined()
  })

  it("never hand on a stack trace, a path of the server or an echoed value", () => {
    const nested = { ...failed("Outer at fault"), innerException: failed("Inner at fault") }
    const trace = failed("Broken\r\n   at PX.Secret.Inner()\r\n   at PX.Other()")
    for (const body of [nested, trace]) {
      const reason = classify(500, body)
      expect(JSON.stringify(reason)).not.toMatch(/Secret|C:\\|line 7/)
    }
    const echoed = classify(422, { CustomerName: { value: "Confidential Ltd", error: "too long" } })
    expect(JSON.stringify(echoed)).not.toMatch(/Confidential/)
  })

  it("collect the errors of a refused record at any depth, with their paths", () => {
    const reason = classify(422, {
      id: "b8d3",
      error: "Inserting 'AR Invoice' record raised at least one error.",
      ReferenceNbr: { value: "<NEW>" },
      Details: [
        { InventoryID: { value: "BOLT" } },
        {
          Qty: { value: 0, error: "must be above zero" },
          custom: { Transactions: { UsrX: { type: "CustomStringField", value: "", error: "empty" } } },
        },
      ],
    })
    expect(reason?._tag === "Invalid" && reason.issues.map((issue) => issue.path.join("."))).toEqual([
      "",
      "Details.1.Qty",
      "Details.1.custom.Transactions.UsrX",
    ])
  })

  it("name the reference that a record points to in vain, without the blanks of the column", () => {
    const reason = classify(422, {
      CustomerID: { value: "TES2323T  ", error: "'Customer ID' cannot be found in the system." },
    })
    expect(reason).toMatchObject({ _tag: "MissingReference", field: "CustomerID", reference: "TES2323T" })
  })
})
