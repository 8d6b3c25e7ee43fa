/**
 * Every call that the connector makes, with what a retry of it may do. A PUT finds or inserts by the external reference
 * and is looked up before it is sent again; reads are safe; signing in and out change no record.
 */
import * as Replay from "@mortise/core/Replay"
import { SIGN_OUT, TRAFFIC } from "./Limits.ts"
import type { Resource } from "./Versions.ts"

const name = (family: string, verb: string) => `acumatica.${family}.${verb}`

export const of = (resource: Resource) => ({
  list: Replay.read(name(resource, "list"), TRAFFIC),
  get: Replay.read(name(resource, "get"), TRAFFIC),
  schema: Replay.read(name(resource, "adHocSchema"), TRAFFIC),
  put: Replay.write(name(resource, "put"), TRAFFIC, "keyed"),
})

export const system = {
  endpoints: Replay.read(name("system", "endpoints"), TRAFFIC),
  login: Replay.read(name("system", "login"), TRAFFIC),
  /** Never waits behind a limit: it gives back what others wait for. */
  logout: Replay.read(name("system", "logout"), SIGN_OUT),
}
