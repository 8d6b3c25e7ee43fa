/** How HubSpot words the faults of the deck. */
import type * as Faults from "../twin/Faults.ts"
import type { TwinReply, TwinRequest } from "../twin/Twin.ts"
import type { Machine } from "./Machine.ts"

const throttled = (request: TwinRequest, correlationId: string): TwinReply => {
  const search = request.path.endsWith("/search")
  const body = search
    ? { message: "You have reached your secondly limit.", category: "RATE_LIMITS" }
    : {
        message: "You have reached your ten_secondly_rolling limit.",
        errorType: "RATE_LIMIT",
        policyName: "TEN_SECONDLY_ROLLING",
        groupName: "publicapi:private-apps:calls",
      }
  return { status: 429, body: { status: "error", correlationId, ...body } }
}

const failed = (status: number, correlationId: string): TwinReply => ({
  status,
  body: { status: "error", message: "internal error", correlationId, category: "INTERNAL_ERROR" },
})

/** Gateway failures have no wording of HubSpot's own; the kit's page will do. */
const GATEWAY: ReadonlyArray<number> = [502, 503, 504]

export const word =
  (machine: Machine) =>
  (fault: Faults.Fault, request: TwinRequest): TwinReply | undefined => {
    const id = machine.uuid()
    switch (fault.kind) {
      case "throttle": {
        const reply = throttled(request, id)
        return fault.retryAfter === undefined ? reply : { ...reply, headers: { "retry-after": fault.retryAfter } }
      }
      case "unauthorized": {
        const at = new Date(machine.now() - 1_000).toISOString()
        const message = "The OAuth token used to make this call expired 1 second(s) ago."
        const context = { "expire time": [at] }
        const body = { status: "error", message, correlationId: id, category: "EXPIRED_AUTHENTICATION", context }
        return { status: 401, body }
      }
      case "errorBefore":
      case "errorAfter":
        return GATEWAY.includes(fault.status) ? undefined : failed(fault.status, id)
      default:
        return undefined
    }
  }
