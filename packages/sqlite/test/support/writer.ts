/** A process that writes page after page and says so, until it is killed. */
import { writeSync } from "node:fs"
import * as SqliteStore from "@mortise/sqlite/SqliteStore"
import * as Effect from "effect/Effect"
import { commitOf, intent, lastPage } from "./ledger.ts"

const say = (text: string) => Effect.sync(() => writeSync(1, `${text}\n`))

const program = Effect.gen(function* () {
  yield* say("starting")
  const store = yield* SqliteStore.make({ path: process.argv[2] ?? "" })
  for (let page = (yield* lastPage(store)) + 1; ; page++) {
    yield* store.announce([intent(page)])
    yield* store.commit(commitOf(page))
    yield* say(String(page))
  }
})

await Effect.runPromise(Effect.scoped(program))
