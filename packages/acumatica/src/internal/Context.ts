/** What the ports of one connector share. Made once at connect; nothing of it outlives the connector. */

import type * as Scope from "@mortise/core/Scope"
import type * as StateStore from "@mortise/core/StateStore"
import type { LocalDate } from "@mortise/core/Values"
import type * as WriteTurns from "@mortise/core/WriteTurns"
import type * as Effect from "effect/Effect"
import type { Records } from "../Client.ts"
import type { Settings } from "../Settings.ts"
import type { Codec } from "../Wrapping.ts"

export interface Context {
  readonly settings: Settings
  readonly scope: Scope.Scope
  readonly codec: Codec
  readonly records: Records
  readonly store: StateStore.Service
  /** The server's clock, as its answers tell it, in milliseconds since the epoch. */
  readonly now: Effect.Effect<number>
  /** The tenant's day by the server's clock. */
  readonly today: Effect.Effect<LocalDate>
  /** Runs a write of a record alone: in this process, and by store leases among all that share the store. */
  readonly alone: WriteTurns.Alone
  /** Questions whose lists were refused as not optimizable. */
  readonly heavy: {
    readonly has: (question: string) => boolean
    readonly add: (question: string) => void
  }
  /** Records read or written at once. */
  readonly concurrency: number
}
