/** Holds requests against our description of the pinned release. */
import * as Json from "@mortise/core/Json"
import { documents } from "../generated/netsuite.ts"
import * as SpecValidator from "../twin/SpecValidator.ts"
import type { TwinRequest } from "../twin/Twin.ts"
import * as Errors from "./Errors.ts"
import type { Knobs } from "./Knobs.ts"
import { VERSION } from "./Shapes.ts"

export const REST = "/services/rest"
export const RECORDS = `${REST}/record/v1`

export interface Spec {
  readonly problem: (request: TwinRequest) => SpecValidator.Problem | undefined
  /** Throws the refusal of the record API. */
  readonly check: (request: TwinRequest, knobs: Pick<Knobs, "badValueCode">) => void
}

const SINGULAR = "application/vnd.oracle.resource+json; type=singular"

/** References and subrecords are cleared by null, which a bare `$ref` cannot say. */
const withoutNulls = (body: string): string => {
  try {
    return Json.stringify(dropNulls(Json.parse(body)))
  } catch {
    return body
  }
}

const dropNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.filter((one) => one !== null).map(dropNulls)
  if (typeof value !== "object" || value === null || value instanceof Json.JsonNumber) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, one]) => one !== null)
      .map(([name, one]) => [name, dropNulls(one)]),
  )
}

/** Plain JSON is taken for one record, as every example of the vendor's users sends it. */
const described = (request: TwinRequest): TwinRequest => {
  const isRecord = request.path.startsWith(`${RECORDS}/`)
  if (!isRecord || request.body === "") return request
  const headers = new Headers(request.headers)
  const type = headers.get("content-type") ?? "application/json"
  if (/^application\/json\b/.test(type) || type === "application/vnd.oracle.resource+json") {
    headers.set("content-type", SINGULAR)
  } else {
    headers.set("content-type", type.replace(/;\s*charset=[^;]+/i, ""))
  }
  return { ...request, headers, body: withoutNulls(request.body) }
}

/** `item.items[0].rate`, as the vendor points into a body. */
const pathOf = (path: ReadonlyArray<string>): string =>
  path.map((part, index) => (/^\d+$/.test(part) ? `[${part}]` : index === 0 ? part : `.${part}`)).join("")

const refusal = (problem: SpecValidator.Problem, knobs: Pick<Knobs, "badValueCode">): Errors.Refusal => {
  const [where = "", ...path] = problem.path
  if (problem.kind === "unknownPath") return Errors.notServed("this address")
  if (problem.kind === "unknownMethod") return Errors.notAllowed(problem.message)
  if (where === "query") return Errors.badParameter(`Invalid query parameter: ${problem.message}.`, path.join("."))
  if (path.length === 0 || where === "headers") return Errors.badRequest(problem.message)
  const at = pathOf(path)
  return Errors.badValue(knobs.badValueCode, problem.message, path.at(-1) ?? "", at)
}

export const make = (): Spec => {
  let validator: SpecValidator.SpecValidator | undefined
  const validate = (): SpecValidator.SpecValidator => {
    const [records, system] = [documents[VERSION], documents["system"]]
    if (records === undefined || system === undefined) throw new RangeError(`no description of ${VERSION}`)
    validator ??= SpecValidator.make([
      { prefix: RECORDS, document: records },
      { prefix: REST, document: system },
    ])
    return validator
  }
  const problem: Spec["problem"] = (request) => validate().check(described(request))
  return {
    problem,
    check: (request, knobs) => {
      const found = problem(request)
      if (found !== undefined) throw refusal(found, knobs)
    },
  }
}
