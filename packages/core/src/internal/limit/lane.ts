/**
 * What throttling did to one class of traffic. A 429 closes the class for a time and halves how many of its requests
 * may be open at once; requests that end well open it again, one by one. Nothing but throttling lowers it.
 */
export interface Pass {
  readonly epoch: number
}

export interface Lane {
  readonly traffic: string
  /** Not later than now when open, `Infinity` when a leaving has to come first. */
  readonly freeAt: (now: number) => number
  readonly closedUntil: () => number
  readonly enter: () => Pass
  readonly leave: (pass: Pass) => void
  /** Counts a 429 and gives how many have come in a row, from 1. A volley that was under way together counts once. */
  readonly throttled: () => number
  readonly close: (until: number) => void
}

export const make = (traffic: string): Lane => {
  let open = 0
  let closedUntil = 0
  let inARow = 0
  let epoch = 0
  /** Open requests that were let go before the last 429: theirs are the same event. */
  let openBefore = 0
  let most = Number.POSITIVE_INFINITY
  let wasAt = Number.POSITIVE_INFINITY
  let endedWell = 0

  const recover = (): void => {
    inARow = 0
    if (!Number.isFinite(most)) return
    endedWell += 1
    if (endedWell < most) return
    endedWell = 0
    most += 1
    // Twice where it stood: whatever was too much then is not the measure any more.
    if (most > wasAt * 2) most = Number.POSITIVE_INFINITY
  }

  return {
    traffic,
    freeAt: (now) => Math.max(open < most ? now : Number.POSITIVE_INFINITY, closedUntil),
    closedUntil: () => closedUntil,
    enter: () => {
      open += 1
      return { epoch }
    },
    leave: (pass) => {
      open -= 1
      if (pass.epoch === epoch) recover()
      else openBefore = Math.max(0, openBefore - 1)
    },
    throttled: () => {
      if (openBefore > 0) return inARow
      epoch += 1
      inARow += 1
      openBefore = open
      endedWell = 0
      wasAt = Math.max(1, Math.min(open, most))
      most = Math.max(1, Math.floor(wasAt / 2))
      return inARow
    },
    close: (until) => {
      closedUntil = Math.max(closedUntil, until)
    },
  }
}
