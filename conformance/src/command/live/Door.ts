/** The way to a sandbox: to its address and no other, and for whoever may not write, with nothing that could. */
import type { Stage } from "../../kit/Subject.ts"
import type { Target } from "./Target.ts"

export interface Door {
  readonly fetch: typeof globalThis.fetch
  readonly requests: () => number
  /** What was held back. */
  readonly refused: ReadonlyArray<string>
}

export const make = (stage: Stage, { baseUrl }: Target, mayWrite: boolean, fetch: typeof globalThis.fetch): Door => {
  const refused: Array<string> = []
  let requests = 0
  const guarded = async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init)
    const { method, url } = request
    const isElsewhere = new URL(url).origin !== baseUrl.origin
    if (isElsewhere || (!mayWrite && !stage.isSafe(request) && !stage.isToken(request))) {
      refused.push(`${method} ${new URL(url).origin}${new URL(url).pathname}`)
      throw new TypeError("fetch failed", { cause: new Error("held back: the run may not send this") })
    }
    requests += 1
    return fetch(request)
  }
  return { fetch: guarded as typeof globalThis.fetch, requests: () => requests, refused }
}
