/** What the ports of one connector share. Made once at connect; nothing of it outlives the connector. */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Scope from "@mortise/core/Scope"
import type * as StateStore from "@mortise/core/StateStore"
import type * as WriteTurns from "@mortise/core/WriteTurns"
import type * as Effect from "effect/Effect"
import type { Resource } from "../Sets.ts"
import type { Settings } from "../Settings.ts"
import type { Facts } from "./Mapping.ts"
import type { Records } from "./records.ts"

export interface Context {
  readonly settings: Settings
  readonly scope: Scope.Scope
  readonly records: Records
  readonly store: StateStore.Service
  /** The server's clock, as its answers tell it, in milliseconds since the epoch. */
  readonly now: Effect.Effect<number>
  /** The company's day, currency and terms. */
  readonly facts: Effect.Effect<Facts, ConnectorError>
  /** The sets whose stamps are read, see `stamped`; the others are crawled. */
  readonly stamped: ReadonlySet<Resource>
  /** Runs a write of a record alone: in this process, and by store leases among all that share the store. */
  readonly alone: WriteTurns.Alone
  /** Records read or written at once. */
  readonly concurrency: number
}
