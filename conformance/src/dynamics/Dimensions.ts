/**
 * Financial dimensions as one text: segments in the order of the active format with a delimiter between, which a value that
 * holds it escapes by a backslash. Kept by dimension, so that another format shows the same values in another order.
 */
import type { Cell } from "./Record.ts"

/** Whether a field holds such a text. */
export const isSet = (field: string): boolean =>
  /(?:Default(?:Ledger)?DimensionDisplayValue|DefaultDimensionsFor\w+DisplayValue)$/.test(field)

/** An account of the ledger with its dimensions. */
export const isLedgerAccount = (field: string): boolean => /^MainAccount(?:Id)?DisplayValue$/.test(field)

/** An account of a customer, which is one segment. */
export const isAccount = (field: string): boolean => field === "AccountDisplayValue"

export const escaped = (value: string, delimiter: string): string =>
  value.replaceAll("\\", "\\\\").replaceAll(delimiter, `\\${delimiter}`)

/** The segments of a text, with escapes undone. */
export const segments = (text: string, delimiter: string): ReadonlyArray<string> => {
  const parts: Array<string> = []
  let part = ""
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at)
    if (char === "\\" && at + 1 < text.length) {
      at += 1
      part += text.charAt(at)
    } else if (char === delimiter) {
      parts.push(part)
      part = ""
    } else part += char
  }
  return [...parts, part]
}

export interface Format {
  readonly dimensions: ReadonlyArray<string>
  readonly delimiter: string
}

/** The text to a cell; undefined when it has more segments than the format. */
export const parse = (text: string, format: Format): Cell | undefined => {
  if (text === "") return ""
  const parts = segments(text, format.delimiter)
  if (parts.length > format.dimensions.length) return undefined
  const values = parts.flatMap((part, place) => (part === "" ? [] : [[format.dimensions[place] ?? "", part]]))
  return values.length === 0 ? "" : JSON.stringify(Object.fromEntries(values))
}

export const valuesOf = (cell: Cell): Readonly<Record<string, string>> =>
  cell === null || cell === "" ? {} : (JSON.parse(cell) as Record<string, string>)

/** Dimensions outside the format are not shown; unset ones between are empty. */
export const render = (cell: Cell, format: Format): string => {
  if (cell === null || cell === "") return ""
  const values = valuesOf(cell)
  return format.dimensions.map((name) => escaped(values[name] ?? "", format.delimiter)).join(format.delimiter)
}
