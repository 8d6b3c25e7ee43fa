/** What changed in the calls: paths and methods, their parameters, what they take and give, field by field. */
import type { OpenApi31, Schema } from "../Description.ts"
import { isObject } from "../internal/json.ts"
import { fromPointerPart } from "../internal/schemas.ts"
import { type Change, change } from "./Change.ts"
import { fieldChanges } from "./fields.ts"
import { formsOf, type Leaves } from "./leaves.ts"

const METHODS = ["get", "put", "post", "delete", "options", "head", "patch", "trace"] as const

type Node = { readonly [member: string]: unknown }

const deref = (document: OpenApi31, node: unknown): Node => {
  let at: unknown = node
  for (let hops = 0; hops < 16 && isObject(at) && typeof at["$ref"] === "string"; hops++) {
    const parts = at["$ref"].slice(2).split("/").map(fromPointerPart)
    at = parts.reduce<unknown>((inner, part) => (isObject(inner) ? inner[part] : undefined), document)
  }
  return isObject(at) ? at : {}
}

interface Parameter {
  readonly required: boolean
  /** Its fields, if it is a record; itself under its name. */
  readonly leaves: Leaves
}

interface Operation {
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly takes: Leaves
  readonly gives: Leaves
}

const schemaIn = (media: unknown): ReadonlyArray<Schema> =>
  isObject(media) && isObject(media["schema"]) ? [media["schema"] as Schema] : []

/** What is said in JSON, of one record or of many; the same in other dress is told once. */
const formsIn = (document: OpenApi31, node: unknown): ReadonlyArray<Schema> => {
  const content = deref(document, node)["content"]
  if (!isObject(content)) return []
  const types = Object.keys(content).sort()
  const inJson = types.filter((type) => type.includes("json"))
  return (inJson.length > 0 ? inJson : types.slice(0, 1)).flatMap((type) => schemaIn(content[type]))
}

const operationOf = (document: OpenApi31, item: Node, operation: Node): Operation => {
  const { schemas } = document.components
  const listed = [item["parameters"], operation["parameters"]].flatMap((each) => (Array.isArray(each) ? each : []))
  const parameters = listed.map((each: unknown) => deref(document, each))
  const responses = isObject(operation["responses"]) ? operation["responses"] : {}
  const success = Object.keys(responses)
    .sort()
    .find((status) => /^2/.test(status))
  const named = parameters.map((each) => {
    const name = `${String(each["in"])} ${String(each["name"])}`
    const leaves = formsOf(schemas, schemaIn(each), name)
    return [name, { required: each["required"] === true, leaves }] as const
  })
  return {
    parameters: new Map(named),
    takes: formsOf(schemas, formsIn(document, operation["requestBody"]), "body"),
    gives: formsOf(schemas, success === undefined ? [] : formsIn(document, responses[success]), "answer"),
  }
}

const operationsOf = (document: OpenApi31): ReadonlyMap<string, Operation> => {
  const found = new Map<string, Operation>()
  for (const [template, given] of Object.entries(document.paths)) {
    const item = deref(document, given)
    for (const method of METHODS) {
      const operation = item[method]
      if (isObject(operation)) found.set(`${method.toUpperCase()} ${template}`, operationOf(document, item, operation))
    }
  }
  return found
}

/** Everything that is sent. */
export const bodiesOf = (document: OpenApi31): ReadonlyArray<unknown> =>
  Object.values(document.paths).flatMap((item) =>
    isObject(item)
      ? METHODS.flatMap((method) => (isObject(item[method]) ? (item[method]["requestBody"] ?? []) : []))
      : [],
  )

const SENT = { isSent: true, locks: () => true }
const ANSWERED = { isSent: false, locks: () => false }

const parameterChanges = (subject: string, before: Operation, after: Operation): ReadonlyArray<Change> => {
  const found: Array<Change> = []
  for (const [name, was] of before.parameters) {
    const is = after.parameters.get(name)
    const at = { subject, field: name }
    if (is === undefined) {
      found.push(change("breaking", "parameter", at, was.leaves.get(name)?.type))
      continue
    }
    found.push(...fieldChanges(subject, was.leaves, is.leaves, SENT))
    if (was.required !== is.required) {
      const words = (required: boolean): string => (required ? "required" : "optional")
      found.push(change(is.required ? "breaking" : "info", "required", at, words(was.required), words(is.required)))
    }
  }
  for (const [name, is] of after.parameters) {
    if (before.parameters.has(name)) continue
    const at = { subject, field: name }
    found.push(change(is.required ? "breaking" : "info", "parameter", at, undefined, is.leaves.get(name)?.type))
  }
  return found
}

export const pathChanges = (before: OpenApi31, after: OpenApi31): ReadonlyArray<Change> => {
  const [was, is] = [operationsOf(before), operationsOf(after)]
  const found: Array<Change> = []
  for (const [subject, operation] of was) {
    const other = is.get(subject)
    if (other === undefined) {
      found.push(change("breaking", "path", { subject }, "served"))
      continue
    }
    found.push(...parameterChanges(subject, operation, other))
    found.push(...fieldChanges(subject, operation.takes, other.takes, SENT))
    found.push(...fieldChanges(subject, operation.gives, other.gives, ANSWERED))
  }
  for (const subject of is.keys())
    if (!was.has(subject)) found.push(change("info", "path", { subject }, undefined, "served"))
  return found
}
