/** Reads a description file and remembers which bytes it was made of. */
import { createHash } from "node:crypto"
import { readFile } from "node:fs/promises"
import { parse } from "yaml"

export interface Document {
  readonly openapi: string
  readonly paths: { readonly [template: string]: unknown }
  readonly [member: string]: unknown
}

export interface Source {
  readonly document: Document
  /** First twelve hex digits of the SHA-256 of the file. */
  readonly digest: string
}

const isDocument = (value: unknown): value is Document =>
  typeof value === "object" && value !== null && "openapi" in value && "paths" in value

export const read = async (file: string): Promise<Source> => {
  const bytes = await readFile(file)
  const document: unknown = parse(bytes.toString("utf8"))
  if (!isDocument(document)) throw new Error(`${file}: expected an OpenAPI document with \`openapi\` and \`paths\``)
  return { document, digest: createHash("sha256").update(bytes).digest("hex").slice(0, 12) }
}
