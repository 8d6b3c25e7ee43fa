/** How the facade names its entries. The last part of a key stands as it is, so that it keeps the order of ids. */

import type { RecordRef } from "../../StateStore.ts"

/** The spaces of the facade, and what a key in each is made of. */
export const SPACE = {
  /** `layout`, `journal` (the last position), `pair/...` (the version of the links between two kinds of records). */
  meta: "meta",
  /** stream */
  cursor: "cursor",
  /** stream / id */
  mark: "mark",
  /** stream / id */
  snapshot: "snapshot",
  /** target scope / target entity / source */
  link: "link",
  /** source scope / source entity / target: the ids of the sources that are linked to it, the last one written at the end */
  back: "back",
  /** relay / key */
  intent: "intent",
  /** relay / position of the chunk's last line */
  journal: "journal",
  /** relay: those that ever wrote a journal */
  relay: "relay",
  /** relay / source */
  dead: "dead",
  /** relay / source */
  parked: "parked",
  /** relay / what is waited for / source */
  waits: "waits",
  /** name */
  token: "token",
  /** name */
  lease: "lease",
  /** name */
  setting: "setting",
} as const

const part = (text: string): string => text.replace(/[%/]/g, (sign) => (sign === "%" ? "%25" : "%2F"))

/** Two lists of parts have one key only if they are equal. */
export const join = (...parts: readonly [string, ...ReadonlyArray<string>]): string => {
  const last = parts[parts.length - 1] as string
  return prefix(...parts.slice(0, -1)) + last
}

/** What all keys below these parts begin with. */
export const prefix = (...parts: ReadonlyArray<string>): string => parts.map((each) => `${part(each)}/`).join("")

/** A position in the journal, so written that text order is the order of the numbers. */
export const position = (sequence: number): string => String(sequence).padStart(16, "0")

/** One string for a record, the same for equal references and different for others. */
export const refKey = (ref: RecordRef): string => `${bar(ref.scope)}|${bar(ref.entity)}|${ref.id}`

const bar = (text: string): string => text.replace(/[%|]/g, (sign) => (sign === "%" ? "%25" : "%7C"))
