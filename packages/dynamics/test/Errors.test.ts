import * as Json from "@mortise/core/Json"
import * as Duration from "effect/Duration"
import { describe, expect, it } from "vitest"
import * as Errors from "../src/Errors.ts"
import * as Infolog from "../src/Infolog.ts"

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Errors.Answer => {
  const text = typeof body === "string" ? body : JSON.stringify(body)
  return {
    status,
    headers: new Headers(headers),
    text,
    ...(typeof body === "string" ? {} : { body: Json.parse(text) }),
    receivedAt: 0,
  }
}

const told = (message: string) => ({
  error: {
    code: "",
    message: "An error has occurred.",
    innererror: {
      message,
      type: "Microsoft.Dynamics.Platform.Integration.Services.OData.AxODataWriteException",
      stacktrace: "   at Secret.Inner(String) in E:\\AosService\\Secret.cs:line 7",
    },
  },
})

const deeper = (message: string) => ({
  error: {
    code: "BadRequest",
    message: "An error has occurred.",
    innererror: { message: "An error has occurred.", internalexception: { message } },
  },
})

const DUPLICATE =
  "Write failed for table row of type 'CustCustomerV3Entity'. Infolog: Info: Cannot create a record in Customers (CustTable). Customer account: US-001, secret.\nThe record already exists.."
const VALIDATION =
  "Write failed for table row of type 'SalesOrderLineV2Entity'. Infolog: Warning: Inventory dimension Site is mandatory and must consequently be specified.; Warning: validateWrite failed on data source 'SalesLine (SalesLine)'; Error: Update has been canceled.."
const RELATED =
  "Write failed for table row of type 'CustCustomerV3Entity'. Infolog: Error: The value 'Net99' in field 'Terms of payment' is not found in the related table 'Terms of payment'.; Error: validateField failed"
const CONFLICT =
  "Cannot edit a record in Customers (CustTable). An update conflict occurred due to another user process deleting the record or changing one or more fields in the record."

describe("the vendor's answers", () => {
  const cases: ReadonlyArray<readonly [string, number, unknown, string]> = [
    ["a record that is there, in a batch", 500, told(DUPLICATE), "Duplicate"],
    ["a record that is there, alone", 400, told(DUPLICATE), "Duplicate"],
    ["a record that is there, told deeper", 400, deeper(DUPLICATE), "Duplicate"],
    ["what the form refuses", 400, told(VALIDATION), "Invalid"],
    ["a reference to nothing", 400, told(RELATED), "MissingReference"],
    [
      "a record that is missing, or in another company",
      400,
      told("No resources were found when selecting for update."),
      "NotFound",
    ],
    ["a record that is missing, read by its key", 400, told("No resources were found."), "NotFound"],
    ["a key that is not whole", 400, told("More than one resource was found when selecting for update."), "Invalid"],
    ["a stale version, as an error of the form", 400, told(CONFLICT), "Conflict"],
    ["a stale version, by a status", 412, "", "Conflict"],
    ["a stale version, by another status", 409, "", "Conflict"],
    ["a removal that lines hold up", 400, told("The order cannot be deleted while dependent lines exist."), "Invalid"],
    ["a bad question", 400, told("The query specified in the URI is not valid."), "Invalid"],
    ["a set that is not there", 404, told("No HTTP resource was found that matches 'X'."), "NotFound"],
    ["a token that is refused", 401, "", "Unauthorized"],
    ["a role that does not reach", 403, told("Access denied to entity CustomersV3."), "Forbidden"],
    ["a server that is busy", 429, { error: { message: "high resource utilization" } }, "Throttled"],
    ["a server that breaks", 500, told("Object reference not set to an instance of an object."), "Unavailable"],
    ["a page instead of an answer", 502, "<html><body>Bad Gateway</body></html>", "Unavailable"],
    ["a page for an address that is not there", 404, "<!DOCTYPE html><html></html>", "Unavailable"],
    ["a status that nobody knows", 418, "", "Decode"],
  ]

  it.each(cases)("%s is %i: told by its text and not by its status", (_, status, body, expected) => {
    expect(Errors.reasonOf(answer(status, body))?._tag).toBe(expected)
  })

  it("of success are none", () => {
    expect([200, 201, 204].map((status) => Errors.reasonOf(answer(status, "")))).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it("say which of our fields leads nowhere", () => {
    expect(Errors.reasonOf(answer(400, told(RELATED)))).toMatchObject({ field: "paymentTerms", reference: "Net99" })
  })

  it("name the table of a duplicate, and nothing of the record", () => {
    const reason = Errors.reasonOf(answer(500, told(DUPLICATE)))
    expect(reason?.message).toBe("the record already exists in Customers (CustTable)")
  })

  it("never show a stack, nor the address of a person", () => {
    const reason = Errors.reasonOf(
      answer(400, told(`${VALIDATION} Error: post@rossi.example is refused at A.B(C) in E:\\x.cs`)),
    )
    expect(JSON.stringify(reason)).not.toMatch(/Secret|E:\\|rossi/)
  })

  it("wait as long as they say, and half a minute when they say nothing", () => {
    const wait = (headers: Record<string, string>) => {
      const reason = Errors.reasonOf(answer(429, "", headers))
      return reason?._tag === "Throttled" && reason.retryAfter !== undefined ? Duration.toSeconds(reason.retryAfter) : 0
    }
    expect([wait({ "retry-after": "7" }), wait({})]).toEqual([7, 30])
    const user = "Number of requests exeeded the limit of 6000 over the time window of 300 seconds."
    expect(Errors.reasonOf(answer(429, { error: { message: user } }))).toMatchObject({ policy: "user" })
  })
})

describe("the Infolog", () => {
  it("is told by what it says, without what says only that something failed", () => {
    expect(Infolog.parse(VALIDATION).map(({ level }) => level)).toEqual(["Warning", "Warning", "Error"])
    expect(Infolog.summary(VALIDATION)).toBe("Inventory dimension Site is mandatory and must consequently be specified")
    expect(Infolog.summary("Plain text")).toBe("Plain text")
    const noise = "Infolog: Error: Update has been canceled."
    expect(Infolog.summary(noise)).toBe("Update has been canceled")
  })
})
