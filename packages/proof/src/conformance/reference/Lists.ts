/** Reads Quillbook's lists: from page to page by the links that it gives, as far as they are wanted. */
import { ConnectorError, Decode } from "@mortise/core/ConnectorError"
import type { JsonNumber } from "@mortise/core/Json"
import * as JsonApi from "@mortise/core/JsonApi"
import * as Pagination from "@mortise/core/Pagination"
import type * as Pipeline from "@mortise/core/Pipeline"
import * as Replay from "@mortise/core/Replay"
import type { Answer } from "@mortise/core/SimplePort"
import * as Effect from "effect/Effect"

export interface Row {
  readonly id: JsonNumber
  readonly modified: string
  readonly version: JsonNumber
  readonly deleted: boolean
  readonly ref: string | null
}

interface Page<R> {
  readonly items: ReadonlyArray<R>
  readonly next: string | null
}

export interface Options {
  readonly system: string
  readonly pipeline: Pipeline.Pipeline
  readonly baseUrl: URL
}

/** One page by its address; its link, where it has one, on the vendor's own origin. */
export type Turn = <R>(
  url: URL,
) => Effect.Effect<
  { readonly items: ReadonlyArray<R>; readonly next: URL | undefined; readonly serverTime: number | undefined },
  ConnectorError
>

export const turns = ({ baseUrl, pipeline, system }: Options): Turn => {
  const operation = `${system}.list`
  return Effect.fnUntraced(function* <R>(url: URL) {
    const { data, exchange } = yield* pipeline.call(Replay.read(operation, "api"), async ({ fetch }) => {
      const response = await fetch(new Request(url))
      return response.ok ? { data: (await response.json()) as Page<R>, response } : { response }
    })
    const { items, next } = data
    const to = next === null ? undefined : yield* Pagination.rebase({ system, operation }, next, baseUrl)
    return { items, next: to, serverTime: exchange.serverTime }
  }) as Turn
}

/** At most so many rows of a list, over as many pages as that takes. */
export type Lists = <R>(path: string, query: JsonApi.Query, limit: number) => Effect.Effect<Answer<R>, ConnectorError>

export const make = (options: Options): Lists => {
  const turn = turns(options)
  const empty = () =>
    new ConnectorError({
      system: options.system,
      operation: `${options.system}.list`,
      reason: new Decode({ message: "a page without rows leads to another one", issues: [] }),
    })
  return Effect.fnUntraced(function* <R>(path: string, query: JsonApi.Query, limit: number) {
    const rows: Array<R> = []
    let url: URL | undefined = JsonApi.address(options.baseUrl, [path], query)
    let serverTime: number | undefined
    while (url !== undefined && rows.length < limit) {
      const page: Effect.Success<ReturnType<typeof turn<R>>> = yield* turn<R>(url)
      if (page.items.length === 0 && page.next !== undefined) return yield* Effect.fail(empty())
      rows.push(...page.items)
      serverTime ??= page.serverTime
      url = page.next
    }
    return { rows: rows.slice(0, limit), more: url !== undefined || rows.length > limit, serverTime }
  }) as Lists
}
