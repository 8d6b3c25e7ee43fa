/**
 * A twin: a stateful fake of one vendor's API, faithful in what hurts. The vendor's logic is a {@link Vendor}; this
 * module puts the journal, the fault deck, the clock and the doors around it, the same for all vendors.
 */
import type { Faults } from "./Faults.ts"
import type { Journal } from "./Journal.ts"

/** The twin's clock: milliseconds since the epoch, virtual or scaled. Vendors use no other. */
export interface TwinClock {
  readonly now: () => number
  readonly sleep: (millis: number) => Promise<void>
}

export interface TwinRequest {
  /** Counts the requests that reached this twin, from 1. */
  readonly index: number
  readonly method: string
  readonly url: URL
  /** `url.pathname`, decoded segment by segment is the vendor's business. */
  readonly path: string
  readonly headers: Headers
  readonly body: string
  readonly at: number
}

export interface TwinReply {
  readonly status: number
  /** Names in lower case; an array gives repeated headers (`set-cookie`). */
  readonly headers?: Readonly<Record<string, string | ReadonlyArray<string>>>
  /** Text is sent as it is; anything else as JSON, numbers of `Json.JsonNumber` by their text. */
  readonly body?: unknown
  /** True when the world was changed by this request. */
  readonly changed?: boolean
}

/** What is known of a behaviour, and how surely. */
export interface Quirk {
  readonly id: string
  readonly says: string
  readonly grade: "observed" | "documented" | "reported" | "assumed"
  readonly source: string
}

/** What every world offers to rules, tests and the demo, beside what its vendor's entities need. */
export interface World {
  /** All state as plain JSON: enough to make the same world again. */
  readonly dump: () => unknown
  readonly load: (dump: unknown) => void
}

export interface VendorContext {
  readonly clock: TwinClock
  /** Seeded; in [0, 1). */
  readonly random: () => number
}

/** One vendor's API as a state machine. No timers, no `Date`, no `Math.random` of its own. */
export interface Vendor<W extends World> {
  readonly name: string
  /** Where the vendor's API lives, `https://api.hubapi.com`. */
  readonly origin: string
  readonly world: W
  readonly quirks: ReadonlyArray<Quirk>
  readonly handle: (request: TwinRequest, context: VendorContext) => TwinReply | Promise<TwinReply>
}

export interface Served {
  readonly url: string
  readonly close: () => Promise<void>
}

export interface Twin<W extends World> {
  readonly name: string
  readonly origin: string
  readonly world: W
  readonly journal: Journal
  readonly faults: Faults
  readonly clock: TwinClock
  readonly quirks: ReadonlyArray<Quirk>
  /** For `setupServer(...twin.handlers)` of `msw/node`: interception of the global `fetch`. */
  readonly handlers: ReadonlyArray<import("msw").RequestHandler>
  /** In process, without a socket. Follows no redirect. */
  readonly fetch: typeof globalThis.fetch
  /** On a loopback port; the vendor's origin is replaced by the returned url. */
  readonly serve: (port?: number) => Promise<Served>
}
