/** Holds an answer against what was observed: status, headers, shape, values, and where nulls are. */
import * as Json from "@mortise/core/Json"
import type { Exchange } from "./replay.ts"

/** What differs at every run, and what the server says in its own words. */
const PLACEHOLDERS: { readonly [text: string]: RegExp } = {
  "<text>": /\S/,
  "<stamp>": /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{6})?$/,
  "<time>": /^\d\d:\d\d:\d\d\.\d{6}$/,
  "<time as read>": /^(?!0\d)\d{1,2}:\d\d:\d\d(\.\d*[1-9])?$/,
  "<hash>": /^[0-9a-v]{10}$/,
  "<secret>": /^[\w.]{10,}$/,
}

const written = (value: unknown): string => (value === undefined ? "nothing" : Json.stringify(value))

/** `exception` and its like: the class counts, the words after it do not. */
const sameText = (expected: string, actual: unknown): boolean => {
  const pattern = PLACEHOLDERS[expected]
  if (pattern !== undefined) return typeof actual === "string" && pattern.test(actual)
  if (/^<\d+ (entries|fields)>$/.test(expected)) return actual !== undefined
  const start = /^(.+: )<text>$/.exec(expected)?.[1]
  return start === undefined ? actual === expected : typeof actual === "string" && actual.startsWith(start)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Json.JsonNumber)

const byField = (list: ReadonlyArray<unknown>, name: unknown): unknown =>
  list.find((one) => isRecord(one) && one["fieldname"] === name)

const members = (
  expected: Record<string, unknown>,
  actual: unknown,
  part: boolean,
  at: string,
): ReadonlyArray<string> => {
  if (!isRecord(actual)) return [`${at}: an object, not ${written(actual)}`]
  const extra = part ? [] : Object.keys(actual).filter((name) => !(name in expected))
  return [
    ...Object.entries(expected).flatMap(([name, value]) => differences(value, actual[name], part, `${at}.${name}`)),
    ...extra.map((name) => `${at}.${name}: ${written(actual[name])}, not nothing`),
  ]
}

const items = (expected: ReadonlyArray<unknown>, actual: unknown, part: boolean, at: string): ReadonlyArray<string> => {
  if (!Array.isArray(actual)) return [`${at}: a list, not ${written(actual)}`]
  const fields = part && expected.some((one) => isRecord(one) && "fieldname" in one)
  if (fields) {
    return expected.flatMap((one) => {
      const name = (one as Record<string, unknown>)["fieldname"]
      return differences(one, byField(actual, name), part, `${at}[${String(name)}]`)
    })
  }
  if (expected.some((one) => typeof one === "string" && /^<\d+ (entries|fields)>$/.test(one))) return []
  const counts =
    !part && expected.length !== actual.length ? [`${at}: ${expected.length} rows, not ${actual.length}`] : []
  return [...counts, ...expected.flatMap((one, index) => differences(one, actual[index], part, `${at}.${index}`))]
}

const differences = (expected: unknown, actual: unknown, part: boolean, at: string): ReadonlyArray<string> => {
  if (Array.isArray(expected)) return items(expected, actual, part, at)
  if (isRecord(expected)) return members(expected, actual, part, at)
  if (typeof expected === "string" && sameText(expected, actual)) return []
  return written(expected) === written(actual) ? [] : [`${at}: ${written(expected)}, not ${written(actual)}`]
}

/** Notes travel as JSON in JSON. */
const unpacked = (body: unknown): unknown => {
  if (!isRecord(body) || typeof body["_server_messages"] !== "string") return body
  const notes = Json.parse(body["_server_messages"]) as ReadonlyArray<string>
  return { ...body, _server_messages: notes.map((note) => Json.parse(note)) }
}

const headerOf = (response: Response, name: string): unknown =>
  name === "set-cookie" ? response.headers.getSetCookie().map((one) => one.split("=")[0]) : response.headers.get(name)

/** Cells of any one row of a list are as good as those of another. */
const anyRow = (body: unknown): unknown => {
  if (!isRecord(body) || !Array.isArray(body["data"])) return body
  return {
    ...body,
    data: body["data"].map((row) =>
      isRecord(row) ? Object.fromEntries(Object.keys(row).map((name) => [name, "<any>"])) : row,
    ),
  }
}

export const compare = (
  { anyRow: any, part, reply }: Exchange,
  response: Response,
  body: unknown,
): ReadonlyArray<string> => {
  const status = Number(reply.status.text)
  const shown = (one: unknown) => (any === true ? anyRow(unpacked(one)) : unpacked(one))
  const type = reply.headers?.["content-type"] ?? "application/json"
  return [
    ...(response.status === status ? [] : [`status: ${status}, not ${response.status}`]),
    ...Object.entries({ "content-type": type, ...reply.headers }).flatMap(([name, value]) =>
      differences(value, headerOf(response, name), false, name),
    ),
    ...differences(shown(reply.body), shown(body), part === true, "body"),
  ]
}
