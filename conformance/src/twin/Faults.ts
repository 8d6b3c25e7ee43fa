/**
 * The fault deck: what can go wrong between a client and any vendor, dealt at any request. Faults that only one vendor
 * has (an index that lags, a daily limit) are knobs of its world.
 */
import type { TwinRequest } from "./Twin.ts"

export type Fault =
  /** The write is applied and the connection drops before the reply. */
  | { readonly kind: "lostReply" }
  /** The connection drops before the vendor sees the request. */
  | { readonly kind: "resetBeforeSend" }
  /** Applied, and answered with this status and an error page of the vendor's. */
  | { readonly kind: "errorAfter"; readonly status: number }
  /** Not applied, and answered with this status. */
  | { readonly kind: "errorBefore"; readonly status: number }
  /** The reply comes after so long; the write is applied at once (`early`) or only then (`late`). */
  | { readonly kind: "slow"; readonly millis: number; readonly commit: "early" | "late" }
  /** Applied at once or never, and no reply ever comes. */
  | { readonly kind: "hang"; readonly applied: boolean }
  | { readonly kind: "throttle"; readonly retryAfter?: string }
  | { readonly kind: "malformedJson" }
  | { readonly kind: "htmlPage"; readonly status: number }
  | { readonly kind: "truncatedBody" }
  | { readonly kind: "redirect"; readonly location: string }
  | { readonly kind: "unauthorized" }

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
  /** What was dealt and not drawn. */
  readonly pending: () => ReadonlyArray<Deal>
}
