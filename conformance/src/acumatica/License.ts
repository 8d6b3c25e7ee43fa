/**
 * What the license lets through: seats, concurrent requests, requests a minute. It delays first, and declines only what
 * waits behind more than twenty others or longer than ten minutes. Acumatica: License Restrictions for API Users.
 */
import type { AcumaticaWorld } from "./World.ts"

export interface LicenseLimits {
  /** Sessions of API users. A trial has two. */
  readonly seats?: number
  readonly concurrent?: number
  readonly perMinute?: number
}

/** Requests that may wait. */
export const QUEUE = 20
/** The longest wait. */
export const LONGEST_WAIT = 600_000
const MINUTE = 60_000

/**
 * How long the next request is held back: nothing below half of the limit, from there on what is left of the minute,
 * counted from the first request in it, spread over the requests that are left.
 */
export const delay = (processed: ReadonlyArray<number>, now: number, perMinute: number): number => {
  const recent = processed.filter((one) => one > now - MINUTE)
  const first = recent[0]
  if (first === undefined || recent.length < perMinute / 2) return 0
  return (MINUTE - (now - first)) / Math.max(1, perMinute - recent.length)
}

export class License {
  private readonly world: AcumaticaWorld
  private running = 0
  private waiting = 0
  private readonly line: Array<() => void> = []
  /** Requests are held back one after the other. */
  private gate: Promise<void> = Promise.resolve()

  constructor(world: AcumaticaWorld) {
    this.world = world
  }

  /** Runs the work in its turn; undefined when it is declined. */
  async admit<A>(work: () => Promise<A>): Promise<A | undefined> {
    const { clock } = this.world
    if (this.free()) {
      this.running += 1
      this.note(clock.now())
    } else {
      if (this.waiting >= QUEUE) return undefined
      this.waiting += 1
      const admitted = await this.turn(clock.now())
      this.waiting -= 1
      if (!admitted) return undefined
    }
    try {
      return await work()
    } finally {
      this.leave()
    }
  }

  private get full(): boolean {
    const { concurrent } = this.world.license
    return concurrent !== undefined && this.running >= concurrent
  }

  /** Nobody waits, a slot is free, and the rate does not hold anybody back. */
  private free(): boolean {
    const { perMinute } = this.world.license
    if (this.waiting > 0 || this.full) return false
    return perMinute === undefined || delay(this.world.processed, this.world.clock.now(), perMinute) <= 0
  }

  private async turn(arrived: number): Promise<boolean> {
    // Whoever leaves hands the slot over, so that `running` stays.
    if (this.full) await new Promise<void>((resolve) => this.line.push(resolve))
    else this.running += 1
    const inTime = this.world.clock.now() - arrived <= LONGEST_WAIT && (await this.hold(arrived))
    if (!inTime) this.leave()
    return inTime
  }

  private leave(): void {
    const next = this.line.shift()
    if (next === undefined) this.running -= 1
    else next()
  }

  /** The limit of the rate: false when the wait would be longer than is allowed. */
  private async hold(arrived: number): Promise<boolean> {
    const { perMinute } = this.world.license
    if (perMinute === undefined) {
      this.note(this.world.clock.now())
      return true
    }
    const before = this.gate
    let open = (): void => undefined
    this.gate = new Promise((resolve) => {
      open = resolve
    })
    await before
    const { clock } = this.world
    const wait = Math.ceil(delay(this.world.processed, clock.now(), perMinute))
    const allowed = arrived + LONGEST_WAIT - clock.now()
    if (wait > 0) await clock.sleep(Math.max(0, Math.min(wait, allowed)))
    const inTime = wait <= allowed
    if (inTime) this.note(clock.now())
    open()
    return inTime
  }

  private note(now: number): void {
    if (this.world.license.perMinute === undefined) return
    this.world.processed = [...this.world.processed.filter((one) => one > now - MINUTE), now]
  }
}
