/** What is asked of the vendor for a set of our fields: members by path, and the links that have to be expanded. */
import type { Question } from "../Client.ts"
import type { Contract } from "../Versions.ts"

/** Members by our field: `MainContact/Email`, `Details/InventoryID`. */
export type Members = { readonly [field: string]: ReadonlyArray<string> | undefined }

const prefixes = (path: string): ReadonlyArray<string> => {
  const parts = path.split("/").slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"))
}

/** Contract 5 nests what the older ones name level by level. */
const expandOf = (paths: ReadonlyArray<string>, contract: Contract): ReadonlyArray<string> => {
  const every = [...new Set(paths.flatMap(prefixes))].sort()
  if (contract !== 5) return every
  return every
    .filter((path) => !path.includes("/"))
    .map((root) => {
      const inner = every.filter((path) => path.startsWith(`${root}/`)).map((path) => path.slice(root.length + 1))
      return inner.length === 0 ? root : `${root}($expand=${inner.join(",")})`
    })
}

export const question = (options: {
  /** Asked whatever the fields are: keys, stamp, our reference. */
  readonly always: ReadonlyArray<string>
  readonly members: Members
  readonly fields: ReadonlyArray<string>
  readonly custom: ReadonlyArray<string>
  readonly contract: Contract
  /** Links that lists cannot expand. */
  readonly without?: ReadonlyArray<string>
}): Question => {
  const wanted = [...options.always, ...options.fields.flatMap((field) => options.members[field] ?? [])]
  const left = [...new Set(wanted)].filter(
    (path) => !(options.without ?? []).some((link) => path.startsWith(`${link}/`)),
  )
  return { select: left, expand: expandOf(left, options.contract), custom: options.custom }
}
