/**
 * A hazard: what has to happen in a run for a promise to be tried. It is read from the evidence that the kit itself
 * keeps (the twin's journal and world, the calls that were made, the cuts), never from what a rule says of itself.
 */
import type { JournalLine } from "../twin/Journal.ts"
import type { Scene } from "./Subject.ts"
import type { Call, Tape } from "./Tape.ts"

export interface Evidence extends Tape {
  readonly stage: Scene
  /** All that reached the twin. */
  readonly lines: ReadonlyArray<JournalLine>
}

export interface Hazard {
  /** In words, for the report: `a 429 was served`. */
  readonly says: string
  /** How often it happened. */
  readonly count: (evidence: Evidence) => number
}

export const make = (says: string, count: Hazard["count"]): Hazard => ({ says, count })

/** Requests of which this is true. */
export const lines = (says: string, is: (line: JournalLine, evidence: Evidence) => boolean): Hazard =>
  make(says, (evidence) => evidence.lines.filter((line) => is(line, evidence)).length)

/** Calls of the connector's ports of which this is true. */
export const calls = (says: string, is: (call: Call, evidence: Evidence) => boolean): Hazard =>
  make(says, (evidence) => evidence.calls.filter((call) => is(call, evidence)).length)

/** A request that was served with this status. */
export const served = (status: number): Hazard => lines(`a ${status} was served`, (line) => line.status === status)

/** A request that met this kind of fault of the deck. */
export const fault = (kind: string, says = `${kind} was dealt`): Hazard =>
  lines(says, (line) => line.faults.includes(kind))

/** A write that took effect, and whose reply did not say so. */
export const appliedUnanswered: Hazard = lines(
  "applied, and not answered with success",
  (line) => line.changed && line.faults.length > 0 && (line.status === undefined || line.status >= 400),
)

/** The lines of the requests that were made while a call was under way. */
export const during = (call: Call, evidence: Evidence): ReadonlyArray<JournalLine> =>
  evidence.lines.filter(({ index }) => index > call.from && index <= (call.to ?? Number.POSITIVE_INFINITY))

/** A call that wrote records which stood in the world already, and made the connector ask the vendor about them. */
export const rewritten: Hazard = calls(
  "asked about records that were there before they were written again",
  (call, evidence) =>
    call.method === "upsert" &&
    call.standing.some(({ key }) => key !== undefined && call.keys.includes(key)) &&
    during(call, evidence).length > 0,
)

/** Pages of the party that the twin served, beside the first. */
export const pages: Hazard = make("pages beside the first", ({ lines: all, stage }) =>
  Math.max(0, all.filter((line) => (stage.party.page(line)?.length ?? 0) > 0).length - 1),
)

/** Stamps whose rows stood on more than one page. */
export const tiesAcrossPages: Hazard = make("stamps whose rows stood on several pages", ({ lines: all, stage }) => {
  const seen = new Map<string, number>()
  for (const line of all) {
    const stamps = new Set((stage.party.page(line) ?? []).map((row) => row.stamp))
    for (const stamp of stamps) seen.set(stamp, (seen.get(stamp) ?? 0) + 1)
  }
  return [...seen.values()].filter((times) => times > 1).length
})

/** Write requests of one call beside the first. */
export const severalWrites: Hazard = make("write requests beside the first", ({ lines: all, stage }) =>
  Math.max(0, all.filter(stage.isWrite).length - 1),
)

/** Processes that were opened after the first. */
export const restarts: Hazard = make("processes that began after the first", ({ processes }) => processes - 1)

export const cut: Hazard = make("a process was cut off", ({ cuts }) => cuts)

/** Calls that were under way at one time. */
export const overlapping: Hazard = make(
  "calls that were under way at one time",
  ({ calls: all }) =>
    all.filter((one) =>
      all.some(
        (other) => other !== one && other.began > one.began && other.began < (one.ended ?? Number.POSITIVE_INFINITY),
      ),
    ).length,
)
