/**
 * Keeps one set of tokens fresh: one refresh at a time however many fibers ask, ahead of expiry, stored before it is
 * used, and a refusal remembered until the stored set changes.
 */
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Backoff from "../../Backoff.ts"
import { ConnectorError, Unauthorized, Unavailable } from "../../ConnectorError.ts"
import * as ContentHash from "../../ContentHash.ts"
import type { Client, OAuth } from "../../OAuth.ts"
import type { TokenSet } from "../../StateStore.ts"
import { ask, type Form, type Grant, type Refusal } from "./endpoint.ts"
import type { Shelf } from "./shelf.ts"

export interface Plan {
  readonly client: Client
  readonly shelf: Shelf
  /** The form that asks for the next set; none when there is nothing to ask with. */
  readonly form: (held: TokenSet | undefined) => Effect.Effect<Option.Option<Form>, ConnectorError>
  /** The endpoint uses up what it is shown: a refresh that has begun is not given up. */
  readonly rotates: boolean
  /** A refresh token that was handed in. It is a new consent where the stored tokens come from another one. */
  readonly handedIn?: Redacted.Redacted<string>
  readonly window: Duration.Duration
  /** How long to wait for another process that refreshes. */
  readonly patience: Duration.Duration
}

/** A set in hand, and from when on a newer one is wished for. */
interface Held {
  readonly set: TokenSet
  readonly renewFrom: number
  /** It was fetched because the one before was refused; until then a refusal of it is not answered by a refresh. */
  readonly trustedUntil: number
}

/** The refresh token that the endpoint was asked with, and the consent that it came from. */
type Shown = Pick<TokenSet, "refreshToken" | "consent">

interface Flight {
  readonly result: Deferred.Deferred<TokenSet, ConnectorError>
  fiber?: Fiber.Fiber<void>
  waiting: number
}

const ATTEMPTS = 3
/** A refresh ahead of time that failed is tried again after this long, and the token that still holds serves. */
const AHEAD_AGAIN = 30_000
/** How long a call waits for a refresh ahead of time while its token still holds. */
const AHEAD_PATIENCE = Duration.seconds(5)
/** A set that was fetched because of a refusal and is refused itself so soon shows that tokens are not the trouble. */
const REFUSED_AGAIN = 60_000

const bearer = (set: TokenSet): string => `Bearer ${Redacted.value(set.accessToken)}`

export interface Keeper extends Pick<OAuth, "headers" | "refused" | "held"> {
  readonly accept: (grant: Grant) => Effect.Effect<void, ConnectorError>
}

