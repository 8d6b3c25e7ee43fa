/** Refusals for want of resources, by the priority of the application, and the withdrawn limit of each user. */
import type { TwinReply } from "../twin/Twin.ts"
import type { Caller } from "./Entra.ts"
import * as Errors from "./Errors.ts"
import type { DynamicsWorld } from "./World.ts"

const WINDOW = 300_000

const tooMany = (limit: number): string =>
  `Number of requests exeeded the limit of ${limit} over the time window of ${WINDOW / 1000} seconds.`

/** The window slides: the wait lasts until its oldest request has left it. */
const perUser = (world: DynamicsWorld, user: string): TwinReply | undefined => {
  const { perUserRequests: limit } = world.knobs
  if (limit === undefined) return undefined
  const now = world.now()
  const recent = (world.state.requests[user] ?? []).filter((at) => at > now - WINDOW)
  world.state.requests[user] = recent
  if (recent.length < limit) {
    recent.push(now)
    return undefined
  }
  return Errors.throttled(String(Math.ceil(((recent[0] as number) + WINDOW - now) / 1000)), tooMany(limit))
}

/** The refusal of a request; undefined when it may go on. A refused request was not processed. */
export const refusal = (world: DynamicsWorld, { app, user }: Caller): TwinReply | undefined => {
  const { busy, retryAfter } = world.knobs
  if (busy === "all" || (busy === "low" && app.priority === "low")) return Errors.throttled(retryAfter)
  return perUser(world, user.id)
}
