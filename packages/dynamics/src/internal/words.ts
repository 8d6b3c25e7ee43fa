/** The vendor's words for states and kinds beside ours. A tenant's own words come first; an unknown word is `other`. */
import type { Words } from "../Config.ts"

/** What `coded` values look like: our word and the vendor's. */
export interface Coded<Code extends string> {
  readonly code: Code | "other"
  readonly raw: string
}

export const lookUp = (raw: string, own: Words | undefined, builtIn: Words): string | undefined =>
  own?.[raw] ?? builtIn[raw] ?? builtIn[raw.toLowerCase()]

export const coded = <Code extends string>(
  raw: string | null | undefined,
  codes: ReadonlyArray<Code>,
  words: { readonly own: Words | undefined; readonly builtIn: Words },
): Coded<Code> | null | undefined => {
  if (raw === undefined || raw === null) return raw
  const word = lookUp(raw, words.own, words.builtIn)
  const code = codes.find((each) => each === word)
  return { code: code ?? "other", raw }
}
