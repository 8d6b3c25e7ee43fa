/** From one OpenAPI document to the types of its client, by `openapi-typescript`. */
import openapiTS, { astToString, type OpenAPI3, type SchemaObject } from "openapi-typescript"
import ts from "typescript"

const exactNumber = ts.factory.createTypeReferenceNode("JsonNumber")

/** A number of a record keeps its digits; a number in a query is ours and stays a number. */
const exact = (schema: SchemaObject, at: string | undefined): ts.TypeNode | undefined => {
  if (at === undefined || !at.startsWith("#/components/schemas/")) return undefined
  if (schema.type !== "number" && schema.type !== "integer") return undefined
  const nullable = "nullable" in schema && schema["nullable"] === true
  return nullable
    ? ts.factory.createUnionTypeNode([exactNumber, ts.factory.createLiteralTypeNode(ts.factory.createNull())])
    : exactNumber
}

export const generate = async (document: OpenAPI3, numbers: "native" | "exact"): Promise<string> => {
  const nodes = await openapiTS(document, {
    alphabetize: true,
    silent: true,
    ...(numbers === "exact" ? { transform: (schema, { path }) => exact(schema, path) } : {}),
  })
  const header = numbers === "exact" ? 'import type { JsonNumber } from "@mortise/core/Json"\n\n' : ""
  return header + astToString(nodes)
}
