/**
 * Holds each request against our description of the vendor's API, so that a path, parameter or member that the vendor
 * does not know fails in the twin as it would fail there.
 */
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js"
import type { TwinRequest } from "./Twin.ts"

interface Parameter {
  readonly name: string
  readonly in: string
  readonly required?: boolean
  readonly schema?: { readonly type?: string | ReadonlyArray<string>; readonly [member: string]: unknown }
}

interface OperationObject {
  readonly operationId?: string
  readonly parameters?: ReadonlyArray<Parameter | { readonly $ref: string }>
  readonly requestBody?: {
    readonly required?: boolean
    readonly content: { readonly [type: string]: { readonly schema?: unknown } }
  }
}

/** The parts of an OpenAPI document that the validator reads. */
export interface Document {
  readonly paths: { readonly [template: string]: unknown }
  readonly components?: unknown
}

export interface Problem {
  readonly kind: "unknownPath" | "unknownMethod" | "unknownParameter" | "badParameter" | "missingParameter" | "badBody"
  /** Where in the request: `["query", "limit"]`, `["body", "inputs", "0", "id"]`. */
  readonly path: ReadonlyArray<string>
  readonly message: string
  readonly operationId?: string
}

export interface SpecValidator {
  /** The first thing that is wrong; undefined when the request fits the description. */
  readonly check: (request: Pick<TwinRequest, "method" | "url" | "body" | "headers">) => Problem | undefined
}

interface Route {
  readonly method: string
  readonly pattern: RegExp
  readonly fixedSegments: number
  readonly operationId?: string
  readonly parameters: ReadonlyArray<Parameter>
  /** Compiled when it is first needed: a description has hundreds, a run uses a dozen. */
  readonly bodies: ReadonlyMap<string, () => ValidateFunction>
  readonly bodyRequired: boolean
}

const METHODS = ["get", "put", "post", "patch", "delete"] as const

const escapeRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")

const patternOf = (template: string, spanning: ReadonlyArray<string>): RegExp =>
  new RegExp(
    `^${template.replace(/\{([^}]+)\}|[^{]+/g, (part, name: string | undefined) =>
      name === undefined ? escapeRegExp(part) : spanning.includes(name) ? "(.+)" : "([^/]+)",
    )}$`,
  )

const lookUp = (document: Document, ref: string): unknown =>
  ref
    .slice(2)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce<unknown>((node, part) => (node as { readonly [key: string]: unknown } | undefined)?.[part], document)

const resolved = <A>(document: Document, node: A | { readonly $ref: string }): A =>
  typeof node === "object" && node !== null && "$ref" in node ? (lookUp(document, node.$ref) as A) : (node as A)

const pointer = (parts: ReadonlyArray<string>): string =>
  parts.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")

