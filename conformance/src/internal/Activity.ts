/**
 * Whether anything is going on in this process that a virtual clock has to wait for. Fibers tell through the scheduler
 * that the clock hands them; what runs off the JavaScript thread (sockets, WebCrypto, databases) has to be counted,
 * since nothing of it can be seen from a turn of the event loop.
 */
import { AsyncLocalStorage } from "node:async_hooks"
import * as Scheduler from "effect/Scheduler"

/** A request under way, and how many of the twin's waits on the clock hold it up. */
interface Flight {
  waits: number
}

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export class Activity {
  #events = 0
  #work = 0
  #scheduled = 0
  /** Waits of twins that cannot be tied to a request: those behind a socket. Never more than requests are open. */
  readonly #loose = new Set<object>()
  readonly #flights = new Set<Flight>()
  readonly #flight = new AsyncLocalStorage<Flight>()
  #listeners: Array<() => void> = []

  /** What is scheduled while `alive` says no, or is still waiting then, is never run. */
  scheduler(alive: () => boolean): Scheduler.Scheduler {
    return new Scheduler.MixedScheduler("async", (task) => this.#schedule(task, alive))
  }

  touch(): void {
    this.#events++
    const listeners = this.#listeners
    this.#listeners = []
    for (const listener of listeners) listener()
  }

  /** Real work is under way whose end cannot be foreseen by counting turns. */
  get working(): boolean {
    if (this.#work > 0) return true
    let open = 0
    for (const flight of this.#flights) if (flight.waits === 0) open++
    return open > this.#loose.size
  }

  get flights(): number {
    return this.#flights.size
  }

  next(): Promise<void> {
    return new Promise((resolve) => this.#listeners.push(resolve))
  }

  /** Returns after two turns in a row in which nothing happened and no work was open. */
  async calm(): Promise<void> {
    let turns = 0
    while (turns < 2) {
      if (this.working) {
        await this.next()
        turns = 0
        continue
      }
      const before = this.#events
      await turn()
      turns = this.#events === before && this.#scheduled === 0 && !this.working ? turns + 1 : 0
    }
  }

  /** Real work begins; it ends with the returned call. */
  begin(): () => void {
    this.#work++
    this.touch()
    return () => {
      this.#work--
      this.touch()
    }
  }

  async work<A>(start: () => PromiseLike<A>): Promise<A> {
    const end = this.begin()
    try {
      return await start()
    } finally {
      end()
    }
  }

  async request<A>(start: () => Promise<A>): Promise<A> {
    const flight: Flight = { waits: 0 }
    this.#flights.add(flight)
    this.touch()
    try {
      return await this.#flight.run(flight, start)
    } finally {
      this.#flights.delete(flight)
      this.#forgetLoose()
      this.touch()
    }
  }

  /** A twin begins to wait on the clock: the request that it holds up is no activity until the returned call. */
  twinWaits(): () => void {
    const flight = this.#flight.getStore()
    const wait = {}
    if (flight !== undefined) flight.waits++
    else this.#loose.add(wait)
    this.#forgetLoose()
    this.touch()
    return () => {
      if (flight !== undefined) flight.waits--
      else this.#loose.delete(wait)
      this.touch()
    }
  }

  /** More waits than open requests: the oldest hold up what was given up since, or what nobody counts. */
  #forgetLoose(): void {
    for (const wait of this.#loose) {
      if (this.#loose.size <= this.#flights.size) return
      this.#loose.delete(wait)
    }
  }

  #schedule(task: () => void, alive: () => boolean): () => void {
    this.#scheduled++
    this.touch()
    const done = () => {
      this.#scheduled--
      this.touch()
    }
    const handle = setImmediate(() => {
      done()
      if (alive()) task()
    })
    return () => {
      clearImmediate(handle)
      done()
    }
  }
}
