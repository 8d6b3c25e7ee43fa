/** How a patch of one of our entities becomes the body of a write. The other half of a `Mapping`. */
import type { Issue } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type { Reference } from "@mortise/core/Values"
import * as Filter from "../Filter.ts"
import * as Keys from "../Keys.ts"
import type { Resource, Wire } from "../Sets.ts"
import type { Settings } from "../Settings.ts"
import type { Facts } from "./Mapping.ts"
import type { Body, Step } from "./records.ts"

/** A reference in a patch: where it stands, and what it points to. */
export interface Pointer {
  readonly path: string
  readonly entity: "Account" | "Product"
  readonly reference: Reference
}

export interface EncodeFacts<R extends Resource> {
  readonly settings: Settings
  readonly facts: Facts
  /** The record that is updated; absent for a new one. */
  readonly existing?: Wire<R>
  /** The customer that the record belongs to, where the writer asked for it. */
  readonly customer?: Wire<"CustomersV3">
  /** The id that a reference was resolved to. */
  readonly idOf: (entity: Pointer["entity"], reference: Reference) => string
}

/** The header's members, and the writes of its lines for the header that they hang on. */
export interface Written {
  readonly body: Body
  readonly lines?: (parent: object) => ReadonlyArray<Step>
}

export type Encoded = (Written & { readonly issues?: undefined }) | { readonly issues: ReadonlyArray<Issue> }

/** Where a natural key is looked up: a record of this id, or records that a condition finds and that hold it. */
export type Natural =
  | { readonly id: string }
  | { readonly filter: Filter.Filter; readonly holds: (record: { readonly [field: string]: unknown }) => boolean }

export interface Writer<E extends Entity.Any, R extends Resource> {
  readonly writable: ReadonlyArray<Entity.FieldName<E>>
  readonly notClearable: ReadonlyArray<Entity.FieldName<E>>
  /** Fields that name a record or say what it is: given once, and never changed. */
  readonly fixed: ReadonlyArray<Entity.FieldName<E>>
  readonly pointers: (patch: Entity.Patch<E>) => ReadonlyArray<Pointer>
  /** The account whose customer the encoding needs to see. */
  readonly customerOf?: (patch: Entity.Patch<E>, isNew: boolean) => Reference | undefined
  /** Members of a new record beside the fields. */
  readonly initial: (patch: Entity.Patch<E>, facts: EncodeFacts<R>) => Encoded
  /** The given fields; all others stay untouched. */
  readonly encode: (patch: Entity.Patch<E>, facts: EncodeFacts<R>) => Encoded
  /** The number of a new record, where the number sequence takes one from outside. */
  readonly numberOf?: (patch: Entity.Patch<E>, key: string | undefined) => string | undefined
  readonly natural: { readonly [field: string]: ((value: unknown) => Natural | undefined) | undefined }
  /** True when the field stands in the record; for fields that comparing plain values cannot tell. */
  readonly compare?: { readonly [field: string]: ((wanted: unknown, found: unknown) => boolean) | undefined }
  /** Why this record cannot be written as it stands: it was posted. */
  readonly refusal?: (existing: Wire<R>) => string | undefined
}

/**
 * A natural key that is a text in a property of the set. A star in it finds others beside it, and the database folds case:
 * what was found has to hold the value.
 */
export const textual =
  (property: string, field: string) =>
  (value: unknown): Natural | undefined => {
    if (typeof value !== "string" || value.trim() === "" || !Keys.isPlain(value)) return undefined
    const wanted = value.trim().toLowerCase()
    return {
      filter: Filter.equals(property, value.trim()),
      holds: (record) => typeof record[field] === "string" && record[field].trim().toLowerCase() === wanted,
    }
  }
