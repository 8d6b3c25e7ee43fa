/** Mutants that the rules of idempotency have to catch: whose record is meant, and how often it is made. */
import type { Mutant } from "@mortise/conformance/kit/Mutant"
import type * as Outcome from "@mortise/core/Outcome"
import * as Effect from "effect/Effect"
import {
  counter,
  door,
  each,
  failing,
  isWrite,
  keeping,
  REFERENCE,
  renamed,
  SMALL,
  switched,
  underAnotherKey,
  upserting,
  type Write,
  type Writes,
  writing,
} from "./Breaking.ts"
import type { Known } from "./Known.ts"

/** Sends a write again under another key, when it went like this. */
const blindly = (name: string, onReset: boolean, onError: boolean): Mutant =>
  door(name, async (request, fetch) => {
    if (!isWrite(request)) return fetch(request)
    const again = await underAnotherKey(request.clone())
    try {
      const response = await fetch(request)
      return onError && response.status >= 500 ? fetch(again) : response
    } catch (error) {
      if (!onReset) throw error
      return fetch(again)
    }
  })

const namesByProcess = (): Mutant => {
  const next = counter()
  return {
    name: "names records by the process that wrote them",
    port: (port) => {
      const mine = `x${next()}`
      return { ...port, upsert: (records, options) => port.upsert(each((one) => renamed(one, mine))(records), options) }
    },
  }
}

const forgetsWhatItWrote = (): Mutant => {
  const next = counter()
  return writing(
    "takes every write for a new record",
    each((one) => renamed(one, `x${next()}`)),
  )
}

const namesByName = writing(
  "makes the name a part of the key",
  each((one) => renamed(one, String((one.fields as { readonly name?: string }).name ?? ""))),
)

const losesScope = writing(
  "leaves the scope out of the key",
  each((one) => (one.key === undefined ? one : { ...one, key: one.key.replace(/^[^|]*\|/, "any/where/|") })),
)

/** Of what comes twice in one call, the record that is written for all of them. */
const folding = (name: string, choose: (same: Writes) => Write): Mutant =>
  upserting(name, (port, records, options) => {
    const nameOf = ({ id, key }: Write) => key ?? id ?? ""
    const names = [...new Set(records.map(nameOf))]
    const chosen = names.map((each) => choose(records.filter((one) => nameOf(one) === each)))
    return Effect.map(port.upsert(chosen, options), (outcomes) =>
      records.map((one) => outcomes[names.indexOf(nameOf(one))] as Outcome.Outcome),
    )
  })

/** A broken connection that looks like one that was never made. */
const takesResetForRefused = door("takes a broken connection for one that was refused", async (request, fetch) => {
  try {
    return await fetch(request)
  } catch {
    throw failing("ECONNREFUSED")
  }
})

const asksForNothing = upserting("asks the vendor though there is nothing to write", (port, records, options) =>
  records.length > 0
    ? port.upsert(records, options)
    : Effect.as(Effect.ignore(port.find(["conformance/x/y|Nothing|1"])), []),
)

/** Where the vendor would not refuse a second record, turns are all that keeps it away. */
const sharesLeases: Mutant = {
  ...switched("takes a lease that another one holds", "keysInStore"),
  ...keeping("takes a lease that another one holds", ({ transact }) => ({
    transact: (ops) => Effect.as(transact(ops.filter(({ _tag }) => _tag !== "Check")), true),
  })),
}

export const idempotency: ReadonlyArray<Known> = [
  { make: forgetsWhatItWrote, caughtBy: ["I/again", "I/same-key-twice", "I/store-lost", "I/relay-again"] },
  {
    make: namesByProcess,
    caughtBy: ["I/store-lost", "I/dies-after-write", "I/two-callers", "I/two-processes"],
    on: SMALL,
  },
  {
    make: () => blindly("sends a write again blindly", true, true),
    caughtBy: ["I/lost-reply", "I/error-after-write", "I/late-commit", "I/lines-after-lost-reply"],
    sweptBy: "create",
  },
  {
    make: () => blindly("sends a write again after a connection that broke", true, false),
    caughtBy: ["I/lost-reply"],
    sweptBy: "create",
    on: REFERENCE,
  },
  {
    make: () => blindly("sends a write again after an error of the server", false, true),
    caughtBy: ["I/error-after-write"],
    sweptBy: "create",
    on: REFERENCE,
  },
  { make: () => takesResetForRefused, caughtBy: ["I/lost-reply"], on: REFERENCE },
  { make: () => namesByName, caughtBy: ["I/key-outlives-name"], on: REFERENCE },
  { make: () => losesScope, caughtBy: ["I/two-scopes"], on: REFERENCE },
  {
    make: () => switched("writes our key with a second request", "keyAfterwards"),
    caughtBy: ["I/dies-after-write"],
    sweptBy: "create",
    on: REFERENCE,
  },
  { make: () => switched("never writes our key", "noKeyAtAll"), caughtBy: ["I/again"], on: REFERENCE },
  {
    make: () => switched("knows from its store alone which record is whose", "keysInStore"),
    caughtBy: ["I/store-lost"],
    on: REFERENCE,
  },
  {
    make: () => sharesLeases,
    caughtBy: ["I/two-callers", "I/two-processes"],
    on: REFERENCE,
  },
  {
    make: () => folding("keeps the first of two that have one key", ([first]) => first as Write),
    caughtBy: ["I/same-key-twice"],
    on: REFERENCE,
  },
  {
    make: () => folding("keeps the last of two that have one key, as it is", (same) => same.at(-1) as Write),
    caughtBy: ["I/same-key-twice"],
    on: REFERENCE,
  },
  { make: () => asksForNothing, caughtBy: ["I/nothing-to-write"], on: REFERENCE },
  {
    make: () =>
      writing(
        "forgets the id where there is a key",
        each(({ id, ...one }) => (one.key === undefined && id !== undefined ? { ...one, id } : one)),
      ),
    caughtBy: ["I/id-beats-key", "I/merged-away"],
    on: ["reference", "hubspot"],
  },
  {
    make: () =>
      writing(
        "makes what was only to be changed",
        each(({ create: _, ...one }) => one),
      ),
    caughtBy: ["I/existing-only"],
    on: REFERENCE,
  },
]
