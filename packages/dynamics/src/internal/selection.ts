/** What is asked of the service for a set of our fields: properties, and the navigations that have to be expanded. */
import type { Members } from "./Mapping.ts"
import type { Question } from "./records.ts"

export const question = (options: {
  /** Asked whatever the fields are: keys, our reference, the tenant's own fields. */
  readonly always: ReadonlyArray<string>
  readonly members: Members
  readonly fields: ReadonlyArray<string>
}): Question => {
  const paths = [...new Set([...options.always, ...options.fields.flatMap((field) => options.members[field] ?? [])])]
  const own = paths.filter((path) => !path.includes("/"))
  const links = new Map<string, Array<string>>()
  for (const path of paths) {
    const [link = "", name] = path.split("/")
    if (name !== undefined) links.set(link, [...(links.get(link) ?? []), name])
  }
  return { select: own, expand: [...links].map(([link, names]) => `${link}($select=${names.join(",")})`) }
}
