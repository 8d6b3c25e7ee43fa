/** What a request says: where it goes, its parameters from address and body together. */
import * as Json from "@mortise/core/Json"
import type { TwinRequest } from "../twin/Twin.ts"
import { crash } from "./Errors.ts"
import { parseJson } from "./query/Conditions.ts"

export type Params = Readonly<Record<string, unknown>>

const bodyOf = (request: TwinRequest): Params => {
  const type = request.headers.get("content-type") ?? ""
  if (request.body === "") return {}
  if (/form-urlencoded/.test(type)) return Object.fromEntries(new URLSearchParams(request.body))
  if (!/json/.test(type)) return {}
  const parsed = parseJson(request.body)
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw crash("ValueError", "dictionary update sequence element #0 has length 1; 2 is required")
  }
  return parsed as Params
}

/** The body wins. */
export const params = (request: TwinRequest): Params => ({
  ...Object.fromEntries(request.url.searchParams),
  ...bodyOf(request),
})

/** The body alone: what is written into a document. */
export const body = bodyOf

export const text = (given: Params, name: string): string => {
  const value = given[name]
  if (value === undefined || value === null) return ""
  return value instanceof Json.JsonNumber ? value.text : typeof value === "string" ? value : Json.stringify(value)
}

/** A value, or JSON of one. */
export const json = (given: Params, name: string): unknown => {
  const value = given[name]
  return typeof value === "string" && /^\s*[[{"]/.test(value) ? parseJson(value) : value
}

export const whole = (given: Params, name: string): number | undefined => {
  const value = text(given, name)
  return value === "" ? undefined : Math.max(0, Math.trunc(Number(value)) || 0)
}

/** `fields` of a list: JSON, or names with commas between. */
export const fields = (given: Params): ReadonlyArray<unknown> | undefined => {
  const value = json(given, "fields")
  if (value === undefined || value === null || value === "") return undefined
  if (Array.isArray(value)) return value
  return typeof value === "string" ? value.split(",").map((one) => one.trim()) : [value]
}

/** Every part decoded; a name may hold slashes, encoded or not. */
export const segments = (path: string): ReadonlyArray<string> =>
  path.split("/").map((part) => {
    try {
      return decodeURIComponent(part)
    } catch {
      return part
    }
  })
