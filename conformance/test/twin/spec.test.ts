import { describe, expect, it } from "vitest"
import * as SpecValidator from "../../src/twin/SpecValidator.ts"

const document = {
  openapi: "3.1.0",
  paths: {
    "/things": {
      get: {
        operationId: "things.list",
        parameters: [{ name: "limit", in: "query", schema: { type: "integer", maximum: 100 } }],
      },
      post: {
        operationId: "things.create",
        requestBody: {
          required: true,
          content: { "application/json": { schema: { $ref: "#/components/schemas/Thing" } } },
        },
      },
    },
    "/things/search": { post: { requestBody: { $ref: "#/components/requestBodies/Search" } } },
    "/things/{id}": { get: {} },
    "/keyed/{ids}": { get: {} },
  },
  components: {
    schemas: {
      Thing: {
        type: "object",
        additionalProperties: false,
        required: ["name"],
        properties: {
          name: { type: "string" },
          parts: { type: "array", items: { $ref: "#/components/schemas/Thing" } },
        },
      },
    },
    requestBodies: { Search: { content: { "application/json": { schema: { type: "object", required: ["query"] } } } } },
  },
}

const validator = SpecValidator.make([{ prefix: "/v1", document, spanning: ["ids"] }])
const check = (method: string, path: string, body = "", type = "application/json") =>
  validator.check({
    method,
    url: new URL(`https://x.example${path}`),
    body,
    headers: new Headers({ "content-type": type }),
  })

describe("the description that a twin serves", () => {
  it.each([
    ["GET", "/v1/things?limit=5", ""],
    ["POST", "/v1/things", '{"name":"a","parts":[{"name":"b"}]}'],
    ["POST", "/v1/things/search", '{"query":1}'],
    ["GET", "/v1/things/a%2Fb", ""],
    ["GET", "/v1/keyed/SO/000001", ""],
  ])("takes %s %s", (method, path, body) => {
    expect(check(method, path, body)).toBeUndefined()
  })

  it.each([
    ["GET", "/v2/things", "", "unknownPath", ["path"]],
    ["GET", "/v1/things/a/b", "", "unknownPath", ["path"]],
    ["DELETE", "/v1/things", "", "unknownMethod", ["method"]],
    ["GET", "/v1/things?colour=red", "", "unknownParameter", ["query", "colour"]],
    ["GET", "/v1/things?limit=101", "", "badParameter", ["query", "limit"]],
    ["GET", "/v1/things?limit=x", "", "badParameter", ["query", "limit"]],
    ["POST", "/v1/things", "", "badBody", ["body"]],
    ["POST", "/v1/things", "{", "badBody", ["body"]],
    ["POST", "/v1/things", "{}", "badBody", ["body"]],
    ["POST", "/v1/things", '{"name":"a","parts":[{"name":"b","size":1}]}', "badBody", ["body", "parts", "0", "size"]],
    ["POST", "/v1/things/search", "{}", "badBody", ["body"]],
  ])("refuses %s %s %s as %s", (method, path, body, kind, at) => {
    expect(check(method, path, body)).toMatchObject({ kind, path: at })
  })
})
