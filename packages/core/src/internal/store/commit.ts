/** What a page leaves behind, as the operations of one transaction. */
import * as Effect from "effect/Effect"
import type { Commit, DeadLetter } from "../../StateStore.ts"
import type { Op, StoreBackend } from "../../StoreBackend.ts"
import { put, remove } from "./access.ts"
import { journalOps } from "./journal.ts"
import { join, SPACE } from "./keys.ts"
import { fenceOps } from "./leases.ts"
import { linkOps } from "./links.ts"
import { nameKey, readNamed } from "./named.ts"
import { parkedOps } from "./waiting.ts"

/** Marks in page order, so that the later version of a record that came twice is the one that stays. */
const pageOps = (page: NonNullable<Commit["page"]>): ReadonlyArray<Op> => {
  const { stream, cursor, delta } = page
  const ops: Array<Op> = [put(SPACE.cursor, stream, cursor)]
  for (const mark of delta.marks) ops.push(put(SPACE.mark, join(stream, mark.id), mark.version))
  for (const id of delta.snapshotRemove ?? []) ops.push(remove(SPACE.snapshot, join(stream, id)))
  for (const row of delta.snapshotPut ?? []) ops.push(put(SPACE.snapshot, join(stream, row.id), row))
  return ops
}

const outcomeOps = Effect.fnUntraced(function* (backend: StoreBackend, commit: Commit) {
  const there = yield* readNamed<DeadLetter>(backend, SPACE.dead, commit.buried ?? [])
  return [
    ...(commit.settled ?? []).map((each) => remove(SPACE.intent, join(each.relay, each.key))),
    ...[...there.keys()].map((each) => remove(SPACE.dead, nameKey(each))),
    ...(commit.deadLetters ?? []).map((each) => put(SPACE.dead, nameKey(each), each)),
  ]
})

/** False: somebody wrote in between what this commit had read; it has to be tried again. */
export const attempt = Effect.fnUntraced(function* (backend: StoreBackend, commit: Commit) {
  const fence = yield* fenceOps(backend, commit.fence)
  const links = yield* linkOps(backend, commit)
  const parked = yield* parkedOps(backend, commit)
  const outcomes = yield* outcomeOps(backend, commit)
  const journal = yield* journalOps(backend, commit.journal ?? [])
  const page = commit.page === undefined ? [] : pageOps(commit.page)
  return yield* backend.transact([...fence, ...page, ...links, ...journal, ...parked, ...outcomes])
})
