/**
 * How rules look at a vendor's world and disturb it, in the words of the contract. One probe for each kind of record;
 * what a vendor does not have is left out, and declared absent by its subject.
 */
import type * as Change from "@mortise/core/Change"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import type * as Port from "@mortise/core/Port"
import type * as Effect from "effect/Effect"
import type { JournalLine } from "../twin/Journal.ts"
import type { Connected, How, Program } from "./Subject.ts"

// biome-ignore lint/suspicious/noExplicitAny: the entity is whichever the subject writes
export type Write = Port.Write<any> & { readonly key: string }

/** Fields of the contract. */
export type Fields = { readonly [field: string]: unknown }

/** A record as it stands in the world. */
export interface Standing {
  readonly id: string
  /** Our key, when it carries one. */
  readonly key: string | undefined
  readonly name: string | undefined
}

export interface PartyStanding extends Standing {
  readonly natural: string | undefined
  readonly phone: string | undefined
}

/** A row as a page of the vendor's has it. */
export interface Row {
  readonly id: string
  readonly stamp: string
}

/** The entity that most rules write and read: what the vendor calls company, customer or account. */
export interface Party {
  readonly entity: string
  readonly port: (connected: Connected) => Port.Any
  /** The field by which a record may be adopted. */
  readonly natural: string
  /** The nth one: its key, a name and a natural key, or these fields. */
  readonly write: (n: number, fields?: Fields) => Write
  readonly naturalOf: (n: number) => string
  /** One that the vendor itself refuses. */
  readonly unwelcome: (n: number) => Write
  readonly records: () => ReadonlyArray<PartyStanding>
  /** Enters so many by hand, all at one moment, without any key of ours; gives their ids. */
  readonly enter: (from: number, count: number, natural?: string) => ReadonlyArray<string>
  /** Changes name or phone of one as a person does it: the stamp moves. */
  readonly edit: (id: string, fields: { readonly name?: string; readonly phone?: string }) => void
  /** The same, but that readers see it only after the vendor's lag: its stamp is of now. */
  readonly editLate?: (id: string, fields: { readonly name: string }) => void
  /** Deletes one as a person does it; where the vendor lets people delete. */
  readonly remove?: (id: string) => void
  /** Makes one unreadable; gives the field at fault. */
  readonly spoil?: (id: string) => string
  /** Merges the second into the first, as a person does it; gives the id of the survivor. */
  readonly merge?: (into: string, from: string) => string
  /** The rows of a page that the twin served; undefined for whatever else it answered. */
  readonly page: (line: JournalLine) => ReadonlyArray<Row> | undefined
  /** The vendor's names of the fields of each record that a request writes; undefined for other requests. */
  readonly sent: (line: JournalLine) => ReadonlyArray<ReadonlyArray<string>> | undefined
  /** The vendor's name of each field, and of those that say which record is meant. */
  readonly wire: { readonly name: string; readonly phone: string; readonly identity: ReadonlyArray<string> }
  /** Further ones that say it in this request alone: what a record is created with, and is known by later. */
  readonly identifies?: (line: JournalLine) => ReadonlyArray<string>
  /** The vendor's names of the fields that a read asks for; undefined for other requests, `all` where it asks for all. */
  readonly asked?: (line: JournalLine) => ReadonlyArray<string> | "all" | undefined
}

/** A person that hangs on a party. */
export interface Person {
  readonly entity: string
  /** The nth one, on the party of that key. */
  readonly write: (n: number, party: string, fields?: Fields) => Write
  /** With the ids of the parties that each hangs on, in order. */
  readonly records: () => ReadonlyArray<Standing & { readonly parties: ReadonlyArray<string> }>
  readonly isWrite: (line: { readonly method: string; readonly url: string | URL }) => boolean
}

export interface LineSeen {
  /** The product's number. */
  readonly product: string | undefined
  /** Exact, as text, without needless zeros. */
  readonly quantity: string
}

export interface LineWanted {
  readonly key: string
  readonly product: string
  readonly quantity: string
}

/** A document with lines: the order of an ERP, the deal of a CRM. */
export interface Lined {
  readonly entity: string
  /** Enters by hand what the documents point to: a party and the products BOLT and NUT. */
  readonly enter: Effect.Effect<void>
  readonly write: (n: number, lines: ReadonlyArray<LineWanted>, fields?: Fields) => Write
  readonly records: () => ReadonlyArray<Standing & { readonly lines: ReadonlyArray<LineSeen> }>
}

/** Documents of a ledger that a connector may write, as drafts. */
export interface Documents {
  /** Enters by hand what the documents point to. */
  readonly enter: Effect.Effect<void>
  /** Writes one of each kind; gives what became of each. */
  readonly write: (connected: Connected) => Program<ReadonlyArray<string>>
  /** The state of every document, and whether it is final. */
  readonly states: () => ReadonlyArray<{ readonly document: string; readonly final: boolean }>
  /** True for a request that would post, submit, release, send, void or delete a document. */
  readonly posts: (line: JournalLine) => boolean
  /** The kinds that this vendor refuses to have written at all: each is `Unsupported`. */
  readonly refused?: (connected: Connected) => Program<ReadonlyArray<string>>
}

