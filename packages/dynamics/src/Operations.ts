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

/** A changeset: header and lines together, all of them or none. */
export const changeset = Replay.write(name("$batch", "changeset"), RESOURCES, "keyed")

/** Several operations in one request, each with an outcome of its own. */
export const batch = Replay.write(name("$batch", "operations"), RESOURCES, "never")

/** The JSON service that describes sets and fields. */
export const metadata = Replay.read(name("metadata", "entities"), RESOURCES)

/** An action that changes nothing, though it is a POST. */
export const version = Replay.read(name("DataManagementEntities", "GetApplicationVersion"), RESOURCES)
