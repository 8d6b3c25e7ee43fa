import type * as Pipeline from "@mortise/core/Pipeline"
import * as Duration from "effect/Duration"
import { describe, expect, it } from "vitest"
import * as Errors from "../src/Errors.ts"
import * as Identity from "../src/Identity.ts"
import { address } from "../src/internal/Address.ts"
import * as Claims from "../src/internal/Claims.ts"
import * as Fields from "../src/internal/Fields.ts"
import * as Midnight from "../src/internal/Midnight.ts"
import * as Limits from "../src/Limits.ts"

const exchange = (status: number, body: unknown, headers: Record<string, string> = {}): Pipeline.Exchange => ({
  method: "POST",
  url: new URL("https://api.hubapi.com/crm/objects/2026-09/contacts"),
  status,
  headers: new Headers(headers),
  text: typeof body === "string" ? body : JSON.stringify(body),
  ...(typeof body === "string" ? {} : { body }),
  unparsable: typeof body === "string",
  receivedAt: Date.UTC(2026, 10, 2, 9),
})

const classify = (status: number, body: unknown, headers?: Record<string, string>) =>
  Errors.classify(() => "Europe/Berlin")(exchange(status, body, headers))

describe("what HubSpot's answers mean", () => {
  it("tells the three limits apart, with the wait that belongs to each", () => {
    const burst = classify(429, {
      status: "error",
      message: "You have reached your ten_secondly_rolling limit.",
      errorType: "RATE_LIMIT",
      policyName: "TEN_SECONDLY_ROLLING",
    })
    expect(burst).toMatchObject({ _tag: "Throttled", policy: "TEN_SECONDLY_ROLLING", retryAfter: Duration.seconds(10) })
    const search = classify(429, {
      status: "error",
      message: "You have reached your secondly limit.",
      category: "RATE_LIMITS",
    })
    expect(search).toMatchObject({ _tag: "Throttled", policy: "SECONDLY", retryAfter: Duration.seconds(1) })
    const daily = classify(429, {
      status: "error",
      message: "You have reached your daily limit.",
      errorType: "RATE_LIMIT",
      policyName: "DAILY",
    })
    expect(daily).toMatchObject({ _tag: "QuotaExhausted", resetsAt: "2026-11-02T23:00:00.000Z" })
    expect(classify(429, {}, { "retry-after": "7" })).toMatchObject({ retryAfter: Duration.seconds(7) })
  })

  it("waits for a lock and for a portal that moves, and knows a broken gateway", () => {
    expect(classify(423, {})).toMatchObject({ _tag: "Locked", retryAfter: Duration.seconds(2) })
    expect(classify(477, {}, { "retry-after": "3600" })).toMatchObject({
      _tag: "Unavailable",
      retryAfter: Duration.hours(1),
    })
    for (const status of [500, 502, 503, 504, 521, 522, 523, 524, 525, 526]) {
      expect(classify(status, "<html>")).toMatchObject({ _tag: "Unavailable", status })
    }
  })

  it("names the owner of a taken value in both wordings", () => {
    expect(classify(409, { category: "CONFLICT", message: "Contact already exists. Existing ID: 4711" })).toMatchObject(
      { _tag: "Duplicate", existingId: "4711" },
    )
    const race =
      "Cannot set PropertyValueCoordinates{portalId=1, objectTypeId=ObjectTypeId{legacyObjectType=CONTACT}, propertyName=email, value=ann@acme.example} on 99. 4711 already has that value."
    const reason = classify(400, { category: "VALIDATION_ERROR", message: race })
    expect(reason).toMatchObject({ _tag: "Duplicate", existingId: "4711", field: "email" })
    expect(JSON.stringify(reason)).not.toContain("ann@acme.example")
  })

  it("says of a key that is not unique what would mend it", () => {
    const message = "Unable to perform update/upsert by non-unique 0-2 property domain"
    expect(classify(400, { category: "VALIDATION_ERROR", message })).toMatchObject({
      _tag: "Unsupported",
      feature: "identity.domain",
    })
  })

  it("names the properties that are refused, and repeats no value", () => {
    const message = `Property values were not valid: [{"isValid":false,"message":"secretly blue is no size","error":"INVALID_INTEGER","name":"size","localizedErrorMessage":"bob@secret.example","portalId":48151623}]`
    const reason = classify(400, {
      category: "VALIDATION_ERROR",
      message,
      errors: [{ code: "INVALID_INTEGER", message: "x", context: { propertyName: ["size"] } }],
    })
    expect(reason).toMatchObject({
      _tag: "Invalid",
      issues: [{ path: ["size"], message: expect.stringContaining("INVALID_INTEGER") }],
    })
    expect(JSON.stringify(reason)).not.toMatch(/secret|48151623/)
  })

  it("tells missing scopes, and takes a page of HTML for what it is", () => {
    const scopes = {
      category: "MISSING_SCOPES",
      errors: [{ context: { requiredGranularScopes: ["crm.schemas.deals.write"] } }],
    }
    expect(classify(403, scopes)).toMatchObject({ _tag: "Forbidden", missing: ["crm.schemas.deals.write"] })
    expect(classify(404, "<html>")).toMatchObject({ _tag: "NotFound" })
    expect(classify(400, "<html>")).toMatchObject({ _tag: "Decode" })
    expect(classify(200, "<html>")).toBeUndefined()
  })

  it("reads the item errors of a 207", () => {
    expect(Errors.ofItem({ category: "OBJECT_NOT_FOUND", context: { ids: ["1"] } })._tag).toBe("NotFound")
    const failure = {
      status: "error",
      category: "VALIDATION_ERROR",
      message: "m",
      context: { objectWriteTraceId: ["w3"] },
    }
    expect([Errors.ofItem(failure)._tag, Errors.tracesOf(failure)]).toEqual(["Invalid", ["w3"]])
    expect(Errors.idsOf({ context: { ids: ["a", "b"] } })).toEqual(["a", "b"])
  })
})

