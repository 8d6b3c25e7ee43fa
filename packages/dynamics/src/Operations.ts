/**
 * Every call that the client makes, with what a retry of it may do. A create has no key that the server would honour:
 * where the number comes from a number sequence, a second one makes a second record, so it is looked up by the field
 * that carries our key. An update with absolute values may be repeated; a repeated delete finds nothing, which is told
 * as an error and means done.
 */
import * as Replay from "@mortise/core/Replay"

/** Limits go by the resources of the environment, for all requests together. Microsoft: resource-based limits. */
export const RESOURCES = "resources"
export const TOKEN = "token"

const name = (family: string, verb: string) => `dynamics.${family}.${verb}`

/** The operations on one entity set. */
export const set = (entitySet: string) => ({
  list: Replay.read(name(entitySet, "list"), RESOURCES),
  get: Replay.read(name(entitySet, "get"), RESOURCES),
  create: Replay.write(name(entitySet, "create"), RESOURCES, "keyed"),
  update: Replay.write(name(entitySet, "update"), RESOURCES, "safe"),
  remove: Replay.write(name(entitySet, "remove"), RESOURCES, "safe"),
})
export type Set = ReturnType<typeof set>
