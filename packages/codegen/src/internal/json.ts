/** Parses JSON and YAML, and says in which way a text is neither. */
import { isAlias, isScalar, LineCounter, parseDocument, visit } from "yaml"
import { fail, quoted } from "./fail.ts"

export type Json = null | boolean | number | string | ReadonlyArray<Json> | { readonly [member: string]: Json }
export type JsonObject = { readonly [member: string]: Json }

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const objectsOf = (value: unknown): ReadonlyArray<JsonObject> =>
  Array.isArray(value) ? value.filter(isObject) : []

export const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined)

/** Beyond this the YAML parser takes minutes. */
export const YAML_LIMIT = 32 * 1024 * 1024

const QUOTE = 34
const BACKSLASH = 92

const endOfString = (text: string, start: number): number => {
  let at = start + 1
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === BACKSLASH) at++
    else if (code === QUOTE) break
  }
  return at
}

interface Level {
  readonly names: Set<string> | undefined
  readonly path: string
  name: string
}

/** The path of the first member that an object has twice; `JSON.parse` would silently take the later one. */
const repeated = (text: string): string | undefined => {
  const levels: Array<Level> = []
  let expectsName = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    const level = levels.at(-1)
    if (char === '"') {
      const end = endOfString(text, at)
      if (expectsName && level?.names !== undefined) {
        level.name = text.slice(at + 1, end)
        if (level.names.has(level.name)) return `${level.path}/${level.name}`
        level.names.add(level.name)
        expectsName = false
      }
      at = end
    } else if (char === "{" || char === "[") {
      const path =
        level === undefined ? "" : level.names === undefined ? `${level.path}/*` : `${level.path}/${level.name}`
      levels.push({ names: char === "{" ? new Set() : undefined, path, name: "" })
      expectsName = char === "{"
    } else if (char === "}" || char === "]") {
      levels.pop()
      expectsName = false
    } else if (char === ",") expectsName = level?.names !== undefined
  }
  return undefined
}

/** Whether the text stops while something is open, in which case the rest of it is missing. */
const endsOpen = (text: string): boolean => {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (char === '"') {
      at = endOfString(text, at)
      if (at >= text.length) return true
    } else if (char === "{" || char === "[") depth++
    else if (char === "}" || char === "]") depth--
  }
  return depth > 0
}

const parseJson = (text: string, at: string): Json => {
  let value: Json
  try {
    value = JSON.parse(text) as Json
  } catch (error) {
    // A template begins with a brace as well, and may leave any open.
    if (!/^\s*\{[%{#]/.test(text) && endsOpen(text)) {
      return fail("Truncated", `${at} ends in the middle, after ${text.length} characters; fetch it again`, at)
    }
    return fail("NotADescription", `${at} begins like JSON and is none: ${(error as Error).message}`, at)
  }
  const twice = repeated(text)
  if (twice !== undefined) {
    const name = twice.slice(twice.lastIndexOf("/") + 1)
    const what = /\/(?:schemas|definitions)\/[^/]+$/.test(twice) ? "describes the schema" : "has the member"
    return fail(
      "DuplicateSchema",
      `${at} ${what} ${quoted(name)} twice; only one of the two can be meant`,
      `${at}#${twice}`,
    )
  }
  return value
}

const ALIASES = 1000

const parseYaml = (text: string, at: string): Json => {
  if (text.length > YAML_LIMIT) {
    const megabytes = Math.round(text.length / 1024 / 1024)
    return fail("TooLarge", `${at} is ${megabytes} MB of YAML; the limit is 32 MB. Ask for it as JSON`, at)
  }
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, merge: false })
  const [error] = document.errors
  if (error !== undefined) {
    const place = lines.linePos(error.pos[0])
    const where = `${at}:${place.line}:${place.col}`
    if (error.code === "DUPLICATE_KEY") {
      const key = /^\s*"?([^":\n]+)/.exec(text.slice(error.pos[0]))?.[1] ?? ""
      return fail("DuplicateSchema", `${where}: ${quoted(key)} is there twice; only one of the two can be meant`, where)
    }
    return fail("NotADescription", `${where} is neither JSON, YAML nor XML: ${error.message.split("\n")[0]}`, where)
  }
  let aliases = 0
  visit(document, { Alias: () => void aliases++ })
  if (aliases > ALIASES) return fail("Refused", `${at} has ${aliases} aliases; at most ${ALIASES} are followed`, at)
  if (isScalar(document.contents) || isAlias(document.contents) || document.contents === null) {
    return fail("NotADescription", `${at} is no description: it begins with ${quoted(text.slice(0, 80))}`, at)
  }
  return document.toJS({ maxAliasCount: ALIASES }) as Json
}

/** Without the mark that some servers put before their text. */
export const withoutMark = (text: string): string => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)

export const parse = (given: string, at: string): Json => {
  const text = withoutMark(given)
  const first = /\S/.exec(text)?.[0]
  if (first === undefined) return fail("NotADescription", `${at} is empty`, at)
  return first === "{" || first === "[" ? parseJson(text, at) : parseYaml(text, at)
}
