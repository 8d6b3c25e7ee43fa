/**
 * Every call that the connector makes, with what a retry of it may do. An upsert by a unique property, an update with
 * absolute values, an archive and an association are idempotent by nature and so `safe`; a create without a key is
 * `never`; a property is looked up by its name.
 */
import * as Replay from "@mortise/core/Replay"

/** The allowances that HubSpot counts apart. HubSpot: usage guidelines; `x-hubspot-rate-limit-exemptions`. */
export const BURST = "burst"
export const SEARCH = "search"
export const ASSOCIATIONS = "associations"
export const TOKEN = "token"

const name = (family: string, verb: string) => `hubspot.${family}.${verb}`

/** The operations on records of one object type. */
export const objects = (type: string) => ({
  list: Replay.read(name(type, "list"), BURST),
  get: Replay.read(name(type, "get"), BURST),
  batchRead: Replay.read(name(type, "batchRead"), BURST),
  search: Replay.read(name(type, "search"), SEARCH),
  batchUpsert: Replay.write(name(type, "batchUpsert"), BURST, "safe"),
  batchUpdate: Replay.write(name(type, "batchUpdate"), BURST, "safe"),
  /** Nothing finds again what it made: after a lost answer the outcome is unknown. */
  batchCreate: Replay.write(name(type, "batchCreate"), BURST, "never"),
  batchArchive: Replay.write(name(type, "batchArchive"), BURST, "safe"),
})
export type Objects = ReturnType<typeof objects>

export const associations = {
  batchRead: Replay.read(name("associations", "batchRead"), ASSOCIATIONS),
  batchDefault: Replay.write(name("associations", "batchDefault"), ASSOCIATIONS, "safe"),
  batchCreate: Replay.write(name("associations", "batchCreate"), ASSOCIATIONS, "safe"),
  batchArchive: Replay.write(name("associations", "batchArchive"), ASSOCIATIONS, "safe"),
  batchLabelArchive: Replay.write(name("associations", "batchLabelArchive"), ASSOCIATIONS, "safe"),
}

export const properties = {
  list: Replay.read(name("properties", "list"), BURST),
  get: Replay.read(name("properties", "get"), BURST),
  create: Replay.write(name("properties", "create"), BURST, "keyed"),
  listGroups: Replay.read(name("properties", "listGroups"), BURST),
  createGroup: Replay.write(name("properties", "createGroup"), BURST, "keyed"),
}

export const pipelines = { list: Replay.read(name("pipelines", "list"), BURST) }
export const owners = { list: Replay.read(name("owners", "list"), BURST) }
export const account = {
  details: Replay.read(name("account", "details"), BURST),
}
