/** From a path to a family and an operation. HubSpot: "Versioning" and the migration guide. */

import type { Family } from "./ObjectTypes.ts"
import type { Operation } from "./Operations.ts"

export interface Address {
  readonly family: Family
  /** Below the root, version taken out: `objects/deals/17`. */
  readonly resource: string
}

const DATED = "2026-03|2026-09"

/** Legacy roots carry the version first, dated ones behind the resource. */
const ROOTS: ReadonlyArray<RegExp> = [
  /^\/crm\/(?<version>v3)\/(?<resource>objects|properties|pipelines|owners)(?<rest>\/.*)?$/,
  /^\/crm\/(?<version>v4)\/(?<resource>objects|associations)(?<rest>\/.*)?$/,
  new RegExp(`^/crm/(?<resource>objects|associations|properties|pipelines|owners)/(?<version>${DATED})(?<rest>/.*)?$`),
  new RegExp(`^/(?<resource>account-info)/(?<version>v3|${DATED})(?<rest>/.*)?$`),
  new RegExp(`^/(?<resource>oauth)/(?<version>v1|v3|${DATED})(?<rest>/.*)?$`),
]

export const address = (path: string): Address | undefined => {
  for (const root of ROOTS) {
    const groups = root.exec(path)?.groups
    if (groups === undefined) continue
    return { family: groups["version"] as Family, resource: `${groups["resource"]}${groups["rest"] ?? ""}` }
  }
  return undefined
}

export interface Route {
  readonly operation: Operation
  readonly params: Readonly<Record<string, string>>
}

const isParameter = (segment: string): boolean => segment.startsWith("{")

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

const match = (template: string, segments: ReadonlyArray<string>): Readonly<Record<string, string>> | undefined => {
  const parts = template.split("/")
  if (parts.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] as string
    if (isParameter(part)) params[part.slice(1, -1)] = decoded(segment)
    else if (part !== segment) return undefined
  }
  return params
}

/** Fixed words win over parameters: `.../search` before `.../{objectId}`. */
export const make = (operations: ReadonlyArray<Operation>) => {
  const parameters = (operation: Operation) => operation.template.split("/").filter(isParameter).length
  const sorted = [...operations].sort((a, b) => parameters(a) - parameters(b))
  return (method: string, resource: string): Route | undefined => {
    const segments = resource.split("/")
    for (const operation of sorted) {
      if (operation.method !== method) continue
      const params = match(operation.template, segments)
      if (params !== undefined) return { operation, params }
    }
    return undefined
  }
}
