/** Short ways to the functions under test. */
import * as Effect from "effect/Effect"
import type { ApiDocument } from "../../src/Description.ts"
import type { DescriptionError } from "../../src/DescriptionError.ts"
import * as Reader from "../../src/Reader.ts"
import * as Writer from "../../src/Writer.ts"

export const read = (input: Reader.Input, options: Reader.Options): Promise<ApiDocument> =>
  Effect.runPromise(Reader.read(input, options))

/** What a reading fails with; a reading that does not fail fails the test. */
export const refusal = (input: Reader.Input, options: Reader.Options): Promise<DescriptionError> =>
  Effect.runPromise(Effect.flip(Reader.read(input, options)))

export const text = (given: string | object, name = "given.json"): Reader.Input => ({
  kind: "text",
  name,
  text: typeof given === "string" ? given : JSON.stringify(given),
})

export const texts = (files: { readonly [name: string]: string | object }): Reader.Input => ({
  kind: "texts",
  name: "given",
  files: Object.entries(files).map(([name, each]) => ({
    name,
    text: typeof each === "string" ? each : JSON.stringify(each),
  })),
})

export const write = (
  document: ApiDocument,
  options: Partial<Writer.Options> = {},
): Promise<ReadonlyArray<Writer.File>> => Effect.runPromise(Writer.write(document, { version: "1.2.3", ...options }))

export const fileOf = (files: ReadonlyArray<Writer.File>, path: string): string =>
  files.find((file) => file.path === path)?.text ?? ""
