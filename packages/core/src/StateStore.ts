/**
 * The memory of the integration: where each reading stands, which records belong together, what was announced and not
 * yet confirmed, what was decided and why. Everything that belongs to one page is written in one transaction.
 */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Semaphore from "effect/Semaphore"
import type * as Change from "./Change.ts"
import type { ConnectorError } from "./ConnectorError.ts"
import { decode, positive, put, readMany, readOne, scanAll, untilApplied } from "./internal/store/access.ts"
import { attempt } from "./internal/store/commit.ts"
import { journal } from "./internal/store/journal.ts"
import { join, prefix, SPACE } from "./internal/store/keys.ts"
import * as Layout from "./internal/store/layout.ts"
import { acquire, release, renew } from "./internal/store/leases.ts"
import { linksFrom, linksTo } from "./internal/store/links.ts"
import { needSealer, putToken, token } from "./internal/store/tokens.ts"
import { parked } from "./internal/store/waiting.ts"
import * as MemoryBackend from "./MemoryBackend.ts"
import * as Seal from "./Seal.ts"
import type { StoreBackend } from "./StoreBackend.ts"

/** A record, named across all systems: `scope` is `Scope.format`. */
export interface RecordRef {
  readonly scope: string
  readonly entity: string
  readonly id: string
}

/** The records of one entity in one system. */
export interface Kind {
  readonly scope: string
  readonly entity: string
}

/**
 * A record of one system and the record of another that we keep in step with it. A source has at most one link to each
 * kind of target: an account may be a company and a contact of one CRM, but not two of its companies.
 */
export interface Link {
  readonly source: RecordRef
  readonly target: RecordRef
  /** Our external key in the target. */
  readonly key: string
  /** Content hash of what we last wrote, and the revision that the target then had: by these an echo is known. */
  readonly writtenHash?: string
  readonly writtenRevision?: string
  /** The target took only a part of the last write, and refused what hangs on the record; a dead letter says so. */
  readonly incomplete?: true
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
    /** The source was merged away; its record of the target stays, linked to nothing. */
    | "orphaned"
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
  /** What that record has to be linked to before this one can be written. */
  readonly as: Kind
  readonly at: number
}

/**
 * What a page leaves behind, written in one transaction together with its cursor, in page order. What ends is taken
 * first (`unlink`, `snapshotRemove`, `buried`, `unparked`), so that what begins in the same commit stands. What is not
 * there ends at no cost of a write: `buried` and `unparked` may name every record that went through.
 */
export interface Commit {
  readonly page?: Pick<Change.Page<unknown>, "stream" | "cursor" | "delta">
  readonly links?: ReadonlyArray<Link>
  /** The links from these sources to targets of these kinds end. */
  readonly unlink?: ReadonlyArray<{ readonly source: RecordRef; readonly target: Kind }>
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
  /** Digest of the refresh token that was handed in, and from which this set comes by refreshes. */
  readonly consent?: string
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

  /** The links of these sources to targets of one kind, by source. */
  readonly linksFrom: (
    sources: ReadonlyArray<RecordRef>,
    target: Kind,
  ) => Effect.Effect<ReadonlyMap<string, Link>, ConnectorError>
  /**
   * By target, the way back, for echoes and for two-way pairs. Of several sources of the kind that are linked to one
   * target, the one whose link was written last. Both maps are keyed by {@link refKey}.
   */
  readonly linksTo: (
    targets: ReadonlyArray<RecordRef>,
    source: Kind,
  ) => Effect.Effect<ReadonlyMap<string, Link>, ConnectorError>

  /** Written durably before the first byte of the write is sent. */
  readonly announce: (intents: ReadonlyArray<Intent>) => Effect.Effect<void, ConnectorError>
  readonly intents: (relay: string) => Effect.Effect<ReadonlyArray<Intent>, ConnectorError>

