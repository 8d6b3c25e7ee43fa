/** Where the demo keeps its worlds and its store: `.demo/`, ignored by git, or where `MORTISE_DEMO_FOLDER` points. */
import { existsSync, readFileSync } from "node:fs"
import { mkdir, rm } from "node:fs/promises"
import { basename, join, resolve } from "node:path"
import type { Profile } from "./Erp.ts"
import type { Ready } from "./Messages.ts"

export const folder = resolve(process.env["MORTISE_DEMO_FOLDER"] ?? join(import.meta.dirname, "../../../../.demo"))
/** The world of the ERP, whichever it is. */
export const erpWorld = join(folder, "erp.json")
export const hubspotWorld = join(folder, "hubspot.json")
export const store = join(folder, "state.sqlite")
/** What the generator promised: totals, hazards, and the records that cannot be moved. */
export const promises = join(folder, "promises.json")

/** What the twins' clock showed when the worlds were saved, and the ports that they had: an instance keeps its address. */
export const run = join(folder, "run.json")

export interface Run {
  /**
   * False from the moment at which the twins are served until their worlds are written: what stands on disk meanwhile
   * is behind what the sync was told.
   */
  readonly saved: boolean
  readonly clock: number
  /** Name of the ERP, and what moves. */
  readonly erp: string
  readonly profile: Profile
  /** The port of the ERP. */
  readonly port: number
  readonly hubspot: number
}

export const base = basename

/** Undefined when no run came so far as to serve its worlds. */
export const last = (): Run | undefined =>
  existsSync(promises) && existsSync(run) ? JSON.parse(readFileSync(run, "utf8")) : undefined

/** An empty folder. What vouches for the rest goes first: half of a run must not be taken for a whole one. */
export const clear = async (): Promise<void> => {
  await rm(run, { force: true })
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
}

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
