/**
 * Lays a patch over a record: what is not sent stays, null clears, keyed sublists are merged by their key, others are
 * added to. Oracle: help, sections 1545295601, 1545297048, 161488248489, 1545142173.
 */
import * as Amount from "./Amount.ts"
import * as Errors from "./Errors.ts"
import * as Lines from "./forms/Lines.ts"
import type { Knobs } from "./Knobs.ts"
import type { Patch } from "./Patch.ts"
import type { Doc, Line, Row } from "./Record.ts"
import * as Record from "./Record.ts"

export interface How {
  /** Sublists, and with `selected` fields, that the request replaces as a whole. */
  readonly replace: ReadonlySet<string>
  readonly selected: boolean
  readonly knobs: Knobs
}

type KeyOf = (row: Patch | Line) => string | undefined

const field =
  (name: string): KeyOf =>
  (row) => {
    const cell = row.fields[name]
    return typeof cell === "string" ? cell : undefined
  }

const priceKey: KeyOf = (row) =>
  ["currencyPage", "priceLevel", "priceQty"].map((name) => row.fields[name] ?? "").join(" ")

/** What tells the rows of a sublist apart; undefined for one that is always added to. */
const keyOf = (sub: string, knobs: Knobs): KeyOf | undefined => {
  switch (sub) {
    case "item":
      return field("line")
    case "apply":
      return field("doc")
    case "price":
      return priceKey
    case "currencyList":
      return field("currency")
    case "contactRoles":
      return field("contact")
    case "addressBook":
      return knobs.addressBookKeyed ? field("internalId") : undefined
    case "subsidiary":
    case "category":
      return field("id")
    default:
      return undefined
  }
}

const newLine = (doc: Doc, sub: string): Line => {
  doc.lastLine += 1
  const made = Record.line(String(doc.lastLine))
  if (sub === "item") made.fields["line"] = made.key
  if (sub === "addressBook") {
    made.fields["internalId"] = made.key
    made.fields["id"] = made.key
  }
  return made
}

const isBilled = (line: Line): boolean => !Amount.isZero(Record.text(line, "quantityBilled"))

const refuseLoss = (sub: string, lost: ReadonlyArray<Line>): void => {
  if (sub === "item" && lost.some(isBilled)) {
    throw Errors.userError("You cannot remove a line that has been billed or fulfilled.", "item")
  }
}

const mergeRows = (doc: Doc, sub: string, rows: ReadonlyArray<Patch>, how: How): void => {
  const key = keyOf(sub, how.knobs)
  const kept: Array<Line> = [...Record.lines(doc, sub)]
  const touched = new Set<Line>()
  for (const row of rows) {
    const wanted = key?.(row)
    const found = wanted === undefined ? undefined : kept.find((one) => key?.(one) === wanted)
    if (found === undefined && sub === "item" && wanted !== undefined) {
      throw Errors.badValue(how.knobs.badValueCode, wanted, "line", "item.line")
    }
    const line = found ?? newLine(doc, sub)
    if (found === undefined) kept.push(line)
    touched.add(line)
    if (sub === "item") Lines.forget(line, row)
    overlay(line, row)
  }
  const replaced = how.replace.has(sub)
  if (replaced)
    refuseLoss(
      sub,
      kept.filter((one) => !touched.has(one)),
    )
  doc.subs[sub] = replaced ? kept.filter((one) => touched.has(one)) : kept
}

const overlay = (row: Row, patch: Patch): void => {
  Object.assign(row.fields, patch.fields)
  for (const [name, part] of Object.entries(patch.parts)) {
    if (part === null) {
      delete row.parts[name]
      continue
    }
    row.parts[name] ??= Record.row()
    overlay(row.parts[name], part)
  }
}

export const apply = (doc: Doc, patch: Patch, how: How): void => {
  if (how.selected) {
    for (const name of how.replace) if (!(name in patch.fields) && name in doc.fields) doc.fields[name] = null
  }
  overlay(doc, patch)
  for (const [sub, rows] of Object.entries(patch.subs)) {
    if (rows !== null) mergeRows(doc, sub, rows, how)
    else {
      refuseLoss(sub, Record.lines(doc, sub))
      doc.subs[sub] = []
    }
  }
}
