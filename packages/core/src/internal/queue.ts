/** One at a time by name among the fibers of this process. A name that nobody waits for is forgotten. */
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"

interface Lock {
  readonly semaphore: Semaphore.Semaphore
  waiting: number
}

/** Runs the work when those before it have ended, and tells it whether there were any. */
export type Queue = <A, E>(name: string, work: (waited: boolean) => Effect.Effect<A, E>) => Effect.Effect<A, E>

export const make = (): Queue => {
  const locks = new Map<string, Lock>()
  return (name, work) =>
    Effect.suspend(() => {
      const lock = locks.get(name) ?? { semaphore: Semaphore.makeUnsafe(1), waiting: 0 }
      locks.set(name, lock)
      const waits = lock.waiting > 0
      lock.waiting += 1
      const leave = Effect.sync(() => {
        lock.waiting -= 1
        if (lock.waiting === 0) locks.delete(name)
      })
      return Effect.ensuring(lock.semaphore.withPermits(1)(work(waits)), leave)
    })
}
