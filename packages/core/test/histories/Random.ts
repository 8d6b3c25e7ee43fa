/** Draws that a seed repeats. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = (seed * 0x9e3779b1) >>> 0
  }

  /** Between 0 and 1, one excluded (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }

  /** Both ends included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1))
  }

  chance(share: number): boolean {
    return this.next() < share
  }

  pick<A>(from: ReadonlyArray<A>): A {
    return from[this.int(0, from.length - 1)] as A
  }

  shuffle<A>(values: ReadonlyArray<A>): Array<A> {
    const copy = [...values]
    for (let index = copy.length - 1; index > 0; index--) {
      const other = this.int(0, index)
      const kept = copy[index] as A
      copy[index] = copy[other] as A
      copy[other] = kept
    }
    return copy
  }
}