describe("values on the wire", () => {
  it("are compared by what they say", () => {
    const same = (kind: Fields.Kind, a: string | null, b: string) => Fields.normal(kind, a) === Fields.normal(kind, b)
    expect(same("number", "12.50", "12.5")).toBe(true)
    expect(same("number", "123456789012345678901234567890.10", "123456789012345678901234567890.1")).toBe(true)
    expect(same("number", "123456789012345678901234567890.11", "123456789012345678901234567890.1")).toBe(false)
    expect(same("date", "1793491200000", "2026-11-01")).toBe(true)
    expect(same("date", "2026-11-01T00:00:00Z", "2026-11-01")).toBe(true)
    expect(same("dateTime", "2026-11-01T00:00:00Z", "2026-11-01T00:00:00.000Z")).toBe(true)
    expect(same("boolean", "TRUE", "true")).toBe(true)
    expect(same("folded", "Ann@ACME.example ", "ann@acme.example")).toBe(true)
    expect(same("text", null, "")).toBe(true)
    expect(same("text", "a", "A")).toBe(false)
  })

  it("are countries by code or by English name, and nothing when nobody knows them", () => {
    const field = address(["address"])
    const country = (written: string) =>
      (
        field.decode({ address: "x", city: null, state: null, zip: null, country: written }, {} as never) as {
          country?: string
        }
      ).country
    expect([country("DE"), country("germany"), country("Türkiye"), country("Atlantis")]).toEqual([
      "DE",
      "DE",
      "TR",
      undefined,
    ])
  })
})

describe("keys", () => {
  it("survive a property that folds case and keeps ASCII only", () => {
    for (const key of ["acumatica/acme%2Fx/main|Account|C 0001", "ÅÄÖ|日本|🏭", "a_b_C", "quote'\"<>|;--"]) {
      const carried = Identity.encode(key) ?? ""
      expect(carried).toMatch(/^[a-z0-9|/.:%+~@_-]+$/)
      expect(Identity.decode(carried)).toBe(key)
    }
    expect(Identity.encode("")).toBeUndefined()
    expect(Identity.encode("x".repeat(300))).toBeUndefined()
    expect(Identity.decode("")).toBeUndefined()
  })

  it("are claimed for as long as search may lag, and no longer", () => {
    const claims = Claims.make(1000)
    claims.put("companies|domain|a", { key: "k1" }, 0)
    claims.put("companies|domain|b", { key: "k2" }, 500)
    claims.settle("k1", "7")
    expect(claims.of("companies|domain|a", 999)).toMatchObject({ key: "k1", id: "7" })
    expect(claims.of("companies|domain|a", 1000)).toBeUndefined()
    expect(claims.of("companies|domain|b", 1200)).toMatchObject({ key: "k2" })
    claims.drop("k2")
    expect(claims.of("companies|domain|b", 1200)).toBeUndefined()
  })
})

describe("limits", () => {
  it("follow app, tier and add-on as the guidelines print them", () => {
    const burst = (plan: Limits.Plan) => Limits.of(plan).find(({ name }) => name === "hubspot.burst")?.requests
    const daily = (plan: Limits.Plan) => Limits.of(plan).find(({ name }) => name === "hubspot.daily")?.requests
    expect([burst({ app: "private", tier: "free" }), burst({ app: "private", tier: "professional" })]).toEqual([
      100, 190,
    ])
    expect([
      burst({ app: "private", tier: "enterprise", increases: 2 }),
      burst({ app: "public", tier: "enterprise" }),
    ]).toEqual([250, 110])
    expect([daily({ app: "private", tier: "starter" }), daily({ app: "private", tier: "professional" })]).toEqual([
      250_000, 625_000,
    ])
    expect([
      daily({ app: "private", tier: "enterprise", increases: 2 }),
      daily({ app: "public", tier: "free" }),
    ]).toEqual([3_000_000, undefined])
    for (const { source } of Limits.of({ app: "private", tier: "free" })) expect(source).toContain("HubSpot")
  })

  it("begin anew at midnight in the account's zone, on days of 23 and 25 hours too", () => {
    expect(Midnight.next("Europe/Berlin", Date.UTC(2026, 2, 29, 0, 30))).toBe("2026-03-29T22:00:00.000Z")
    expect(Midnight.next("Europe/Berlin", Date.UTC(2026, 9, 24, 22, 30))).toBe("2026-10-25T23:00:00.000Z")
    expect(Midnight.next("America/New_York", Date.UTC(2026, 10, 2, 9))).toBe("2026-11-03T05:00:00.000Z")
    expect(Midnight.next("Mars/Olympus", 0)).toBeUndefined()
  })
})
