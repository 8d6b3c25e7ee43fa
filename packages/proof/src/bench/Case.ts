/** A measurement: two ways to do one thing, taken in turn so that a machine whose speed drifts treats both alike. */
export interface Case {
  readonly name: string
  /** What DESIGN wants of the ratio; printed beside it and judged by nobody. */
  readonly goal: string
  readonly rounds: number
  /** Makes both ways ready and gives them, with how to take them down. */
  readonly open: () => Promise<{
    readonly ours: () => Promise<void>
    readonly other: () => Promise<void>
    readonly close: () => Promise<void>
  }>
}

export interface Measured {
  readonly name: string
  readonly goal: string
  /** Medians, in milliseconds of one round. */
  readonly ours: number
  readonly other: number
  /** Median of the ratios round by round. */
  readonly ratio: number
}

const median = (values: ReadonlyArray<number>): number => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

const timed = async (way: () => Promise<void>): Promise<number> => {
  const started = performance.now()
  await way()
  return performance.now() - started
}

export const measure = async ({ goal, name, open, rounds }: Case): Promise<Measured> => {
  const { close, other, ours } = await open()
  const pairs: Array<readonly [number, number]> = []
  try {
    await timed(ours)
    await timed(other)
    for (let round = 0; round < rounds; round++) pairs.push([await timed(ours), await timed(other)])
  } finally {
    await close()
  }
  return {
    name,
    goal,
    ours: median(pairs.map(([a]) => a)),
    other: median(pairs.map(([, b]) => b)),
    ratio: median(pairs.map(([a, b]) => a / b)),
  }
}
