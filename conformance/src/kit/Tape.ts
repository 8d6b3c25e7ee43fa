/** What the kit writes down of a run by itself: every call of a port, every process, every cut. */
import type * as Change from "@mortise/core/Change"
import type * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { PartyStanding, Write } from "./Probe.ts"
import type { Connected, Scene } from "./Subject.ts"

export interface Call {
  readonly entity: string
  readonly method: "changes" | "get" | "find" | "upsert" | "archive"
  readonly process: number
  /** What reached the twin before the call began and before it ended; `to` is absent while it is under way. */
  readonly from: number
  to?: number
  /** Order of beginning and end among all calls of the run. */
  readonly began: number
  ended?: number
  /** The keys that were asked for or written, one for each input. */
  readonly keys: ReadonlyArray<string>
  /** What an upsert was asked to write. */
  readonly records: ReadonlyArray<Partial<Write>>
  /** The records of the party that stood in the world when an upsert began. */
  readonly standing: ReadonlyArray<PartyStanding>
  outcomes?: ReadonlyArray<Outcome.Outcome>
  /** Changes that were delivered, in order. */
  readonly delivered: Array<Change.Change<unknown>>
}

export interface Tape {
  readonly calls: ReadonlyArray<Call>
  /** So many processes were opened. */
  readonly processes: number
  readonly cuts: number
}

/** The tape as the bench writes it. */
export interface Recorder extends Tape {
  readonly opened: () => number
  readonly cut: () => void
  /** The connector, with every call of its ports written down. */
  readonly recorded: (connected: Connected, stage: Scene, process: number) => Connected
}

/** Beyond that many records a call is written down without what stood in the world. */
const MOST_STANDING = 2_000

type Begun = { readonly call: Call; readonly end: () => void }

const standingIn = (stage: Scene): ReadonlyArray<PartyStanding> => {
  const records = stage.party.records()
  return records.length > MOST_STANDING ? [] : records
}

export const make = (): Recorder => {
  const calls: Array<Call> = []
  let order = 0
  let processes = 0
  let cuts = 0

  const begin = (stage: Scene, of: Pick<Call, "entity" | "method" | "process" | "keys" | "records">): Begun => {
    const writes = of.method === "upsert"
    const call: Call = {
      ...of,
      from: stage.twin.journal.count(),
      began: ++order,
      standing: writes ? standingIn(stage) : [],
      delivered: [],
    }
    calls.push(call)
    return {
      call,
      end: () => {
        call.to = stage.twin.journal.count()
        call.ended = ++order
      },
    }
  }

  const recordedPort = (port: Port.Any, stage: Scene, process: number): Port.Any => {
    const { entity } = port
    const during =
      <A, E, R>(
        of: Pick<Call, "method" | "keys"> & { readonly records?: Call["records"] },
        effect: (call: Call) => Effect.Effect<A, E, R>,
      ) =>
      (): Effect.Effect<A, E, R> => {
        const { call, end } = begin(stage, { entity: entity.name, process, records: [], ...of })
        return Effect.ensuring(effect(call), Effect.sync(end))
      }
    const noting = (call: Call) => (outcomes: ReadonlyArray<Outcome.Outcome>) =>
      Effect.sync(() => {
        call.outcomes = outcomes
      })
    const { archive } = port
    return {
      ...port,
      get: (ids, options) => Effect.suspend(during({ method: "get", keys: ids }, () => port.get(ids, options))),
      find: (keys) => Effect.suspend(during({ method: "find", keys }, () => port.find(keys))),
      upsert: (records, options) =>
        Effect.suspend(
          during({ method: "upsert", keys: records.map(({ id, key }) => key ?? id ?? ""), records }, (call) =>
            Effect.tap(port.upsert(records, options), noting(call)),
          ),
        ),
      ...(archive === undefined
        ? {}
        : {
            archive: (ids) =>
              Effect.suspend(
                during({ method: "archive", keys: ids }, (call) => Effect.tap(archive(ids), noting(call))),
              ),
          }),
      changes: (options) =>
        Stream.suspend(() => {
          const { call, end } = begin(stage, { entity: entity.name, method: "changes", process, keys: [], records: [] })
          return port.changes(options).pipe(
            Stream.tap((page) => Effect.sync(() => void call.delivered.push(...page.changes))),
            Stream.ensuring(Effect.sync(end)),
          )
        }),
    }
  }

  return {
    calls,
    get processes() {
      return processes
    },
    get cuts() {
      return cuts
    },
    opened: () => ++processes,
    cut: () => {
      cuts += 1
    },
    recorded: (connected, stage, process) => ({
      ...connected,
      ports: Object.fromEntries(
        Object.entries(connected.ports).map(([name, port]) => [name, recordedPort(port, stage, process)]),
      ),
    }),
  }
}
