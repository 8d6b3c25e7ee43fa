/** The tables, their version, and the steps from older ones. */
import type { DatabaseSync } from "node:sqlite"
import { ConnectorError, Invalid, VersionMismatch } from "@mortise/core/ConnectorError"

/** Stands in the file's header and says whose file it is: "Mort". */
const APPLICATION_ID = 0x4d6f7274

/** The step at index n turns version n into n + 1. A step that was released is never edited. */
export const STEPS: ReadonlyArray<string> = [
  // WITHOUT ROWID: an entry stands once, in the tree of its key. The key is a BLOB, see KeyBytes; to read it in a shell,
  // `CAST(key AS TEXT)`.
  `CREATE TABLE entry (
    space TEXT NOT NULL,
    key BLOB NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (space, key)
  ) WITHOUT ROWID, STRICT`,
]

const number = (db: DatabaseSync, sql: string): number => {
  const row = db.prepare(sql).get()
  return Number(row === undefined ? 0 : Object.values(row)[0])
}

const refuse = (reason: Invalid | VersionMismatch): never => {
  throw new ConnectorError({ system: "store", operation: "open", reason })
}

/** The version of the tables: 0 for a new file. */
const versionOf = (db: DatabaseSync, path: string): number => {
  const owner = number(db, "PRAGMA application_id")
  const tables = number(db, "SELECT count(*) FROM sqlite_schema")
  if (tables === 0 && owner === 0) return 0
  if (owner !== APPLICATION_ID) {
    const message = `${path} is the database of another program; name another file`
    return refuse(new Invalid({ message, issues: [{ path: ["path"], message: `application id ${owner}` }] }))
  }
  return number(db, "SELECT version FROM mortise_schema")
}

const step = (db: DatabaseSync, from: number, sql: string): void => {
  if (from === 0) {
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}`)
    db.exec("CREATE TABLE mortise_schema (version INTEGER NOT NULL) STRICT; INSERT INTO mortise_schema VALUES (0)")
  }
  db.exec(sql)
  db.prepare("UPDATE mortise_schema SET version = ?").run(from + 1)
}

/** Fails for a file that this program must not touch. Only reads. */
export const inspect = (db: DatabaseSync, path: string, steps: ReadonlyArray<string> = STEPS): number => {
  const found = versionOf(db, path)
  if (found <= steps.length) return found
  const message = `${path} was written by a later version of this program (schema ${found}, known up to ${steps.length}); use that version`
  return refuse(new VersionMismatch({ message, pinned: String(steps.length), found: [String(found)] }))
}

/** Brings the tables up to date, in one transaction; two processes that open a new file at once do it once. */
export const migrate = (db: DatabaseSync, path: string, steps: ReadonlyArray<string> = STEPS): void => {
  db.exec("BEGIN IMMEDIATE")
  try {
    const found = inspect(db, path, steps)
    for (const [from, sql] of steps.entries()) if (from >= found) step(db, from, sql)
    db.exec("COMMIT")
  } catch (cause) {
    if (db.isTransaction) db.exec("ROLLBACK")
    throw cause
  }
}
