/** Literals of OData, as keys and filters hold them. */
import { NAMESPACE } from "./Model.ts"

export type Literal =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "number"; readonly text: string }
  | { readonly kind: "time"; readonly text: string; readonly millis: number }
  | { readonly kind: "guid"; readonly text: string }
  | { readonly kind: "enum"; readonly enumeration: string; readonly text: string }
  | { readonly kind: "boolean"; readonly text: string }
  | { readonly kind: "null"; readonly text: "" }

type Reader = readonly [pattern: RegExp, read: (match: RegExpExecArray) => Literal]

const READERS: ReadonlyArray<Reader> = [
  [/'((?:[^']|'')*)'/y, ([, inside = ""]) => ({ kind: "text", text: inside.replaceAll("''", "'") })],
  [
    new RegExp(`${NAMESPACE.replaceAll(".", "\\.")}\\.(\\w+)'((?:[^']|'')*)'`, "y"),
    ([, enumeration = "", text = ""]) => ({ kind: "enum", enumeration, text }),
  ],
  [
    /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,7})?)?(?:Z|[+-]\d{2}:\d{2})/y,
    ([text]) => ({ kind: "time", text, millis: Date.parse(text) }),
  ],
  [/[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/y, ([text]) => ({ kind: "guid", text: text.toLowerCase() })],
  [/-?\d+(?:\.\d+)?(?![\w-])/y, ([text]) => ({ kind: "number", text })],
  [/(?:true|false)(?!\w)/y, ([text]) => ({ kind: "boolean", text })],
  [/null(?!\w)/y, () => ({ kind: "null", text: "" })],
]

/** The literal at a place, and where it ends. */
export const at = (source: string, place: number): readonly [Literal, end: number] | undefined => {
  for (const [pattern, read] of READERS) {
    pattern.lastIndex = place
    const match = pattern.exec(source)
    if (match !== null) return [read(match), place + match[0].length]
  }
  return undefined
}
