/**
 * The memory of the integration: where each reading stands, which records belong together, what was announced and not
 * yet confirmed, what was decided and why. Everything that belongs to one page is written in one transaction.
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import type * as Change from "./Change.ts"
import type { ConnectorError } from "./ConnectorError.ts"

/** A record, named across all systems: `scope` is `Scope.format`. */
export interface RecordRef {
  readonly scope: string
  readonly entity: string
  readonly id: string
}

/** Two records of two systems that are the same thing. `hash` is the content that we last wrote to `target`. */
export interface Link {
  readonly source: RecordRef
  readonly target: RecordRef
  /** Our external key in the target. */
  readonly key: string
  /** Content hash of what we last wrote, and the revision that the target then had: by these an echo is known. */
  readonly writtenHash?: string
  readonly writtenRevision?: string
  /** Where the record was born: we made the target, or an existing target was adopted. Fields of `origin` go by it. */
  readonly bornIn?: "source" | "target"
}

/** A write that is about to be sent. It stands until its page is committed. */
export interface Intent {
  readonly relay: string
  readonly key: string
  readonly source: RecordRef
  readonly entity: string
  readonly hash: string
  readonly announcedAt: number
}

export interface JournalEntry {
  readonly relay: string
  readonly at: number
  readonly source: RecordRef
  readonly target?: RecordRef
  readonly decision:
    | "created"
    | "updated"
    | "written"
    | "unchanged"
    | "notOwned"
    | "echo"
    | "parked"
    | "rejected"
    | "unknown"
    | "notAttempted"
    | "deleted"
    | "merged"
    | "undecodable"
  readonly field?: string
  readonly before?: string
  readonly after?: string
  /** The value before, sealed, where the caller wants undo. */
  readonly sealedBefore?: string
  readonly rule?: string
  readonly sourceVersion?: string
  readonly reason?: string
}

/** A record that failed for good, with all that a replay needs. */
export interface DeadLetter {
  readonly relay: string
  readonly source: RecordRef
  readonly version: string
  /** The tag of the error's reason. */
  readonly reason: string
  readonly message: string
  readonly at: number
  /** Candidates of an ambiguous match, issues of an invalid record. */
  readonly details?: unknown
}

/** A record that waits for another one to be there. */
export interface Parked {
  readonly relay: string
  readonly source: RecordRef
  readonly version: string
  readonly waitsFor: RecordRef
  readonly at: number
}

/** What a page leaves behind, written in one transaction together with its cursor, in page order. */
export interface Commit {
  readonly page?: Pick<Change.Page<unknown>, "stream" | "cursor" | "delta">
  readonly links?: ReadonlyArray<Link>
  /** Links from these sources end. */
  readonly unlink?: ReadonlyArray<{ readonly source: RecordRef; readonly targetScope: string }>
  readonly journal?: ReadonlyArray<JournalEntry>
  readonly deadLetters?: ReadonlyArray<DeadLetter>
  readonly buried?: ReadonlyArray<{ readonly relay: string; readonly source: RecordRef }>
  readonly parked?: ReadonlyArray<Parked>
  readonly unparked?: ReadonlyArray<{ readonly relay: string; readonly source: RecordRef }>
  /** Intents that are settled. */
  readonly settled?: ReadonlyArray<{ readonly relay: string; readonly key: string }>
  /** If given, the transaction happens only while this lease is still held. */
  readonly fence?: Lease
}

/** What a token endpoint gave us. Stored sealed; no backend ever sees it in plain. */
export interface TokenSet {
  readonly accessToken: Redacted.Redacted<string>
  readonly refreshToken?: Redacted.Redacted<string>
  /** Milliseconds since the epoch, by our clock. */
  readonly expiresAt: number
  /** Grows by one with each replacement, so that a late writer is seen. */
  readonly generation: number
}