  readonly journal: (options: {
    readonly relay?: string
    readonly after?: string
    readonly limit: number
  }) => Effect.Effect<ReadonlyArray<JournalEntry & { readonly position: string }>, ConnectorError>
  /** In the order of {@link refKey} of their sources, of which the last one seen is `after`. */
  readonly deadLetters: (
    relay: string,
    options: { readonly after?: string; readonly limit: number },
  ) => Effect.Effect<ReadonlyArray<DeadLetter>, ConnectorError>
  /** In the same order; `waitsFor` asks only for those that wait for this record. */
  readonly parked: (
    relay: string,
    options: { readonly waitsFor?: RecordRef; readonly after?: string; readonly limit: number },
  ) => Effect.Effect<ReadonlyArray<Parked>, ConnectorError>

  readonly token: (name: string) => Effect.Effect<Option.Option<TokenSet>, ConnectorError>
  /** Fails with `Conflict` when the stored generation is not `set.generation - 1`; where nothing is stored, it is 0. */
  readonly putToken: (name: string, set: TokenSet) => Effect.Effect<void, ConnectorError>

  /** None when somebody else holds it. The same holder gets it again with the same fence. */
  readonly acquire: (
    name: string,
    options: { readonly holder: string; readonly ttl: Duration.Duration },
  ) => Effect.Effect<Option.Option<Lease>, ConnectorError>
  readonly renew: (lease: Lease, ttl: Duration.Duration) => Effect.Effect<Option.Option<Lease>, ConnectorError>
  readonly release: (lease: Lease) => Effect.Effect<void, ConnectorError>

  /** Seals a value for `JournalEntry.sealedBefore`; `about` has to be the same when it is opened. */
  readonly seal: (about: string, secret: Redacted.Redacted<string>) => Effect.Effect<string, ConnectorError>
  readonly unseal: (about: string, sealed: string) => Effect.Effect<Redacted.Redacted<string>, ConnectorError>

  /** Small values of connectors and relays that fit nowhere else, each under its own name. */
  readonly setting: (name: string) => Effect.Effect<Option.Option<string>, ConnectorError>
  readonly putSetting: (name: string, value: string) => Effect.Effect<void, ConnectorError>
}

export class StateStore extends Context.Service<StateStore, Service>()("@mortise/core/StateStore") {}

export { refKey } from "./internal/store/keys.ts"

export interface Options {
  /** Without one, tokens and sealed values are refused with `Unsupported`: nothing secret is stored in plain. */
  readonly sealKey?: Redacted.Redacted<string>
  /** Keys of before, which open what they sealed. */
  readonly formerSealKeys?: ReadonlyArray<Redacted.Redacted<string>>
}

const sealerOf = (options: Options): Effect.Effect<Seal.Sealer | undefined, ConnectorError> =>
  options.sealKey === undefined
    ? Effect.succeed(undefined)
    : Seal.make({ key: options.sealKey, ...(options.formerSealKeys && { formerKeys: options.formerSealKeys }) })

const byId = <I extends { readonly id: string }, A>(found: ReadonlyMap<I, A>): ReadonlyMap<string, A> =>
  new Map([...found].map(([item, value]) => [item.id, value]))

/** What is read of a stream. */
const reading = (backend: StoreBackend): Pick<Service, "cursor" | "marks" | "snapshot" | "snapshotScan"> => {
  const ofIds = <A>(space: string, stream: string, ids: ReadonlyArray<string>) =>
    readMany<{ readonly id: string }, A>(
      backend,
      space,
      ids.map((id) => ({ id })),
      ({ id }) => join(stream, id),
    ).pipe(Effect.map(byId))
  return {
    cursor: Effect.fnUntraced(function* (stream) {
      const text = yield* readOne(backend, SPACE.cursor, stream)
      if (text === undefined) return Option.none()
      return Option.some(yield* decode<Change.Cursor>(SPACE.cursor, stream, text))
    }),
    marks: (stream, ids) => ofIds<string>(SPACE.mark, stream, ids),
    snapshot: (stream, ids) => ofIds<Change.SnapshotRow>(SPACE.snapshot, stream, ids),
    snapshotScan: Effect.fnUntraced(function* (stream, { after, limit }) {
      yield* positive("snapshotScan", limit)
      const options = { prefix: prefix(stream), limit, ...(after === undefined ? {} : { after: join(stream, after) }) }
      const rows = yield* backend.scan(SPACE.snapshot, options)
      return yield* Effect.forEach(rows, (row) => decode<Change.SnapshotRow>(SPACE.snapshot, row.key, row.value))
    }),
  }
}

