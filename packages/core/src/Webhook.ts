/**
 * Receives what a vendor pushes: verify, decode, drop repeats, wake the poll. An event is a hint to read the record at
 * its source; nothing that it carries is written anywhere. From an unsigned push not even its content is handed on.
 *
 * ```ts
 * const receiver = Webhook.signed({ scheme, secrets, schema, events, repeats, wake: () => poller.hint })
 * const answer = yield* receiver({ method, url, headers, body })
 * // reply to the vendor with answer.status
 * ```
 */
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import type * as Schema from "effect/Schema"
import type { ConnectorError } from "./ConnectorError.ts"
import * as Body from "./webhook/Body.ts"
import type { Repeats } from "./webhook/Repeats.ts"
import { type Push, type Scheme, sameText, type Verdict, verify } from "./webhook/Signature.ts"

export { hasControl } from "./webhook/Body.ts"
export { memory, type Repeats, stored, type Window } from "./webhook/Repeats.ts"
export { type Push, requireSecrets, type Scheme, sameText, type Verdict, verify } from "./webhook/Signature.ts"

/** What an event points to. */
export interface Hint {
  readonly entity?: string
  readonly ids?: ReadonlyArray<string>
}

export interface Event<A> {
  /** The same for the same event, however often it is delivered. */
  readonly id: string
  readonly hint: Hint
  readonly data: A
}

export interface Options<Message, A> {
  /** Of the whole body. Members that it does not name are ignored. */
  readonly schema: Schema.Codec<Message, unknown>
  /** Undefined stands for an event that could not be read: it is counted, and the others are taken. */
  readonly events: (message: Message) => ReadonlyArray<Event<A> | undefined>
  readonly repeats: Repeats
  /** Told once for a push with anything new in it. */
  readonly wake: (hints: ReadonlyArray<Hint>) => Effect.Effect<void>
  /** A greater body is refused unread. Defaults to 1 MiB. */
  readonly maxBytes?: number
}

export interface SignedOptions<Message, A> extends Options<Message, A> {
  readonly scheme: Scheme
  /** The current secret, and the former one while it is being changed. */
  readonly secrets: ReadonlyArray<Redacted.Redacted<string>>
}

export interface UnsignedOptions<Message> extends Options<Message, unknown> {
  /** A header that the vendor was told to send. It keeps strangers out and proves nothing about the content. */
  readonly password?: { readonly header: string; readonly value: Redacted.Redacted<string> }
}

/** `status` is for the reply to the vendor; `why` for our own log, it holds nothing of the push. */
export type Received<A> =
  | {
      readonly _tag: "Accepted"
      readonly status: 200
      readonly events: ReadonlyArray<A>
      readonly repeated: number
      /** Events that could not be read. A push that holds nothing else is refused. */
      readonly skipped: number
    }
  | {
      readonly _tag: "Refused"
      readonly status: 400 | 401 | 413
      readonly why: Exclude<Verdict, "genuine"> | Body.Refusal
    }

const MEBIBYTE = 1024 * 1024

const refused = (why: Exclude<Verdict, "genuine">): Received<never> => ({ _tag: "Refused", status: 401, why })

const accept = <Message, A>(
  options: Options<Message, A>,
  push: Push,
): Effect.Effect<Received<Event<A>>, ConnectorError> =>
  Body.decode(options.schema, push.body).pipe(
    Effect.matchEffect({
      onFailure: (why) => Effect.succeed<Received<Event<A>>>({ _tag: "Refused", status: 400, why }),
      onSuccess: (message) =>
        Effect.gen(function* () {
          const read = options.events(message)
          const all = read.filter((event) => event !== undefined)
          const skipped = read.length - all.length
          if (skipped > 0 && all.length === 0) return { _tag: "Refused", status: 400, why: "notTheSchema" } as const
          const fresh = new Set(yield* options.repeats.fresh(all.map((event) => event.id)))
          // Of the same event twice in one push, one is enough.
          const events = all.filter((event) => fresh.delete(event.id))
          if (events.length > 0) yield* options.wake(events.map((event) => event.hint))
          return { _tag: "Accepted", status: 200, events, repeated: all.length - events.length, skipped } as const
        }),
    }),
  )

/** For a vendor that signs: new events come back decoded. */
export const signed =
  <Message, A>(options: SignedOptions<Message, A>) =>
  (push: Push): Effect.Effect<Received<Event<A>>, ConnectorError> =>
    Effect.gen(function* () {
      // Before the hash, so that nobody makes us hash without end.
      if (push.body.length > (options.maxBytes ?? MEBIBYTE)) return { _tag: "Refused", status: 413, why: "tooLarge" }
      const verdict = yield* verify(options.scheme, options.secrets, push)
      return verdict === "genuine" ? yield* accept(options, push) : refused(verdict)
    })

/** For a vendor that does not sign: it wakes the poll, and only the ids of the new events come back. */
export const unsigned =
  <Message>(options: UnsignedOptions<Message>) =>
  (push: Push): Effect.Effect<Received<string>, ConnectorError> =>
    Effect.gen(function* () {
      if (push.body.length > (options.maxBytes ?? MEBIBYTE)) return { _tag: "Refused", status: 413, why: "tooLarge" }
      const { password } = options
      if (password !== undefined) {
        const given = push.headers.get(password.header)
        if (given === null) return refused("unsigned")
        if (!sameText(given, password.value)) return refused("forged")
      }
      const received = yield* accept(options, push)
      return received._tag === "Refused" ? received : { ...received, events: received.events.map((event) => event.id) }
    })
