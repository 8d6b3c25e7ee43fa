/** What the account remembers beside its records: its integration, tokens, jobs, attachments, deletions. */
import type { TwinReply } from "../twin/Twin.ts"

/** A certificate on the page of machine to machine mappings. */
export interface Certificate {
  /** `kid` of assertions. */
  readonly id: string
  readonly clientId: string
  /** SPKI in PEM. */
  readonly publicKey: string
  readonly validUntil: number
}

/** An integration record. */
export interface Integration {
  readonly clientId: string
  /** Absent for a public client. */
  readonly clientSecret?: string
  readonly redirectUris: ReadonlyArray<string>
}

export interface AuthorizationCode {
  readonly code: string
  readonly clientId: string
  readonly redirectUri: string
  readonly scopes: ReadonlyArray<string>
  readonly challenge?: string
  readonly expiresAt: number
}

export interface RefreshToken {
  readonly token: string
  readonly clientId: string
  readonly scopes: ReadonlyArray<string>
  readonly expiresAt: number
  /** The end of the chain that single-use tokens make. */
  readonly chainEndsAt: number
}

export interface AccessToken {
  readonly token: string
  readonly clientId: string
  readonly scopes: ReadonlyArray<string>
  readonly expiresAt: number
}

export type Level = "none" | "view" | "full"

/** The role that requests come under. */
export interface Role {
  readonly administrator: boolean
  /** Whether it may query what was deleted. */
  readonly deletedRecords: boolean
  /** Record types by their names; what is not named is `full`. */
  readonly levels: Readonly<Record<string, Level>>
}

export interface Attachment {
  readonly contact: string
  readonly to: string
  readonly role: string | null
}

export interface Deletion {
  readonly type: string
  readonly id: string
  readonly name: string
  readonly at: number
}

/** A request that a task stands for. */
export interface TaskRequest {
  readonly method: string
  readonly url: string
  readonly headers: ReadonlyArray<readonly [string, string]>
  readonly body: string
}

export interface Task {
  readonly id: string
  readonly request: TaskRequest
  readonly startsAt: number
  readonly endsAt: number
  reply?: TwinReply
}

export interface Job {
  readonly id: string
  readonly idempotencyKey?: string
  readonly createdAt: number
  readonly tasks: ReadonlyArray<Task>
}

export interface State {
  certificates: Array<Certificate>
  integrations: Array<Integration>
  codes: Array<AuthorizationCode>
  refreshTokens: Array<RefreshToken>
  accessTokens: Array<AccessToken>
  role: Role
  attachments: Array<Attachment>
  deletions: Array<Deletion>
  jobs: Array<Job>
}

export const empty = (): State => ({
  certificates: [],
  integrations: [],
  codes: [],
  refreshTokens: [],
  accessTokens: [],
  role: { administrator: false, deletedRecords: true, levels: {} },
  attachments: [],
  deletions: [],
  jobs: [],
})
