/** A twin from a small declaration, with requests that read as sentences. */

import * as TwinKit from "../../../src/TwinKit.ts"
import type * as Twin from "../../../src/twin/Twin.ts"

export const START = Date.UTC(2026, 10, 2, 9)
export const ORIGIN = "https://api.kit.example"

/** Moves only by hand; sleepers wake when their time has come. */
export const handClock = () => {
  let time = START
  const sleepers: Array<{ readonly at: number; readonly wake: () => void }> = []
  return {
    now: () => time,
    sleep: (millis: number) => new Promise<void>((wake) => sleepers.push({ at: time + millis, wake })),
    advance: (millis: number) => {
      time += millis
      for (const sleeper of sleepers.filter(({ at }) => at <= time)) sleeper.wake()
    },
  }
}

export const things: TwinKit.Collection = {
  key: { field: "id", assigned: "number" },
  fields: { name: { type: "text", required: true } },
}

export const paging: TwinKit.Paging = {
  style: "page",
  page: "page",
  size: "size",
  default: 2,
  most: 3,
  items: "data",
  total: "total",
}

export const declare = (more: Partial<TwinKit.Declaration> = {}): TwinKit.Declaration => ({
  name: "kit",
  origin: ORIGIN,
  auth: { scheme: "none" },
  paging,
  collections: { things },
  ...more,
})

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: answers of any shape, which tests are about
  readonly body: any
}

export const open = (more: Partial<TwinKit.Declaration> = {}, options: Partial<Twin.Options> = {}) => {
  const clock = handClock()
  const twin = TwinKit.make(declare(more), { clock, ...options })
  const ask = async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const response = await twin.fetch(path.startsWith("https:") ? path : ORIGIN + path, init)
    const text = await response.text()
    const isJson = response.headers.get("content-type")?.includes("json") === true && text !== ""
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined }
  }
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    ask(path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  return { clock, twin, world: twin.world, ask, send }
}

export const names = ({ body }: Answer): ReadonlyArray<string> =>
  (body.data ?? body).map(({ name }: { readonly name: string }) => name)
