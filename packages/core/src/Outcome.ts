/** What became of one record of an upsert. There is one for each input, in the order of the inputs. */
import type * as ConnectorError from "./ConnectorError.ts"

interface Known {
  readonly id: string
  readonly revision?: string
}

export interface Created extends Known {
  readonly _tag: "Created"
}
export interface Updated extends Known {
  readonly _tag: "Updated"
}
/** Written; the vendor does not tell whether it was created or updated. */
export interface Written extends Known {
  readonly _tag: "Written"
}
/** Nothing was sent, because a fresh read shows that the record already holds every supplied value. */
export interface Unchanged extends Known {
  readonly _tag: "Unchanged"
}
/** Refused for good, by us or by the vendor. Nothing was written, or, with an `id`, not all of it. */
export interface Rejected {
  readonly _tag: "Rejected"
  readonly error: ConnectorError.ConnectorError
  /** The record is there, and was written but for what the error names. */
  readonly id?: string
}
/** May have been written. Look by key before sending it again. */
export interface Unknown {
  readonly _tag: "Unknown"
  readonly error: ConnectorError.ConnectorError
}
/** Not sent, or surely not applied, and worth another try: the deadline came first, the quota is spent, the door is shut. */
export interface NotAttempted {
  readonly _tag: "NotAttempted"
  readonly error: ConnectorError.ConnectorError
}

export type Outcome = Created | Updated | Written | Unchanged | Rejected | Unknown | NotAttempted

/** True when the record is in the target with the supplied values. */
export const isSettled = (outcome: Outcome): outcome is Created | Updated | Written | Unchanged =>
  outcome._tag === "Created" || outcome._tag === "Updated" || outcome._tag === "Written" || outcome._tag === "Unchanged"
