/** The Ledgerette connector on its twin, in virtual time, in processes that can be cut off. */
import type { ConnectorError } from "@mortise/core/ConnectorError"
import * as MemoryBackend from "@mortise/core/MemoryBackend"
import type * as Outcome from "@mortise/core/Outcome"
import * as StateStore from "@mortise/core/StateStore"
import type { StoreBackend } from "@mortise/core/StoreBackend"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { ledgerette } from "../../../examples/ledgerette/adapter.ts"
import * as Ledgerette from "../../../examples/ledgerette/twin.ts"
import * as Epoch from "../../../src/Epoch.ts"
import * as VirtualClock from "../../../src/VirtualClock.ts"

export const START = Date.UTC(2026, 10, 2, 9)

export type Ports = Effect.Success<ReturnType<typeof ledgerette>>["ports"]

type Program<A> = Effect.Effect<A, ConnectorError, StateStore.StateStore | Scope.Scope>

export const open = (how: { readonly readOnly?: boolean; readonly token?: string } = {}) => {
  const clock = VirtualClock.make({ start: START })
  const twin = Ledgerette.make({ clock })
  const backend = MemoryBackend.make()

  /** A process on the store, or on another one. */
  const begin = (store: StoreBackend = backend) => {
    const epoch = Epoch.open({ clock, fetch: twin.fetch, backend: store })
    const connect = Effect.flatMap(StateStore.StateStore, (service) =>
      ledgerette({
        baseUrl: new URL(`${Ledgerette.ORIGIN}/v1`),
        fetch: epoch.fetch,
        clock: { now: clock.now, sleep: (millis) => clock.sleep(millis) },
        store: service,
        credentials: { token: Redacted.make(how.token ?? Ledgerette.TOKEN) },
        ...(how.readOnly === undefined ? {} : { readOnly: how.readOnly }),
      }),
    )
    const end = <A>(program: (connector: Effect.Success<typeof connect>) => Program<A>) =>
      epoch.run(Effect.flatMap(connect, program).pipe(Effect.scoped, Effect.provide(StateStore.layer(epoch.backend))), {
        limit: "2 days",
      })
    const run = async <A>(program: (connector: Effect.Success<typeof connect>) => Program<A>): Promise<A> => {
      const exit = await end(program)
      if (exit instanceof Epoch.Cut || exit instanceof VirtualClock.Stuck) throw exit
      if (Exit.isSuccess(exit)) return exit.value
      throw Cause.squash(exit.cause)
    }
    return { ...epoch, end, run }
  }

  return { clock, twin, world: twin.world, backend, begin, run: begin().run }
}

export type Bench = ReturnType<typeof open>

export const tags = (outcomes: ReadonlyArray<Outcome.Outcome>): ReadonlyArray<string> =>
  outcomes.map((outcome) => ("error" in outcome ? `${outcome._tag}(${outcome.error.reason._tag})` : outcome._tag))

export const key = (n: number): string => `hubspot/1234/|Company|${n}`

export const account = (n: number) => ({
  key: key(n),
  fields: { name: `Customer ${n}`, email: `post@customer-${n}.example` },
})

/** All pages, committed as they come. */
export const readAll = (ports: Ports, reader = "default") =>
  Effect.gen(function* () {
    const store = yield* StateStore.StateStore
    const port = ports.Account
    const pages = yield* Stream.runCollect(
      Stream.unwrap(
        Effect.map(store.cursor(`${port.scope.system}/${port.scope.instance}/|Account|${reader}`), (cursor) =>
          port.changes({ reader, ...(cursor._tag === "Some" ? { cursor: cursor.value } : {}) }),
        ),
      ).pipe(Stream.tap((page) => store.commit({ page }))),
    )
    return pages.flatMap((page) => page.changes)
  })
