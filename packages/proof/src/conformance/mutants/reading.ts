/** Mutants that the rules of reading have to catch: what is lost, and what comes twice. */
import type { Mutant } from "@mortise/conformance/kit/Mutant"
import type * as Change from "@mortise/core/Change"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import {
  ACUMATICA,
  changing,
  counter,
  delivering,
  forgetting,
  HUBSPOT,
  keeping,
  reading as pages,
  REFERENCE,
  STAMPED,
  switched,
} from "./Breaking.ts"
import type { Known } from "./Known.ts"
import { naive } from "./Naive.ts"

const stampOf = (change: Change.Change<unknown> | undefined): string | undefined =>
  change?._tag === "Upserted" ? change.stamp : undefined

const strictlyGreater = pages("goes on after the last stamp with strictly greater", (page, before) => {
  const last = stampOf(before?.changes.at(-1))
  return { ...page, changes: page.changes.filter((change) => last === undefined || stampOf(change) !== last) }
})

/** Every reading is one of its own: what was committed of the one before counts for nothing. */
const startsAnew = (): Mutant => {
  const next = counter()
  return changing("reads everything at every poll", (changes) => (asked) => {
    const { cursor: _, ...rest } = asked ?? {}
    return changes({ ...rest, reader: `anew ${next()}` })
  })
}

/** A record is kept as it was first read. */
const keepsOld = (): Mutant => {
  const records = new Map<string, unknown>()
  return delivering("delivers records as they were when it first read them", (change) => {
    if (change._tag !== "Upserted") return [change]
    if (!records.has(change.id)) records.set(change.id, change.record)
    return [{ ...change, record: records.get(change.id) }]
  })
}

/** What is stamped before something that was read already is never looked at. */
const onlyForward = (): Mutant => {
  let highest = ""
  return pages("passes over what is stamped before the last that it has read", (page) => {
    const changes = page.changes.filter((change) => (stampOf(change) ?? highest) >= highest)
    for (const change of page.changes) if ((stampOf(change) ?? "") > highest) highest = stampOf(change) ?? highest
    return { ...page, changes }
  })
}

/** Without the sweeps: a record whose stamp is known did not change. */
const byStampAlone = (): Mutant => {
  const known = new Map<string, string | undefined>()
  return delivering("takes a record whose stamp stands still for unchanged", (change) => {
    if (change._tag !== "Upserted") return [change]
    const was = known.get(change.id)
    known.set(change.id, change.stamp)
    return was !== undefined && was === change.stamp ? [] : [change]
  })
}

const cursorAhead = changing(
  "remembers where the next page begins before this one is dealt with",
  (changes) => (asked) =>
    Stream.unwrap(
      Effect.map(Stream.runCollect(changes(asked)), (all) =>
        Stream.fromIterable(all.map((page, index) => ({ ...page, cursor: all[index + 1]?.cursor ?? page.cursor }))),
      ),
    ),
)

const neverOverdue = delivering("does not know that an invoice is overdue", (change) => {
  if (change._tag !== "Upserted") return [change]
  const record = change.record as { readonly state?: { readonly code?: string } }
  return record.state?.code === "overdue"
    ? [{ ...change, record: { ...record, state: { ...record.state, code: "awaiting" } } }]
    : [change]
})

const repeatsDeletions = (): Mutant => {
  const gone = new Map<string, Change.Deleted>()
  return pages("tells of a deletion at every poll", (page) => {
    for (const change of page.changes) if (change._tag === "Deleted") gone.set(change.id, change)
    const told = new Set(page.changes.map((change) => ("id" in change ? change.id : "")))
    const more = page.caughtUp ? [...gone.values()].filter(({ id }) => !told.has(id)) : []
    return { ...page, changes: [...page.changes, ...more] }
  })
}

