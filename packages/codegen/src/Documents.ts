/** From the descriptions of one system to a module that its twin validates requests against. */
import type { Document } from "./Source.ts"

export const generate = (documents: ReadonlyArray<{ readonly name: string; readonly document: Document }>): string => {
  const members = documents.map(
    ({ document, name }) => `  ${JSON.stringify(name)}: ${JSON.stringify(slim(requestParts(document)))},`,
  )
  return `import type { Document } from "../twin/SpecValidator.ts"

export const documents: { readonly [name: string]: Document } = {
${members.join("\n")}
}
`
}

/** A validator of requests reads no more than these. */
const requestParts = ({ components, paths }: Document) => (components === undefined ? { paths } : { paths, components })

type Node = { readonly [key: string]: unknown }

/** `nullable` of OpenAPI 3.0 in the words of JSON Schema 2020-12, which is what the validator speaks. */
const modern = ({ nullable, ...schema }: Node): Node => {
  if (nullable !== true) return schema
  if (typeof schema["type"] === "string") return { ...schema, type: [schema["type"], "null"] }
  return { anyOf: [schema, { type: "null" }] }
}

/** Without titles and descriptions, which are for readers of the specs; `named` are maps whose keys are names. */
const slim = (node: unknown, named = false): unknown => {
  if (Array.isArray(node)) return node.map((item) => slim(item))
  if (typeof node !== "object" || node === null) return node
  const kept: { [key: string]: unknown } = {}
  for (const [key, value] of Object.entries(node)) {
    if (!named && (key === "description" || key === "summary") && typeof value === "string") continue
    kept[key] = slim(value, key === "properties" && !named)
  }
  return named ? kept : modern(kept)
}