const once = <A>(make: () => A): (() => A) => {
  let made: { readonly value: A } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** Where the body of an operation is described: inline, or under the components. */
const bodyPointer = (template: string, method: string, body: OperationObject["requestBody"]): string =>
  body !== undefined && "$ref" in body
    ? (body as { readonly $ref: string }).$ref.slice(2)
    : pointer(["paths", template, method, "requestBody"])

const routesOf = ({ document, prefix, spanning = [] }: Description, id: string, ajv: Ajv2020): Array<Route> => {
  ajv.addSchema(document, id)
  const routes: Array<Route> = []
  for (const [template, item] of Object.entries(document.paths)) {
    const shared = (item as { readonly parameters?: OperationObject["parameters"] }).parameters ?? []
    for (const method of METHODS) {
      const operation = (item as { readonly [method: string]: OperationObject | undefined })[method]
      if (operation === undefined) continue
      const body = operation.requestBody === undefined ? undefined : resolved(document, operation.requestBody)
      const bodies = new Map<string, () => ValidateFunction>()
      const at = bodyPointer(template, method, operation.requestBody)
      for (const type of Object.keys(body?.content ?? {})) {
        bodies.set(
          type,
          once(() => ajv.compile({ $ref: `${id}#/${at}/${pointer(["content", type, "schema"])}` })),
        )
      }
      routes.push({
        method: method.toUpperCase(),
        pattern: patternOf(prefix + template, spanning),
        fixedSegments: template.split("/").filter((segment) => !segment.includes("{")).length,
        ...(operation.operationId === undefined ? {} : { operationId: operation.operationId }),
        parameters: [...shared, ...(operation.parameters ?? [])].map((one) => resolved<Parameter>(document, one)),
        bodies,
        bodyRequired: body?.required === true,
      })
    }
  }
  return routes
}

const describe = (error: ErrorObject): { readonly path: ReadonlyArray<string>; readonly message: string } => {
  const at = error.instancePath.split("/").slice(1)
  const extra = error.params["additionalProperty"]
  return typeof extra === "string"
    ? { path: [...at, extra], message: "unknown member" }
    : { path: at, message: error.message ?? error.keyword }
}

const numberLike = (schema: Parameter["schema"]): boolean => schema?.type === "integer" || schema?.type === "number"

const badValue = (parameter: Parameter, values: ReadonlyArray<string>): string | undefined => {
  const { schema } = parameter
  if (schema === undefined) return undefined
  for (const value of values) {
    if (numberLike(schema) && !/^-?\d+(\.\d+)?$/.test(value)) return "expected a number"
    if (schema.type === "boolean" && value !== "true" && value !== "false") return "expected true or false"
    const {
      enum: allowed,
      maximum,
      minimum,
    } = schema as { enum?: ReadonlyArray<string>; maximum?: number; minimum?: number }
    if (allowed !== undefined && !allowed.includes(value)) return `expected one of ${allowed.join(", ")}`
    if (maximum !== undefined && Number(value) > maximum) return `expected at most ${maximum}`
    if (minimum !== undefined && Number(value) < minimum) return `expected at least ${minimum}`
  }
  return undefined
}

const checkQuery = (route: Route, url: URL): Problem | undefined => {
  const known = new Map(route.parameters.filter((one) => one.in === "query").map((one) => [one.name, one]))
  for (const name of new Set(url.searchParams.keys())) {
    const parameter = known.get(name)
    if (parameter === undefined)
      return { kind: "unknownParameter", path: ["query", name], message: "unknown parameter" }
    const message = badValue(parameter, url.searchParams.getAll(name))
    if (message !== undefined) return { kind: "badParameter", path: ["query", name], message }
  }
  for (const parameter of known.values()) {
    if (parameter.required === true && !url.searchParams.has(parameter.name)) {
      return { kind: "missingParameter", path: ["query", parameter.name], message: "required" }
    }
  }
  return undefined
}

const parseBody = (type: string, body: string): unknown =>
  type === "application/x-www-form-urlencoded" ? Object.fromEntries(new URLSearchParams(body)) : JSON.parse(body)

/** What a body is described as under a media type: with its parameters where the description tells them apart. */
const bodyOf = (route: Route, header: string): (() => ValidateFunction) | undefined => {
  const parts = header.split(";").map((part) => part.trim())
  return route.bodies.get(parts.join("; ")) ?? route.bodies.get(parts[0] ?? "")
}

const checkBody = (route: Route, headers: Headers, body: string): Problem | undefined => {
  if (body === "") {
    return route.bodyRequired ? { kind: "badBody", path: ["body"], message: "a body is required" } : undefined
  }
  const header = headers.get("content-type") ?? "application/json"
  const type = header.split(";")[0]?.trim() ?? ""
  const validate = bodyOf(route, header)?.()
  if (validate === undefined) {
    return route.bodies.size === 0
      ? undefined
      : { kind: "badBody", path: ["headers", "content-type"], message: `unexpected content type ${type}` }
  }
  if (!/json|form-urlencoded/.test(type)) return undefined
  let value: unknown
  try {
    value = parseBody(type, body)
  } catch {
    return { kind: "badBody", path: ["body"], message: "not valid JSON" }
  }
  if (validate(value)) return undefined
  const first = validate.errors?.[0]
  const { message, path } = first === undefined ? { message: "invalid", path: [] } : describe(first)
  return { kind: "badBody", path: ["body", ...path], message }
}

export interface Description {
  /** Where the paths of the document begin: `/entity/Default/24.200.001`. */
  readonly prefix: string
  readonly document: Document
  /** Path parameters whose value may hold slashes. */
  readonly spanning?: ReadonlyArray<string>
}

/** One validator over several descriptions. */
export const make = (descriptions: ReadonlyArray<Description>): SpecValidator => {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, validateFormats: false })
  const routes = descriptions.flatMap((one, index) => routesOf(one, `description-${index}`, ajv))
  // `/objects/search` must win over `/objects/{id}`.
  routes.sort((a, b) => b.fixedSegments - a.fixedSegments)
  return {
    check: ({ body, headers, method, url }) => {
      const onPath = routes.filter((route) => route.pattern.test(url.pathname))
      if (onPath.length === 0) return { kind: "unknownPath", path: ["path"], message: "unknown path" }
      const route = onPath.find((one) => one.method === method)
      if (route === undefined)
        return { kind: "unknownMethod", path: ["method"], message: `${method} is not served here` }
      const problem = checkQuery(route, url) ?? checkBody(route, headers, body)
      if (problem === undefined || route.operationId === undefined) return problem
      return { ...problem, operationId: route.operationId }
    },
  }
}
