/**
 * Features are facts, not flags: how an API keeps identity, what moves its modified stamp, which writes it has. The
 * relay, the batch combinator and the conformance kit read them; nobody guesses.
 */
import type * as Entity from "./Entity.ts"

/** How a port makes sure that writing a key again reaches the same record. */
export interface Identity {
  readonly carrier:
    | "uniqueProperty"
    | "putByExternalId"
    | "clientKey"
    | "findThenWrite"
    | "replayHeader"
    | "bodyField"
    | "storeOnly"
  /** The field or property of the vendor that carries our key. */
  readonly field?: string
  /** The characters that survive in the carrier; keys are encoded into them reversibly. */
  readonly alphabet: RegExp
  readonly caseFolding: "none" | "lower" | "upper"
  /** Greatest length of the encoded key, in characters. */
  readonly maxLength: number
  /** How long the vendor remembers a key, in milliseconds; absent for ever. An older retry looks first. */
  readonly lifetimeMillis?: number
  /** What sending a known key with another body does. */
  readonly changedBody: "updates" | "ignored" | "rejected"
}

/** The field by which changes are found, and what it does not tell. */
export interface Modified {
  readonly strategy: "keyset" | "window" | "snapshot" | "none"
  readonly field?: string
  /** Smallest step of the stamp, in milliseconds. */
  readonly granularityMillis: number
  /** Zone of the stamp on the wire. */
  readonly zone: "utc" | "offset" | "site"
  /** How long a committed write may stay invisible to the reading, in milliseconds. */
  readonly lagMillis: number
  /** Edits that do not move the stamp, in words. */
  readonly blindTo: ReadonlyArray<string>
  /** The sweep that finds them, where there is one. */
  readonly sweep?: string
}

export interface Features<E extends Entity.Any = Entity.Any> {
  readonly identity?: Identity
  readonly modified: Modified
  readonly reads: boolean
  readonly creates: boolean
  readonly updates: boolean
  /** True where `Write.create: false` is kept; a writer without the right to create cannot adopt without it. */
  readonly existingOnly?: boolean
  readonly archives: boolean
  readonly deletions: boolean
  /** How long a deletion may wait to be told, in milliseconds, where it is looked for less often than other changes. */
  readonly deletionLagMillis?: number
  readonly merges: boolean
  readonly revisions: boolean
  /** Greatest number of records that one write request carries. */
  readonly batchSize: number
  readonly pageSize: number
  /** The fields that this port delivers. */
  readonly readable: ReadonlyArray<Entity.FieldName<E>>
  /** The fields that this port can write. */
  readonly writable: ReadonlyArray<Entity.FieldName<E>>
  /** The writable fields that cannot be set to nothing; `null` for one of them is `Unsupported`. */
  readonly notClearable: ReadonlyArray<Entity.FieldName<E>>
  /** Initial states that a new document may be given. */
  readonly initialStates?: ReadonlyArray<string>
  /** Fields that the vendor derives, and so may change on its own when we write others. */
  readonly derives: ReadonlyArray<string>
  /** What the port cannot do, each with the reason, for the report. */
  readonly absent?: Readonly<globalThis.Record<string, string>>
}
