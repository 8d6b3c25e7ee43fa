/** What tells the time: `Date`, `performance.now`, `process.hrtime`; and `AbortSignal.timeout`. */
import { alarm, clamped, type Storage } from "./Inside.ts"

export const date = (of: Storage, real: DateConstructor): DateConstructor => {
  const now = (): number => of.getStore()?.clock.currentTimeMillisUnsafe() ?? real.now()
  return new Proxy(real, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new real(now()).toString(),
    get: (target, name, receiver) => (name === "now" ? now : Reflect.get(target, name, receiver)),
  })
}

export const performanceNow = (of: Storage, real: Performance): (() => number) => {
  const usual = real.now.bind(real)
  return () => {
    const inside = of.getStore()
    return inside === undefined ? usual() : inside.clock.currentTimeMillisUnsafe() - real.timeOrigin
  }
}

const NANOS = 1_000_000_000n

export const hrtime = (of: Storage, real: NodeJS.HRTime): NodeJS.HRTime => {
  const nanos = (): bigint => of.getStore()?.clock.monotonicTimeNanosUnsafe() ?? real.bigint()
  const told = (before?: [number, number]): [number, number] => {
    if (of.getStore() === undefined) return real(before)
    const since = before === undefined ? 0n : BigInt(before[0]) * NANOS + BigInt(before[1])
    const passed = nanos() - since
    return [Number(passed / NANOS), Number(passed % NANOS)]
  }
  return Object.assign(told, { bigint: nanos })
}

export const abortTimeout =
  (of: Storage, real: typeof AbortSignal.timeout): typeof AbortSignal.timeout =>
  (millis) => {
    const inside = of.getStore()
    if (inside === undefined) return real.call(AbortSignal, millis)
    const controller = new AbortController()
    alarm(of, inside, clamped(millis), () =>
      controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError")),
    )
    return controller.signal
  }