export const keeper = (plan: Plan): Keeper => {
  const { client, shelf } = plan
  let held: Held | undefined
  let flight: Flight | undefined
  let refusal: { readonly generation: number; readonly error: ConnectorError } | undefined

  const consent = plan.handedIn === undefined ? undefined : ContentHash.ofJson(Redacted.value(plan.handedIn))
  const fresh: Shown = {
    ...(plan.handedIn === undefined ? {} : { refreshToken: plan.handedIn }),
    ...(consent === undefined ? {} : { consent }),
  }

  const unauthorized = (message: string): ConnectorError =>
    new ConnectorError({ system: client.system, operation: "token", reason: new Unauthorized({ message }) })

  const hold = (set: TokenSet, now: number, afterRefusal = false): TokenSet => {
    // A set that lives shorter than the window is renewed in its last quarter, and not at every call.
    const late = now + (set.expiresAt - now) * 0.75
    const renewFrom = Math.max(set.expiresAt - Duration.toMillis(plan.window), late)
    held = { set, renewFrom, trustedUntil: afterRefusal ? now + REFUSED_AGAIN : 0 }
    return set
  }

  /** The next set by what the endpoint gave; a refresh token that it did not repeat stays: the one that it was shown. */
  const following = (grant: Grant, before: TokenSet | undefined, shown: Shown = before ?? {}): TokenSet => {
    const refreshToken = grant.refreshToken ?? shown.refreshToken
    return {
      accessToken: grant.accessToken,
      ...(refreshToken === undefined ? {} : { refreshToken }),
      ...(shown.consent === undefined ? {} : { consent: shown.consent }),
      expiresAt: grant.expiresAt,
      generation: (before?.generation ?? 0) + 1,
    }
  }

  /** Stores a grant. Somebody who was quicker has stored a newer set: then theirs counts. */
  const keep = Effect.fnUntraced(function* (grant: Grant, before: TokenSet | undefined, shown: Shown | undefined) {
    const set = following(grant, before, shown)
    return yield* Effect.catch(Effect.as(shelf.write(set), set), (error) =>
      error.reason._tag !== "Conflict"
        ? Effect.fail(error)
        : Effect.flatMap(shelf.read, (found) =>
            Option.isSome(found) && found.value.generation >= set.generation
              ? Effect.succeed(found.value)
              : Effect.fail(error),
          ),
    )
  })

  const remember = (before: TokenSet | undefined, error: ConnectorError): ConnectorError => {
    refusal = { generation: before?.generation ?? 0, error }
    return error
  }

  /** What a refusal means after an earlier answer was lost: the refresh token was most likely used up by it. */
  const finalError = (failed: Refusal, answerWasLost: boolean): ConnectorError =>
    failed.rejected && answerWasLost
      ? unauthorized(
          "the refresh token was refused after an answer of the token endpoint was lost: it was probably used up by " +
            "that answer; authorise again",
        )
      : failed.error

  /** Asks, again after a failure that may pass. Before each repeat the store is read: somebody may have succeeded. */
  const askCarefully = Effect.fnUntraced(function* (before: TokenSet | undefined) {
    let answerWasLost = false
    // What is asked with: the stored refresh token, or, where there is none or it is refused, the one handed in.
    let shown = before
    for (let attempt = 1; ; attempt++) {
      const form = yield* plan.form(shown)
      if (Option.isNone(form)) {
        return yield* Effect.fail(remember(before, unauthorized("there is no refresh token; authorise first")))
      }
      const asked = yield* Effect.result(ask(client, form.value))
      if (asked._tag === "Success") {
        return yield* keep(asked.success, before, shown?.refreshToken === undefined ? fresh : before)
      }
      const failed = asked.failure
      if (
        failed.rejected &&
        shown?.refreshToken !== undefined &&
        consent !== undefined &&
        before?.consent !== consent
      ) {
        shown = undefined
        continue
      }
      if (failed.rejected) return yield* Effect.fail(remember(before, finalError(failed, answerWasLost)))
      answerWasLost ||= failed.ambiguous
      const wait = failed.error.retryAfter ?? Duration.millis(yield* Backoff.millis(Backoff.standard, attempt))
      const isLong = Duration.isGreaterThan(wait, Backoff.standard.cap)
      if (attempt >= ATTEMPTS || isLong || failed.error.reason._tag === "Decode") {
        return yield* Effect.fail(failed.error)
      }
      yield* Effect.sleep(wait)
      const now = yield* shelf.read
      if (Option.isSome(now) && now.value.generation > (before?.generation ?? 0)) return now.value
    }
  })

  const busy = new ConnectorError({
    system: client.system,
    operation: "token",
    reason: new Unavailable({ message: "another process is refreshing the token and does not come to an end" }),
  })

  /** A set newer than `stale`: the store's if it has one, else from the endpoint. */
  const renew = Effect.fnUntraced(function* (stale: number) {
    const from = yield* Clock.currentTimeMillis
    const newer = Effect.gen(function* () {
      const found = Option.getOrUndefined(yield* shelf.read)
      const now = yield* Clock.currentTimeMillis
      const isNewer = found !== undefined && found.generation > stale && found.expiresAt > now
      return { found, set: isNewer ? found : undefined }
    })
    for (;;) {
      const { found, set } = yield* newer
      if (set !== undefined) return set
      if (refusal !== undefined && refusal.generation === (found?.generation ?? 0)) {
        return yield* Effect.fail(refusal.error)
      }
      const mine = yield* shelf.alone(
        Effect.flatMap(newer, (again) =>
          again.set === undefined ? askCarefully(again.found) : Effect.succeed(again.set),
        ),
      )
      if (Option.isSome(mine)) return mine.value
      if ((yield* Clock.currentTimeMillis) - from > Duration.toMillis(plan.patience)) return yield* Effect.fail(busy)
      yield* Effect.sleep(Duration.millis(yield* Random.nextIntBetween(50, 250)))
    }
  })

  const land = (mine: Flight, afterRefusal: boolean) => (exit: Exit.Exit<TokenSet, ConnectorError>) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      if (flight === mine) flight = undefined
      if (Exit.isSuccess(exit)) {
        refusal = undefined
        hold(exit.value, now, afterRefusal)
      }
      Deferred.doneUnsafe(mine.result, exit)
    })

  const takeOff = Effect.fnUntraced(function* (stale: number, afterRefusal: boolean) {
    const mine: Flight = { result: Deferred.makeUnsafe(), waiting: 0 }
    flight = mine
    mine.fiber = yield* renew(stale).pipe(
      Effect.onExit(land(mine, afterRefusal)),
      Effect.exit,
      Effect.asVoid,
      Effect.forkDetach,
    )
    return mine
  })

  /** The last one to go away takes the refresh along, unless that could lose a refresh token for good. */
  const goAway = (from: Flight): Effect.Effect<void> =>
    Effect.sync(() => {
      from.waiting -= 1
      if (from.waiting > 0 || plan.rotates || flight !== from) return
      flight = undefined
      from.fiber?.interruptUnsafe()
    })

  /** One refresh however many fibers: it runs in a fiber of its own, so that nobody's interruption is everybody's. */
  const replace = (stale: number, afterRefusal = false): Effect.Effect<TokenSet, ConnectorError> =>
    Effect.uninterruptibleMask((restore) =>
      Effect.gen(function* () {
        const mine = flight ?? (yield* takeOff(stale, afterRefusal))
        mine.waiting += 1
        return yield* Effect.ensuring(restore(Deferred.await(mine.result)), goAway(mine))
      }),
    )

  const token = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const mine = held
    if (mine === undefined) return yield* replace(-1)
    if (now < mine.renewFrom) return mine.set
    if (now >= mine.set.expiresAt) return yield* replace(mine.set.generation)
    const old = Effect.sync(() => {
      if (held === mine) held = { ...mine, renewFrom: Math.min(now + AHEAD_AGAIN, mine.set.expiresAt) }
      return mine.set
    })
    return yield* replace(mine.set.generation).pipe(
      Effect.timeoutOrElse({ duration: AHEAD_PATIENCE, orElse: () => old }),
      Effect.catch(() => old),
    )
  })

  const refused: OAuth["refused"] = Effect.fnUntraced(function* (headers) {
    const mine = held
    if (mine === undefined) return true
    if (headers["authorization"] !== bearer(mine.set)) return true
    if ((yield* Clock.currentTimeMillis) < mine.trustedUntil) return false
    yield* replace(mine.set.generation, true)
    return true
  })

  /** Takes in a set that came by another way: the exchange of a code, a token brought along. It wins over a refresh. */
  const accept: Keeper["accept"] = (grant) =>
    Effect.gen(function* () {
      const set = following(grant, Option.getOrUndefined(yield* shelf.read))
      yield* shelf.write(set)
      refusal = undefined
      hold(set, yield* Clock.currentTimeMillis)
    }).pipe(Effect.retry({ times: ATTEMPTS, while: (error) => error.reason._tag === "Conflict" }))

  return {
    headers: Effect.map(token, (set) => ({ authorization: bearer(set) })),
    refused,
    held: Effect.sync(() => Option.fromUndefinedOr(held?.set)),
    accept,
  }
}
