/** How the database compares text, which nobody has stated for every environment. */
import type { Knobs } from "./Knobs.ts"

export type Collation = Knobs["collation"]

/** The text by which two values are equal. */
export const key = (collation: Collation, text: string): string => (collation === "exact" ? text : text.toLowerCase())

/** The text by which values are ordered: word sorts pass over dashes and apostrophes at first. */
const orderKey = (collation: Collation, text: string): string =>
  collation === "words" ? key(collation, text).replaceAll(/[-']/g, "") : key(collation, text)

export const compare = (collation: Collation, a: string, b: string): number => {
  const [left, right] = [orderKey(collation, a), orderKey(collation, b)]
  if (left !== right) return left < right ? -1 : 1
  const [first, second] = [key(collation, a), key(collation, b)]
  return first < second ? -1 : first > second ? 1 : 0
}

const escapeRegExp = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&")

/** A star anywhere in a literal stands for any text, asked for or not. */
export const matcher = (collation: Collation, literal: string): ((text: string) => boolean) => {
  if (!literal.includes("*")) {
    const wanted = key(collation, literal)
    return (text) => key(collation, text) === wanted
  }
  const pattern = new RegExp(`^${escapeRegExp(literal).replaceAll("*", "[^]*")}$`, collation === "exact" ? "" : "i")
  return (text) => pattern.test(text)
}
