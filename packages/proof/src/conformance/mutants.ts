/**
 * Connectors broken on purpose, each in one way, with the rules that have to catch it. A rule that no mutant trips is no
 * rule.
 */
import type * as Change from "@mortise/core/Change"
import type * as Outcome from "@mortise/core/Outcome"
import type * as Port from "@mortise/core/Port"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Mutant } from "./Bench.ts"

export interface Known {
  readonly mutant: Mutant
  readonly caughtBy: ReadonlyArray<string>
}

type Fetch = typeof globalThis.fetch
type Writes = Parameters<Port.Any["upsert"]>[0]
type Write = Writes[number]

/** A door that sees requests whole and may send them again. */
const door = (name: string, send: (request: Request, fetch: Fetch) => Promise<Response>): Mutant => ({
  name,
  door: (fetch) => ((input, init) => send(new Request(input, init), fetch)) as Fetch,
})

const writing = (name: string, change: (records: Writes) => Writes): Mutant => ({
  name,
  port: (port) => ({ ...port, upsert: (records, options) => port.upsert(change(records), options) }),
})

const each = (change: (write: Write) => Write) => (records: Writes) => records.map(change)

const renamed = (write: Write, suffix: string): Write =>
  write.key === undefined ? write : { ...write, key: write.key + suffix }

/** The nth call of it gives n. */
const counter = () => {
  let count = 0
  return () => ++count
}

/** The same write for another key, as a client sends it that takes no care of keys. */
const underAnotherKey = async (request: Request): Promise<Request> => {
  const other = (text: string) =>
    text
      .replaceAll("acumatica/acme", "acumatica/twice")
      .replaceAll("hubspot/1234", "hubspot/4321")
      .replaceAll("hubspot%2F1234", "hubspot%2F4321")
  const headers = new Headers(request.headers)
  return new Request(other(request.url), { method: request.method, headers, body: other(await request.text()) })
}

const isWrite = ({ method, url }: Request): boolean => method === "PUT" || /\/batch\/(upsert|create)$/.test(url)

const blindRetry = door("sends a write again blindly", async (request, fetch) => {
  if (!isWrite(request)) return fetch(request)
  const again = await underAnotherKey(request.clone())
  try {
    const response = await fetch(request)
    return response.status >= 500 ? fetch(again) : response
  } catch {
    return fetch(again)
  }
})

const impatient = door("does not wait after a 429", async (request, fetch) => {
  const again = request.clone()
  const response = await fetch(request)
  return response.status === 429 ? fetch(again) : response
})

const asksTwice = door("asks twice for a token", async (request, fetch) => {
  const again = request.clone()
  const response = await fetch(request)
  if (/\/token$/.test(request.url)) await fetch(again)
  return response
})

const follows = door("follows every redirect with its credentials", async (request, fetch) => {
  const headers = request.headers
  const response = await fetch(request)
  const to = response.headers.get("location")
  return response.status >= 300 && response.status < 400 && to !== null ? fetch(to, { headers }) : response
})

const releases = door("enters documents that are not on hold", async (request, fetch) => {
  if (request.method !== "PUT") return fetch(request)
  const body = (await request.clone().text()).replaceAll('"Hold":{"value":true}', '"Hold":{"value":false}')
  return fetch(new Request(request.url, { method: "PUT", headers: request.headers, body }))
})

type Paging = <A>(page: Change.Page<A>, before: Change.Page<A> | undefined) => Change.Page<A>

const reading = (name: string, change: Paging): Mutant => ({
  name,
  port: (port) => ({
    ...port,
    changes: (options) =>
      Stream.suspend(() => {
        let before: Change.Page<never> | undefined
        return Stream.map(port.changes(options), (page) => {
          const changed = change(page, before)
          before = page as Change.Page<never>
          return changed
        })
      }),
  }),
})

const stampOf = (change: Change.Change<unknown> | undefined): string | undefined =>
  change?._tag === "Upserted" ? change.stamp : undefined

const strictlyGreater = reading("goes on after the last stamp with strictly greater", (page, before) => {
  const last = stampOf(before?.changes.at(-1))
  return { ...page, changes: page.changes.filter((change) => last === undefined || stampOf(change) !== last) }
})

const swallows = reading("leaves out what it cannot read", (page) => ({
  ...page,
  changes: page.changes.filter(({ _tag }) => _tag !== "Undecodable"),
}))

const takesTheFirst: Mutant = {
  name: "takes the first of several that might be meant",
  port: (port) => ({
    ...port,
    upsert: (records, options) =>
      Effect.flatMap(port.upsert(records, options), (outcomes) =>
        Effect.forEach(outcomes, (outcome, index) => {
          const reason = outcome._tag === "Rejected" ? outcome.error.reason : undefined
          const id = reason?._tag === "Ambiguous" ? reason.candidates[0]?.id : undefined
          if (id === undefined) return Effect.succeed<Outcome.Outcome>(outcome)
          return Effect.map(port.upsert([{ ...records[index], id } as Write]), ([one]) => one ?? outcome)
        }),
      ),
  }),
}

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

const mixesUpOutcomes: Mutant = {
  name: "gives outcomes in the order of the vendor's answer",
  port: (port) => ({
    ...port,
    upsert: (records, options) => Effect.map(port.upsert(records, options), (outcomes) => [...outcomes].reverse()),
  }),
}

const withPhone = (phone: string | null) => each((one) => ({ ...one, fields: { phone, ...one.fields } }))

/** All of them, made anew: some count. */
export const all = (): ReadonlyArray<Known> => [
  { mutant: forgetsWhatItWrote(), caughtBy: ["I/again", "I/same-key-twice", "I/store-lost"] },
  { mutant: namesByProcess(), caughtBy: ["I/store-lost", "I/two-callers"] },
  { mutant: blindRetry, caughtBy: ["I/lost-reply", "I/error-after-write", "I/late-commit"] },
  {
    mutant: writing(
      "adopts nothing",
      each(({ adoptBy: _, ...one }) => one),
    ),
    caughtBy: ["I/adopt", "I/adopt-ambiguous"],
  },
  { mutant: takesTheFirst, caughtBy: ["I/adopt-ambiguous"] },
  { mutant: mixesUpOutcomes, caughtBy: ["I/input-order"] },
  { mutant: writing("fills in what was not supplied", withPhone("+49 30 9")), caughtBy: ["O/supplied-only"] },
  { mutant: writing("clears what was not supplied", withPhone(null)), caughtBy: ["O/absent-is-not-null"] },
  {
    mutant: { name: "writes though it was opened read-only", how: (how) => ({ ...how, readOnly: false }) },
    caughtBy: ["O/read-only"],
  },
  { mutant: releases, caughtBy: ["O/held-drafts"] },
  { mutant: strictlyGreater, caughtBy: ["R/each-once"] },
  { mutant: swallows, caughtBy: ["R/undecodable"] },
  { mutant: impatient, caughtBy: ["T/retry-after"] },
  { mutant: asksTwice, caughtBy: ["A/token-expired"] },
  { mutant: follows, caughtBy: ["S/foreign-redirect"] },
  {
    mutant: writing(
      "takes out of keys what it does not like",
      each((one) => ({ ...one, key: one.key?.replaceAll(/[^\w/|]/g, "") ?? "" })),
    ),
    caughtBy: ["S/hostile-keys"],
  },
]