/** The cursor with all that was delivered so far inside of it. */
const fatCursor = (): Mutant => {
  const ids: Array<unknown> = []
  interface Fat {
    readonly state: unknown
    readonly ids: ReadonlyArray<unknown>
  }
  return changing("keeps all that it has read in the cursor", (changes) => (asked) => {
    const cursor = asked?.cursor
    const thin = cursor === undefined ? {} : { cursor: { ...cursor, state: (cursor.state as Fat).state } }
    return Stream.map(changes({ ...asked, ...thin }), (page) => {
      ids.push(...page.changes.map((change) => ("version" in change ? change : undefined)))
      return { ...page, cursor: { ...page.cursor, state: { state: page.cursor.state, ids: [...ids] } } }
    })
  })
}

/** The place stands in a map, which is nothing once it was text. */
const mapCursor = changing("keeps in the cursor what does not outlive a way through text", (changes) => (asked) => {
  const cursor = asked?.cursor
  const held = cursor?.state instanceof Map ? { cursor: { ...cursor, state: cursor.state.get("state") } } : {}
  const { cursor: _, ...rest } = asked ?? {}
  return Stream.map(changes({ ...rest, ...held }), (page) => ({
    ...page,
    cursor: { ...page.cursor, state: new Map([["state", page.cursor.state]]) },
  }))
})

/** Whatever a cursor is of, it is taken for one of this reading. */
const takesAnyCursor = changing("takes the cursor of another reading for its own", (changes) => (asked) => {
  const { cursor, ...rest } = asked ?? {}
  if (cursor === undefined) return changes(asked)
  return Stream.unwrap(
    Effect.map(Stream.runHead(changes({ ...rest, reader: "probe" })), (page) => {
      const own = page._tag === "Some" ? page.value.cursor : cursor
      return changes({ ...rest, cursor: { ...cursor, scope: own.scope, entity: own.entity, selection: own.selection } })
    }),
  )
})

const forgivesCursor = changing("begins anew when it is given a cursor that it cannot read", (changes) => (asked) => {
  const { cursor: _, ...rest } = asked ?? {}
  return Stream.catch(changes(asked), (error) => (error.reason._tag === "Invalid" ? changes(rest) : Stream.fail(error)))
})

