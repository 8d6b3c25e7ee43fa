/** What the three processes of the demo tell each other, as plain JSON over their channels. */
import type { ScaledClock } from "@mortise/conformance"
import type { Access, Profile } from "./Erp.ts"

/** From the twins: they are up. */
export interface Ready {
  readonly _tag: "Ready"
  readonly hubspot: string
  readonly erp: string
  readonly profile: Profile
  /** Where the ERP is served, and what opens it. */
  readonly access: Access
  readonly scale: ScaledClock.Scale
}

/** What one twin counted since this run began. */
export interface Counted {
  readonly requests: number
  /** Requests that changed the world. */
  readonly writes: number
  /** Requests that were answered 429. */
  readonly throttled: number
  readonly searches: number
}

/** From the twins, as the last they say, asked or not: worlds are saved, and this is what was seen. */
export interface Saved {
  readonly _tag: "Saved"
  readonly hubspot: Counted
  readonly erp: Counted
  /** How long the run took by the clock of the twins, from the first request to the last, in milliseconds. */
  readonly elapsed: number
  /** True when the sync process was killed as asked. */
  readonly killed: boolean
}

/** To the twins. */
export type ToTwins =
  | { readonly _tag: "Kill"; readonly pid: number; readonly after: number }
  | { readonly _tag: "Save" }
export type FromTwins = Ready | Saved

/** What a relay of the sync process did so far in this run. */
export interface Progress {
  readonly _tag: "Progress"
  readonly relay: string
  readonly read: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  /** By reason. */
  readonly rejected: Readonly<Record<string, number>>
  readonly parked: number
  readonly done: boolean
}

export type FromSync = Progress
