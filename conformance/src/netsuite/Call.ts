/** One request as the routes see it: signed in, within the limits, and fitting the description. */
import type { TwinReply, TwinRequest } from "../twin/Twin.ts"
import * as Errors from "./Errors.ts"
import type { View } from "./Render.ts"
import { RECORDS } from "./Spec.ts"
import type { Level } from "./State.ts"
import type { NetSuiteWorld } from "./World.ts"

export interface Call {
  readonly world: NetSuiteWorld
  readonly request: TwinRequest
  readonly origin: string
  /** Seeded; in [0, 1). */
  readonly random: () => number
}

export const viewOf = ({ origin, request, world }: Call): View => ({
  world,
  base: `${origin}${RECORDS}`,
  expand: request.url.searchParams.get("expandSubResources") === "true",
  bareEnums: request.url.searchParams.get("simpleEnumFormat") === "true",
})

const RANKS: Readonly<Record<Level, number>> = { none: 0, view: 1, full: 2 }

export const may = (world: NetSuiteWorld, type: string, level: Level): boolean =>
  RANKS[world.state.role.levels[type] ?? "full"] >= RANKS[level]

export const permit = ({ world }: Call, type: string, level: Level): void => {
  if (!may(world, type, level)) throw Errors.noPermission(world.knobs.forbidden)
}

export const json = (status: number, body: unknown): TwinReply => ({
  status,
  headers: { "content-type": "application/json; charset=UTF-8" },
  body,
})

export const resource = (type: "singular" | "collection", body: unknown): TwinReply => ({
  status: 200,
  headers: { "content-type": `application/vnd.oracle.resource+json; type=${type}; charset=UTF-8` },
  body,
})

export const prefers = (request: TwinRequest, preference: string): boolean =>
  (request.headers.get("prefer") ?? "")
    .split(",")
    .map((one) => one.trim().replaceAll('"', ""))
    .includes(preference)

export interface Page<A> {
  readonly items: ReadonlyArray<A>
  readonly envelope: {
    readonly links: ReadonlyArray<{ readonly rel: string; readonly href: string }>
    readonly count: number
    readonly hasMore: boolean
    readonly offset: number
    readonly totalResults: number
  }
}

/** Cuts a page; the links name the one before and the one after. */
export const page = <A>({ origin, request }: Call, all: ReadonlyArray<A>, greatest: number): Page<A> => {
  const limit = Number(request.url.searchParams.get("limit") ?? greatest)
  const offset = Number(request.url.searchParams.get("offset") ?? "0")
  if (limit < 1 || limit > greatest) throw Errors.badParameter(`The limit must be between 1 and ${greatest}.`, "limit")
  if (offset % limit !== 0) throw Errors.badParameter("The offset must be divisible by the limit.", "offset")
  const items = all.slice(offset, offset + limit)
  const hasMore = offset + limit < all.length
  const at = (rel: string, from: number) => {
    const url = new URL(request.url)
    url.searchParams.set("limit", String(limit))
    url.searchParams.set("offset", String(from))
    return { rel, href: `${origin}${url.pathname}${url.search}` }
  }
  const last = Math.max(0, Math.ceil(all.length / limit) - 1) * limit
  const links = [
    { rel: "self", href: `${origin}${request.url.pathname}${request.url.search}` },
    ...(offset > 0 ? [at("first", 0), at("prev", offset - limit)] : []),
    ...(hasMore ? [at("next", offset + limit), at("last", last)] : []),
  ]
  return { items, envelope: { links, count: items.length, hasMore, offset, totalResults: all.length } }
}
