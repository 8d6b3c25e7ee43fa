/** What the ports of one connector share. Made once at connect; nothing of it outlives the connector. */

import type * as Scope from "@mortise/core/Scope"
import type * as StateStore from "@mortise/core/StateStore"
import type { LocalDate } from "@mortise/core/Values"
import type * as WriteTurns from "@mortise/core/WriteTurns"
import type * as Effect from "effect/Effect"
import type { Settings } from "../Settings.ts"
import type { CodeBook } from "./Codes.ts"
import type { Records } from "./Records.ts"
import type { Zones } from "./Zone.ts"

export interface Context {
  readonly settings: Settings
  readonly scope: Scope.Scope
  readonly records: Records
  readonly store: StateStore.Service
  readonly codes: CodeBook
  readonly zones: Zones
  /** The account's day by the server's clock. */
  readonly today: Effect.Effect<LocalDate>
  /** Runs a write of a record alone: in this process, and by store leases among all that share the store. */
  readonly alone: WriteTurns.Alone
  /** Columns that the account does not have, or that the role may not see. */
  readonly lacking: {
    readonly has: (table: string, column: string) => boolean
    readonly add: (table: string, column: string) => void
    readonly all: () => ReadonlyArray<string>
  }
  /** Whether jobs are written as batches; false once the account has refused one. */
  readonly batches: { available: boolean }
  /** Requests at once. */
  readonly concurrency: number
}
