/**
 * The state store's backend on `node:sqlite`: one file, no server, several processes at once on one machine.
 *
 * What was committed is on the disk before the answer comes: the log is written ahead (WAL) and synced at every commit
 * (`synchronous = FULL`). A killed process would lose nothing under NORMAL either, but a power cut then may take the last
 * commits with it, and an intent that was forgotten after its write went out is exactly what the store is there to
 * prevent. A page is one commit, so that the sync costs a page a few milliseconds.
 */
import type { DatabaseSync } from "node:sqlite"
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as KeyBytes from "@mortise/core/KeyBytes"
import type { Entry, Op, ScanOptions, StoreBackend } from "@mortise/core/StoreBackend"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { openDatabase, patiently } from "./internal/database.ts"

export interface Options {
  /** The file. A new one is readable by its owner alone (0600); its folder has to be there. */
  readonly path: string
  /** How long to wait, at most, for another process that writes; 5 seconds unless told. Then `Unavailable`. */
  readonly busyTimeout?: Duration.Input
}

const BUSY_TIMEOUT = Duration.seconds(5)

interface Row {
  readonly key: Uint8Array
  readonly value: string
}

/** Runs the calls as one transaction; false of `body` undoes it. */
const inTransaction = <A>(db: DatabaseSync, begin: "BEGIN" | "BEGIN IMMEDIATE", body: () => A): A => {
  db.exec(begin)
  try {
    const result = body()
    db.exec(result === false ? "ROLLBACK" : "COMMIT")
    return result
  } catch (cause) {
    if (db.isTransaction) db.exec("ROLLBACK")
    throw cause
  }
}

const statements = (db: DatabaseSync) => {
  const select = db.prepare("SELECT value FROM entry WHERE space = ? AND key = ?")
  const walk = db.prepare("SELECT key, value FROM entry WHERE space = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?")
  const upsert = db.prepare(
    "INSERT INTO entry VALUES (?, ?, ?) ON CONFLICT (space, key) DO UPDATE SET value = excluded.value",
  )
  const erase = db.prepare("DELETE FROM entry WHERE space = ? AND key = ?")

  const lookUp = (space: string, key: string): string | undefined =>
    (select.get(space, KeyBytes.encode(key)) as Pick<Row, "value"> | undefined)?.value

  return {
    get: (space: string, keys: ReadonlyArray<string>): ReadonlyMap<string, string> => {
      const found = new Map<string, string>()
      for (const key of keys) {
        const value = lookUp(space, key)
        if (value !== undefined) found.set(key, value)
      }
      return found
    },
    scan: (space: string, options: ScanOptions): ReadonlyArray<Entry> => {
      const { from, below } = KeyBytes.range(options)
      const rows = walk.all(space, from, below, Math.min(options.limit, Number.MAX_SAFE_INTEGER))
      return (rows as unknown as ReadonlyArray<Row>).map(({ key, value }) => ({ key: KeyBytes.decode(key), value }))
    },
    holds: (op: Op): boolean => op._tag !== "Check" || (lookUp(op.space, op.key) ?? null) === op.value,
    apply: (op: Op): void => {
      if (op._tag === "Put") upsert.run(op.space, KeyBytes.encode(op.key), op.value)
      if (op._tag === "Delete") erase.run(op.space, KeyBytes.encode(op.key))
    },
  }
}

/** Opens the file and brings its tables up to date; the file is closed with the scope. */
export const make = Effect.fnUntraced(function* (
  options: Options,
): Effect.fn.Return<StoreBackend, ConnectorError, Scope.Scope> {
  const patience = Duration.toMillis(Duration.fromInputUnsafe(options.busyTimeout ?? BUSY_TIMEOUT))
  const { db, path } = yield* openDatabase(options.path, patience)
  const run = statements(db)
  return {
    get: (space, keys) =>
      patiently("get", path, patience, () => inTransaction(db, "BEGIN", () => run.get(space, keys))),
    scan: (space, scanned) => patiently("scan", path, patience, () => run.scan(space, scanned)),
    transact: (ops) =>
      patiently("transact", path, patience, () =>
        inTransaction(db, "BEGIN IMMEDIATE", () => {
          if (!ops.every(run.holds)) return false
          ops.forEach(run.apply)
          return true
        }),
      ),
  }
})
