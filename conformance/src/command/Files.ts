/** Writes the reports. */
import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { messageOf } from "../internal/Thrown.ts"
import type { Result } from "../kit/Result.ts"
import * as Html from "../report/Html.ts"
import * as Json from "../report/Json.ts"
import * as JUnit from "../report/JUnit.ts"
import type { KillMatrix } from "../report/KillMatrix.ts"
import { usageError } from "./UsageError.ts"

const tried = (what: string, open: () => void): void => {
  try {
    open()
  } catch (error) {
    throw usageError(`${what} cannot be written: ${messageOf(error)}.`)
  }
}

export const openFolder = (folder: string): void => tried(folder, () => void mkdirSync(folder, { recursive: true }))

/** What stands in it stays until it is written. */
export const openFile = (file: string): void =>
  tried(file, () => {
    mkdirSync(dirname(file), { recursive: true })
    closeSync(openSync(file, "a"))
  })

const written = (file: string, text: string): string => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  return file
}

/** A name may hold what no file system takes. */
const fileName = (name: string): string => name.replace(/[^\w.-]+/g, "-").replace(/^\.+/, "") || "connector"

export const reports = (folder: string, result: Result, matrix: KillMatrix = []): ReadonlyArray<string> => {
  const base = join(folder, fileName(result.connector.name))
  const own = matrix.filter(({ connector }) => connector === result.connector.name)
  return [
    written(`${base}.html`, Html.text(result, { matrix: own })),
    written(`${base}.json`, Json.text(result)),
    written(`${base}.junit.xml`, JUnit.text(result)),
  ]
}

export const summary = (file: string, results: ReadonlyArray<Result>): string =>
  written(file, `${JSON.stringify(Json.summary(results), null, 2)}\n`)