export const reading: ReadonlyArray<Known> = [
  { make: () => strictlyGreater, caughtBy: ["R/each-once"], on: STAMPED },
  {
    make: () => naive("marks with the last stamp, and asks for strictly greater", "strictlyGreater"),
    caughtBy: ["R/each-once", "R/cap"],
    on: REFERENCE,
  },
  {
    make: () => naive("marks with the highest stamp that it has seen in a reading without order", "highestSeen"),
    caughtBy: ["R/stop-and-resume", "R/change-during-crawl"],
    sweptBy: "read-past-page",
    on: REFERENCE,
  },
  {
    make: () => naive("marks with its own clock when the reading is over", "wallClock"),
    caughtBy: ["R/change-during-crawl"],
    on: REFERENCE,
  },
  {
    make: () => naive("knows by the key alone what it has delivered", "byKeyAlone"),
    caughtBy: ["R/nothing-twice"],
    sweptBy: "poll-twice",
    on: REFERENCE,
  },
  {
    make: () => naive("takes the end of a listing for the end of the records", "noCap"),
    caughtBy: ["R/cap", "R/each-once"],
    on: REFERENCE,
  },
  {
    make: () =>
      pages("loses the last of a full page", (page) =>
        page.caughtUp ? page : { ...page, changes: page.changes.slice(0, -1) },
      ),
    caughtBy: ["R/each-once", "R/page-boundary"],
    sweptBy: "read-past-page",
    on: REFERENCE,
  },
  {
    make: () =>
      pages("begins a page with the last of the page before", (page, before) => ({
        ...page,
        changes: [...(before?.changes.slice(-1) ?? []), ...page.changes],
      })),
    caughtBy: ["R/each-once", "R/page-boundary"],
    on: REFERENCE,
  },
  {
    make: () => changing("reads the first page and no other", (changes) => (asked) => Stream.take(changes(asked), 1)),
    caughtBy: ["R/page-boundary", "R/cap", "R/each-once"],
    on: REFERENCE,
  },
  {
    make: () => cursorAhead,
    caughtBy: ["R/stop-and-resume"],
    sweptBy: "read-past-page",
    on: REFERENCE,
  },
  { make: startsAnew, caughtBy: ["R/nothing-twice"], on: REFERENCE },
  {
    make: () => forgetting("forgets what it has delivered", "mark"),
    caughtBy: ["R/nothing-twice", "R/late-commit"],
    on: ["hubspot", "acumatica"],
  },
  { make: keepsOld, caughtBy: ["R/nothing-twice", "R/change-during-crawl"], on: REFERENCE },
  { make: onlyForward, caughtBy: ["R/late-commit"], on: HUBSPOT },
  {
    make: () =>
      changing(
        "ends an empty reading without a word of where it stands",
        (changes) => (asked) => Stream.filter(changes(asked), (page) => page.changes.length > 0),
      ),
    caughtBy: ["R/first-record"],
    on: REFERENCE,
  },
  {
    make: () =>
      changing(
        "takes a source that goes in circles for one that has ended",
        (changes) => (asked) =>
          Stream.catch(changes(asked), (error) => (error.reason._tag === "Decode" ? Stream.empty : Stream.fail(error))),
      ),
    caughtBy: ["R/endless-paging"],
    on: REFERENCE,
  },
  {
    make: () =>
      delivering("leaves out what it cannot read", (change) => (change._tag === "Undecodable" ? [] : [change])),
    caughtBy: ["R/undecodable"],
    on: REFERENCE,
  },
  {
    make: () =>
      changing(
        "ends where it comes to what it cannot read",
        (changes) => (asked) =>
          Stream.map(changes(asked), (page) => {
            const at = page.changes.findIndex(({ _tag }) => _tag === "Undecodable")
            return at < 0 ? page : { ...page, changes: page.changes.slice(0, at) }
          }),
      ),
    caughtBy: ["R/undecodable"],
    on: REFERENCE,
  },
  {
    make: () =>
      delivering("delivers what it cannot read as empty", (change) =>
        change._tag === "Undecodable"
          ? [{ _tag: "Upserted", id: change.id, version: change.version, hash: change.version, record: {} }]
          : [change],
      ),
    caughtBy: ["R/undecodable"],
    on: REFERENCE,
  },
  { make: () => switched("leaves out what was deleted", "tellsNoDeletions"), caughtBy: ["R/deletions"], on: REFERENCE },
  { make: repeatsDeletions, caughtBy: ["R/deletions"], on: REFERENCE },
  {
    make: () => delivering("tells nothing of merges", (change) => (change._tag === "Merged" ? [] : [change])),
    caughtBy: ["R/merges"],
    on: HUBSPOT,
  },
  { make: byStampAlone, caughtBy: ["R/blind-edits", "R/overdue"], on: ACUMATICA },
  { make: () => neverOverdue, caughtBy: ["R/overdue"], on: ACUMATICA },
  {
    make: () =>
      keeping("takes every push for a new one", ({ get, transact }) => ({
        get: (space, keys) =>
          space === "setting" || space === "lease" || space === "mark" ? Effect.succeed(new Map()) : get(space, keys),
        transact: (ops) => Effect.as(transact(ops.filter(({ _tag }) => _tag !== "Check")), true),
      })),
    caughtBy: ["R/push-is-hint"],
    on: HUBSPOT,
  },
  { make: () => switched("asks for all fields", "asksForAll"), caughtBy: ["R/unselected"], on: REFERENCE },
  {
    make: () =>
      changing("delivers all fields", (changes) => (asked) => {
        const { fields: _, ...rest } = asked ?? {}
        return changes(rest)
      }),
    caughtBy: ["R/unselected", "R/foreign-cursor"],
    on: REFERENCE,
  },
  { make: () => takesAnyCursor, caughtBy: ["R/foreign-cursor"], on: REFERENCE },
  { make: () => forgivesCursor, caughtBy: ["R/foreign-cursor"], on: REFERENCE },
  { make: fatCursor, caughtBy: ["R/small-cursor"], on: REFERENCE },
  { make: () => mapCursor, caughtBy: ["R/small-cursor"], on: REFERENCE },
]
