/** Keeps what it announced in a module, which a process that is started again does not have. */
import type * as StateStore from "@mortise/core/StateStore"
import * as Effect from "effect/Effect"
import { ledgerette, subject } from "./broken.ts"
import { intents } from "./memory.ts"

const inMemory = (store: StateStore.Service): StateStore.Service => ({
  ...store,
  announce: (list) =>
    Effect.sync(() => {
      for (const intent of list) {
        const others = (intents.get(intent.relay) ?? []).filter(({ key }) => key !== intent.key)
        intents.set(intent.relay, [...others, intent])
      }
    }),
  intents: (relay) => Effect.sync(() => intents.get(relay) ?? []),
  commit: ({ settled = [], ...commit }) =>
    Effect.tap(store.commit(commit), () =>
      Effect.sync(() => {
        for (const { relay } of settled) intents.delete(relay)
      }),
    ),
})

export default subject((given) => ledgerette({ ...given, store: inMemory(given.store) }))
