/** The way to a sandbox: to its address and no other, and for whoever may not write, with nothing that could. */
import * as Redirects from "../../kit/Redirects.ts"
import type { Stage } from "../../kit/Subject.ts"
import type { Target } from "./Target.ts"

export interface Door {
  readonly fetch: typeof globalThis.fetch
  readonly requests: () => number
  /** What was held back. */
  readonly refused: ReadonlyArray<string>
  /** Where the sandbox led the connector to, and it did not go. */
  readonly astray: ReadonlyArray<string>
}

/** What an address is, without what a query tells. */
const place = (url: URL): string => `${url.origin}${url.pathname}`

/** Another origin that an answer leads to. */
const elsewhere = ({ headers }: Response, { origin }: URL): URL | undefined => {
  const to = URL.parse(headers.get("location") ?? "", origin)
  return to === null || to.origin === origin ? undefined : to
}

export const make = (stage: Stage, { baseUrl }: Target, mayWrite: boolean, fetch: typeof globalThis.fetch): Door => {
  const refused: Array<string> = []
  const astray: Array<string> = []
  let requests = 0
  const guarded = async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    if (url.origin !== baseUrl.origin || (!mayWrite && !stage.isSafe(request) && !stage.isToken(request))) {
      refused.push(`${request.method} ${place(url)}`)
      throw new TypeError("fetch failed", { cause: new Error("held back: the run may not send this") })
    }
    requests += 1
    const response = await fetch(request)
    const to = response.status >= 300 && response.status < 400 ? elsewhere(response, url) : undefined
    if (to !== undefined) astray.push(`${request.method} ${place(url)} to ${place(to)}`)
    return response
  }
  // Each hop of a redirect comes by here, so that none leads past the guard.
  return {
    fetch: Redirects.following(guarded as typeof globalThis.fetch),
    requests: () => requests,
    refused,
    astray,
  }
}
