/** Opening the file, and taking turns on it with other processes. */
import { closeSync, openSync } from "node:fs"
import { resolve } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { ConnectorError, Forbidden, Invalid, shape, Unsupported } from "@mortise/core/ConnectorError"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import { failure, isBusy } from "./failure.ts"
import { inspect, migrate } from "./schema.ts"

/** SQLite waits inside the thread, where nothing else of the program goes on: only so long at a time, in milliseconds. */
const SLICE = 20

/**
 * Runs a call that fails at once or within a slice when another process holds the file, again and again until the
 * patience is used up. Slices are counted and not clocked, so that it is the same under a virtual clock.
 */
export const patiently = Effect.fnUntraced(function* <A>(
  operation: string,
  path: string,
  patience: number,
  call: () => A,
) {
  const tries = Math.max(1, Math.ceil(patience / SLICE))
  for (let left = tries; ; left--) {
    const result = yield* Effect.try({ try: call, catch: (cause) => cause }).pipe(
      Effect.map((value) => ({ value })),
      Effect.catch((cause) =>
        isBusy(cause) && left > 1 ? Effect.succeed(undefined) : Effect.fail(failure(operation, path, cause)),
      ),
    )
    if (result !== undefined) return result.value
    yield* Effect.sleep(yield* Random.nextIntBetween(1, SLICE))
  }
})

/** The file comes into being here, for its owner alone; SQLite gives its side files (-wal, -shm) the same rights. */
const create = (path: string): void => closeSync(openSync(path, "a", 0o600))

const writeAhead = (db: DatabaseSync, path: string): void => {
  const mode = db.prepare("PRAGMA journal_mode = WAL").get()?.["journal_mode"]
  if (mode === "wal") return
  const message = `${path} cannot keep a write-ahead log; put it on a local disk`
  throw new ConnectorError({
    system: "store",
    operation: "open",
    reason: new Unsupported({ message, feature: "write-ahead log", mend: "use a file on a local disk" }),
  })
}

const openFile = (path: string): DatabaseSync => {
  create(path)
  const db = new DatabaseSync(path, { timeout: SLICE, defensive: true })
  try {
    // First of all, since already the write-ahead log changes a file that may be another program's.
    inspect(db, path)
    writeAhead(db, path)
    db.exec("PRAGMA synchronous = FULL")
    migrate(db, path)
    return db
  } catch (cause) {
    db.close()
    throw cause
  }
}

const DENIED = new Set<unknown>(["EACCES", "EPERM", "EROFS"])

/** Beside SQLite's own failures those of the file system, which come when the file is created. */
const cannotOpen = (path: string, cause: unknown): ConnectorError => {
  const code = (cause as { readonly code?: unknown } | null)?.code
  if (cause instanceof ConnectorError || code === "ERR_SQLITE_ERROR") return failure("open", path, cause)
  const message = `${path} cannot be opened (${String(code)}); see that its folder is there and can be written`
  const reason = DENIED.has(code)
    ? new Forbidden({ message })
    : new Invalid({ message, issues: [{ path: ["path"], message: String(code) }] })
  return new ConnectorError({ system: "store", operation: "open", reason })
}

/** An absolute path, so that SQLite takes neither `:memory:` nor `file:` nor nothing for something else than a file. */
const absolute = (path: string): Effect.Effect<string, ConnectorError> => {
  if (path !== "" && path !== ":memory:" && !path.includes("\0")) return Effect.succeed(resolve(path))
  const message = `path must name a file, found ${shape(path)}; for a store that forgets use StateStore.layerMemory`
  return Effect.fail(
    new ConnectorError({
      system: "store",
      operation: "open",
      reason: new Invalid({ message, issues: [{ path: ["path"], message: "not the name of a file" }] }),
    }),
  )
}

export const openDatabase = Effect.fnUntraced(function* (given: string, patience: number) {
  const path = yield* absolute(given)
  const open = patiently("open", path, patience, () => {
    try {
      return openFile(path)
    } catch (cause) {
      if (isBusy(cause)) throw cause
      throw cannotOpen(path, cause)
    }
  })
  const db = yield* Effect.acquireRelease(open, (each) =>
    Effect.sync(() => {
      if (each.isOpen) each.close()
    }),
  )
  return { db, path }
})
