/** What a file is about, by the words of its name: whoever saved it may have put others around. */

const plain = (text: string): string => text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "")

/** Words of files of any kind, which are the name of nothing. */
const GENERIC: ReadonlySet<string> = new Set([
  ...["api", "catalog", "catalogue", "copy", "crm", "data", "default", "definition", "definitions", "description"],
  ...[
    "download",
    "example",
    "export",
    "file",
    "hubspot",
    "index",
    "json",
    "live",
    "metadata",
    "netsuite",
    "new",
    "object",
  ],
  ...["objects", "old", "openapi", "output", "portal", "prod", "production", "properties", "property", "record"],
  ...["records", "response", "rest", "result", "results", "sandbox", "schema", "schemas", "spec", "swagger", "temp"],
  ...["test", "tmp", "untitled", "v1", "v2", "v3"],
])

export const wordsOf = (text: string): ReadonlyArray<string> =>
  text.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "")

/** Whether none of its words could stand in the name of any file. */
export const isOwnName = (text: string): boolean =>
  wordsOf(text).length > 0 && wordsOf(text).every((word) => !GENERIC.has(word.toLowerCase()))

/** The parts of a path from the last on, without endings. */
export const partsOf = (file: string): ReadonlyArray<string> =>
  file
    .replace(/\.[^./]+$/, "")
    .split("/")
    .reverse()

interface Run {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** The known names among the words of a text, the longest where one holds another. `known` are names by how they are written. */
export const namedIn = (text: string, known: ReadonlyMap<string, string>): ReadonlyArray<string> => {
  const byText = new Map([...known].map(([written, name]) => [plain(written), name]))
  const words = wordsOf(text)
  const runs: Array<Run> = []
  for (let from = 0; from < words.length; from++) {
    for (let to = from + 1; to <= words.length; to++) {
      const name = byText.get(plain(words.slice(from, to).join("")))
      if (name !== undefined) runs.push({ name, from, to })
    }
  }
  const isHeld = (run: Run): boolean =>
    runs.some((other) => other !== run && other.from <= run.from && other.to >= run.to)
  return [...new Set(runs.filter((run) => !isHeld(run)).map(({ name }) => name))]
}
