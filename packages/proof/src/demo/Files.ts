/** Where the demo keeps its worlds and its store: `.demo/`, ignored by git. */
import { existsSync, readFileSync } from "node:fs"
import { rm } from "node:fs/promises"
import { basename, join } from "node:path"
import type { Profile } from "./Erp.ts"
import type { Ready } from "./Messages.ts"

export const folder = join(import.meta.dirname, "../../../../.demo")
/** The world of the ERP, whichever it is. */
export const erpWorld = join(folder, "erp.json")
export const hubspotWorld = join(folder, "hubspot.json")
export const store = join(folder, "state.sqlite")
/** What the generator promised: totals, hazards, and the records that cannot be moved. */
export const promises = join(folder, "promises.json")

/** What the twins' clock showed when the worlds were saved, and the ports that they had: an instance keeps its address. */
export const run = join(folder, "run.json")

export interface Run {
  readonly clock: number
  /** Name of the ERP, and what moves. */
  readonly erp: string
  readonly profile: Profile
  /** The port of the ERP. */
  readonly port: number
  readonly hubspot: number
}

export const base = basename

export const exist = (): boolean => [erpWorld, hubspotWorld, promises, run].every((file) => existsSync(file))

export const forgetStore = async (): Promise<void> => {
  for (const suffix of ["", "-wal", "-shm"]) await rm(store + suffix, { force: true })
}

/** What the generator wrote beside the worlds. */
export interface Promises {
  readonly seed: number
  readonly totals: Readonly<Record<string, number>>
  readonly hazards: Readonly<Record<string, number>>
  /** Records that the CRM had before, by relay. */
  readonly known: Readonly<Record<string, number>>
  /** Records that a person has to decide about, by relay and id in the ERP. */
  readonly unmovable: Readonly<Record<string, ReadonlyArray<string>>>
}

export const promised = (): Promises => JSON.parse(readFileSync(promises, "utf8"))

export const totals = (): Readonly<Record<string, number>> => promised().totals

/** What the sync process needs to know. The key seals tokens in the store; a real program has its own. */
export const syncEnvironment = (ready: Ready): Readonly<Record<string, string>> => ({
  MORTISE_HUBSPOT_URL: ready.hubspot,
  MORTISE_ERP: ready.erp,
  MORTISE_PROFILE: JSON.stringify(ready.profile),
  MORTISE_ERP_ACCESS: JSON.stringify(ready.access),
  MORTISE_CLOCK: JSON.stringify(ready.scale),
  MORTISE_STORE: store,
  MORTISE_SEAL_KEY: "the key of a demo, which keeps no secret of anybody",
})
