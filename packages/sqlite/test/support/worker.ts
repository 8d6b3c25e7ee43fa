/** A process that counts up under a lease, again and again, among others that do the same. */
import { writeSync } from "node:fs"
import * as Lease from "@mortise/core/Lease"
import * as SqliteStore from "@mortise/sqlite/SqliteStore"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"

const [path = "", name = "", visits = "0"] = process.argv.slice(2)

const program = Effect.gen(function* () {
  const store = yield* SqliteStore.make({ path })
  const visit = Lease.withLease(store, "counter", { holder: name, ttl: "100 millis", waitFor: "1 minute" }, (lease) =>
    Effect.gen(function* () {
      writeSync(1, `in ${name} ${lease.fence}\n`)
      for (let step = 0; step < 5; step++) {
        const cursor = yield* store.cursor("counter")
        const count = Option.match(cursor, { onNone: () => 0, onSome: ({ state }) => Number(state) }) + 1
        const source = { scope: "test", entity: "Count", id: String(count) }
        yield* store.commit({
          page: {
            stream: "counter",
            cursor: { v: 1, scope: "test", entity: "Count", selection: "", strategy: "count", state: count },
            delta: { marks: [{ id: String(count), version: name }] },
          },
          journal: [{ relay: name, at: lease.fence, source, decision: "written" }],
          fence: lease,
        })
        writeSync(1, `wrote ${name} ${lease.fence} ${count}\n`)
      }
    }),
  )
  // A worker that the machine kept waiting too long has lost its lease; it is refused and comes again.
  const patient = Effect.retry(visit, { while: (error) => error.reason._tag === "Conflict" })
  for (let done = 0; done < Number(visits); done++) yield* patient
})

await Effect.runPromise(Effect.scoped(program))
