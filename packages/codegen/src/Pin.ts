/**
 * A description kept in a file, to compare later ones with: the one document, the facts of each entity, and where they came
 * from. It is written beside the types and read again as format `pin`.
 */
import type { ApiDocument } from "./Description.ts"
import { fail } from "./internal/fail.ts"
import { isObject, type JsonObject } from "./internal/json.ts"
import { sorted } from "./internal/sorted.ts"

/** Of the form of this file, not of the package. */
const FORM = 1

/** The same description always gives the same text. */
export const encode = (document: ApiDocument, generated: string): string =>
  `${JSON.stringify({ generated, mortise: FORM, ...(sorted(document) as object) }, null, 1)}\n`

export const decode = (parsed: JsonObject, name: string): ApiDocument => {
  const { mortise, generated: _generated, ...document } = parsed
  if (mortise !== FORM) {
    return fail(
      "WrongFormat",
      `${name} was pinned in form ${String(mortise)}; form ${FORM} is read. Generate it again`,
      name,
    )
  }
  if (!isObject(document["openapi31"]) || !Array.isArray(document["entities"]) || !isObject(document["source"])) {
    return fail("NotADescription", `${name} is no whole pinned description; generate it again`, name)
  }
  return document as unknown as ApiDocument
}
