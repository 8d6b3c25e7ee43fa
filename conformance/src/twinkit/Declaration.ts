/**
 * An API as its documentation describes it, for a twin: collections with their fields and keys, how lists are paged, how
 * one signs in, what is limited, how writes behave, how errors look. All of it is plain data but for what computes.
 */
import type { Quirk } from "../twin/Twin.ts"

/** Values as they stand in the world: plain JSON, numbers of any kind by their text. */
export type Value = null | boolean | string | ReadonlyArray<Value> | { readonly [member: string]: Value }
export type Row = { readonly [field: string]: Value }

interface Common {
  /** A create without it is refused, and so is setting it to nothing. */
  readonly required?: boolean
  /** The vendor sets it; who sends it is refused, or not listened to, as `excess` says. */
  readonly readOnly?: boolean
  /** No two records hold the same value. */
  readonly unique?: boolean
  /** Of a new record that does not bring one. */
  readonly default?: Value
  /** The record of this collection with this key has to exist. */
  readonly references?: string
  /** Computed at every write, from the record as it will stand and from all others. Implies `readOnly`. */
  readonly derive?: (row: Row, others: (collection: string) => ReadonlyArray<Row>) => Value
}

export type Field = Common &
  (
    | { readonly type: "text"; readonly maxLength?: number; readonly choices?: ReadonlyArray<string> }
    /** A JSON number without a fraction. */
    | { readonly type: "integer" }
    /** A JSON number, kept digit by digit. */
    | { readonly type: "number"; readonly scale?: number }
    /** A decimal that travels as text. */
    | { readonly type: "decimal"; readonly scale?: number }
    | { readonly type: "boolean" }
    /** `2026-11-20` */
    | { readonly type: "date" }
    /** ISO 8601 in UTC. */
    | { readonly type: "dateTime" }
    | { readonly type: "object"; readonly fields: Fields }
    | { readonly type: "list"; readonly of: Fields }
  )

export type Fields = { readonly [name: string]: Field }

export interface Key {
  readonly field: string
  /** A number that counts up, text that the vendor makes up, or what the client sends with a create. */
  readonly assigned: "number" | "text" | "client"
  /** Where numbers begin. Defaults to 1. */
  readonly start?: number
  /** What texts begin with. */
  readonly prefix?: string
}

interface Sized {
  /** The query parameter for the size of a page. */
  readonly size: string
  readonly default: number
  readonly most: number
  /** What becomes of a size beyond `most`: cut down without a word, or refused. Defaults to `cap`. */
  readonly beyond?: "cap" | "refuse"
  /** The member in which the records stand; absent: the answer is a bare list. */
  readonly items?: string
  /** Rows beyond this many cannot be reached by paging: the page is refused. */
  readonly reach?: number
}

export type Paging =
  | (Sized & {
      readonly style: "page"
      readonly page: string
      /** The number of the first page. Defaults to 1. */
      readonly first?: number
      /** The member that tells how many there are in all. */
      readonly total?: string
      readonly more?: string
    })
  | (Sized & { readonly style: "offset"; readonly offset: string; readonly total?: string; readonly more?: string })
  /** An opaque cursor that keeps its place whatever comes and goes. */
  | (Sized & { readonly style: "cursor"; readonly cursor: string; readonly next: string })
  /** A link to the next page, in a member, or in the header `link` where `next` says so. */
  | (Sized & { readonly style: "link"; readonly cursor: string; readonly next: string | { readonly header: true } })
  /** The records behind a key, in its order. */
  | (Sized & { readonly style: "keyset"; readonly after: string; readonly more?: string })

export type Auth =
  | { readonly scheme: "none" }
  | { readonly scheme: "bearer"; readonly token: string }
  | { readonly scheme: "basic"; readonly user: string; readonly password: string }
  | { readonly scheme: "apiKey"; readonly header: string; readonly key: string }
  | {
      readonly scheme: "oauth"
      readonly tokenPath: string
      readonly clientId: string
      readonly clientSecret: string
      readonly grants: ReadonlyArray<"client_credentials" | "refresh_token">
      readonly lifetimeSeconds: number
      /** The refresh token of a consent that was given. */
      readonly refreshToken?: string
      /** A refresh gives a new refresh token, and the old one is spent. */
      readonly rotates?: boolean
    }

