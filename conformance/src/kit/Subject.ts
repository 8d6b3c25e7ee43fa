/**
 * What is put to the test: a connector on its twin. The rules are the same for every vendor; what differs between
 * vendors (which request is a write, what a page looks like on the wire, how somebody would enter a record by hand) is
 * told here, by its subject.
 */
import type * as Connector from "@mortise/core/Connector"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Ownership from "@mortise/core/Ownership"
import type * as Port from "@mortise/core/Port"
import type { StateStore } from "@mortise/core/StateStore"
import type * as Effect from "effect/Effect"
import type * as EffectScope from "effect/Scope"
import type { JournalLine } from "../twin/Journal.ts"
import type { Twin, World } from "../twin/Twin.ts"
import type { VirtualClock } from "../VirtualClock.ts"
import type * as Feature from "./Feature.ts"
import type * as Probe from "./Probe.ts"

export type Connected = Connector.Connector<Connector.Ports>

export type Program<A> = Effect.Effect<A, ConnectorError, StateStore | EffectScope.Scope>

/** How a rule wants the connector opened. */
export interface How {
  readonly readOnly?: boolean
  /** With tokens that expire, in place of whatever else the vendor takes. */
  readonly oauth?: boolean
  /** With the consent of the first opening in this world, as a restart has it; else with a new one. */
  readonly sameConsent?: boolean
  /** Another company of the same instance: its records are not the first one's. */
  readonly elsewhere?: boolean
  /** Options of the connector's own, over those of the subject. */
  readonly options?: Readonly<Record<string, unknown>>
}

export interface Opening extends How {
  /** In place of the subject's own, as {@link Subject.anew} gave it. */
  readonly adapter?: unknown
  /** The only way out. */
  readonly fetch: typeof globalThis.fetch
}

export interface Asked {
  readonly method: string
  readonly url: string | URL
}

/** The twin, a way to open the connector on it, and what rules have to know of this vendor. */
export interface Stage extends Probe.Probes {
  readonly twin: Twin<World>
  /** Opens a connector and makes ready what it owns in the vendor's system; a read-only one finds that made. */
  readonly connect: (how: Opening) => Program<Connected>
  /** Until the vendor shows everywhere what was written. */
  readonly catchUp: Effect.Effect<void>
  /** Writes of the party. */
  readonly isWrite: (request: Asked) => boolean
  /** Reads of a page of parties. */
  readonly isRead: (request: Asked) => boolean
  readonly isToken: (request: Asked) => boolean
  /** True for what changes nothing, whatever its method. */
  readonly isSafe: (request: Asked) => boolean
  /**
   * What stands in the world, a line a record with its values and what it hangs on, without what two equal runs may
   * differ in: ids that the vendor gave, and times.
   */
  readonly census: () => ReadonlyArray<string>
  /** What opens a door, as far as it is known beforehand; what is seen to be sent is noted anyhow. */
  readonly secrets?: ReadonlySet<string>
}

export interface Setting {
  readonly clock: VirtualClock
  /** A world to go on with, as `dump` gave it. */
  readonly world?: unknown
  /** The versions that the vendor serves, where it has several at once. */
  readonly served?: ReadonlyArray<string>
}

/** What a connector claims to be: `full` reads and writes. */
export type Profile = "reader" | "writer" | "full"

export interface Subject {
  readonly name: string
  /** Version of the package. */
  readonly version: string
  /** The pinned version of the vendor's API. */
  readonly apiVersion: string
  readonly profile: Profile
  /** What it is declared not to have, each with the reason. */
  readonly absent: Feature.Absent
  /** What no rule can see of it though nobody declares it absent, each with what would mend that. */
  readonly undeclared?: Feature.Absent
  /** Who owns what, for the rules of ownership. Defaults to the preset `leadToLedger`. */
  readonly table?: Ownership.Table
  /** On behalf of which side it is written to. */
  readonly side: Ownership.Side
  readonly open: (setting: Setting) => Stage
  /** The factory that its connectors come from, where it is known. */
  readonly adapter?: unknown
  /** The same factory out of modules that were loaded anew, as a process has it that was started again. */
  readonly anew?: () => Promise<unknown>
}

/** A stage as rules see it: the connector is opened through the bench. */
export type Scene = Omit<Stage, "connect">

export const portOf = (connected: Connected, entity: string): Port.Any => {
  const port = connected.ports[entity]
  if (port === undefined) throw new RangeError(`the connector has no port ${entity}`)
  return port
}

export const pathOf = ({ url }: Asked): string => new URL(url).pathname

export type { JournalLine }
