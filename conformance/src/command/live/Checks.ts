/** What can be seen of a connector from outside, on a system that is not ours: real time, and no fault is dealt. */
import type * as Change from "@mortise/core/Change"
import * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type Connected, type Program, portOf, type Stage } from "../../kit/Subject.ts"
import type { Witness } from "../../kit/Witness.ts"
import type { Door } from "./Door.ts"

export interface Site {
  readonly stage: Stage
  readonly connected: Connected
  readonly door: Door
  readonly witness: Witness
  /** Names of what this run writes begin with it. */
  readonly prefix: string
  /** Something that whoever runs this has to know. */
  readonly note: (text: string) => void
}

export interface Check {
  readonly id: string
  readonly promise: string
  readonly writes: boolean
  /** What there was to be tried; nothing means that nothing is proven. */
  readonly run: (site: Site) => Program<number>
}

/** Enough to come past a border, and not enough to read a sandbox empty. */
const PAGES = 3

const pagesOf = (port: Port.Any, cursor?: Change.Cursor): Program<ReadonlyArray<Change.Page<unknown>>> =>
  Effect.map(
    Stream.runCollect(Stream.take(port.changes((cursor === undefined ? {} : { cursor }) as never), PAGES)),
    (pages) => [...pages],
  )

const idsOf = (pages: ReadonlyArray<Change.Page<unknown>>): ReadonlyArray<string> =>
  pages.flatMap(({ changes }) => changes.flatMap((change) => (change._tag === "Upserted" ? [change.id] : [])))

const settings: Check = {
  id: "live/check",
  promise: "the connector's own check finds nothing that would keep it from working",
  writes: false,
  run: ({ connected, witness }) =>
    Effect.map(connected.check, (findings) => {
      for (const { check, level, message } of findings) witness.holds(level !== "error", `${check}: ${message}`)
      return findings.length
    }),
}

const reading: Check = {
  id: "live/read",
  promise: "records are read once each, again in the same way, and one by one as they were read",
  writes: false,
  run: ({ connected, witness }) =>
    Effect.gen(function* () {
      let seen = 0
      for (const [name, port] of Object.entries(connected.ports)) {
        const first = yield* pagesOf(port)
        const ids = idsOf(first)
        seen += ids.length
        witness.sameMultiset(ids, [...new Set(ids)], `${name}: records delivered`)
        witness.sameMultiset(idsOf(yield* pagesOf(port)), ids, `${name}: records delivered to a second reader`)
        const some = ids.slice(0, 5)
        if (some.length > 0) {
          witness.sameMultiset([...(yield* port.get(some)).keys()], some, `${name}: records found by their ids`)
        }
      }
      return seen
    }),
}

const resuming: Check = {
  id: "live/resume",
  promise: "a reading goes on from the cursor of its first page without what was on that page",
  writes: false,
  run: ({ connected, witness }) =>
    Effect.gen(function* () {
      let resumed = 0
      for (const [name, port] of Object.entries(connected.ports)) {
        const [first, ...rest] = yield* pagesOf(port)
        if (first === undefined || first.changes.length === 0) continue
        resumed += 1
        const on = idsOf((yield* pagesOf(port, first.cursor)).slice(0, rest.length))
        const again = new Set(idsOf([first]))
        witness.equal(
          on.filter((id) => again.has(id)),
          [],
          `${name}: records that came once more`,
        )
        witness.sameMultiset(on, idsOf(rest), `${name}: records after the first page`)
      }
      return resumed
    }),
}

const outside: Check = {
  id: "live/inside",
  promise: "nothing is asked of another host, and who may only read sends nothing that writes",
  writes: false,
  run: ({ door, note, witness }) =>
    Effect.sync(() => {
      for (const led of new Set(door.astray)) note(`the sandbox led ${led}`)
      witness.equal(door.refused, [], "requests that were held back")
      return door.requests()
    }),
}

/** A record of this run: no other run, and nobody's own data, has its key or its names. */
const written = ({ prefix, stage: { party } }: Site) => ({
  ...party.write(1, { name: `${prefix} one`, [party.natural]: `${prefix}@mortise.invalid` }),
  key: `${party.write(1).key}-${prefix}`,
})

/** Whatever became of the writing, and where the vendor lets it. */
const cleaned = ({ connected, note, stage: { party } }: Site, ids: ReadonlySet<string>): Program<void> =>
  Effect.gen(function* () {
    const { archive } = portOf(connected, party.entity)
    for (const id of ids) {
      const [outcome] = archive === undefined ? [] : yield* archive([id])
      const isGone = outcome !== undefined && Outcome.isSettled(outcome)
      if (!isGone) note(`${party.entity} ${id} is left there: ${outcome?._tag ?? "the connector archives nothing"}`)
    }
  })

const writing: Check = {
  id: "live/write-again",
  promise: "a record that is written twice is one record, and is found by its key",
  writes: true,
  run: (site) => {
    const { connected, stage, witness } = site
    const ids = new Set<string>()
    return Effect.gen(function* () {
      const port = portOf(connected, stage.party.entity)
      const record = written(site)
      for (let time = 0; time < 2; time++) {
        const [outcome] = yield* port.upsert([record])
        witness.holds(outcome !== undefined && Outcome.isSettled(outcome), `writing gave ${outcome?._tag}`)
        if (outcome !== undefined && "id" in outcome && outcome.id !== undefined) ids.add(outcome.id)
      }
      witness.equal(ids.size, 1, "ids that two writings gave")
      const found = yield* port.find([record.key])
      witness.equal(found.size, 1, "records of that key")
      return ids.size
    }).pipe(Effect.ensuring(Effect.ignore(Effect.suspend(() => cleaned(site, ids)))))
  },
}

/** In this order: the last one looks at what the others sent. */
export const checks: ReadonlyArray<Check> = [settings, reading, resuming, writing, outside]
