/** Holds requests against our description of the pinned version, one validator a version, made on first use. */
import { documents } from "../generated/acumatica.ts"
import * as SpecValidator from "../twin/SpecValidator.ts"
import type { TwinRequest } from "../twin/Twin.ts"
import * as Errors from "./Errors.ts"

export interface Spec {
  /** What is wrong. Paths and methods are the router's business: it knows more of them. */
  readonly problem: (version: string, prefix: string, request: TwinRequest) => SpecValidator.Problem | undefined
  /** Throws the refusal of an endpoint. */
  readonly check: (version: string, prefix: string, request: TwinRequest) => void
  /** The description itself, for `swagger.json`. */
  readonly document: (version: string) => SpecValidator.Document | undefined
}

/** Taken and not obeyed, as integrators report of `$orderby`. */
const IGNORED = ["$orderby"]

const withoutIgnored = (url: URL): URL => {
  if (!IGNORED.some((name) => url.searchParams.has(name))) return url
  const copy = new URL(url)
  for (const name of IGNORED) copy.searchParams.delete(name)
  return copy
}

const refusal = (problem: SpecValidator.Problem): Errors.Refusal => {
  const [, ...path] = problem.path
  const at = problem.kind === "badBody" ? ["entity", ...path].join(".") : path.join(".")
  return Errors.malformed(at, problem.message)
}

export const make = (): Spec => {
  const validators = new Map<string, SpecValidator.SpecValidator>()
  const validatorOf = (version: string, prefix: string): SpecValidator.SpecValidator | undefined => {
    const name = `${version} ${prefix}`
    const document = documents[version]
    if (document === undefined) return undefined
    const known = validators.get(name) ?? SpecValidator.make([{ prefix, document }])
    validators.set(name, known)
    return known
  }
  const problemOf: Spec["problem"] = (version, prefix, request) => {
    const problem = validatorOf(version, prefix)?.check({ ...request, url: withoutIgnored(request.url) })
    return problem?.kind === "unknownPath" || problem?.kind === "unknownMethod" ? undefined : problem
  }
  return {
    document: (version) => documents[version],
    problem: problemOf,
    check: (version, prefix, request) => {
      const problem = problemOf(version, prefix, request)
      if (problem !== undefined) throw refusal(problem)
    },
  }
}
