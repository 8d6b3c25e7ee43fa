/** What a page leaves behind, gathered while it is worked on and committed at once. */
import type * as ConnectorError from "../../ConnectorError.ts"
import { type Commit, type DeadLetter, type JournalEntry, type Parked, refKey } from "../../StateStore.ts"
import type { Link, RecordRef, Waits, Wiring } from "./Wiring.ts"

export interface Notes {
  readonly at: number
  readonly links: Map<string, Link>
  readonly unlink: Map<string, RecordRef>
  readonly journal: Array<JournalEntry>
  readonly deadLetters: Map<string, DeadLetter>
  readonly parked: Map<string, Parked>
  /** Records that are through: neither parked nor dead any more. */
  readonly through: Map<string, RecordRef>
  readonly settled: Set<string>
}

export const make = (at: number): Notes => ({
  at,
  links: new Map(),
  unlink: new Map(),
  journal: [],
  deadLetters: new Map(),
  parked: new Map(),
  through: new Map(),
  settled: new Set(),
})

export const link = (notes: Notes, made: Link): void => {
  notes.unlink.delete(refKey(made.source))
  // The latest link of a target stands last, as the way back finds that one.
  notes.links.delete(refKey(made.source))
  notes.links.set(refKey(made.source), made)
}

export const unlink = (notes: Notes, source: RecordRef): void => {
  notes.links.delete(refKey(source))
  notes.unlink.set(refKey(source), source)
}

type Entry = Omit<JournalEntry, "relay" | "at">

export const write = (wiring: Wiring, notes: Notes, entry: Entry): void => {
  notes.journal.push({ relay: wiring.name, at: notes.at, ...entry })
}

/** The later word on a record counts: a version that went through takes back what was said of an older one. */
export const passed = (notes: Notes, source: RecordRef): void => {
  const name = refKey(source)
  notes.through.set(name, source)
  notes.deadLetters.delete(name)
  notes.parked.delete(name)
}

const details = (reason: ConnectorError.Reason): unknown => {
  switch (reason._tag) {
    case "Ambiguous":
      return { candidates: reason.candidates }
    case "Invalid":
    case "Decode":
      return { issues: reason.issues }
    default:
      return undefined
  }
}

export const bury = (
  wiring: Wiring,
  notes: Notes,
  source: RecordRef,
  version: string,
  reason: ConnectorError.Reason,
): void => {
  const more = details(reason)
  notes.parked.delete(refKey(source))
  notes.through.delete(refKey(source))
  notes.deadLetters.set(refKey(source), {
    relay: wiring.name,
    source,
    version,
    reason: reason._tag,
    message: reason.message,
    at: notes.at,
    ...(more === undefined ? {} : { details: more }),
  })
}

export const park = (wiring: Wiring, notes: Notes, source: RecordRef, version: string, waits: Waits): void => {
  notes.deadLetters.delete(refKey(source))
  notes.through.delete(refKey(source))
  notes.parked.set(refKey(source), { relay: wiring.name, source, version, ...waits, at: notes.at })
}

/** One transaction. What went through is taken off wherever it waited; the store knows whether it did. */
export const commit = (wiring: Wiring, notes: Notes): Commit => {
  const named = (source: RecordRef) => ({ relay: wiring.name, source })
  const gone = [...notes.through.values()]
  const dead = [...notes.deadLetters.values()]
  const parked = [...notes.parked.values()]
  return {
    links: [...notes.links.values()],
    unlink: [...notes.unlink.values()].map((source) => ({ source, target: wiring.targetKind })),
    journal: notes.journal,
    deadLetters: dead,
    parked,
    buried: [...gone, ...parked.map(({ source }) => source)].map(named),
    unparked: [...gone, ...dead.map(({ source }) => source)].map(named),
    settled: [...notes.settled].map((key) => ({ relay: wiring.name, key })),
  }
}
