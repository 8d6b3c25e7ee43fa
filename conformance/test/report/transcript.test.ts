import { describe, expect, it } from "vitest"
import * as Transcript from "../../src/kit/Transcript.ts"
import { line, SECRET } from "./hostile.ts"

describe("a transcript", () => {
  it("shows how it began and ended and what met a fault, and counts the others", () => {
    const lines = Array.from({ length: 50 }, (_, at) => line(at + 1, { faults: at >= 20 && at < 25 ? ["late"] : [] }))
    const { exchanges, omitted } = Transcript.of(lines, { first: 3, faulted: 2, last: 2 })
    expect(exchanges.map(({ index }) => index)).toEqual([1, 2, 3, 21, 22, 49, 50])
    expect(omitted).toBe(43)
    const few = Transcript.of(lines.slice(0, 5), { first: 3, faulted: 2, last: 2 })
    expect([few.exchanges.length, few.omitted]).toEqual([5, 0])
  })

  it("cuts long bodies and says how much is left", () => {
    const [exchange] = Transcript.of([line(1)], Transcript.BRIEF).exchanges
    expect(exchange?.response?.length).toBeLessThan(640)
    expect(exchange?.response).toMatch(/… \(\d+ more characters\)$/)
  })

  it.each([
    ["as it is", SECRET],
    ["in a query", encodeURIComponent(SECRET)],
    ["in JSON", JSON.stringify({ a: SECRET })],
    ["in base64", Buffer.from(SECRET).toString("base64")],
  ])("takes out a known secret %s", (_, text) => {
    const redacted = Transcript.redaction([SECRET])(`before ${text} after`)
    expect(redacted).toMatch(/^before .*<redacted>.* after$/)
    expect(redacted).not.toContain("token-value")
  })

  it.each([
    '{"refresh_token": "unheard-of"}',
    '{\\"client_secret\\":\\"unheard-of\\"}',
    '{"access_token":"un\\"heard-of"}',
    "grant_type=x&client_secret=unheard-of&a=b",
    "https://a.example/?api_key=unheard-of",
    "authorization: Bearer unheard-of-token",
    "Authorization: Basic dW5oZWFyZC1vZjp1bmhlYXJkLW9m",
  ])("takes out what goes by the name of a secret: %s", (text) => {
    const redacted = Transcript.redaction([])(text)
    expect(redacted).toContain("<redacted>")
    expect(redacted).not.toMatch(/heard-of|dW5oZWFyZ/)
  })

  it("takes out the longer of two secrets of which one begins with the other", () => {
    expect(Transcript.redaction(["secret-12", "secret-12345"])("secret-12345 secret-12")).toBe("<redacted> <redacted>")
  })

  it("does not show a secret that the cut goes through", () => {
    const body = `${"x".repeat(590)}${SECRET}`
    const [exchange] = Transcript.of([line(1, { requestBody: body })], Transcript.BRIEF, [SECRET]).exchanges
    expect(exchange?.request).not.toContain("s3cr3t")
  })

  it("keeps nothing of what opens a door, in any header", () => {
    const text = JSON.stringify(Transcript.of([line(1)], Transcript.LONG, [SECRET]))
    for (const part of ["s3cr3t", "another-refresh-token", "abcdefghijkl"]) expect(text).not.toContain(part)
  })

  it("leaves what merely speaks of secrets", () => {
    const text = "basic information about the password field, and the bearer of news"
    expect(Transcript.redaction([])(text)).toBe(text)
  })
})