/** What a relay writes ahead and leaves behind. */
const relaying = (
  backend: StoreBackend,
): Pick<Service, "announce" | "intents" | "journal" | "deadLetters" | "parked"> => ({
  announce: (intents) =>
    Effect.asVoid(backend.transact(intents.map((intent) => put(SPACE.intent, join(intent.relay, intent.key), intent)))),
  intents: Effect.fnUntraced(function* (relay) {
    const entries = yield* scanAll(backend, SPACE.intent, prefix(relay))
    return yield* Effect.forEach(entries, (entry) => decode<Intent>(SPACE.intent, entry.key, entry.value))
  }),
  journal: (options) => journal(backend, options),
  deadLetters: Effect.fnUntraced(function* (relay, { after, limit }) {
    yield* positive("deadLetters", limit)
    const options = { prefix: prefix(relay), limit, ...(after === undefined ? {} : { after: join(relay, after) }) }
    const entries = yield* backend.scan(SPACE.dead, options)
    return yield* Effect.forEach(entries, (entry) => decode<DeadLetter>(SPACE.dead, entry.key, entry.value))
  }),
  parked: (relay, options) => parked(backend, relay, options),
})

/**
 * A store on any backend. Marks a new one with the version of its layout, brings an older one up to date, and refuses
 * one that a later program wrote with `VersionMismatch`.
 */
export const make = Effect.fnUntraced(function* (backend: StoreBackend, options: Options = {}) {
  const sealer = yield* sealerOf(options)
  yield* Layout.open(backend, Layout.CURRENT)
  // Commits of one process wait for each other here instead of undoing each other in the database.
  const turnstile = yield* Semaphore.make(1)
  return StateStore.of({
    ...reading(backend),
    ...relaying(backend),
    commit: (commit) => turnstile.withPermit(untilApplied("commit", attempt(backend, commit))),
    linksFrom: (sources, target) => linksFrom(backend, sources, target),
    linksTo: (targets, source) => linksTo(backend, targets, source),
    token: (name) => token(backend, sealer, name),
    putToken: (name, set) => putToken(backend, sealer, name, set),
    acquire: (name, lease) => acquire(backend, name, lease),
    renew: (lease, ttl) => renew(backend, lease, ttl),
    release: (lease) => release(backend, lease),
    seal: (about, secret) => Effect.flatMap(needSealer(sealer, "seal"), (each) => each.seal(about, secret)),
    unseal: (about, sealed) => Effect.flatMap(needSealer(sealer, "unseal"), (each) => each.open(about, sealed)),
    setting: Effect.fnUntraced(function* (name) {
      const text = yield* readOne(backend, SPACE.setting, name)
      return text === undefined ? Option.none() : Option.some(yield* decode<string>(SPACE.setting, name, text))
    }),
    putSetting: (name, value) => Effect.asVoid(backend.transact([put(SPACE.setting, name, value)])),
  })
})

export const layer = (backend: StoreBackend, options?: Options): Layer.Layer<StateStore, ConnectorError> =>
  Layer.effect(StateStore, make(backend, options))

/** Forgets everything when the program ends. Each build of the layer is a store of its own. */
export const layerMemory = (options?: Options): Layer.Layer<StateStore, ConnectorError> =>
  Layer.effect(
    StateStore,
    Effect.suspend(() => make(MemoryBackend.make(), options)),
  )
