/** What all ways of reading a list to its end have in common. */
import { ConnectorError, Decode } from "../ConnectorError.ts"

export interface Guards {
  /** Named in errors. */
  readonly system: string
  readonly operation: string
  /** More pages than this are taken for a server that does not come to an end. Defaults to 100,000. */
  readonly maxPages?: number
}

export const MAX_PAGES = 100_000

export const wrong = (guards: Guards, message: string): ConnectorError =>
  new ConnectorError({
    system: guards.system,
    operation: guards.operation,
    reason: new Decode({ message, issues: [] }),
  })
