import type { Exchange } from "@mortise/core/Pipeline"
import { describe, expect, it } from "vitest"
import * as Errors from "../src/Errors.ts"
import * as Operations from "../src/Operations.ts"

const exchange = (status: number, body: unknown, headers: Record<string, string> = {}): Exchange => {
  const text = typeof body === "string" ? body : JSON.stringify(body)
  return {
    method: "PUT",
    url: new URL("https://1.suitetalk.api.netsuite.com/services/rest/record/v1/customer/eid:x"),
    status,
    headers: new Headers({ "content-type": "application/json", ...headers }),
    text,
    ...(typeof body === "string" ? {} : { body }),
    unparsable: typeof body === "string",
    receivedAt: 0,
  }
}

const refusal = (detail: string, more: Record<string, string> = {}) => ({
  type: "https://www.w3.org/Protocols/rfc2616/rfc2616-sec10.html#sec10.4.1",
  title: "Bad Request",
  status: 400,
  "o:errorDetails": [{ detail, "o:errorCode": "USER_ERROR", ...more }],
})

const reason = (status: number, body: unknown, headers?: Record<string, string>) =>
  Errors.classify(exchange(status, body, headers), Operations.records("customer").upsert)

const IN_FRONT = "Error while accessing a resource. "

describe("one code for everything", () => {
  it.each([
    ["This entity already exists.", "Duplicate"],
    ["This record has been locked by a user defined workflow.", "Locked"],
    ["Your current role does not have permission to perform this action.", "Forbidden"],
    ["Record has been changed", "Conflict"],
    ["Please enter value(s) for: Subsidiary", "Invalid"],
    ["Invalid Field Value 9999 for the following field: item", "MissingReference"],
    ["Invalid Field Value abc for the following field: email", "Invalid"],
    ["Invalid search query. Search error occurred: Field 'vatregnumber' was not found.", "Unsupported"],
    ["Invalid search query. Search error occurred: Unknown identifier 'c.stage'", "Unsupported"],
    ["Invalid search query. Search error occurred: Record 'deletedrecord' was not found.", "Forbidden"],
  ])("is told apart by its text: %s", (detail, tag) => {
    expect(reason(400, refusal(IN_FRONT + detail))?._tag).toBe(tag)
    expect(reason(400, refusal(detail))?._tag).toBe(tag)
  })

  it("names the column that the account lacks, so that it can be left out", () => {
    const missing = reason(400, refusal("Invalid search query ... Unknown identifier 'c.Stage'"))
    expect(missing === undefined ? undefined : Errors.missingColumn(missing)).toBe("stage")
  })

  it("names the member at fault by its path", () => {
    const detail = "Invalid Field Value 9999 for the following field: item"
    expect(reason(400, refusal(detail, { "o:errorPath": "item.items[0].item" }))).toMatchObject({
      _tag: "MissingReference",
      field: "item.items.0.item",
      reference: "9999",
    })
    const several = { ...refusal(""), "o:errorDetails": [{ detail: "a", "o:errorPath": "$.x[1].y" }, { detail: "b" }] }
    expect(reason(400, several)).toMatchObject({
      _tag: "Invalid",
      issues: [
        { path: ["x", "1", "y"], message: "a" },
        { path: [], message: "b" },
      ],
    })
  })
})

describe("an answer", () => {
  it.each([
    [401, { "o:errorDetails": [{ "o:errorCode": "INVALID_LOGIN" }] }, "Unauthorized"],
    [403, { "o:errorDetails": [{ "o:errorCode": "INSUFFICIENT_PERMISSION" }] }, "Forbidden"],
    [404, { "o:errorDetails": [{ "o:errorCode": "NONEXISTENT_ID", detail: "Record does not exist." }] }, "NotFound"],
    [400, { "o:errorDetails": [{ "o:errorCode": "RCRD_HAS_BEEN_CHANGED" }] }, "Conflict"],
    [400, { "o:errorCode": "DUP_ENTITY", title: "x" }, "Duplicate"],
    [500, { "o:errorDetails": [{ "o:errorCode": "UNEXPECTED_ERROR", detail: "Error ID: abc" }] }, "Unavailable"],
    [503, "<html>maintenance</html>", "Unavailable"],
    [200, "<!DOCTYPE html><html>Log in</html>", "Unavailable"],
    [418, {}, "Decode"],
    [400, "", "Invalid"],
  ])("of status %i is what it says", (status, body, tag) => {
    expect(reason(status, body)?._tag).toBe(tag)
  })

  it("of a full account is a wait, with what it asks for where it asks at all", () => {
    const body = {
      title: "Bad Request",
      "o:errorCode": "USER_ERROR",
      "o:errorDetails": [{ "o:errorCode": "CONCURRENCY_LIMIT_EXCEEDED" }],
    }
    expect(reason(429, body)).toMatchObject({ _tag: "Throttled", policy: "inFlight" })
    expect(reason(429, body)).not.toHaveProperty("retryAfter")
    expect(reason(429, body, { "retry-after": "7" })).toHaveProperty("retryAfter")
  })

  it("to a job that was submitted before is a success, and so is one without a body", () => {
    expect(
      reason(400, { title: "Conflict", "o:errorDetails": [{ "o:errorCode": "IDEMPOTENCY_ERROR" }] }),
    ).toBeUndefined()
    expect(reason(204, "")).toBeUndefined()
  })
})
