/**
 * A connector on its twin, as rules see it: the same for every vendor. What differs between vendors (which request is a
 * write, what a page looks like on the wire, how somebody would enter a record by hand) is told here by its subject.
 */
import type { JournalLine } from "@mortise/conformance/twin/Journal"
import type { Twin, World } from "@mortise/conformance/twin/Twin"
import type { VirtualClock } from "@mortise/conformance/VirtualClock"
import type * as Connector from "@mortise/core/Connector"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type { MemoryBackend } from "@mortise/core/MemoryBackend"
import type * as Port from "@mortise/core/Port"
import type { StateStore } from "@mortise/core/StateStore"
import type * as Effect from "effect/Effect"
import type * as EffectScope from "effect/Scope"

/** What a rule may need and a connector may be declared not to have. */
export type Feature = "ledger"

export type Connected = Connector.Connector<Connector.Ports>

export type Program<A> = Effect.Effect<A, ConnectorError, StateStore | EffectScope.Scope>

export interface How {
  readonly readOnly?: boolean
  /** With tokens that expire, in place of whatever else the vendor takes. */
  readonly oauth?: boolean
  /** Options of the connector's own, over those of the bench. */
  readonly options?: Readonly<Record<string, unknown>>
}

/** A record of the entity that the rules write, as it stands in the world. */
export interface Standing {
  readonly id: string
  /** Our key, when it carries one. */
  readonly key: string | undefined
  readonly name: string | undefined
  readonly natural: string | undefined
  readonly phone: string | undefined
}

// biome-ignore lint/suspicious/noExplicitAny: the entity is whichever the subject writes
export type Write = Port.Write<any> & { readonly key: string }

export type PartyFields = { readonly [field: string]: unknown }

/** The entity that rules write and read: what the vendor calls company, customer or account. */
export interface Party {
  readonly entity: string
  readonly port: (connected: Connected) => Port.Any
  /** The natural key by which it may be adopted. */
  readonly natural: string
  /** The nth one: its key, a name and a natural key, or these fields. */
  readonly write: (n: number, fields?: PartyFields) => Write
  readonly naturalOf: (n: number) => string
  /** One that the vendor itself refuses. */
  readonly unwelcome: (n: number) => Write
  readonly records: () => ReadonlyArray<Standing>
  /** Enters so many by hand, all at one moment, without any key of ours; gives their ids. */
  readonly enter: (from: number, count: number, natural?: string) => ReadonlyArray<string>
  /** Makes one unreadable; gives the field at fault. */
  readonly spoil: (id: string) => string
  /** The rows of a page that the twin served; undefined for whatever else it answered. */
  readonly page: (line: JournalLine) => ReadonlyArray<Row> | undefined
  /** The vendor's names of the fields of each record that a request writes; undefined for other requests. */
  readonly sent: (line: JournalLine) => ReadonlyArray<ReadonlyArray<string>> | undefined
  /** The vendor's name of each field, and of those that say which record is meant. */
  readonly wire: { readonly name: string; readonly phone: string; readonly identity: ReadonlyArray<string> }
}

export interface Row {
  readonly id: string
  readonly stamp: string
}

/** Documents of a ledger that a connector may write, as drafts. */
export interface Documents {
  /** Enters by hand what the documents point to. */
  readonly enter: Effect.Effect<void>
  /** Writes one of each kind; gives what became of each. */
  readonly write: (connected: Connected) => Program<ReadonlyArray<string>>
  /** The state of every document, and whether it is final. */
  readonly states: () => ReadonlyArray<{ readonly document: string; readonly final: boolean }>
}

export interface Asked {
  readonly method: string
  readonly url: string | URL
}

export interface Bench {
  readonly clock: VirtualClock
  readonly twin: Twin<World>
  /** The store that programs run on unless they are given another one. */
  readonly backend: MemoryBackend
  /** Addresses that were asked for and are not the vendor's. */
  readonly foreign: ReadonlyArray<string>
  /** What was sent or given to open a door, so far: it must never be seen anywhere else. */
  readonly secrets: ReadonlySet<string>
  readonly party: Party
  readonly documents?: Documents
  /** Opens a connector and makes ready what it owns in the vendor's system; a read-only one finds that made. */
  readonly connect: (how?: How) => Program<Connected>
  /** Runs on the clock of the bench, in a process of its own. Throws what fails. */
  readonly run: <A>(program: Program<A>, store?: MemoryBackend) => Promise<A>
  /** Until the vendor shows everywhere what was written. */
  readonly catchUp: Effect.Effect<void>
  readonly isWrite: (request: Asked) => boolean
  readonly isRead: (request: Asked) => boolean
  readonly isToken: (request: Asked) => boolean
  /** True for what changes nothing, whatever its method. */
  readonly isSafe: (request: Asked) => boolean
}

/** A connector broken on purpose in one way, to show that rules can fail. */
export interface Mutant {
  readonly name: string
  readonly door?: (fetch: typeof globalThis.fetch) => typeof globalThis.fetch
  readonly port?: (port: Port.Any) => Port.Any
  readonly how?: (how: How) => How
}

export interface Setup {
  readonly mutant?: Mutant
  /** The versions that the vendor serves, where it has several at once. */
  readonly served?: ReadonlyArray<string>
}

export interface Subject {
  readonly name: string
  /** What it is declared not to have, with the reason. */
  readonly absent: Partial<Readonly<Record<Feature, string>>>
  readonly open: (setup?: Setup) => Bench
}
