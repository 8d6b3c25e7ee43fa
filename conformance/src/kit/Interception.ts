/**
 * The way to a twin through the global `fetch`: MSW intercepts what leaves, so that redirects, connection faults and
 * headers are met as a program meets them. One at a time in a process: what is global is shared.
 */
import { HttpResponse, http } from "msw"
import { setupServer } from "msw/node"
import type { Twin, World } from "../twin/Twin.ts"
import type { VirtualClock } from "../VirtualClock.ts"
import * as Redirects from "./Redirects.ts"

export interface Way {
  readonly fetch: typeof globalThis.fetch
  readonly close: () => void
}

/** Nothing but the twin can be reached: what is led astray goes nowhere, and is told of. */
const nowhere = (astray: (request: Request) => void) =>
  http.all("*", ({ request }) => {
    astray(request)
    return HttpResponse.error()
  })

export const open = (twin: Twin<World>, clock: VirtualClock, astray: (request: Request) => void): Way => {
  const server = setupServer(...twin.handlers, nowhere(astray))
  server.listen()
  return { fetch: clock.trackFetch(Redirects.following(globalThis.fetch)), close: () => server.close() }
}
