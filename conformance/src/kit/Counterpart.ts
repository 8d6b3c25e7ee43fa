/** The other system of a relay, in memory: a port that delivers what it was given, and a port that keeps what it gets. */
import type * as Change from "@mortise/core/Change"
import * as ContentHash from "@mortise/core/ContentHash"
import type * as Entity from "@mortise/core/Entity"
import type * as Features from "@mortise/core/Features"
import type * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as Reading from "@mortise/core/Reading"
import type * as Scope from "@mortise/core/Scope"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Fields } from "./Probe.ts"

export const SCOPE: Scope.Scope = { system: "counterpart", instance: "memory", company: "" }

const features = (entity: Entity.Any): Features.Features => ({
  modified: { strategy: "keyset", granularityMillis: 1, zone: "utc", lagMillis: 0, blindTo: [] },
  reads: true,
  creates: false,
  updates: false,
  archives: false,
  deletions: false,
  merges: false,
  revisions: false,
  batchSize: 1,
  pageSize: 100,
  readable: Object.keys(entity.fields) as never,
  writable: [],
  notClearable: [],
  derives: [],
})

const versionOf = (index: number, hash: string): string => `${index}#${hash}`

/**
 * A source of these records, in order, `pageSize` on a page. An id that comes twice is a record that changed. A cursor
 * is the number of records read; so a longer list goes on where a shorter one ended.
 */
export const source = (
  entity: Entity.Any,
  rows: ReadonlyArray<{ readonly id: string; readonly fields: Fields }>,
  pageSize = 100,
): Port.Any => {
  const changeOf = ({ fields, id }: (typeof rows)[number], index: number): Change.Upserted<unknown> => {
    const record = Schema.decodeUnknownSync(entity.schema as never)(fields) as never
    const hash = ContentHash.ofRecord(entity, record)
    return { _tag: "Upserted", id, version: versionOf(index, hash), hash, record }
  }
  const changes: Port.Any["changes"] = (asked) => {
    const reading = Reading.of(SCOPE, entity.name, asked?.reader === undefined ? {} : { reader: asked.reader })
    const pageFrom = (from: number): Change.Page<never> => {
      const page = rows.slice(from, from + pageSize).map((row, index) => changeOf(row, from + index))
      const next = from + page.length
      return {
        stream: reading.stream,
        changes: page as never,
        cursor: Reading.cursor(reading, "counterpart", next),
        delta: { marks: page.map(({ id, version }) => ({ id, version })) } as Change.StoreDelta,
        caughtUp: next >= rows.length,
      }
    }
    const start = (asked?.cursor?.state as number | undefined) ?? 0
    return Stream.unfold(start as number | undefined, (from) => {
      if (from === undefined) return Effect.succeed(undefined)
      const page = pageFrom(from)
      return Effect.succeed([page, page.caughtUp ? undefined : (page.cursor.state as number)] as const)
    })
  }
  const last = new Map(rows.map((row, index) => [row.id, changeOf(row, index)] as const))
  return {
    entity,
    scope: SCOPE,
    features: features(entity) as never,
    changes,
    get: (ids) =>
      Effect.succeed(
        new Map(
          ids.flatMap((id) => {
            const change = last.get(id)
            return change === undefined ? [] : [[id, { id, record: change.record as never }] as const]
          }),
        ),
      ),
    find: () => Effect.succeed(new Map()),
    upsert: () => Effect.die(new Error("the counterpart is a source")),
  }
}

/** What a target in memory holds, by its id, and the ids that were written, in order. */
export interface Shelf {
  readonly records: Map<string, Fields>
  readonly written: Array<string>
}

export const shelf = (rows: ReadonlyArray<{ readonly id: string; readonly fields: Fields }> = []): Shelf => ({
  records: new Map(rows.map(({ fields, id }) => [id, fields])),
  written: [],
})

/** A target that keeps what it is given, and tells what it holds already. */
export const target = (entity: Entity.Any, { records, written }: Shelf): Port.Any => ({
  ...source(entity, []),
  features: {
    ...features(entity),
    creates: true,
    updates: true,
    writable: Object.keys(entity.fields) as never,
  } as never,
  upsert: (writes) =>
    Effect.sync(() =>
      writes.map((write): Outcome.Outcome => {
        const id = write.id ?? `new ${records.size + 1}`
        const before = records.get(id)
        const after = { ...before, ...(write.fields as Fields) }
        if (before !== undefined && JSON.stringify(before) === JSON.stringify(after)) return { _tag: "Unchanged", id }
        records.set(id, after)
        written.push(id)
        return { _tag: before === undefined ? "Created" : "Updated", id }
      }),
    ),
})
