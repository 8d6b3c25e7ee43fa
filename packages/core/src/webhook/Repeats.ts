/**
 * Knows events that came before, within a window of time and number. A repeat that slips through wakes a poll too often,
 * and nothing else, so the window may be small.
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import type { ConnectorError } from "../ConnectorError.ts"
import type * as StateStore from "../StateStore.ts"

export interface Repeats {
  /** Which of these ids are new, in their order; from now on none of them is. */
  readonly fresh: (ids: ReadonlyArray<string>) => Effect.Effect<ReadonlyArray<string>, ConnectorError>
}

export interface Window {
  /** How long an event is remembered; longer than the vendor goes on repeating. Defaults to a day. */
  readonly remember?: Duration.Input
  /** How many are remembered at most. Defaults to 2,000. */
  readonly size?: number
}

const Known = Schema.fromJsonString(Schema.Array(Schema.Tuple([Schema.String, Schema.Number])))
type Known = typeof Known.Type

/** The window after these ids came at `now`: what ran out leaves, then the oldest. */
const after = (known: Known, ids: ReadonlyArray<string>, now: number, options: Window) => {
  const lasting = known.filter(([, until]) => until > now)
  const seen = new Set(lasting.map(([id]) => id))
  const fresh = [...new Set(ids)].filter((id) => !seen.has(id))
  const until = now + Duration.toMillis(Duration.fromInputUnsafe(options.remember ?? "1 day"))
  const next: Known = [...lasting, ...fresh.map((id) => [id, until] as const)].slice(-(options.size ?? 2000))
  return { fresh, next }
}

/** Forgets when the process ends. */
export const memory = (options: Window = {}): Effect.Effect<Repeats> =>
  Effect.sync(() => {
    let known: Known = []
    return {
      fresh: (ids) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          const { fresh, next } = after(known, ids, now, options)
          known = next
          return fresh
        }),
    }
  })

/** Kept in the store, under the receiver's name. */
export const stored = (
  store: Pick<StateStore.Service, "setting" | "putSetting">,
  name: string,
  options: Window = {},
): Effect.Effect<Repeats> =>
  Effect.map(Semaphore.make(1), (turnstile) => {
    const setting = `webhook/${name}`
    const fresh = (ids: ReadonlyArray<string>) =>
      Effect.gen(function* () {
        const text = yield* store.setting(setting)
        const known = Option.flatMap(text, Schema.decodeOption(Known))
        const now = yield* Clock.currentTimeMillis
        const found = after(
          Option.getOrElse(known, (): Known => []),
          ids,
          now,
          options,
        )
        if (found.fresh.length > 0) yield* store.putSetting(setting, JSON.stringify(found.next))
        return found.fresh
      })
    return { fresh: (ids) => turnstile.withPermit(fresh(ids)) }
  })
