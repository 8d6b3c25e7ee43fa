/** `setTimeout` and its kin, as Node has them. */
import { promisify } from "node:util"
import { alarm, clamped, type Inside, type Storage } from "./Inside.ts"

type Callback = (...args: ReadonlyArray<unknown>) => void

const call = (inside: Inside, callback: Callback, args: ReadonlyArray<unknown>): void => {
  try {
    callback(...args)
  } catch (error) {
    inside.report({ what: "thrown", says: `the callback of a timer threw ${String(error)}` })
  }
}

/** What `setTimeout` gives inside of a run: it holds no process alive, and is a number to those who want one. */
export class VirtualTimeout {
  #cancel: (() => void) | undefined
  readonly #start: () => () => void

  constructor(of: Storage, inside: Inside, callback: Callback, millis: number, repeats: boolean) {
    this.#start = () =>
      alarm(of, inside, millis, () => {
        this.#cancel = repeats ? this.#start() : undefined
        call(inside, callback, [])
      })
    this.#cancel = this.#start()
  }

  close(): this {
    this.#cancel?.()
    this.#cancel = undefined
    return this
  }

  refresh(): this {
    this.close()
    this.#cancel = this.#start()
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  hasRef(): boolean {
    return true
  }

  [Symbol.dispose](): void {
    this.close()
  }
}

const aborted = (signal: AbortSignal): unknown => signal.reason

interface PromiseOptions {
  readonly signal?: AbortSignal
}

const nap = <A>(of: Storage, inside: Inside, millis: number, value: A, options: PromiseOptions = {}): Promise<A> =>
  new Promise((resolve, reject) => {
    const { signal } = options
    if (signal?.aborted === true) return reject(abortError(signal))
    const cancel = alarm(of, inside, millis, () => {
      signal?.removeEventListener("abort", stop)
      resolve(value)
    })
    const stop = () => {
      cancel()
      reject(abortError(signal as AbortSignal))
    }
    signal?.addEventListener("abort", stop, { once: true })
  })

/** Node rejects with its own error, whose cause is the signal's reason. */
const abortError = (signal: AbortSignal): Error =>
  Object.assign(new Error("The operation was aborted", { cause: aborted(signal) }), {
    name: "AbortError",
    code: "ABORT_ERR",
  })

type Timers = Pick<typeof globalThis, "setTimeout" | "clearTimeout" | "setInterval" | "clearInterval">
type TimerPromises = typeof import("node:timers/promises")

export const promises = (of: Storage, real: TimerPromises) => {
  const setTimeout = <A>(millis?: number, value?: A, options?: PromiseOptions) => {
    const inside = of.getStore()
    return inside === undefined
      ? real.setTimeout(millis, value, options)
      : nap(of, inside, clamped(millis), value as A, options)
  }
  const setInterval = <A>(millis?: number, value?: A, options?: PromiseOptions): AsyncIterable<A> => {
    const inside = of.getStore()
    if (inside === undefined) return real.setInterval(millis, value, options) as AsyncIterable<A>
    return (async function* () {
      for (;;) yield await nap(of, inside, clamped(millis), value as A, options)
    })()
  }
  const wait = async (millis: number, options?: PromiseOptions): Promise<void> => {
    await setTimeout(millis, undefined, options)
  }
  return { setTimeout, setInterval, wait }
}

export const timers = (of: Storage, real: Timers, promised: ReturnType<typeof promises>): Timers => {
  const set =
    (usual: (...args: ReadonlyArray<never>) => unknown, repeats: boolean) =>
    (callback: Callback, millis?: unknown, ...args: ReadonlyArray<unknown>): unknown => {
      const inside = of.getStore()
      if (inside === undefined || typeof callback !== "function") {
        return usual(...([callback, millis, ...args] as unknown as ReadonlyArray<never>))
      }
      return new VirtualTimeout(of, inside, () => callback(...args), clamped(millis), repeats)
    }
  const clear =
    (usual: (timer: never) => void) =>
    (timer: unknown): void => {
      if (timer instanceof VirtualTimeout) timer.close()
      else usual(timer as never)
    }
  const setTimeout = set(real.setTimeout as never, false)
  Object.defineProperty(setTimeout, promisify.custom, { value: promised.setTimeout, enumerable: true })
  return {
    setTimeout,
    setInterval: set(real.setInterval as never, true),
    clearTimeout: clear(real.clearTimeout as never),
    clearInterval: clear(real.clearInterval as never),
  } as unknown as Timers
}
