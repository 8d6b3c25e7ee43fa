/** Takes a subject out of somebody's module, and says plainly what is wrong with it when there is none. */
import { existsSync } from "node:fs"
import { resolve } from "node:path"
import { pathToFileURL } from "node:url"
import { shape } from "@mortise/core/ConnectorError"
import * as Thrown from "../internal/Thrown.ts"
import type { Subject } from "../kit/Subject.ts"
import * as Fresh from "./Fresh.ts"
import { usageError } from "./UsageError.ts"

/** A module is loaded, and its function comes back, within so many milliseconds. */
const PATIENCE = 20_000

const within = async <A>(work: Promise<A>, otherwise: string): Promise<A> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(usageError(`${otherwise} within ${PATIENCE / 1000} s.`)), PATIENCE)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : Thrown.messageOf(error)

const HINT =
  "Its default export (or one named `subject`) has to be what TwinSubject.make gives, or a function that gives that."

const TEXTS = ["name", "version", "apiVersion"] as const
const PROFILES = ["reader", "writer", "full"]

type Members = { readonly [name: string]: unknown }

/** What is missing or wrong; undefined when it is a subject. */
const wrongWith = (value: unknown): string | undefined => {
  if (typeof value !== "object" || value === null) return `is ${shape(value)}`
  const of = value as Members
  const texts = TEXTS.filter((name) => typeof of[name] !== "string" || of[name] === "")
  if (texts.length > 0) return `has no ${texts.join(", ")}`
  if (typeof of["open"] !== "function") return "has no function `open`"
  if (!PROFILES.includes(String(of["profile"]))) return `has a profile that is none of ${PROFILES.join(", ")}`
  if (of["side"] !== "crm" && of["side"] !== "erp") return 'has a side that is neither "crm" nor "erp"'
  return typeof of["absent"] === "object" && of["absent"] !== null ? undefined : "does not say what is `absent`"
}

type Import = (url: string) => Promise<Members>

const imported = async (file: string, by: Import): Promise<Members> => {
  try {
    return await within(by(pathToFileURL(file).href), `${file} was not loaded`)
  } catch (error) {
    if (error instanceof Error && error.name === "UsageError") throw error
    throw usageError(`${file} cannot be loaded: ${messageOf(error)}`)
  }
}

const made = async (file: string, of: () => unknown): Promise<unknown> => {
  try {
    return await within(Promise.resolve(of()), `The export of ${file} did not come back`)
  } catch (error) {
    if (error instanceof Error && error.name === "UsageError") throw error
    throw usageError(`The export of ${file} threw ${messageOf(error)}`)
  }
}

const subjectOf = async (file: string, by: Import): Promise<Subject> => {
  const exported = await imported(file, by)
  const given = exported["default"] ?? exported["subject"]
  if (given === undefined) {
    const names = Object.keys(exported)
    throw usageError(
      `${file} has neither a default export nor one named \`subject\`${names.length > 0 ? ` (it exports ${names.join(", ")})` : ""}.`,
      HINT,
    )
  }
  const subject = typeof given === "function" ? await made(file, given as () => unknown) : await given
  const wrong = wrongWith(subject)
  if (wrong !== undefined) {
    const what = typeof given === "function" ? "What the export gives" : "The export"
    throw usageError(`${what} of ${file} ${wrong}.`, HINT)
  }
  return subject as Subject
}

export const load = async (path: string): Promise<Subject> => {
  const file = resolve(path)
  if (!existsSync(file)) throw usageError(`There is no file ${file}.`)
  const subject = await subjectOf(file, (url) => import(url))
  // What a subject of another make opens a connector with is not known.
  if (subject.adapter === undefined) return subject
  const fresh = Fresh.loader()
  return { ...subject, anew: async () => (await subjectOf(file, fresh)).adapter }
}
