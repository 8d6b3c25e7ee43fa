/** From the descriptions of one system to a module that its twin validates requests against. */
import type { Document } from "./Source.ts"

export const generate = (documents: ReadonlyArray<{ readonly name: string; readonly document: Document }>): string => {
  const members = documents.map(
    ({ document, name }) => `  ${JSON.stringify(name)}: ${JSON.stringify(withoutProse(document))},`,
  )
  return `import type { Document } from "../twin/SpecValidator.ts"

export const documents: { readonly [name: string]: Document } = {
${members.join("\n")}
}
`
}

/** Titles and descriptions are for readers of the specs; a validator has no use for them. */
const withoutProse = (node: unknown, inProperties = false): unknown => {
  if (Array.isArray(node)) return node.map((item) => withoutProse(item))
  if (typeof node !== "object" || node === null) return node
  const kept: { [key: string]: unknown } = {}
  for (const [key, value] of Object.entries(node)) {
    const prose = !inProperties && (key === "description" || key === "summary") && typeof value === "string"
    if (!prose) kept[key] = withoutProse(value, key === "properties" && !inProperties)
  }
  return kept
}
