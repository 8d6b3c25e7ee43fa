/** How documents of a doctype become records of one of our entities. Each port is made of one of these. */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type { LocalDate } from "@mortise/core/Values"
import type * as Effect from "effect/Effect"
import type { Condition } from "../Conditions.ts"
import type { Settings } from "../Settings.ts"
import type { Context } from "./Context.ts"
import type { Countries } from "./countries.ts"
import type { Doc } from "./Doc.ts"
import type { Reader } from "./Reader.ts"

/** What a decode knows beside the document. */
export interface Facts {
  readonly settings: Settings
  readonly countries: Countries
  /** The site's day, for states that depend on it. */
  readonly today: LocalDate
  /** The company's own currency, where a field needs it. */
  readonly currency: string | undefined
}

/**
 * What stands in documents of other doctypes that belong to the record; read for many names at once. Undefined where the
 * user may not see it: then nothing is known, which never means that there is nothing.
 */
export type Side = (
  context: Context,
  names: ReadonlyArray<string>,
) => Effect.Effect<ReadonlyMap<string, ReadonlyArray<Doc>> | undefined, ConnectorError>

/** What our fields are read from: `tax_id`, `items/qty` of a child table, `@addresses` beside the document. */
export type Members = { readonly [field: string]: ReadonlyArray<string> | undefined }

export interface Mapping<E extends Entity.Any> {
  readonly entity: E
  readonly doctype: string
  readonly members: Members
  /** Child doctypes by the field of the table. */
  readonly tables: { readonly [table: string]: string }
  readonly sides: { readonly [name: string]: Side }
  /** Fields that need the company's own currency. */
  readonly inCompanyCurrency: ReadonlyArray<string>
  /** What all documents of the entity have in common: the company, what kind they are. */
  readonly where: ReadonlyArray<Condition>
  /** The fields of the record. What it cannot read becomes an issue of the reader. */
  readonly decode: (reader: Reader, facts: Facts) => Partial<Entity.Record<E>>
}
