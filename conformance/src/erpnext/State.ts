/** What a site remembers beside its documents: keys, sessions, codes and tokens. */

export interface User {
  readonly name: string
  readonly fullName: string
  readonly password: string
  readonly roles: ReadonlyArray<string>
  apiKey: string
  apiSecret: string
  enabled: boolean
  failures: number
  lockedUntil: number
}

export interface Session {
  readonly id: string
  readonly user: string
  readonly expiresAt: number
  /** Set when a desk page was loaded: from then on unsafe requests need it. */
  csrf?: string
}

export interface Code {
  readonly code: string
  readonly client: string
  readonly user: string
  readonly scope: string
  readonly redirectUri: string
  readonly challenge?: { readonly method: "S256" | "plain"; readonly value: string }
  readonly expiresAt: number
}

export interface Token {
  readonly access: string
  readonly refresh: string
  readonly client: string
  readonly user: string
  readonly scope: string
  readonly expiresAt: number
  revoked: boolean
}

export interface State {
  users: Map<string, User>
  sessions: Map<string, Session>
  codes: Map<string, Code>
  /** By access token. */
  tokens: Map<string, Token>
  /** Server time spent in the window that runs now, in seconds. */
  spent: { window: number; seconds: number }
}

export interface StateDump {
  readonly users: ReadonlyArray<User>
  readonly sessions: ReadonlyArray<Session>
  readonly codes: ReadonlyArray<Code>
  readonly tokens: ReadonlyArray<Token>
  readonly spent: State["spent"]
}

export const empty = (): State => ({
  users: new Map(),
  sessions: new Map(),
  codes: new Map(),
  tokens: new Map(),
  spent: { window: -1, seconds: 0 },
})

export const dump = ({ codes, sessions, spent, tokens, users }: State): StateDump =>
  structuredClone({
    users: [...users.values()],
    sessions: [...sessions.values()],
    codes: [...codes.values()],
    tokens: [...tokens.values()],
    spent,
  })

const index = <A>(list: ReadonlyArray<A>, name: (one: A) => string): Map<string, A> =>
  new Map(structuredClone(list).map((one) => [name(one), one]))

export const load = (from: StateDump): State => ({
  users: index(from.users, (one) => one.name),
  sessions: index(from.sessions, (one) => one.id),
  codes: index(from.codes, (one) => one.code),
  tokens: index(from.tokens, (one) => one.access),
  spent: { ...from.spent },
})
