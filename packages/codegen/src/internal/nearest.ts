/** Which of the known names somebody may have meant: by edit distance, without regard to case. */

import { failNearest, quoted, some } from "./fail.ts"

/** Letters to add, to drop, to change or to swap with their neighbour. */
export const distance = (a: string, b: string): number => {
  let before: Array<number> = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const changed = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, changed)
      row.push(swapped ? Math.min(best, (before[j - 2] ?? 0) + 1) : best)
    }
    before = last
    last = row
  }
  return last[b.length] ?? a.length
}

const plain = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "")

/** A name that holds the wanted one, or is held by it, counts as near: `Customers` for `CustomersV3`. */
const score = (wanted: string, name: string): number => {
  const [a, b] = [plain(wanted), plain(name)]
  const held = a.length > 2 && b.length > 2 && (a.includes(b) || b.includes(a))
  const apart = distance(a, b)
  return held ? Math.min(apart, 1 + Math.abs(a.length - b.length) / 100) : apart
}

const FAR = 0.5

/** The nearest names, the nearest first; none where nothing is near. */
export const nearest = (wanted: string, names: Iterable<string>, count = 3): ReadonlyArray<string> =>
  [...names]
    .map((name) => ({ name, score: score(wanted, name) }))
    .filter(({ name, score }) => score <= Math.max(2, Math.max(wanted.length, name.length) * FAR))
    .sort((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name)

/** Fails for an entity that is not there. */
export const notFound = (wanted: string, names: ReadonlyArray<string>, file: string): never => {
  const near = nearest(wanted, names)
  const all = `it has ${names.length}: ${some([...names].sort())}`
  const hint = near.length === 0 ? all : `did you mean ${near.join(" or ")}?`
  return failNearest(wanted, `${file} has no entity ${quoted(wanted)}; ${hint}`, file, near)
}
