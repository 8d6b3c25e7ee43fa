import type { Exchange } from "@mortise/core/Pipeline"
import { describe, expect, it } from "vitest"
import * as Errors from "../src/Errors.ts"

const exchange = (status: number, body: unknown, headers: Record<string, string> = {}): Exchange => {
  const isText = typeof body === "string"
  return {
    method: "POST",
    url: new URL("https://erp.example.test/api/resource/Customer"),
    status,
    headers: new Headers({ "content-type": isText ? "text/html" : "application/json", ...headers }),
    text: isText ? body : JSON.stringify(body),
    ...(isText ? {} : { body }),
    unparsable: isText,
    receivedAt: 0,
  }
}

/** As v1 words it: the message is JSON in JSON in JSON. */
const first = (status: number, type: string, message = "", more: object = {}) =>
  exchange(status, {
    exc_type: type,
    exception: `frappe.exceptions.${type}: ${message}`,
    exc: '["Traceback (most recent call last) secret/path.py"]',
    _server_messages: JSON.stringify([JSON.stringify({ message, title: "Message", indicator: "red" })]),
    ...more,
  })

const second = (status: number, type: string, message = "") =>
  exchange(status, { errors: [{ type, exception: "Traceback secret/path.py", message }] })

const tag = (given: Exchange) => Errors.classify(given)?._tag

describe("an answer of the site", () => {
  it("is told by the class of its exception, in both APIs alike", () => {
    const all: ReadonlyArray<readonly [number, string, string]> = [
      [401, "AuthenticationError", "Unauthorized"],
      [403, "PermissionError", "Forbidden"],
      [404, "DoesNotExistError", "NotFound"],
      [409, "DuplicateEntryError", "Duplicate"],
      [417, "UniqueValidationError", "Duplicate"],
      [417, "TimestampMismatchError", "Conflict"],
      [417, "DocumentLockedError", "Locked"],
      [417, "LinkValidationError", "MissingReference"],
      [417, "ValidationError", "Invalid"],
      [417, "UpdateAfterSubmitError", "Invalid"],
      [429, "TooManyRequestsError", "Throttled"],
      [500, "QueryDeadlockError", "Locked"],
      [500, "QueryTimeoutError", "Locked"],
      [500, "AttributeError", "Invalid"],
      [500, "OperationalError", "Unavailable"],
      [503, "SessionStopped", "Unavailable"],
      [503, "InReadOnlyMode", "Unavailable"],
    ]
    for (const [status, type, reason] of all) {
      expect(tag(first(status, type)), `v1 ${type}`).toBe(reason)
      expect(tag(second(status, type)), `v2 ${type}`).toBe(reason)
    }
    expect(tag(exchange(200, { data: [] }))).toBeUndefined()
    expect(tag(exchange(202, { data: "ok" }))).toBeUndefined()
  })

  it("is told where the class is hidden, or stands in the exception alone", () => {
    expect(tag(exchange(417, { exception: "frappe.exceptions.UniqueValidationError: taken" }))).toBe("Duplicate")
    expect(tag(exchange(403, { _error_message: "No permission" }))).toBe("Forbidden")
    expect(tag(exchange(404, {}))).toBe("NotFound")
    expect(tag(exchange(417, {}))).toBe("Invalid")
    expect(tag(exchange(508, {}))).toBe("Locked")
  })

  it("names the fields that are missing and what a link leads to, and shows no traceback and no markup", () => {
    const mandatory = Errors.classify(first(417, "MandatoryError", "[Item, SVC-2]: item_group, stock_uom"))
    expect(mandatory).toMatchObject({ issues: [{ path: ["item_group"] }, { path: ["stock_uom"] }] })
    const link = Errors.classify(first(417, "LinkValidationError", "Could not find Customer Group: Nobody"))
    expect(link).toMatchObject({ _tag: "MissingReference", reference: "Nobody" })
    const marked = Errors.classify(first(417, "ValidationError", "Row <b onclick='x'>1</b>:\nwrong"))
    expect(marked?.message).toBe("Row 1 : wrong (ValidationError)")
    const nasty = Errors.classify(first(417, "ValidationError", "select name from `tabUser` where api_secret"))
    expect(nasty?.message).toBe("ValidationError")
    for (const reason of [mandatory, link, marked, nasty])
      expect(JSON.stringify(reason)).not.toMatch(/secret|path\.py|onclick/)
  })

  it("says how long to wait when it is too much", () => {
    const told = Errors.classify(exchange(429, { exc_type: "TooManyRequestsError" }, { "retry-after": "7" }))
    expect(told?._tag === "Throttled" && String(told.retryAfter)).toContain("7")
    const window = Errors.classify(exchange(429, { exc_type: "RateLimitExceededError" }, { "x-ratelimit-reset": "31" }))
    expect(window?._tag === "Throttled" && String(window.retryAfter)).toContain("31")
    expect(tag(exchange(429, "Too Many Requests"))).toBe("Throttled")
  })

  it("that is a page comes from something before the site: it is waited for, and never read as a missing record", () => {
    const page = "<!DOCTYPE html><html></html>"
    expect(tag(exchange(404, page))).toBe("Unavailable")
    expect(tag(exchange(502, page))).toBe("Unavailable")
    expect(tag(exchange(403, page))).toBe("Throttled")
    expect(tag(exchange(413, page))).toBe("Invalid")
    expect(tag(exchange(401, page))).toBe("Unauthorized")
  })
})
