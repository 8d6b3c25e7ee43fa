/** What an adapter gives back, looked at before it is believed: a wrong shape is told as the adapter's, by its place. */

import { shape } from "@mortise/core/ConnectorError"
import * as Data from "effect/Data"

/** The adapter does what no adapter may do: it throws what is no `ConnectorError`, or answers in another shape. */
export class AdapterFault extends Data.TaggedError("AdapterFault")<{ readonly where: string; readonly what: string }> {
  override get message(): string {
    return `the adapter's ${this.where} ${this.what}`
  }
}

/** Of a factory that keeps its connector. */
export const SAME = "gave the same connector to two openings: what one leaves behind, the other finds"

type Members = { readonly [name: string]: unknown }

const isObject = (value: unknown): value is Members => typeof value === "object" && value !== null

const METHODS = ["changes", "get", "find", "upsert"]

const missing = (of: Members, names: ReadonlyArray<string>, is: (value: unknown) => boolean): ReadonlyArray<string> =>
  names.filter((name) => !is(of[name]))

const isFunction = (value: unknown): boolean => typeof value === "function"

const portFault = (name: string, port: unknown): string | undefined => {
  if (!isObject(port)) return `gave a port ${name} that is ${shape(port)}`
  const lacks = [...missing(port, METHODS, isFunction), ...missing(port, ["entity", "scope", "features"], isObject)]
  return lacks.length === 0 ? undefined : `gave a port ${name} without ${lacks.join(", ")}`
}

/** What is wrong with a connector; undefined when nothing is. */
export const connector = (made: unknown): string | undefined => {
  if (!isObject(made)) return `gave ${shape(made)} instead of a connector`
  const isText = (value: unknown) => typeof value === "string" && value !== ""
  const lacks = [
    ...missing(made, ["system", "apiVersion"], isText),
    ...missing(made, ["scope", "ports"], isObject),
    ...missing(made, ["check", "prepare"], isFunction),
  ]
  if (lacks.length > 0) return `gave a connector without ${lacks.join(", ")}`
  const ports = Object.entries(made["ports"] as Members)
  if (ports.length === 0) return "gave a connector without any port"
  return ports.map(([name, port]) => portFault(name, port)).find((fault) => fault !== undefined)
}

/** Of `get` and `find`. */
export const table = (answer: unknown): string | undefined =>
  answer instanceof Map ? undefined : `gave ${shape(answer)} instead of a Map`

const OUTCOMES = ["Created", "Updated", "Written", "Unchanged", "Rejected", "Unknown", "NotAttempted"]

export const outcomes = (answer: unknown, count: number): string | undefined => {
  if (!Array.isArray(answer)) return `gave ${shape(answer)} instead of a list of outcomes`
  if (answer.length !== count) return `gave ${answer.length} outcomes for ${count} records`
  const wrong = answer.findIndex((each: unknown) => !isObject(each) || !OUTCOMES.includes(String(each["_tag"])))
  return wrong === -1 ? undefined : `gave ${shape(answer[wrong])} as outcome ${wrong}, which is none`
}

export const page = (answer: unknown): string | undefined => {
  if (!isObject(answer)) return `gave ${shape(answer)} instead of a page`
  const lacks = [
    ...missing(answer, ["changes"], Array.isArray),
    ...missing(answer, ["cursor", "delta"], isObject),
    ...missing(answer, ["stream"], (value) => typeof value === "string"),
  ]
  return lacks.length === 0 ? undefined : `gave a page without ${lacks.join(", ")}`
}