export interface Lease {
  readonly name: string
  readonly holder: string
  /** Grows with each new holder. A write that names an older number is refused. */
  readonly fence: number
  readonly expiresAt: number
}

export interface Service {
  /** The cursor after the last committed page. */
  readonly cursor: (stream: string) => Effect.Effect<Option.Option<Change.Cursor>, ConnectorError>
  /** The versions last delivered on committed pages, for those ids that have one. */
  readonly marks: (
    stream: string,
    ids: ReadonlyArray<string>,
  ) => Effect.Effect<ReadonlyMap<string, string>, ConnectorError>
  readonly snapshot: (
    stream: string,
    ids: ReadonlyArray<string>,
  ) => Effect.Effect<ReadonlyMap<string, Change.SnapshotRow>, ConnectorError>
  /** Rows of the snapshot in ascending order of their ids by code unit. */
  readonly snapshotScan: (
    stream: string,
    options: { readonly after?: string; readonly limit: number },
  ) => Effect.Effect<ReadonlyArray<Change.SnapshotRow>, ConnectorError>
  /** Fails with `Conflict` when a fence is given and the lease is lost; then nothing was written. */
  readonly commit: (commit: Commit) => Effect.Effect<void, ConnectorError>

  readonly linksFrom: (
    sources: ReadonlyArray<RecordRef>,
    targetScope: string,
  ) => Effect.Effect<ReadonlyMap<string, Link>, ConnectorError>
  /** By target id, within the target's scope and entity: the way back, for echoes and for two-way pairs. */
  readonly linksTo: (
    targets: ReadonlyArray<RecordRef>,
    sourceScope: string,
  ) => Effect.Effect<ReadonlyMap<string, Link>, ConnectorError>

  /** Written durably before the first byte of the write is sent. */
  readonly announce: (intents: ReadonlyArray<Intent>) => Effect.Effect<void, ConnectorError>
  readonly intents: (relay: string) => Effect.Effect<ReadonlyArray<Intent>, ConnectorError>

  readonly journal: (options: {
    readonly relay?: string
    readonly after?: string
    readonly limit: number
  }) => Effect.Effect<ReadonlyArray<JournalEntry & { readonly position: string }>, ConnectorError>
  readonly deadLetters: (
    relay: string,
    options: { readonly after?: string; readonly limit: number },
  ) => Effect.Effect<ReadonlyArray<DeadLetter>, ConnectorError>
  /** All that is parked, or what waits for these records. */
  readonly parked: (
    relay: string,
    waitsFor?: ReadonlyArray<RecordRef>,
  ) => Effect.Effect<ReadonlyArray<Parked>, ConnectorError>

  readonly token: (name: string) => Effect.Effect<Option.Option<TokenSet>, ConnectorError>
  /** Fails with `Conflict` when the stored generation is not `set.generation - 1`. */
  readonly putToken: (name: string, set: TokenSet) => Effect.Effect<void, ConnectorError>

  /** None when somebody else holds it. The same holder gets it again with the same fence. */
  readonly acquire: (
    name: string,
    options: { readonly holder: string; readonly ttl: Duration.Duration },
  ) => Effect.Effect<Option.Option<Lease>, ConnectorError>
  readonly renew: (lease: Lease, ttl: Duration.Duration) => Effect.Effect<Option.Option<Lease>, ConnectorError>
  readonly release: (lease: Lease) => Effect.Effect<void, ConnectorError>

  /** Small values of connectors and relays that fit nowhere else, each under its own name. */
  readonly setting: (name: string) => Effect.Effect<Option.Option<string>, ConnectorError>
  readonly putSetting: (name: string, value: string) => Effect.Effect<void, ConnectorError>
}

export class StateStore extends Context.Service<StateStore, Service>()("@mortise/core/StateStore") {}

/** One string for a record, the same for equal references. */
export const refKey = (ref: RecordRef): string => `${ref.scope}|${ref.entity}|${encodeURIComponent(ref.id)}`
