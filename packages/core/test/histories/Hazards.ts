/** What really happened in a run of histories, as the model saw it. */
export const NAMES = [
  "ties across a page border",
  "more ties than a page",
  "late commits",
  "skewed clients",
  "changes during a crawl",
  "rows moved forward while read",
  "older copies answered",
  "records twice in an answer",
  "stops",
  "resumes in mid crawl",
  "uncommitted pages",
  "failed requests",
  "poisoned records",
  "unreadable stamps",
  "window splits",
  "keyed scans",
  "doubles read again",
  "calendar sweeps with news",
  "side-table sweeps with news",
  "merges",
  "deletions",
] as const

export type Name = (typeof NAMES)[number]

export class Hazards {
  readonly counts = new Map<Name, number>(NAMES.map((name) => [name, 0]))

  add(name: Name, times = 1): void {
    this.counts.set(name, this.of(name) + times)
  }

  of(name: Name): number {
    return this.counts.get(name) ?? 0
  }

  toString(): string {
    return NAMES.map((name) => `${this.of(name)} ${name}`).join(", ")
  }
}
