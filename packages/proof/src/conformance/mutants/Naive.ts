/**
 * How well-known products read changes, over the reference connector's raw client: by a mark that they go on from. Each
 * habit but `sound` loses records, and has been shipped.
 */
import type { Mutant } from "@mortise/conformance/kit/Mutant"
import type { Connected } from "@mortise/conformance/kit/Subject"
import type * as Change from "@mortise/core/Change"
import * as ContentHash from "@mortise/core/ContentHash"
import * as JsonApi from "@mortise/core/JsonApi"
import type * as Port from "@mortise/core/Port"
import * as Reading from "@mortise/core/Reading"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Client } from "../reference/Connector.ts"
import type { Row } from "../reference/Lists.ts"
import { REACH } from "../reference/Quillbook.ts"

export type Habit =
  /** In the order of the stamp, from the last one on with strictly greater. */
  | "strictlyGreater"
  /** In the order of ids, and from the highest stamp on that was seen so far. */
  | "highestSeen"
  /** From the time on at which the reading was over, by our own clock. */
  | "wallClock"
  /** A record that was delivered once is never delivered again. */
  | "byKeyAlone"
  /** The end of a listing is taken for the end of the records. */
  | "noCap"

interface Place {
  readonly from?: string
  readonly afterId?: string
}

interface Named extends Row {
  readonly name: string
  readonly email: string | null
  readonly phone: string | null
}

const OVERLAP = 1_000
const GRANULE = 1_000

const later = (stamp: string, millis: number): string => new Date(Date.parse(stamp) + millis).toISOString()

/** A listing, page by page, by the links that it gives. */
const listing = ({ baseUrl, turn }: Client, query: JsonApi.Query) =>
  Stream.unfold(JsonApi.address(baseUrl, ["accounts"], query) as URL | undefined, (url) =>
    url === undefined ? Effect.succeed(undefined) : Effect.map(turn<Named>(url), (page) => [page, page.next] as const),
  )

type Page = Stream.Success<ReturnType<typeof listing>>

/** Listing after listing, each behind the last row of the one before, until one is not as long as they can be. */
const crawl = (
  client: Client,
  habit: Habit,
  start: Place,
): Stream.Stream<Page & { readonly last: boolean }, import("@mortise/core/ConnectorError").ConnectorError> => {
  const query: JsonApi.Query =
    habit === "strictlyGreater"
      ? { order: "modified", modified_from: start.from }
      : { modified_from: start.from, after_id: start.afterId }
  return Stream.suspend(() => {
    let count = 0
    let end: Named | undefined
    const pages = Stream.map(listing(client, query), (page) => {
      count += page.items.length
      end = page.items.at(-1) ?? end
      return { ...page, last: page.next === undefined && (count < REACH || habit === "noCap") }
    })
    const rest = Stream.suspend(() => {
      if (count < REACH || end === undefined || habit === "noCap") return Stream.empty
      const from = habit === "strictlyGreater" ? later(end.modified, GRANULE) : start.from
      return crawl(client, habit, { ...(from === undefined ? {} : { from }), afterId: String(end.id) })
    })
    return Stream.concat(pages, rest)
  })
}

const reader =
  (connected: Connected, port: Port.Any, habit: Habit): Port.Any["changes"] =>
  (asked = {}) => {
    const client = connected.client as Client
    const reading = Reading.of(port.scope, port.entity.name, asked as Reading.Selection)
    const start = (asked.cursor?.state ?? {}) as Place
    const only = asked.fields as ReadonlyArray<string> | undefined
    const changeOf = (row: Named): Change.Upserted<unknown> => {
      const whole = { name: row.name, email: row.email, phone: row.phone }
      const record = Object.fromEntries(Object.entries(whole).filter(([name]) => only?.includes(name) ?? true))
      const hash = ContentHash.ofRecord(port.entity, record as never)
      return { _tag: "Upserted", id: String(row.id), version: `${row.modified}#${hash}`, hash, record }
    }
    let bound: string | undefined
    let highest = start.from
    const placeAfter = Effect.fnUntraced(function* (page: Page, last: boolean) {
      const end = page.items.at(-1)
      bound ??= new Date((page.serverTime ?? 0) - OVERLAP).toISOString()
      for (const { modified } of page.items) if (highest === undefined || modified > highest) highest = modified
      if (habit === "strictlyGreater") return end === undefined ? start : { from: later(end.modified, GRANULE) }
      if (habit === "highestSeen") return highest === undefined ? {} : { from: highest }
      if (!last) return { ...start, ...(end === undefined ? {} : { afterId: String(end.id) }) }
      return { from: habit === "wallClock" ? new Date(yield* Clock.currentTimeMillis).toISOString() : bound }
    })
    return Stream.mapEffect(crawl(client, habit, start), (page) =>
      Effect.gen(function* () {
        const all = page.items.filter(({ deleted }) => !deleted).map(changeOf)
        const marks = yield* client.store.marks(
          reading.stream,
          all.map(({ id }) => id),
        )
        const fresh = all.filter(({ id, version }) =>
          habit === "byKeyAlone" ? !marks.has(id) : marks.get(id) !== version,
        )
        return {
          stream: reading.stream,
          changes: fresh as never,
          cursor: Reading.cursor(reading, "naive", yield* placeAfter(page, page.last)),
          delta: { marks: fresh.map(({ id, version }) => ({ id, version })) },
          caughtUp: page.last,
        }
      }),
    )
  }

/** The reference connector with this habit. */
export const naive = (name: string, habit: Habit): Mutant => ({
  name,
  connector: (connected) => {
    const port = connected.ports["Account"]
    if (port === undefined) return connected
    return {
      ...connected,
      ports: { ...connected.ports, Account: { ...port, changes: reader(connected, port, habit) } },
    }
  },
})
