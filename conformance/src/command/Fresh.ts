/**
 * Loads somebody's modules anew, as a process does that was started again: the file that is named, and all that it
 * imports by a path of its own. Packages stay as they are, the kit among them: they are loaded once in a process.
 */
import { registerHooks } from "node:module"

/** A module that was loaded anew hands its number on to those that it imports. */
const EPOCH = /\?epoch=\d+$/

const KIT = new URL("..", import.meta.url).href

const isPath = (specifier: string): boolean => /^(\.{0,2}\/|file:)/.test(specifier)

const isOwn = (url: string): boolean =>
  url.startsWith("file:") && !url.includes("/node_modules/") && !url.startsWith(KIT) && !url.includes("?")

/** Each call of what it gives loads anew. What is no longer used stays in memory, which a worker process can bear. */
export const loader = (): ((url: string) => Promise<Readonly<Record<string, unknown>>>) => {
  registerHooks({
    resolve: (specifier, context, next) => {
      const resolved = next(specifier, context)
      const [epoch] = EPOCH.exec(context.parentURL ?? "") ?? []
      const isImport = context.conditions.includes("import")
      if (epoch === undefined || !isImport || !isPath(specifier) || !isOwn(resolved.url)) return resolved
      return { ...resolved, url: resolved.url + epoch }
    },
  })
  let count = 0
  return (url) => {
    count += 1
    return import(`${url}?epoch=${count}`)
  }
}
