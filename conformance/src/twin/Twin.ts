/**
 * A twin: a stateful fake of one vendor's API, faithful in what hurts. The vendor's logic is a {@link Vendor}; this
 * module puts the journal, the fault deck, the clock and the doors around it, the same for all vendors.
 */
import type { RequestHandler } from "msw"
import * as Doors from "./Doors.ts"
import * as Faults from "./Faults.ts"
import * as Journal from "./Journal.ts"

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
  /** Other origins that lead to it, such as where its tokens are had. A served twin has one origin for all. */
  readonly alsoAt?: ReadonlyArray<string>
  /** What no journal shows, beside `authorization`, cookies and the usual token endpoints. */
  readonly secret?: Journal.Secret
  readonly world: W
  readonly quirks: ReadonlyArray<Quirk>
  readonly handle: (request: TwinRequest, context: VendorContext) => TwinReply | Promise<TwinReply>
  /** How this vendor words a fault of the deck (its 429, its 401, its 5xx); undefined for a plain page. */
  readonly wordFault?: (fault: Faults.Fault, request: TwinRequest, context: VendorContext) => TwinReply | undefined
}

export interface Served {
  readonly url: string
  readonly close: () => Promise<void>
}

export interface Twin<W extends World> {
  readonly name: string
  readonly origin: string
  readonly world: W
  readonly journal: Journal.Journal
  readonly faults: Faults.Faults
  readonly clock: TwinClock
  readonly quirks: ReadonlyArray<Quirk>
  /** For `setupServer(...twin.handlers)` of `msw/node`: interception of the global `fetch`. */
  readonly handlers: ReadonlyArray<RequestHandler>
  /** In process, without a socket. Follows no redirect. */
  readonly fetch: typeof globalThis.fetch
  /** On a loopback port; the vendor's origin is replaced by the returned url. */
  readonly serve: (port?: number) => Promise<Served>
}

export interface Options {
  readonly clock: TwinClock
  /** Everything random in the twin follows from it. Defaults to 1. */
  readonly seed?: number
  /**
   * Runs when a request was dealt with and its reply is about to leave. The demo kills the client here: applied, and
   * never answered.
   */
  readonly beforeReply?: (line: Journal.JournalLine) => void | Promise<void>
}

/** mulberry32: small, seedable, and the same in every engine. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

export const make = <W extends World>(vendor: Vendor<W>, options: Options): Twin<W> => {
  const { clock } = options
  const journal = Journal.make(vendor.secret)
  const faults = Faults.make()
  const origins = [vendor.origin, ...(vendor.alsoAt ?? [])]
  const context: VendorContext = { clock, random: seededRandom(options.seed ?? 1) }

  const answer = async (incoming: Doors.Incoming): Promise<Doors.Answer> => {
    const line = journal.open(incoming, clock.now())
    const request: TwinRequest = {
      index: line.index,
      method: incoming.method,
      url: incoming.url,
      path: incoming.url.pathname,
      headers: incoming.headers,
      body: incoming.body,
      at: line.at,
    }
    const apply = async () => {
      const reply = await vendor.handle(request, context)
      if (reply.changed === true) line.changed = true
      return reply
    }
    const given = await Faults.play(faults.draw(request), {
      apply,
      clock,
      word: (fault) => vendor.wordFault?.(fault, request, context),
      note: (fault) => line.faults.push(fault.kind),
    })
    await options.beforeReply?.(line)
    if (given._tag === "Reply") journal.close(line, given)
    return given._tag === "Reply" ? { ...given, date: clock.now() } : given
  }

  return {
    name: vendor.name,
    origin: vendor.origin,
    world: vendor.world,
    journal,
    faults,
    clock,
    quirks: vendor.quirks,
    handlers: Doors.handlers(origins, answer),
    fetch: Doors.inProcess(origins, answer),
    serve: (port) => Doors.serve(vendor.origin, answer, port),
  }
}
