/** How rows of a table become records of one of our entities. The reading half of a port. */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Entity from "@mortise/core/Entity"
import type { LocalDate } from "@mortise/core/Values"
import type * as Effect from "effect/Effect"
import type * as Filter from "../Filter.ts"
import type * as Query from "../Query.ts"
import type { Settings } from "../Settings.ts"
import type { Codes } from "./Codes.ts"
import type { Reader } from "./Reader.ts"
import type { RecordType } from "./Records.ts"

/** What a decode knows beside the record. */
export interface Facts {
  readonly settings: Settings
  readonly codes: Codes
  /** The account's day, for states that depend on it. */
  readonly today: LocalDate
}

/** All rows of a query, however many pages it has. */
export type Ask = (question: {
  readonly columns: ReadonlyArray<Query.Column>
  readonly from: string
  readonly where: Filter.Filter
  /** Columns by which no two rows are the same, all of them numbers; by the first of them, the record that has them. */
  readonly orderBy: ReadonlyArray<string>
  /** Those of them that an account may lack. */
  readonly loose?: ReadonlyArray<string>
}) => Effect.Effect<ReadonlyArray<Reader>, ConnectorError>

/** Rows of another table, asked for together for all records of a page. */
export interface Part {
  readonly load: (
    ask: Ask,
    records: ReadonlyMap<string, Reader>,
  ) => Effect.Effect<ReadonlyMap<string, ReadonlyArray<Reader>>, ConnectorError>
}

/** What a field of ours is read from. */
export interface Members {
  readonly columns?: ReadonlyArray<Query.Column>
  readonly part?: string
}

export interface Mapping<E extends Entity.Any> {
  readonly entity: E
  readonly table: string
  /** The records of the table that are of the entity. */
  readonly where?: Filter.Filter
  /** Asked whatever the fields are, beside id, stamp and carrier. */
  readonly always: ReadonlyArray<Query.Column>
  readonly members: { readonly [field: string]: Members | undefined }
  readonly parts: { readonly [part: string]: Part }
  /** The type of the record for the record API; undefined for one that is only read. */
  readonly typeOf: (reader: Reader) => RecordType | undefined
  /** The fields of the record. What it cannot read becomes an issue of the reader. */
  readonly decode: (reader: Reader, facts: Facts) => Partial<Entity.Record<E>>
}