/** A field of one kind: a value is written into it, looked at in the world, and read back. */
export interface ValueProbe {
  readonly entity: string
  /** What the record hangs on is entered by hand. */
  readonly enter?: Effect.Effect<void>
  /** The nth record with this value as text; for money with its currency. */
  readonly write: (n: number, value: string, currency?: string) => Write
  /** The value as it stands in the world, as text without needless zeros; undefined when there is none. */
  readonly inWorld: (key: string) => string | undefined
  /** The value in a record that the port read, as text. */
  readonly read: (record: unknown) => string | undefined
  /** Digits that the vendor's field keeps, in all and after the point. Absent: as many as one likes. */
  readonly digits?: { readonly whole: number; readonly fraction: number }
}

/** One field of each kind. Texts are tried on the name of the party. */
export interface Values {
  readonly decimal?: ValueProbe
  readonly money?: ValueProbe
  readonly date?: ValueProbe
}

/** An edit that no modified stamp tells of, and the record that the sweep has to report. */
export interface BlindEdit {
  readonly says: string
  readonly entity: string
  /** Enters what is edited later; gives the id that has to come. */
  readonly enter: () => string
  readonly edit: (id: string) => void
  /** How the connector is opened, where the sweep has to be asked for. */
  readonly how?: How
}

/** An invoice that falls due. */
export interface Overdue {
  readonly entity: string
  /** One with a balance that is due on this day, unread so far; gives its id. */
  readonly enter: (due: string) => string
  /** The state in a record that the port read. */
  readonly state: (record: unknown) => string | undefined
}

/** What a receiver of pushes made of one. */
export interface Received {
  readonly status: number
  readonly events: number
  readonly woken: number
}

export interface Push {
  /** A receiver of its own memory on the store of the process. */
  readonly receiver: Program<{
    /** A push as the vendor sends it, about this record. */
    readonly genuine: (id: string) => Effect.Effect<Received, ConnectorError>
    /** The same bytes once more. */
    readonly repeated: Effect.Effect<Received, ConnectorError>
    /** A push of somebody who does not know the secret; for unsigned ones, of an id that does not exist. */
    readonly forged: Effect.Effect<Received, ConnectorError>
    /** A genuine one, so many seconds old; where pushes are signed with a time. */
    readonly aged?: (seconds: number) => Effect.Effect<Received, ConnectorError>
  }>
}

export interface Tokens {
  /** From now on the vendor refuses to refresh. */
  readonly revoke: () => void
  /** How long an access token lives, in milliseconds. */
  readonly lifetimeMillis: number
  /** The refresh token that the vendor would take now, where it is rotated. */
  readonly refreshToken?: () => string
}

export interface Cap {
  /** More rows than one listing gives. */
  readonly rows: number
  /** The greatest number of rows that one listing gives. */
  readonly most: number
}

/** What this vendor has of each. */
export interface Probes {
  readonly party: Party
  readonly person?: Person
  readonly lined?: Lined
  readonly documents?: Documents
  readonly values?: Values
  readonly blindEdits?: ReadonlyArray<BlindEdit>
  readonly overdue?: Overdue
  readonly push?: Push
  readonly tokens?: Tokens
  readonly cap?: Cap
  /** A field of the tenant's own on the party. */
  readonly custom?: {
    readonly field: string
    readonly inWorld: (id: string) => string | undefined
    /** As a person enters it. */
    readonly enter: (id: string, value: string) => void
  }
  /** Spends the allowance of the day. */
  readonly quota?: { readonly spend: () => void }
  /** A limit that the connector knows ahead: the twin keeps to it, and answers 429 beyond. */
  readonly limit?: {
    /** So many requests in a window meet neither a refusal nor a delay. */
    readonly requests: number
    readonly windowMillis: number
    readonly how?: How
    /** Has the twin keep to it from now on, where it does not always. */
    readonly impose?: () => void
  }
  /** Opens the connector on a version that the instance does not serve. */
  readonly wrongVersion?: How
  /** Opens it on each version of the API that it can be pinned to, where there are several. */
  readonly everyVersion?: ReadonlyArray<How>
  /** Opens it with credentials that the vendor does not take. */
  readonly wrongCredentials: How
  /** Opens it on an address without https. */
  readonly plainHttp?: How
  /** The body of a page with its next link led elsewhere, where pages are joined by links. */
  readonly ledAstray?: (body: string, to: string) => string
  /** The id that the vendor gave an exchange, as its answer shows it. */
  readonly correlation?: (line: JournalLine) => string | undefined
}

export type Changes = ReadonlyArray<Change.Change<unknown>>
