/** How a patch of one of our entities becomes the body of a request. The writing half of a port. */
import type { ConnectorError, Issue } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type { Reference } from "@mortise/core/Values"
import type * as Effect from "effect/Effect"
import type { Settings } from "../Settings.ts"
import type { Codes } from "./Codes.ts"
import type { Reader } from "./Reader.ts"
import type { Body, RecordType } from "./Records.ts"

/** A reference in a patch: where it stands, and what it points to. */
export interface Pointer {
  readonly path: string
  readonly entity: "Account" | "Product" | "Order" | "Invoice"
  readonly reference: Reference
}

export interface EncodeFacts {
  readonly settings: Settings
  readonly codes: Codes
  /** The record that is updated, as it was found; absent for a new one. */
  readonly existing?: Reader
  /** The same as the record API has it, where the writer needs it. */
  readonly whole?: Body
  /** The id that a reference was resolved to. */
  readonly idOf: (entity: Pointer["entity"], reference: Reference) => string
}

export type Encoded =
  | {
      readonly body: Body
      /** Sublists of the body that are the whole set: what is not among them goes. */
      readonly replace?: ReadonlyArray<string>
      readonly issues?: undefined
    }
  | { readonly issues: ReadonlyArray<Issue> }

export interface Writer<E extends Entity.Any> {
  readonly writable: ReadonlyArray<Entity.FieldName<E>>
  readonly notClearable: ReadonlyArray<Entity.FieldName<E>>
  /** Fields that say what a record is: given once, and never changed. */
  readonly fixed: ReadonlyArray<Entity.FieldName<E>>
  readonly pointers: (patch: Entity.Patch<E>) => ReadonlyArray<Pointer>
  /** The type that a new record is made as. */
  readonly typeFor: (patch: Entity.Patch<E>) => RecordType
  /** Members of a new record beside the fields: its subsidiary, its state. */
  readonly initial: (patch: Entity.Patch<E>, facts: EncodeFacts) => Encoded
  /** The given fields; all others stay untouched. */
  readonly encode: (patch: Entity.Patch<E>, facts: EncodeFacts) => Encoded
  /** True where a change of these fields needs the record as the record API has it. */
  readonly needsWhole?: (patch: Entity.Patch<E>) => boolean
  /** The column that a natural key of ours stands in. */
  readonly natural: { readonly [field: string]: string }
  /** True when a supplied field stands in the record; for fields that comparing plain values cannot tell. */
  readonly compare?: { readonly [field: string]: ((wanted: unknown, found: unknown) => boolean) | undefined }
  /** A last look before anything is sent. */
  readonly guard?: (patch: Entity.Patch<E>, facts: EncodeFacts) => Effect.Effect<void, ConnectorError>
  /** What is wrong with a record that was just made, though it was taken; undefined when nothing is. */
  readonly mismade?: (record: Entity.Record<E>) => string | undefined
}
