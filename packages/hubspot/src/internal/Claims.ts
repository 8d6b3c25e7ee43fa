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
  /** The write of a key came to nothing: it claims nothing any longer. */
  readonly drop: (key: string) => void
}

export const make = (lifetimeMillis: number): Claims => {
  const entries = new Map<string, Claim & { readonly until: number }>()
  // By key as well: a call of 10,000 records settles 10,000 claims.
  const naturals = new Map<string, Set<string>>()

  const remove = (natural: string): void => {
    const { key } = entries.get(natural) ?? {}
    if (key === undefined) return
    entries.delete(natural)
    naturals.get(key)?.delete(natural)
    if (naturals.get(key)?.size === 0) naturals.delete(key)
  }

  const ofKey = (key: string) =>
    [...(naturals.get(key) ?? [])].flatMap((natural) => {
      const claim = entries.get(natural)
      return claim === undefined ? [] : [{ natural, claim }]
    })

  const sweep = (now: number): void => {
    for (const [natural, { until }] of entries) {
      if (until > now) return
      remove(natural)
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
      remove(natural)
      entries.set(natural, { ...claim, until: now + lifetimeMillis })
      naturals.set(claim.key, (naturals.get(claim.key) ?? new Set()).add(natural))
    },
    settle: (key, id) => {
      for (const { claim, natural } of ofKey(key)) entries.set(natural, { ...claim, id })
    },
    drop: (key) => {
      for (const { claim, natural } of ofKey(key)) if (claim.id === undefined) remove(natural)
    },
  }
}
