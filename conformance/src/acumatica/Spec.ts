/** Holds requests against our description of the pinned version, one validator a version, made on first use. */
import { documents } from "../generated/acumatica.ts"
import * as SpecValidator from "../twin/SpecValidator.ts"
import type { TwinRequest } from "../twin/Twin.ts"
import * as Errors from "./Errors.ts"

export interface Spec {
  /** Throws the vendor's refusal. Paths and methods are the router's business: it knows more of them. */
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
  return {
    document: (version) => documents[version],
    check: (version, prefix, request) => {
      const problem = validatorOf(version, prefix)?.check({ ...request, url: withoutIgnored(request.url) })
      if (problem === undefined || problem.kind === "unknownPath" || problem.kind === "unknownMethod") return
      throw refusal(problem)
    },
  }
}
