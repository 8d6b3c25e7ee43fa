/**
 * The journal: lines in the order of their commits, numbered across all relays. Lines of one relay that are committed
 * together stand in one entry, named after the last of them, so that a page costs a few entries and not hundreds.
 */
import * as Effect from "effect/Effect"
import type { JournalEntry } from "../../StateStore.ts"
import type { Op, StoreBackend } from "../../StoreBackend.ts"
import { check, decode, positive, put, readOne, scanAll } from "./access.ts"
import { join, position, prefix, SPACE } from "./keys.ts"

const LAST = "journal"
const CHUNK = 128
/** Entries read at a time. */
const STRIDE = 8

interface Chunk {
  readonly first: number
  readonly lines: ReadonlyArray<JournalEntry>
}
type Line = JournalEntry & { readonly position: string }

const chunks = (lines: ReadonlyArray<JournalEntry>, first: number): ReadonlyArray<Chunk> => {
  const all: Array<{ first: number; lines: Array<JournalEntry> }> = []
  for (const [index, line] of lines.entries()) {
    const open = all.at(-1)
    if (open !== undefined && open.lines.length < CHUNK && open.lines[0]?.relay === line.relay) open.lines.push(line)
    else all.push({ first: first + index, lines: [line] })
  }
  return all
}

/** Holds only while nobody else has written lines in between. */
export const journalOps = Effect.fnUntraced(function* (backend: StoreBackend, lines: ReadonlyArray<JournalEntry>) {
  if (lines.length === 0) return []
  const text = yield* readOne(backend, SPACE.meta, LAST)
  const last = text === undefined ? 0 : yield* decode<number>(SPACE.meta, LAST, text)
  const ops: Array<Op> = [check(SPACE.meta, LAST, text), put(SPACE.meta, LAST, last + lines.length)]
  for (const chunk of chunks(lines, last + 1)) {
    const relay = (chunk.lines[0] as JournalEntry).relay
    ops.push(put(SPACE.journal, join(relay, position(chunk.first + chunk.lines.length - 1)), chunk))
  }
  for (const relay of new Set(lines.map((line) => line.relay))) ops.push(put(SPACE.relay, relay, true))
  return ops
})

const ofRelay = Effect.fnUntraced(function* (backend: StoreBackend, relay: string, after: string, limit: number) {
  const lines: Array<Line> = []
  let from = after
  while (true) {
    const page = yield* backend.scan(SPACE.journal, {
      prefix: prefix(relay),
      after: join(relay, from),
      limit: STRIDE,
    })
    for (const entry of page) {
      const chunk = yield* decode<Chunk>(SPACE.journal, entry.key, entry.value)
      for (const [index, line] of chunk.lines.entries()) {
        const at = position(chunk.first + index)
        if (at > after) lines.push({ ...line, position: at })
        if (lines.length === limit) return lines
      }
      from = position(chunk.first + chunk.lines.length - 1)
    }
    if (page.length < STRIDE) return lines
  }
})

export const journal = Effect.fnUntraced(function* (
  backend: StoreBackend,
  options: { readonly relay?: string; readonly after?: string; readonly limit: number },
) {
  yield* positive("journal", options.limit)
  const after = options.after ?? ""
  if (options.relay !== undefined) return yield* ofRelay(backend, options.relay, after, options.limit)
  const relays = yield* scanAll(backend, SPACE.relay, "")
  const all = yield* Effect.forEach(relays, (entry) => ofRelay(backend, entry.key, after, options.limit))
  return all
    .flat()
    .sort((a, b) => (a.position < b.position ? -1 : 1))
    .slice(0, options.limit)
})
