/** What the ports of one connector share. Made once at connect; nothing of it outlives the connector. */

import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Scope from "@mortise/core/Scope"
import type * as StateStore from "@mortise/core/StateStore"
import type { LocalDate } from "@mortise/core/Values"
import type * as Effect from "effect/Effect"
import type { Settings } from "../Settings.ts"
import type { SiteTime } from "../SiteTime.ts"
import type { Catalog } from "./Catalog.ts"
import type { Countries } from "./countries.ts"
import type { AnyDocuments } from "./Doc.ts"

export interface Context {
  readonly settings: Settings
  readonly scope: Scope.Scope
  readonly documents: AnyDocuments
  readonly store: StateStore.Service
  readonly time: SiteTime
  readonly catalog: Catalog
  readonly countries: Countries
  /** The company's own currency, asked for once. */
  readonly currency: Effect.Effect<string, ConnectorError>
  /** The server's clock, as its answers tell it, in milliseconds since the epoch. */
  readonly now: Effect.Effect<number>
  /** The site's day by the server's clock. */
  readonly today: Effect.Effect<LocalDate>
  /** True when the user may read what was deleted. */
  readonly deletions: boolean
  /** Records written at once. */
  readonly concurrency: number
}
