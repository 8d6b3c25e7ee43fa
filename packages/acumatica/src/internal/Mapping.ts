/** How one entity of the endpoint becomes one of ours. Each port is made of one or two of these. */
import type * as Entity from "@mortise/core/Entity"
import type { LocalDate } from "@mortise/core/Values"
import type { Wire } from "../Client.ts"
import type { Settings } from "../Settings.ts"
import type { Resource } from "../Versions.ts"
import type { Reader } from "./Reader.ts"
import type { Members } from "./selection.ts"

/** What a decode knows beside the record. */
export interface Facts {
  readonly settings: Settings
  /** The tenant's day, for states that depend on it. */
  readonly today: LocalDate
}

export interface Mapping<E extends Entity.Any, R extends Resource> {
  readonly entity: E
  readonly resource: R
  /** The members that our fields are read from, in the pinned version. */
  readonly members: Members
  /** Links that lists cannot expand; records that need them are read one by one. */
  readonly oneByOne: ReadonlyArray<string>
  /** False when the list's row shows that the links of `oneByOne` hold nothing. */
  readonly needsDetails?: (reader: Reader<Wire[R]>) => boolean
  /** False for records that the form shows and that are none of the entity. */
  readonly belongs?: (reader: Reader<Wire[R]>, facts: Facts) => boolean
  /** The field that carries our key, in the contract or outside of it. */
  readonly carrier?: Carrier
  /** The fields of the record. What it cannot read becomes an issue of the reader. */
  readonly decode: (reader: Reader<Wire[R]>, facts: Facts) => Partial<Entity.Record<E>>
}

export type Carrier =
  | { readonly type: "member"; readonly name: string }
  | { readonly type: "custom"; readonly viewAndField: string }
