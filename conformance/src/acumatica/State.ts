/** What an instance remembers beside its records: users, connected apps, sessions, grants, long operations. */

export interface User {
  readonly name: string
  readonly password: string
  /** Tenants that the user may enter; empty is all. */
  readonly tenants: ReadonlyArray<string>
  failures: number
}

/** A connected app (SM303010). */
export interface ConnectedApp {
  /** The part before the `@`. */
  readonly id: string
  readonly secret: string
  readonly tenant: string
  readonly redirectUris: ReadonlyArray<string>
  /** Life of a chain of refresh tokens after the first sign-in. */
  readonly refreshDays: number
}

export interface Session {
  readonly id: string
  readonly tenant: string
  readonly user: string
  branch: string
  /** The grant whose bearer opened it; absent for a cookie sign-in. */
  readonly grant?: string
  /** With plain `api` the session is the token's; with `api:concurrent_access` it is the cookie's. */
  readonly byCookie: boolean
  usedAt: number
}

export interface Code {
  readonly code: string
  readonly client: string
  readonly user: string
  readonly scopes: ReadonlyArray<string>
  readonly redirectUri: string
  readonly challenge?: string
  readonly expiresAt: number
}

export interface Grant {
  readonly id: string
  readonly client: string
  readonly tenant: string
  readonly user: string
  readonly scopes: ReadonlyArray<string>
  readonly startedAt: number
  /** The one refresh token that works now. */
  refresh?: string
  revoked: boolean
}

export interface AccessToken {
  readonly token: string
  readonly grant: string
  readonly expiresAt: number
  revoked: boolean
}

/** A long operation of a form in a session. */
export interface Operation {
  readonly id: string
  readonly session: string
  readonly tenant: string
  readonly screen: string
  readonly entity: string
  readonly action: string
  readonly version: string
  readonly doc: string
  readonly endsAt: number
  polls: number
  state: "running" | "done" | "failed"
  message?: string
}

export interface State {
  users: Array<User>
  apps: Array<ConnectedApp>
  sessions: Map<string, Session>
  codes: Map<string, Code>
  grants: Map<string, Grant>
  tokens: Map<string, AccessToken>
  operations: Map<string, Operation>
}

export type StateDump = {
  readonly [member in keyof State]: ReadonlyArray<
    State[member] extends Map<string, infer One> ? One : State[member] extends Array<infer One> ? One : never
  >
}

export const empty = (): State => ({
  users: [],
  apps: [],
  sessions: new Map(),
  codes: new Map(),
  grants: new Map(),
  tokens: new Map(),
  operations: new Map(),
})

export const dump = (state: State): StateDump =>
  structuredClone({
    users: state.users,
    apps: state.apps,
    sessions: [...state.sessions.values()],
    codes: [...state.codes.values()],
    grants: [...state.grants.values()],
    tokens: [...state.tokens.values()],
    operations: [...state.operations.values()],
  })

const index = <A>(list: ReadonlyArray<A>, name: (one: A) => string): Map<string, A> =>
  new Map(structuredClone(list).map((one) => [name(one), one]))

export const load = (from: StateDump): State => ({
  users: structuredClone([...from.users]),
  apps: structuredClone([...from.apps]),
  sessions: index(from.sessions, (one) => one.id),
  codes: index(from.codes, (one) => one.code),
  grants: index(from.grants, (one) => one.id),
  tokens: index(from.tokens, (one) => one.token),
  operations: index(from.operations, (one) => one.id),
})
