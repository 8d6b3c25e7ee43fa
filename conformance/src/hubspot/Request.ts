/** A request as the operations see it: addressed, authorised and in the shape that the description asks for. */
import type { TwinReply } from "../twin/Twin.ts"
import * as Errors from "./Errors.ts"
import type { Call } from "./Hub.ts"
import type { ObjectType } from "./ObjectTypes.ts"
import * as ObjectTypes from "./ObjectTypes.ts"

export interface Parsed {
  readonly method: string
  readonly url: URL
  readonly params: Readonly<Record<string, string>>
  /** Numbers by their text; undefined without a body. The description was checked before. */
  readonly body: unknown
  readonly bodyLength: number
}

export type Handler = (call: Call, request: Parsed) => TwinReply

export const typeOf = (name: string | undefined): ObjectType => {
  const type = ObjectTypes.find(name ?? "")
  if (type === undefined) throw Errors.validation(`Unable to infer object type from: ${name}`)
  return type
}

/** A comma list, or repeated keys, or both. */
export const listOf = (request: Parsed, name: string): ReadonlyArray<string> =>
  request.url.searchParams
    .getAll(name)
    .flatMap((one) => one.split(","))
    .map((one) => one.trim())
    .filter((one) => one !== "")

export const flag = (request: Parsed, name: string): boolean => request.url.searchParams.get(name) === "true"

/** `limit` of the query, refused beyond what a page holds. */
export const limitOf = (request: Parsed, standard: number, most: number): number => {
  const limit = Number(request.url.searchParams.get("limit") ?? standard)
  if (limit > most) throw Errors.validation(`limit is ${limit}; at most ${most} is allowed.`)
  return limit
}

/** Where links of pages lead: another host than the one that was called, as seen in real answers. */
export const linkTo = (request: Parsed, after: string): string => {
  const next = new URL(request.url)
  next.host = "api.hubspot.com"
  next.searchParams.set("after", after)
  return next.href
}

export const nextPage = (request: Parsed, after: string | undefined) =>
  after === undefined ? {} : { paging: { next: { after, link: linkTo(request, after) } } }
