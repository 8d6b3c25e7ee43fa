/** A port: one entity of one connector, read and written in canonical form. */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import type * as Change from "./Change.ts"
import type { ConnectorError, Issue } from "./ConnectorError.ts"
import type * as Entity from "./Entity.ts"
import type * as Features from "./Features.ts"
import type * as Outcome from "./Outcome.ts"
import type * as Scope from "./Scope.ts"
import type { Instant } from "./Values.ts"

/** A condition on a field; all conditions of a reading hold together. */
export interface Condition<E extends Entity.Any> {
  readonly field: Entity.FieldName<E>
  readonly is: string | boolean | ReadonlyArray<string>
}

export interface ChangesOptions<E extends Entity.Any> {
  /** Go on from here. Absent: from `since`, or from the beginning. */
  readonly cursor?: Change.Cursor
  readonly since?: Instant
  /** Only these fields are asked of the vendor. Absent: all that the port reads. */
  readonly fields?: ReadonlyArray<Entity.FieldName<E>>
  readonly where?: ReadonlyArray<Condition<E>>
  /** Whose reading it is; marks and snapshots of two readers are kept apart. Defaults to `default`. */
  readonly reader?: string
}

/** A record as it stands in the system, with the id and our key when it carries one. */
export interface Found<E extends Entity.Any, C = Entity.Custom> {
  readonly id: string
  readonly key?: string
  readonly revision?: string
  readonly record: Entity.Record<E, C>
  /** Fields that could not be read; they are absent from the record, which never means that they are empty. */
  readonly issues?: ReadonlyArray<Issue>
}

/** One record to write. */
export interface Write<E extends Entity.Any, C = Entity.Custom> {
  /** Our external key, see `ExternalKey`. Either it or `id` is needed. */
  readonly key?: string
  /** The system's id. A linked id beats the key. */
  readonly id?: string
  /** Write only if the record still has this revision; `Unsupported` where the vendor has none. */
  readonly ifRevision?: string
  readonly fields: Entity.Patch<E, C>
  /**
   * Natural keys by which an existing record without a key of ours may be adopted on first write. Where a port can
   * also look by a field that decides nothing (a name), what it finds makes the write `Ambiguous`, with the candidates. A
   * field that it cannot look by is `Invalid`, and nothing is sent.
   */
  readonly adoptBy?: ReadonlyArray<Entity.FieldName<E>>
  /** Only an existing record is written, found by id, key or natural key; without one it is `NotFound`. */
  readonly create?: false
}

export interface UpsertOptions {
  /** Whatever is not settled after this long is `NotAttempted` or `Unknown`, and the call returns. */
  readonly deadline?: Duration.Duration
  /** Ends the call early in the same way. */
  readonly signal?: AbortSignal
  /** False: send without the comparison with a fresh read (then never `Unchanged`). Defaults to true. */
  readonly compare?: boolean
}

export interface Port<E extends Entity.Any, C = Entity.Custom> {
  readonly entity: E
  readonly scope: Scope.Scope
  readonly features: Features.Features<E>
  /** Pages of changes; ends when the reading has caught up. Needs no more memory than a page. */
  readonly changes: (options?: ChangesOptions<E>) => Stream.Stream<Change.Page<Entity.Record<E, C>>, ConnectorError>
  /** Fresh reads by id. A missing id is absent from the answer; a merged one is there under the survivor's id. */
  readonly get: (
    ids: ReadonlyArray<string>,
    options?: { readonly fields?: ReadonlyArray<Entity.FieldName<E>> },
  ) => Effect.Effect<ReadonlyMap<string, Found<E, C>>, ConnectorError>
  /** Looks records up by our external keys; never through a delayed index. */
  readonly find: (keys: ReadonlyArray<string>) => Effect.Effect<ReadonlyMap<string, Found<E, C>>, ConnectorError>
  /** One outcome a record, in input order. Never fails: what cannot be done is an outcome. */
  readonly upsert: (
    records: ReadonlyArray<Write<E, C>>,
    options?: UpsertOptions,
  ) => Effect.Effect<ReadonlyArray<Outcome.Outcome>>
  /** Present where the vendor archives. Archiving what is archived is `Unchanged`. */
  readonly archive?: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<Outcome.Outcome>>
}

// biome-ignore lint/suspicious/noExplicitAny: the one place where a port of any entity is meant
export type Any = Port<any, any>
