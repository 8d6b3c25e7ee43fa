/** How a patch of one of our entities becomes the body of a create or an update. The other half of a `Mapping`. */
import type { ConnectorError, Issue, Reason } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type { LocalDate, Reference } from "@mortise/core/Values"
import type * as Effect from "effect/Effect"
import type { Condition } from "../Conditions.ts"
import type { Settings } from "../Settings.ts"
import type { Context } from "./Context.ts"
import type { Countries } from "./countries.ts"
import type { Doc } from "./Doc.ts"

export type Referred = "Account" | "Contact" | "Product" | "Order"

/** A reference in a patch: where it stands, and what it points to. */
export interface Pointer {
  readonly path: string
  readonly entity: Referred
  readonly reference: Reference
}

export interface EncodeFacts {
  readonly settings: Settings
  readonly countries: Countries
  readonly today: LocalDate
  /** The document that is updated, every member of it; absent for a new one. */
  readonly existing?: Doc
  /** What names a new document, where that is chosen by who makes it. */
  readonly named?: string
  /** The id that a reference was resolved to. */
  readonly idOf: (entity: Referred, reference: Reference) => string
  /** The company's own currency. */
  readonly currency: string
  /** True when the site has the field that carries the key of a line. */
  readonly lineKeys: boolean
}

export type Encoded = { readonly body: Doc; readonly issues?: undefined } | { readonly issues: ReadonlyArray<Issue> }

/** `today` is the site's day when the record was read. */
export type Compare = (wanted: unknown, found: unknown, today: LocalDate) => boolean

/** Where a natural key is looked up: a record of this name, or records that a condition finds. */
export type Natural = { readonly id: string } | { readonly where: ReadonlyArray<Condition> }

/** A document that the record takes some of its fields from when it is saved; written before it. */
export interface Before<E extends Entity.Any> {
  readonly fields: ReadonlyArray<Entity.FieldName<E>>
  readonly write: (context: Context, patch: Entity.Patch<E>, existing: Doc) => Effect.Effect<void, ConnectorError>
}

/** Documents beside the record, written after it: each is found again before it is made. */
export interface After<E extends Entity.Any> {
  readonly fields: ReadonlyArray<Entity.FieldName<E>>
  /** What of the patch cannot be written so, before anything is sent. */
  readonly issues: (patch: Entity.Patch<E>, facts: Pick<EncodeFacts, "countries" | "existing">) => ReadonlyArray<Issue>
  readonly write: (
    context: Context,
    patch: Entity.Patch<E>,
    record: { readonly id: string; readonly doc: Doc; readonly text: string | undefined },
  ) => Effect.Effect<void, ConnectorError>
}

export interface Writer<E extends Entity.Any> {
  readonly writable: ReadonlyArray<Entity.FieldName<E>>
  readonly notClearable: ReadonlyArray<Entity.FieldName<E>>
  /** Fields that name a record or say what it is: given once, and never changed. */
  readonly fixed: ReadonlyArray<Entity.FieldName<E>>
  /** True when a body needs the company's currency. */
  readonly inCurrency: boolean
  readonly pointers: (patch: Entity.Patch<E>) => ReadonlyArray<Pointer>
  /** Members of a new document beside the fields: its company, its currency. */
  readonly initial: (patch: Entity.Patch<E>, facts: EncodeFacts) => Encoded
  /** The given fields; all others stay untouched. */
  readonly encode: (patch: Entity.Patch<E>, facts: EncodeFacts) => Encoded
  readonly natural: { readonly [field: string]: ((value: unknown) => Natural | undefined) | undefined }
  /** True when every supplied field stands in the record; for fields that comparing plain values cannot tell. */
  readonly compare?: { readonly [field: string]: Compare | undefined }
  /** What may stand in the way of a new document beside our key; looked for when the site refused one. */
  readonly rival?: (wanted: { readonly [field: string]: unknown }) => ReadonlyArray<Condition> | undefined
  /** Why a document that is there is not written any more. */
  readonly guard?: (existing: Doc) => Reason | undefined
  readonly before?: Before<E>
  readonly after?: After<E>
}

/** Only what is given: an absent member is untouched, `null` clears. */
export const definedBody = (members: Doc): Doc =>
  Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined))
