/** How one entity set becomes one of our entities. Each port is made of one or two of these. */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import type { Decimal } from "@mortise/core/Decimal"
import type * as Entity from "@mortise/core/Entity"
import type { LocalDate } from "@mortise/core/Values"
import type * as Effect from "effect/Effect"
import type { KeyField } from "../Config.ts"
import type * as Filter from "../Filter.ts"
import type { Resource, Wire } from "../Sets.ts"
import type { Settings } from "../Settings.ts"
import type { Reader } from "./Reader.ts"
import type { Records } from "./records.ts"

/** What a decode knows beside the record. */
export interface Facts {
  readonly settings: Settings
  /** The company's day, for states that depend on it. */
  readonly today: LocalDate
  /** The company's own currency; absent when the user may not see it. */
  readonly currency?: string
  /** The display values of the dimensions that new records are given, by entity. */
  readonly dimensions: { readonly [entity: string]: string }
  /** Days to pay by the name of the terms. */
  readonly terms: ReadonlyMap<string, number>
}

/** Our fields by the properties that they are read from: `CustomerAccount`, or `SalesOrderLines/ItemNumber` behind a link. */
export type Members = { readonly [field: string]: ReadonlyArray<string> | undefined }

/** What other sets tell of the records of a page. */
export type Beside = { readonly [name: string]: ReadonlyMap<string, unknown> }

export interface Mapping<E extends Entity.Any, R extends Resource> {
  readonly entity: E
  readonly resource: R
  readonly members: Members
  /** Properties that are asked for whatever the fields are. */
  readonly always?: ReadonlyArray<string>
  /** The rows that a reading asks for. A record beyond it is found by id and key all the same. */
  readonly condition?: Filter.Filter
  /** False for a row that the set shows and that is none of the entity. */
  readonly belongs?: (wire: Wire<R>) => boolean
  /** Stands before the key in ids, where a port is made of two sets. */
  readonly prefix?: string
  /** The field that carries our key. */
  readonly carrier?: KeyField
  /** Asks other sets for what the row does not hold, when one of the fields needs it. */
  readonly beside?: {
    readonly fields: ReadonlyArray<string>
    readonly read: (
      records: Records,
      wires: ReadonlyArray<Wire<R>>,
      facts: Facts,
      /** Those of the fields that were asked for. */
      asked: ReadonlyArray<string>,
    ) => Effect.Effect<Beside, ConnectorError>
  }
  /** The fields of the record. What it cannot read becomes an issue of the reader. */
  readonly decode: (reader: Reader<Wire<R>>, facts: Facts, beside: Beside) => Partial<Entity.Record<E>>
}

/** Of a set that is written. */
export interface WrittenMapping<E extends Entity.Any, R extends Resource> extends Mapping<E, R> {
  readonly carrier: KeyField
}

/** A sum of money that several rows make up. */
export interface Open {
  readonly balance: Decimal
  readonly overdue: Decimal
}
