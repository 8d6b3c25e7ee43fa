/** What changed in the calls: paths and methods, their parameters, what they take and give. */
import type { OpenApi31, Schema } from "../Description.ts"
import { isObject } from "../internal/json.ts"
import { fromPointerPart } from "../internal/schemas.ts"
import { type Change, change } from "./Change.ts"
import { inWords } from "./leaves.ts"

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
  readonly type: string
}

interface Operation {
  readonly parameters: ReadonlyMap<string, Parameter>
  readonly takes: string
  readonly gives: string
}

/** What is said in JSON, of one record or of many; the same in other dress is told once. */
const bodyOf = (document: OpenApi31, node: unknown): string => {
  const content = deref(document, node)["content"]
  if (!isObject(content)) return "nothing"
  const types = Object.keys(content).sort()
  const inJson = types.filter((type) => type.includes("json"))
  const schemas = (inJson.length > 0 ? inJson : types.slice(0, 1)).map((type) => {
    const media = content[type]
    return inWords(isObject(media) ? (media["schema"] as Schema | undefined) : undefined)
  })
  return schemas.length === 0 ? "nothing" : [...new Set(schemas)].join(" or ")
}

const operationOf = (document: OpenApi31, item: Node, operation: Node): Operation => {
  const listed = [item["parameters"], operation["parameters"]].flatMap((each) => (Array.isArray(each) ? each : []))
  const parameters = listed.map((each: unknown) => deref(document, each))
  const responses = isObject(operation["responses"]) ? operation["responses"] : {}
  const success = Object.keys(responses)
    .sort()
    .find((status) => /^2/.test(status))
  return {
    parameters: new Map(
      parameters.map((each) => [
        `${String(each["in"])} ${String(each["name"])}`,
        { required: each["required"] === true, type: inWords(each["schema"] as Schema | undefined) },
      ]),
    ),
    takes: "requestBody" in operation ? bodyOf(document, operation["requestBody"]) : "nothing",
    gives: success === undefined ? "nothing" : bodyOf(document, responses[success]),
  }
}

const operationsOf = (document: OpenApi31): ReadonlyMap<string, Operation> => {
  const found = new Map<string, Operation>()
  for (const [template, item] of Object.entries(document.paths)) {
    if (!isObject(item)) continue
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

const parameterChanges = (subject: string, before: Operation, after: Operation): ReadonlyArray<Change> => {
  const found: Array<Change> = []
  for (const [name, was] of before.parameters) {
    const is = after.parameters.get(name)
    const at = { subject, field: name }
    if (is === undefined) found.push(change("breaking", "parameter", at, was.type))
    else if (was.type !== is.type) found.push(change("breaking", "retyped", at, was.type, is.type))
    else if (was.required !== is.required) {
      const words = (required: boolean): string => (required ? "required" : "optional")
      found.push(change(is.required ? "breaking" : "info", "required", at, words(was.required), words(is.required)))
    }
  }
  for (const [name, is] of after.parameters) {
    if (before.parameters.has(name)) continue
    found.push(change(is.required ? "breaking" : "info", "parameter", { subject, field: name }, undefined, is.type))
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
    if (operation.takes !== other.takes)
      found.push(change("breaking", "retyped", { subject, field: "body" }, operation.takes, other.takes))
    if (operation.gives !== other.gives)
      found.push(change("breaking", "retyped", { subject, field: "answer" }, operation.gives, other.gives))
  }
  for (const subject of is.keys())
    if (!was.has(subject)) found.push(change("info", "path", { subject }, undefined, "served"))
  return found
}