export interface Refusal {
  /** How long to wait is told in seconds, as a date, or not at all. Defaults to `seconds`. */
  readonly retryAfter?: "seconds" | "date" | "none"
}

export type Limit = Refusal &
  /** So many requests in any window of this length, or in each window of the clock (`fixed`). */
  (
    | { readonly kind: "window"; readonly requests: number; readonly millis: number; readonly fixed?: boolean }
    /** A bucket of so many requests that fills up again. */
    | { readonly kind: "burst"; readonly requests: number; readonly perSecond: number }
    /** So many at once; `latencyMillis` is how long a request takes. */
    | { readonly kind: "concurrency"; readonly requests: number; readonly latencyMillis: number }
  )

export interface Modified {
  readonly field: string
  readonly granularityMillis: number
  /** How the stamp stands on the wire. Defaults to `iso`. */
  readonly format?: "iso" | "epochSeconds" | "epochMillis"
  /** How long lists do not show what was written. A read by key always does. */
  readonly lagMillis?: number
  /** Query parameters: from inclusive, before exclusive. */
  readonly from?: string
  readonly before?: string
}

export interface Collection {
  /** Defaults to the name. */
  readonly path?: string
  readonly key: Key
  readonly fields: Fields
  /** Defaults to true. */
  readonly create?: boolean
  /** The method, and whether a field that is left out is cleared (`replace`). */
  readonly update?: { readonly method: "PATCH" | "PUT"; readonly replace?: boolean } | false
  /** PUT on `path/<path>/<value>` creates, or changes what has this value of a unique field. */
  readonly upsertBy?: { readonly path: string; readonly field: string }
  /** `gone`: a 404 from then on; or the field that tells of it, of a record that stays. */
  readonly delete?: "gone" | { readonly flag: string } | false
  readonly modified?: Modified
  /** A version of each record, as an ETag or in a field; a write with another one is refused. */
  readonly revision?: { readonly field?: string; readonly etag?: boolean }
  /** Fields by which a list can be asked, each by a query parameter of its name. */
  readonly filters?: ReadonlyArray<string>
  /** The query parameter for the order: the name of the key or of the stamp. Without it lists are in order of the key. */
  readonly sort?: string
  readonly paging?: Paging
}

export type Code =
  | "unauthorized"
  | "notFound"
  | "invalid"
  | "missing"
  | "duplicate"
  | "reference"
  | "stale"
  | "throttled"
  | "unavailable"

/** What went wrong, for the vendor's own words. */
export interface Problem {
  readonly code: Code
  readonly status: number
  readonly message: string
  readonly field?: string
  /** Of a duplicate: the record that holds the value. */
  readonly existingId?: string
}

export interface Errors {
  /** Where the vendor's statuses are others. */
  readonly status?: Partial<Readonly<Record<Code, number>>>
  /** The body. Defaults to `{"error": {"code", "message", "field"}}`. */
  readonly body?: (problem: Problem) => unknown
}

export interface Declaration {
  readonly name: string
  /** `https://api.ledgerette.example` */
  readonly origin: string
  /** What all paths begin with, `/v1`. */
  readonly base?: string
  readonly auth: Auth
  readonly limits?: ReadonlyArray<Limit>
  /** Of every collection that has none of its own. */
  readonly paging: Paging
  /** What becomes of members that nobody declared, and of read-only ones: refused (unless told), or not listened to. */
  readonly excess?: "refuse" | "ignore"
  readonly errors?: Errors
  readonly collections: { readonly [name: string]: Collection }
  /** What is known of the real API, and how surely. What is declared and graded by nobody is assumed. */
  readonly quirks?: ReadonlyArray<Quirk>
}
