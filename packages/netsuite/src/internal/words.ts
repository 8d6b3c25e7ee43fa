/** The account's words for states beside ours. An account's own words come first. */
import { lookUp } from "@mortise/core/Words"
import type { Words } from "../Config.ts"

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
