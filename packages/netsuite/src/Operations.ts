/**
 * Every call that the client makes, with what a retry of it may do. A `PUT` by external id is looked up by that id
 * before it is sent again: it would not make a second record, and it may add its lines a second time. A `PATCH` adds
 * lines that do not name theirs, so it is sent again only where it has none (`updateFields`).
 */
import * as Replay from "@mortise/core/Replay"

/** What NetSuite counts is how many requests are in flight, of all kinds together. Oracle: help, bridgehead 1500275603. */
export const IN_FLIGHT = "inFlight"
export const TOKEN = "token"

const name = (family: string, verb: string) => `netsuite.${family}.${verb}`

/** The operations on records of one type. */
export const records = (type: string) => ({
  list: Replay.read(name(type, "list"), IN_FLIGHT),
  get: Replay.read(name(type, "get"), IN_FLIGHT),
  upsert: Replay.write(name(type, "upsert"), IN_FLIGHT, "keyed"),
  updateFields: Replay.write(name(type, "updateFields"), IN_FLIGHT, "safe"),
  update: Replay.write(name(type, "update"), IN_FLIGHT, "never"),
  /** Made without an external id, where another application owns it: looked up by the field that carries our key. */
  insert: Replay.write(name(type, "insert"), IN_FLIGHT, "keyed"),
  create: Replay.write(name(type, "create"), IN_FLIGHT, "never"),
  /** Makes another document each time that it is sent. */
  transform: Replay.write(name(type, "transform"), IN_FLIGHT, "never"),
  /** Whether a second attachment is refused is not known. */
  attach: Replay.write(name(type, "attach"), IN_FLIGHT, "keyed"),
  /** A job is looked up by its idempotency key: the answer to a repeat names the first one. */
  upsertMany: Replay.write(name(type, "upsertMany"), IN_FLIGHT, "keyed"),
  remove: Replay.write(name(type, "remove"), IN_FLIGHT, "safe"),
})
export type Records = ReturnType<typeof records>

export const services = {
  suiteql: Replay.read(name("services", "suiteql"), IN_FLIGHT),
  serverTime: Replay.read(name("services", "serverTime"), IN_FLIGHT),
  limits: Replay.read(name("services", "limits"), IN_FLIGHT),
  job: Replay.read(name("services", "job"), IN_FLIGHT),
  tasks: Replay.read(name("services", "tasks"), IN_FLIGHT),
  taskResult: Replay.read(name("services", "taskResult"), IN_FLIGHT),
  catalogue: Replay.read(name("services", "catalogue"), IN_FLIGHT),
}
