/** The routes of a document in v1 and v2 of Frappe's REST API, with the document's own type. */
import type { OpenApi31, Schema } from "../Description.ts"
import { refTo } from "../internal/schemas.ts"

const TEXT: Schema = { type: "string" }
const COUNT: Schema = { type: "integer", format: "int32", minimum: 0 }

const query = (name: string, schema: Schema) => ({ name, in: "query", schema })
const NAME = { name: "name", in: "path", required: true, schema: TEXT }

const json = (schema: Schema) => ({ content: { "application/json": { schema } } })
const data = (schema: Schema): Schema => ({ type: "object", required: ["data"], properties: { data: schema } })
const answer = (description: string, schema: Schema) => ({ description, ...json(data(schema)) })

const FAILURES = { default: { description: "Refused or failed.", ...json(refTo("FrappeError")) } }

export const schemas: { readonly [name: string]: Schema } = {
  FrappeError: {
    type: "object",
    properties: {
      exc_type: TEXT,
      exception: TEXT,
      exc: TEXT,
      _server_messages: TEXT,
      errors: {
        type: "array",
        items: { type: "object", properties: { type: TEXT, message: TEXT, title: TEXT, exception: TEXT } },
      },
    },
  },
}

const FILTERS = ["fields", "filters", "order_by", "group_by"].map((name) => query(name, TEXT))

const encoded = (doctype: string): string => encodeURIComponent(doctype)

export const pathsOf = (doctype: string): readonly [string, string] => [
  `/api/resource/${encoded(doctype)}`,
  `/api/v2/document/${encoded(doctype)}`,
]

const collection = (schema: Schema, paging: ReadonlyArray<string>, id: string) => ({
  get: {
    operationId: `${id}.list`,
    parameters: [...FILTERS, ...paging.map((name) => query(name, COUNT))],
    responses: { "200": answer("A page of documents.", { type: "array", items: schema }), ...FAILURES },
  },
  post: {
    operationId: `${id}.create`,
    requestBody: { required: true, ...json(schema) },
    responses: { "200": answer("The document as it now stands.", schema), ...FAILURES },
  },
})

const single = (schema: Schema, method: "put" | "patch", id: string) => ({
  parameters: [NAME],
  get: { operationId: `${id}.get`, responses: { "200": answer("The document.", schema), ...FAILURES } },
  [method]: {
    operationId: `${id}.update`,
    requestBody: { required: true, ...json(schema) },
    responses: { "200": answer("The document as it now stands.", schema), ...FAILURES },
  },
  delete: { operationId: `${id}.remove`, responses: { "202": answer("Deleted.", TEXT), ...FAILURES } },
})

export const of = (doctype: string, schema: Schema): OpenApi31["paths"] => {
  const [v1, v2] = pathsOf(doctype)
  return {
    [v1]: collection(schema, ["limit_start", "limit_page_length"], `v1.${encoded(doctype)}`),
    [`${v1}/{name}`]: single(schema, "put", `v1.${encoded(doctype)}`),
    [v2]: collection(schema, ["start", "limit"], `v2.${encoded(doctype)}`),
    [`${v2}/{name}`]: single(schema, "patch", `v2.${encoded(doctype)}`),
  }
}
