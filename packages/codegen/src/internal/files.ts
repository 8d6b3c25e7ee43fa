/** What is to be read: one file, every file of a folder, or texts that were fetched. */
import { createHash } from "node:crypto"
import { createReadStream } from "node:fs"
import { readdir, readFile, stat } from "node:fs/promises"
import { basename, join, relative, sep } from "node:path"
import { getHeapStatistics } from "node:v8"
import { DescriptionError } from "../DescriptionError.ts"
import { fail } from "./fail.ts"

/** One document, read or still to be streamed. */
export interface Document {
  /** For people and for `$ref`s between files: the path inside the folder, with forward slashes. */
  readonly name: string
  readonly size: number
  readonly text: () => Promise<string>
  /** In pieces, for what is too large to hold. */
  readonly chunks: () => AsyncIterable<string>
}

export type Input =
  /** A file or a folder. An address is fetched to a file first. */
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "text"; readonly name: string; readonly text: string }
  | {
      readonly kind: "texts"
      readonly name: string
      readonly files: ReadonlyArray<{ readonly name: string; readonly text: string }>
    }

export interface Documents {
  readonly name: string
  readonly documents: ReadonlyArray<Document>
}

/** V8 holds no longer string than about 512 MB. */
const TEXT_LIMIT = 320 * 1024 * 1024

/**
 * How much memory a document takes, as a multiple of its text: to be parsed and cut, and to be held and written as a whole.
 * Beyond the heap the process would end without a word.
 */
const TIMES = { cut: 10, whole: 25, wholeXml: 50 }

/** The largest document of which this process can hold as much. */
const limitOf = (use: keyof typeof TIMES): number =>
  Math.min(TEXT_LIMIT, Math.floor(getHeapStatistics().heap_size_limit / TIMES[use]))

/** Fails for a document of which no part was asked for and that is too large to be written as a whole. */
export const checkWhole = ({ name, size }: Document, use: "whole" | "wholeXml"): void => {
  const limit = limitOf(use)
  if (size <= limit) return
  const told = `${megabytes(size)} MB; the limit as a whole is ${megabytes(limit)} MB`
  const mend = "name the entities in use, and only they are written, or give node more memory with --max-old-space-size"
  fail("TooLarge", `${name} has ${told}: ${mend}`, name)
}

export const DESCRIPTION = /\.(?:json|ya?ml|xml|edmx|csdl)$/i

/** A name that stands on one line, in messages and in comments. */
const shown = (name: string): string => name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ")

export const megabytes = (size: number): number => Math.round(size / 1024 / 1024)

const utf8 = (bytes: Uint8Array, name: string): string => {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return fail("NotADescription", `${name} is not text in UTF-8`, name)
  }
}

const ofFile = (path: string, name: string, size: number): Document => ({
  name: shown(name),
  size,
  text: async () => {
    const limit = limitOf("cut")
    if (size > limit) {
      const mend = "give node more memory with --max-old-space-size, or name fewer files"
      return fail(
        "TooLarge",
        `${name} has ${megabytes(size)} MB; the limit here is ${megabytes(limit)} MB: ${mend}`,
        name,
      )
    }
    return utf8(await readFile(path), name)
  },
  chunks: () => createReadStream(path, { encoding: "utf8", highWaterMark: 1024 * 1024 }),
})

const ofText = (name: string, text: string): Document => ({
  name: shown(name),
  size: Buffer.byteLength(text),
  text: async () => text,
  chunks: async function* () {
    const step = 1024 * 1024
    for (let at = 0; at < text.length; at += step) yield text.slice(at, at + step)
  },
})

const listed = async (folder: string): Promise<ReadonlyArray<string>> => {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile() && DESCRIPTION.test(entry.name) && !entry.name.startsWith("."))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        !relative(folder, path)
          .split(sep)
          .some((part) => part.startsWith(".") || part === "node_modules"),
    )
    .sort()
}

const unreadable = (path: string, error: unknown): never => {
  const code = (error as NodeJS.ErrnoException).code
  const why =
    code === "ENOENT" ? "there is no such file or folder" : code === "EACCES" ? "it may not be read" : String(code)
  return fail("Unreadable", `${path}: ${why}`, path)
}

const ofPath = async (path: string): Promise<Documents> => {
  const info = await stat(path).catch((error: unknown) => unreadable(path, error))
  const name = shown(basename(path.replace(/[/\\]+$/, ""))) || path
  if (!info.isDirectory()) {
    if (info.size === 0) return fail("NotADescription", `${name} is empty`, name)
    return { name, documents: [ofFile(path, name, info.size)] }
  }
  const files = await listed(path)
  if (files.length === 0) {
    return fail("NotADescription", `${name} holds no description: no .json, .yaml, .yml, .xml or .edmx file`, name)
  }
  const documents = files.map(async (file) => {
    const { size } = await stat(file)
    return ofFile(file, relative(path, file).split(sep).join("/"), size)
  })
  return { name, documents: await Promise.all(documents) }
}

export const open = async (input: Input): Promise<Documents> => {
  if (input.kind === "path") return ofPath(input.path)
  if (input.kind === "text") return { name: shown(input.name), documents: [ofText(input.name, input.text)] }
  const sorted = [...input.files].sort((a, b) => (a.name < b.name ? -1 : 1))
  return { name: shown(input.name), documents: sorted.map(({ name, text }) => ofText(name, text)) }
}

/** A file beside a single one that was named, for `$ref`s that lead there; never one outside of its folder. */
export const beside = async (input: Input, name: string): Promise<Document | undefined> => {
  if (input.kind !== "path" || name.split("/").includes("..") || !DESCRIPTION.test(name)) return undefined
  const path = join(input.path, "..", name)
  const info = await stat(path).catch(() => undefined)
  return info?.isFile() === true ? ofFile(path, name, info.size) : undefined
}

/** SHA-256 of the bytes; of several files, of their names and digests. */
export const digest = async (documents: ReadonlyArray<Document>): Promise<string> => {
  const each = async (document: Document): Promise<string> => {
    const hash = createHash("sha256")
    for await (const chunk of document.chunks()) hash.update(chunk)
    return hash.digest("hex")
  }
  const [only] = documents
  if (documents.length === 1 && only !== undefined) return each(only)
  const whole = createHash("sha256")
  for (const document of documents) whole.update(`${document.name}\0${await each(document)}\n`)
  return whole.digest("hex")
}

export const isDescriptionError = (error: unknown): error is DescriptionError => error instanceof DescriptionError
