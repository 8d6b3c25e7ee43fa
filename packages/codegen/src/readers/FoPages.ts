/** The pages in which Finance & Operations serves its lists: one of many is not the whole. */
import { fail, quoted } from "../internal/fail.ts"
import { isObject, type Json, textOf } from "../internal/json.ts"

/** A file with an answer in it. */
export interface Answer {
  readonly name: string
  readonly json: Json
}

interface Page {
  readonly name: string
  readonly rows: number
  readonly next: string | undefined
  /** At which row the next page begins, where its address says so in numbers. */
  readonly skip: number | undefined
}

const skipOf = (link: string): number | undefined => {
  const skip = /[?&](?:\$|%24)skip=(\d+)/i.exec(link)?.[1]
  return skip === undefined ? undefined : Number(skip)
}

const pageOf = ({ json, name }: Answer): ReadonlyArray<Page> => {
  if (!isObject(json) || !Array.isArray(json["value"])) return []
  const next = textOf(json["@odata.nextLink"])
  const skip = next === undefined ? undefined : skipOf(next)
  return [{ name, rows: json["value"].length, next, skip }]
}

/** Of the pages with one after them those whose next one is not there. The last page does not say where it begins. */
const openPages = (pages: ReadonlyArray<Page>): ReadonlyArray<Page> => {
  const waiting = pages.filter(({ next }) => next !== undefined)
  const hasLast = waiting.length < pages.length
  const starts = new Set(waiting.flatMap(({ rows, skip }) => (skip === undefined ? [] : [skip - rows])))
  const open = waiting.filter(({ skip }) => skip === undefined || !starts.has(skip))
  if (!hasLast) return open
  // Where addresses tell nothing, a last page among the files is all that can be asked for.
  const furthest = Math.max(...open.map(({ skip }) => skip ?? 0))
  return open.filter(({ skip }) => skip !== undefined && skip < furthest)
}

/** Fails when the files of one list are not all of its pages. */
export const checkWhole = (answers: ReadonlyArray<Answer>): void => {
  const [open] = openPages(answers.flatMap(pageOf))
  if (open === undefined) return
  const next = open.next?.replace(/^.*\//, "") ?? ""
  const mend = "put it beside the others, or name the address of the instance in place of files"
  fail(
    "Truncated",
    `${open.name} is one page of several, and the next, ${quoted(next)}, is not there: ${mend}`,
    open.name,
  )
}
