/**
 * The fault deck: what can go wrong between a client and any vendor, dealt at any request. Faults that only one vendor
 * has (an index that lags, a daily limit) are knobs of its world.
 */
import * as Json from "@mortise/core/Json"
import type * as Doors from "./Doors.ts"
import type { TwinClock, TwinReply, TwinRequest } from "./Twin.ts"

export type Fault =
  /** The write is applied and the connection drops before the reply. */
  | { readonly kind: "lostReply" }
  /** The connection is refused; the vendor never sees the request. */
  | { readonly kind: "refused" }
  /** The connection drops, and the vendor never saw the request: the client cannot tell it from `lostReply`. */
  | { readonly kind: "resetBefore" }
  /** Applied, and answered with this status and an error page of the vendor's. */
  | { readonly kind: "errorAfter"; readonly status: number }
  /** Not applied, and answered with this status. */
  | { readonly kind: "errorBefore"; readonly status: number }
  /** The reply comes after so long; the write is applied at once (`early`) or only then (`late`). */
  | { readonly kind: "slow"; readonly millis: number; readonly commit: "early" | "late" }
  /** Applied at once or never, and no reply ever comes. */
  | { readonly kind: "hang"; readonly applied: boolean }
  | { readonly kind: "throttle"; readonly retryAfter?: string }
  | { readonly kind: "unauthorized" }
  | { readonly kind: "malformedJson" }
  | { readonly kind: "htmlPage"; readonly status: number }
  /** The right status and headers, and half of the body. */
  | { readonly kind: "truncatedBody" }
  | { readonly kind: "redirect"; readonly location: string }

export interface Deal {
  /** Requests that the fault is for: by index, or by what they are. */
  readonly at: number | ((request: TwinRequest) => boolean)
  readonly fault: Fault
  /** How often it is dealt; once unless told. */
  readonly times?: number
}

export interface Faults {
  readonly deal: (deal: Deal) => void
  readonly clear: () => void
  /** What was dealt and not yet drawn. */
  readonly pending: () => ReadonlyArray<Deal>
}

/** The deck as the kernel draws from it. */
export interface Deck extends Faults {
  readonly draw: (request: TwinRequest) => Fault | undefined
}

export const make = (): Deck => {
  const dealt: Array<{ readonly deal: Deal; left: number }> = []
  return {
    deal: (deal) => {
      dealt.push({ deal, left: deal.times ?? 1 })
    },
    clear: () => {
      dealt.length = 0
    },
    pending: () => dealt.filter(({ left }) => left > 0).map(({ deal }) => deal),
    draw: (request) => {
      const hit = dealt.find(
        ({ deal, left }) => left > 0 && (typeof deal.at === "number" ? deal.at === request.index : deal.at(request)),
      )
      if (hit === undefined) return undefined
      hit.left -= 1
      return hit.deal.fault
    },
  }
}

interface Stage {
  /** Lets the vendor deal with the request. */
  readonly apply: () => Promise<TwinReply>
  readonly clock: TwinClock
  readonly word: (fault: Fault) => TwinReply | undefined
  readonly note: (fault: Fault) => void
}

/** Waits on the clock, so that a virtual one knows that nothing is to be expected of this request. */
const never = async (clock: TwinClock): Promise<never> => {
  await clock.sleep(Number.POSITIVE_INFINITY)
  return new Promise(() => {})
}

const page = (status: number): TwinReply => ({
  status,
  headers: { "content-type": "text/html" },
  body: `<!DOCTYPE html><html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`,
})

const textOf = (reply: TwinReply): string =>
  reply.body === undefined ? "" : typeof reply.body === "string" ? reply.body : Json.stringify(reply.body)

/** A vendor's reply as the doors send it. */
export const toAnswer = (reply: TwinReply, truncated = false): Doors.Reply => {
  const headers = { ...reply.headers }
  if (reply.body !== undefined && headers["content-type"] === undefined) {
    headers["content-type"] =
      typeof reply.body === "string" ? "text/plain; charset=utf-8" : "application/json; charset=utf-8"
  }
  return { _tag: "Reply", status: reply.status, headers, text: textOf(reply), truncated }
}

/** Deals with one request, with the fault that was drawn for it. */
export const play = async (fault: Fault | undefined, stage: Stage): Promise<Doors.Answer> => {
  if (fault === undefined) return toAnswer(await stage.apply())
  stage.note(fault)
  switch (fault.kind) {
    case "lostReply":
      await stage.apply()
      return { _tag: "Reset" }
    case "resetBefore":
      return { _tag: "Reset" }
    case "refused":
      return { _tag: "Refused" }
    case "errorAfter":
      await stage.apply()
      return toAnswer(stage.word(fault) ?? page(fault.status))
    case "errorBefore":
      return toAnswer(stage.word(fault) ?? page(fault.status))
    case "slow":
      return slow(fault, stage)
    case "hang":
      if (fault.applied) await stage.apply()
      return never(stage.clock)
    case "throttle":
      return toAnswer(stage.word(fault) ?? throttled(fault.retryAfter))
    case "unauthorized":
      return toAnswer(stage.word(fault) ?? { status: 401, body: { message: "Unauthorized" } })
    case "malformedJson":
      return toAnswer(malformed(await stage.apply()))
    case "htmlPage":
      return toAnswer(page(fault.status))
    case "truncatedBody":
      return toAnswer(await stage.apply(), true)
    case "redirect":
      return toAnswer({ status: 302, headers: { location: fault.location } })
  }
}

const slow = async (fault: Extract<Fault, { kind: "slow" }>, stage: Stage): Promise<Doors.Answer> => {
  if (fault.commit === "late") {
    await stage.clock.sleep(fault.millis)
    return toAnswer(await stage.apply())
  }
  const reply = await stage.apply()
  await stage.clock.sleep(fault.millis)
  return toAnswer(reply)
}

const throttled = (retryAfter: string | undefined): TwinReply => ({
  status: 429,
  ...(retryAfter === undefined ? {} : { headers: { "retry-after": retryAfter } }),
  body: { message: "Too many requests" },
})

const malformed = (reply: TwinReply): TwinReply => ({
  ...reply,
  headers: { ...reply.headers, "content-type": "application/json; charset=utf-8" },
  body: `${textOf(reply).slice(0, -1)},`,
})
