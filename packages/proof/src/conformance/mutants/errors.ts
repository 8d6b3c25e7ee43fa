/** Mutants that the rules of errors have to catch: what is misunderstood, and what is told otherwise. */
import type { Mutant } from "@mortise/conformance/kit/Mutant"
import * as Effect from "effect/Effect"
import {
  ACUMATICA,
  answering,
  door,
  each,
  failing,
  hammering,
  isToken,
  REFERENCE,
  reasonOf,
  upserting,
  type Write,
  withBody,
  withStatus,
  writing,
} from "./Breaking.ts"
import type { Known } from "./Known.ts"

/** An answer of the vendor's in which nothing is. */
const empty = ({ url }: Request): string => (url.includes("quillbook") ? '{"items":[],"next":null}' : "[]")

const JSON_BODY = { "content-type": "application/json" }

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const isHtml = (response: Response): boolean => response.headers.get("content-type")?.includes("html") === true

const takesHtml = answering("takes a page of HTML for an answer in which nothing is", (response, request) => {
  if (response.status !== 200 || !isHtml(response)) return response
  const headers = { "content-type": "application/json", date: response.headers.get("date") ?? "" }
  return new Response(empty(request), { status: 200, headers })
})

const quotesHtml = door("quotes the page that it was given in its error", async (request, fetch) => {
  const response = await fetch(request)
  if (!isHtml(response)) return response
  throw new TypeError(await response.text())
})

/** What cannot be read is taken for a record that is not there. */
const takesBroken = answering(
  "takes an answer that breaks off for one that says that nothing is there",
  async (response, request) => {
    if (isToken(request) || response.status !== 200) return response
    const text = await response.text().catch(() => "")
    return isJson(text) ? withBody(response, text) : withBody(response, '{"error":{"code":"notFound"}}', 404)
  },
)

const createsWhatIsGone = upserting("makes a record for an id that is not there", (port, records, options) =>
  Effect.flatMap(port.upsert(records, options), (outcomes) =>
    Effect.forEach(outcomes, (outcome, index) => {
      const { id, ...write } = records[index] as Write
      if (id === undefined || reasonOf(outcome) !== "NotFound") return Effect.succeed(outcome)
      return Effect.map(port.upsert([{ key: `conformance/made/up|Id|${id}`, ...write }]), ([one]) => one ?? outcome)
    }),
  ),
)

const findsWhatIsGone: Mutant = {
  name: "gives an empty record for an id that is not there",
  port: (port) => ({
    ...port,
    get: (ids, options) =>
      Effect.map(
        port.get(ids, options),
        (found) => new Map(ids.map((id) => [id, found.get(id) ?? { id, record: {} }])),
      ),
  }),
}

const KNOWN = new Set(["name", "email", "phone", "domain", "custom"])

const isRead = ({ method, url }: Request): boolean => method === "GET" || /\/(search|batch\/read)$/.test(url)

/** Gives up where others try once more. */
const givesUp = (name: string, method: (request: Request) => boolean, when: (status: number) => boolean): Mutant =>
  door(name, async (request, fetch) => {
    if (isToken(request) || !method(request)) return fetch(request)
    const response = await fetch(request).catch(() => new Response("{}", { status: 400 }))
    return when(response.status) ? withStatus(response, 400) : response
  })

export const errors: ReadonlyArray<Known> = [
  { make: () => takesHtml, caughtBy: ["E/html-instead-of-json"], on: REFERENCE },
  { make: () => quotesHtml, caughtBy: ["E/html-instead-of-json"], on: REFERENCE },
  { make: () => takesBroken, caughtBy: ["E/broken-body"], on: REFERENCE },
  {
    make: () => hammering("asks on and on while the vendor cannot serve", ({ status }) => status === 503, 20),
    caughtBy: ["E/unavailable"],
    on: REFERENCE,
  },
  {
    make: () =>
      answering("takes a vendor that cannot serve for one that refuses", (response) =>
        response.status === 503 ? withStatus(response, 422) : response,
      ),
    caughtBy: ["E/unavailable", "E/read-retried"],
    on: REFERENCE,
  },
  {
    make: () => givesUp("never asks a second time", isRead, (status) => status >= 500),
    caughtBy: ["E/read-retried"],
    on: REFERENCE,
  },
  {
    make: () =>
      door("gives up a write whose connection failed", async (request, fetch) => {
        if (request.method === "GET" || isToken(request)) return fetch(request)
        return fetch(request).catch(
          () => new Response('{"error":{"message":"the connection failed"}}', { status: 400, headers: JSON_BODY }),
        )
      }),
    caughtBy: ["E/refused-connection"],
    on: REFERENCE,
  },
  {
    make: () =>
      door("takes an error of the server for a refusal", async (request, fetch) => {
        const response = await fetch(request)
        return response.status === 502 ? withStatus(response, 422) : response
      }),
    caughtBy: ["I/error-after-write"],
    on: REFERENCE,
  },
  {
    make: () =>
      door("takes a vendor that does not answer for one that is not there", async (request, fetch) => {
        const reply = fetch(request)
        return reply.catch(() => {
          throw failing("ENOTFOUND")
        })
      }),
    caughtBy: ["I/lost-reply"],
    on: REFERENCE,
  },
  { make: () => createsWhatIsGone, caughtBy: ["E/not-found"], on: REFERENCE },
  { make: () => findsWhatIsGone, caughtBy: ["E/not-found"], on: REFERENCE },
  {
    make: () =>
      writing(
        "leaves out fields that it does not know",
        each((one) => ({
          ...one,
          fields: Object.fromEntries(Object.entries(one.fields as object).filter(([name]) => KNOWN.has(name))),
        })),
      ),
    caughtBy: ["E/bad-input"],
    on: REFERENCE,
  },
  {
    make: () =>
      writing(
        "cuts keys that are too long",
        each((one) => (one.key === undefined ? one : { ...one, key: one.key.slice(0, 60) })),
      ),
    caughtBy: ["E/bad-input"],
    on: REFERENCE,
  },
  {
    make: () => ({
      name: "opens whatever version there is in place of the one that was asked for",
      how: ({ options, ...how }) => {
        const { version: _, ...rest } = (options ?? {}) as { readonly version?: unknown }
        return { ...how, options: rest }
      },
    }),
    caughtBy: ["E/version-mismatch"],
    on: ACUMATICA,
  },
]
