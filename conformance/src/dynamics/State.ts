/** What an environment remembers beside its records. */

/** An application registered in Entra; in the environment it is known by `SysAADClients`. */
export interface App {
  readonly clientId: string
  readonly secret: string
  /** When the secret ends, in milliseconds since the epoch. */
  readonly secretEnds?: number
  /** False when the application has no service principal in the tenant: its tokens have no `oid`. */
  readonly principal: boolean
  /** Throttling priority mapping. */
  readonly priority: "low" | "high"
}

export interface User {
  readonly id: string
  /** The company that is looked into unless a request asks across companies. */
  company: string
  /** Entity sets that the roles of the user do not reach. */
  forbidden: Array<string>
}

export interface Company {
  /** Lower case, as `dataAreaId` shows it. */
  readonly id: string
  readonly currency: string
  /** What a unit of another currency is worth in the company's own. */
  readonly rates: { readonly [currency: string]: string }
}

/** A business event that is active at an endpoint, for one company or all. */
export interface Subscription {
  readonly eventId: string
  readonly company?: string
}

export interface State {
  apps: Array<App>
  users: Array<User>
  companies: Array<Company>
  /** Number sequences, by `usmf CustomerAccount`. */
  counters: Record<string, number>
  /** Requests of each user in the window of the withdrawn limit. */
  requests: Record<string, Array<number>>
}

export const empty = (): State => ({ apps: [], users: [], companies: [], counters: {}, requests: {} })
