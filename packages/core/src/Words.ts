/** A vendor's words for states and kinds beside ours. The tenant's own words come first; an unknown word is `other`. */

/** The vendor's word to ours. */
export type Words = { readonly [vendor: string]: string }

/** What `coded` values look like: our word and the vendor's. */
export interface Coded<Code extends string> {
  readonly code: Code | "other"
  readonly raw: string
}

/** Our word; undefined when none is known. Built-in words may be listed in small letters, then any casing finds them. */
export const lookUp = (raw: string, own: Words | undefined, builtIn: Words): string | undefined =>
  own?.[raw] ?? builtIn[raw] ?? builtIn[raw.toLowerCase()]

/** The vendor's word with ours beside it, if ours is one of the codes. What is absent stays so, and what is empty. */
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
