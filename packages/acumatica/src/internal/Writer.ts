/** How a patch of one of our entities becomes the body of a PUT. The other half of a `Mapping`. */
import type { ConnectorError, Issue } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type { Reference } from "@mortise/core/Values"
import type * as Effect from "effect/Effect"
import type { Wire } from "../Client.ts"
import type * as Filter from "../Filter.ts"
import type { Settings } from "../Settings.ts"
import type { Resource } from "../Versions.ts"
import type { Codec } from "../Wrapping.ts"

/** A reference in a patch: where it stands, and what it points to. */
export interface Pointer {
  readonly path: string
  readonly entity: "Account" | "Product" | "Order" | "Invoice"
  readonly reference: Reference
}

export interface EncodeFacts<R extends Resource> {
  readonly codec: Codec
  readonly settings: Settings
  /** The record that is updated; absent for a new one. */
  readonly existing?: Wire[R]
  /** The id that a reference was resolved to. */
  readonly idOf: (entity: Pointer["entity"], reference: Reference) => string
}

export type Encoded<R extends Resource> =
  | { readonly body: Wire[R]; readonly issues?: undefined }
  | { readonly issues: ReadonlyArray<Issue> }

/** Where a natural key is looked up: a record of this id, or records that a condition finds. */
export type Natural = { readonly id: string } | { readonly filter: Filter.Filter }

export interface Writer<E extends Entity.Any, R extends Resource> {
  readonly writable: ReadonlyArray<Entity.FieldName<E>>
  readonly notClearable: ReadonlyArray<Entity.FieldName<E>>
  /** Fields that name a record or say what it is: given once, and never changed. */
  readonly fixed: ReadonlyArray<Entity.FieldName<E>>
  readonly pointers: (patch: Entity.Patch<E>) => ReadonlyArray<Pointer>
  /** Members of a new record beside the fields: its type, its hold. */
  readonly initial: (patch: Entity.Patch<E>, facts: EncodeFacts<R>) => Encoded<R>
  /** The given fields; all others stay untouched. */
  readonly encode: (patch: Entity.Patch<E>, facts: EncodeFacts<R>) => Encoded<R>
  readonly natural: { readonly [field: string]: ((value: unknown) => Natural | undefined) | undefined }
  /** True when every supplied field stands in the record; for fields that comparing plain values cannot tell. */
  readonly compare?: { readonly [field: string]: ((wanted: unknown, found: unknown) => boolean) | undefined }
  /** A last look before anything is sent. */
  readonly guard?: (patch: Entity.Patch<E>, facts: EncodeFacts<R>) => Effect.Effect<void, ConnectorError>
}
