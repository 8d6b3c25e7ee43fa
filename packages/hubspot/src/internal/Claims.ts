/**
 * Natural keys that records of ours took lately. Search lags behind, so a record that was created a moment ago is not
 * found by its domain yet; here it is. Entries live as long as the lag. One value a connector.
 */
export interface Claim {
  readonly key: string
  /** Absent while the record is being written. */
  readonly id?: string
}

export interface Claims {
  readonly of: (natural: string, now: number) => Claim | undefined
  readonly put: (natural: string, claim: Claim, now: number) => void
  /** The record of a key got its id. */
  readonly settle: (key: string, id: string) => void
  /** The write of a key failed: it claims nothing. */
  readonly drop: (key: string) => void
}

export const make = (lifetimeMillis: number): Claims => {
  const entries = new Map<string, Claim & { readonly until: number }>()

  const sweep = (now: number): void => {
    for (const [natural, { until }] of entries) {
      if (until > now) return
      entries.delete(natural)
    }
  }

  return {
    of: (natural, now) => {
      sweep(now)
      const found = entries.get(natural)
      return found !== undefined && found.until > now ? found : undefined
    },
    put: (natural, claim, now) => {
      // Deleted first, so that the entries stay in the order of their end.
      entries.delete(natural)
      entries.set(natural, { ...claim, until: now + lifetimeMillis })
    },
    settle: (key, id) => {
      for (const [natural, claim] of entries) if (claim.key === key) entries.set(natural, { ...claim, id })
    },
    drop: (key) => {
      for (const [natural, claim] of entries) if (claim.key === key && claim.id === undefined) entries.delete(natural)
    },
  }
}
