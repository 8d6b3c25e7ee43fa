/** The declared API as a vendor: who comes in, how often, and what is done for them. */
import type * as Faults from "../twin/Faults.ts"
import type { Quirk, TwinClock, TwinReply, TwinRequest, Vendor } from "../twin/Twin.ts"
import * as Access from "./Access.ts"
import type { Declaration, Limit } from "./Declaration.ts"
import * as Lists from "./Lists.ts"
import * as Problems from "./Problems.ts"
import * as Rates from "./Rates.ts"
import { type KitWorld, make as makeWorld, State } from "./World.ts"
import * as Writes from "./Writes.ts"

interface Route {
  readonly collection: string
  /** What stands behind the path of the collection. */
  readonly rest: ReadonlyArray<string>
}

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new Problems.Refused({ code: "notFound", message: "the path cannot be read" })
  }
}

const routeOf = ({ base = "", collections }: Declaration, path: string): Route | undefined => {
  if (!path.startsWith(`${base}/`)) return undefined
  const below = path.slice(base.length + 1)
  const hits = Object.entries(collections).flatMap(([collection, { path: own = collection }]) => {
    if (below !== own && !below.startsWith(`${own}/`)) return []
    const rest = below.slice(own.length + 1)
    return [{ collection, length: own.length, rest: rest === "" ? [] : rest.split("/").map(decoded) }]
  })
  return hits.sort((a, b) => b.length - a.length)[0]
}

const nowhere = (): never => {
  throw new Problems.Refused({ code: "notFound", message: "there is nothing under this path and method" })
}

const ofList = (state: State, name: string, request: TwinRequest): TwinReply => {
  if (request.method === "GET") return Lists.list(state, name, request)
  const { create } = state.collection(name)
  return request.method === "POST" && create !== false ? Writes.create(state, name, request) : nowhere()
}

const ofRecord = (state: State, name: string, id: string, request: TwinRequest): TwinReply => {
  const { delete: deletes, update = { method: "PATCH" as const } } = state.collection(name)
  if (request.method === "GET") return Writes.read(state, name, id)
  if (update !== false && request.method === update.method) return Writes.update(state, name, id, request)
  if (request.method === "DELETE" && deletes !== undefined && deletes !== false) {
    return Writes.remove(state, name, id, request)
  }
  return nowhere()
}

const served = (state: State, request: TwinRequest): TwinReply => {
  const route = routeOf(state.declaration, request.path)
  if (route === undefined) return nowhere()
  const { collection: name, rest } = route
  const [first, second, ...more] = rest
  if (first === undefined) return ofList(state, name, request)
  if (second === undefined) return ofRecord(state, name, first, request)
  const { upsertBy } = state.collection(name)
  const isUpsert = more.length === 0 && upsertBy?.path === first && request.method === "PUT"
  return isUpsert ? Writes.upsert(state, name, second, request) : nowhere()
}

const retryAfterOf = (limits: ReadonlyArray<Limit> | undefined): Readonly<Record<string, string>> =>
  limits?.some(({ retryAfter }) => retryAfter === "none") === true ? {} : { "retry-after": "1" }

/** A fault of the deck in the words of this vendor. */
const worded = (declaration: Declaration, fault: Faults.Fault): TwinReply | undefined => {
  const { errors, limits } = declaration
  switch (fault.kind) {
    case "throttle": {
      const headers = fault.retryAfter === undefined ? {} : { "retry-after": fault.retryAfter }
      return Problems.reply(errors, { code: "throttled", message: "too many requests" }, headers)
    }
    case "unauthorized":
      return Problems.reply(errors, { code: "unauthorized", message: "the credentials were refused" })
    case "errorAfter":
    case "errorBefore": {
      const code = fault.status === 429 ? "throttled" : "unavailable"
      const headers = fault.status === 429 ? retryAfterOf(limits) : {}
      return Problems.reply(errors, { code, status: fault.status, message: "something went wrong here" }, headers)
    }
    default:
      return undefined
  }
}

/** What nobody graded is assumed, and the page of the twin says so. */
const quirksOf = ({ name, quirks = [] }: Declaration): ReadonlyArray<Quirk> => [
  ...quirks,
  ...(quirks.length > 0
    ? []
    : [{ id: `${name}/declared`, says: "all of it", grade: "assumed", source: "the declaration" } as const]),
]

export const make = (declaration: Declaration, clock: TwinClock): Vendor<KitWorld> => {
  const state = new State(declaration, clock)
  const rates = Rates.make(declaration.limits ?? [])
  return {
    name: declaration.name,
    origin: declaration.origin,
    secret: Access.secret(declaration),
    world: makeWorld(state),
    quirks: quirksOf(declaration),
    handle: async (request, context) => {
      try {
        if (Access.isTokenRequest(declaration, request)) return Access.token(state, request)
        Access.admit(state, request)
        return await rates.within(request, context, () => served(state, request))
      } catch (error) {
        if (error instanceof Problems.Refused) return Problems.reply(declaration.errors, error.problem, error.headers)
        throw error
      }
    },
    wordFault: (fault) => worded(declaration, fault),
  }
}
