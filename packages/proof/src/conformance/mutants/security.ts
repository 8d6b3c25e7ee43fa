/** Mutants that the rules of security have to catch: what leaves, and what is let in. */
import type { Mutant } from "@mortise/conformance/kit/Mutant"
import type { Op } from "@mortise/core/StoreBackend"
import * as Effect from "effect/Effect"
import { answering, door, each, isToken, REFERENCE, SMALL, sending, switched, writing } from "./Breaking.ts"
import type { Known } from "./Known.ts"

const follows = door("follows every redirect with its credentials", async (request, fetch) => {
  const headers = request.headers
  const response = await fetch(request)
  const to = response.headers.get("location")
  return response.status >= 300 && response.status < 400 && to !== null ? fetch(to, { headers }) : response
})

/** What `fetch` does when nobody tells it otherwise. */
const asksToFollow = door("lets fetch follow redirects", (request, fetch) =>
  fetch(new Request(request, { redirect: "follow" })),
)

const readsAhead = door("fetches the next page ahead, wherever it is", async (request, fetch) => {
  const headers = request.headers
  const response = await fetch(request)
  const next = /"next":"([^"]+)"/.exec(await response.clone().text())?.[1]
  if (next !== undefined && new URL(next).origin !== new URL(request.url).origin) {
    await fetch(next, { headers }).catch(() => {})
  }
  return response
})

const followsHome = door("follows redirects, without its credentials", async (request, fetch) => {
  const response = await fetch(request)
  const to = response.headers.get("location")
  return response.status >= 300 && response.status < 400 && to !== null ? fetch(to).catch(() => response) : response
})

/** A key with a star in it means whatever record it has seen last. */
const takesPatterns = (): Mutant => {
  let last: ReadonlyArray<string> = []
  return {
    name: "takes a key for a pattern",
    port: (port) => ({
      ...port,
      upsert: (records, options) =>
        Effect.tap(port.upsert(records, options), (outcomes) =>
          Effect.sync(() => {
            last = outcomes.flatMap((outcome) => ("id" in outcome && outcome.id !== undefined ? [outcome.id] : []))
          }),
        ),
      find: (keys) =>
        Effect.gen(function* () {
          const found = yield* port.find(keys)
          const [any] = keys.includes("*") ? (yield* port.get(last.slice(0, 1))).values() : []
          return any === undefined ? found : new Map([...found, ["*", any] as const])
        }),
    }),
  }
}

const texts = (name: string, change: (text: string) => string): Mutant =>
  sending(name, (value) => (typeof value === "string" ? change(value) : value))

/** The token beside the seal, as a person would note it down. */
const notesTokens = (): Mutant => {
  let token = "none"
  const hears = answering("", async (response, request) => {
    if (isToken(request)) token = /"access_token":"([^"]+)"/.exec(await response.clone().text())?.[1] ?? token
    return response
  })
  return {
    name: "notes its token down in the store",
    ...(hears.door === undefined ? {} : { door: hears.door }),
    store: ({ get, scan, transact }) => ({
      get,
      scan,
      transact: (ops) => transact([...ops, { _tag: "Put", space: "notes", key: "token", value: token } satisfies Op]),
    }),
  }
}

export const security: ReadonlyArray<Known> = [
  { make: () => follows, caughtBy: ["S/foreign-redirect"], on: REFERENCE },
  { make: () => followsHome, caughtBy: ["S/foreign-redirect"], on: REFERENCE },
  { make: () => asksToFollow, caughtBy: ["S/foreign-redirect"], on: REFERENCE },
  { make: () => readsAhead, caughtBy: ["S/foreign-link"], on: REFERENCE },
  {
    make: () =>
      writing(
        "takes out of keys what it does not like",
        each((one) => ({ ...one, key: one.key?.replaceAll(/[^\w/|]/g, "") ?? "" })),
      ),
    caughtBy: ["S/hostile-keys"],
    on: REFERENCE,
  },
  { make: takesPatterns, caughtBy: ["S/hostile-keys"], on: REFERENCE },
  {
    make: () => texts("writes markup as entities", (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")),
    caughtBy: ["S/hostile-values"],
    on: REFERENCE,
  },
  {
    make: () => texts("takes quotes out of values", (text) => text.replaceAll(/['"]/g, "")),
    caughtBy: ["S/hostile-values"],
    on: REFERENCE,
  },
  {
    make: () => texts("puts a quote before what looks like a formula", (text) => text.replace(/^=/, "'=")),
    caughtBy: ["S/hostile-values"],
    on: REFERENCE,
  },
  {
    make: () => switched("writes its tokens into a span", "tracesTokens"),
    caughtBy: ["S/secrets-nowhere"],
    on: REFERENCE,
  },
  { make: notesTokens, caughtBy: ["S/sealed-store"], on: SMALL },
  {
    make: () => ({
      name: "makes an address without https one with it",
      how: ({ options, ...how }) => {
        const { baseUrl: _, ...rest } = (options ?? {}) as { readonly baseUrl?: unknown }
        return { ...how, options: rest }
      },
    }),
    caughtBy: ["S/plain-http"],
    on: REFERENCE,
  },
]
