/** The vendor's words for states and kinds beside ours. An account's own words come first; an unknown word is `other`. */
import type { Words } from "../Config.ts"

/** What `coded` values look like: our word and the vendor's. */
export interface Coded<Code extends string> {
  readonly code: Code | "other"
  readonly raw: string
}

const lookUp = (raw: string, own: Words | undefined, builtIn: Words): string | undefined =>
  own?.[raw] ?? builtIn[raw] ?? builtIn[raw.toLowerCase()]

/**
 * A status as a query shows it: a letter, which is the same in every language, and its label, which is not. The letter may
 * come with its type, `SalesOrd:A`, and so may the label, `Sales Order : Pending Approval`.
 */
export interface Status {
  readonly letter: string | null | undefined
  readonly label: string | null | undefined
}

const tail = (text: string | null | undefined): string | undefined =>
  text === undefined || text === null ? undefined : text.slice(text.lastIndexOf(":") + 1).trim()

/** What is shown of a status: its label where there is one. */
export const rawOf = ({ label, letter }: Status): string | undefined => tail(label) || tail(letter) || undefined

/** Our word of a status, by the account's own words, the label, the letter; undefined when none is known. */
export const statusWord = (status: Status, own: Words | undefined, builtIn: Words): string | undefined => {
  const [label, letter] = [tail(status.label), tail(status.letter)]
  return (
    (label === undefined ? undefined : lookUp(label, own, builtIn)) ??
    (letter === undefined ? undefined : lookUp(letter, own, builtIn))
  )
}

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
