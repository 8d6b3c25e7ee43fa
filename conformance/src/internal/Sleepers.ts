/** Who sleeps on a clock, earliest first; of two that are due at once, the one that lay down first. */

export interface Sleeper {
  readonly at: number
  /** Says who sleeps: a fiber of the program, or a twin. */
  readonly who: "fiber" | "twin"
}

interface Entry extends Sleeper {
  readonly wake: () => void
}

export class Sleepers {
  readonly #entries: Array<Entry> = []

  list(): ReadonlyArray<Sleeper> {
    return this.#entries.map(({ at, who }) => ({ at, who }))
  }

  earliest(): number | undefined {
    return this.#entries[0]?.at
  }

  /** Returns what takes the sleeper away unwoken. */
  add(entry: Entry): () => void {
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#entries[middle] as Entry).at <= entry.at) low = middle + 1
      else high = middle
    }
    this.#entries.splice(low, 0, entry)
    return () => {
      const index = this.#entries.indexOf(entry)
      if (index >= 0) this.#entries.splice(index, 1)
    }
  }

  wakeEarliest(): void {
    this.#entries.shift()?.wake()
  }
}
