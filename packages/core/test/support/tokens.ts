/** A vendor with a token endpoint and one resource, in process, on virtual time. */
import { createHash } from "node:crypto"
import type * as VirtualClock from "@mortise/conformance/VirtualClock"
import type * as OAuth from "@mortise/core/OAuth"
import * as Redacted from "effect/Redacted"

export interface TokenServer {
  readonly fetch: typeof globalThis.fetch
  /** The forms that reached the token endpoint. */
  readonly asked: Array<URLSearchParams>
  readonly headersOfAsked: Array<Headers>
  /** `Authorization` of what reached the resource, with the answer's status. */
  readonly used: Array<{ readonly authorization: string; readonly status: number }>
  /** Replaces the next answers of the token endpoint; `lost` grants and then drops the connection. */
  readonly next: Array<{ readonly status: number; readonly body: unknown } | "lost" | "refused">
  /** Access tokens die at once. */
  readonly revokeAccess: () => void
  /** The resource refuses every token. */
  closed: boolean
  /** Refresh tokens that are good now. */
  readonly refreshTokens: Set<string>
  readonly codes: Map<string, string>
}

const json = (status: number, body: unknown): Response =>
  new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json" } })

export const tokenServer = (
  clock: Pick<VirtualClock.VirtualClock, "now" | "sleep">,
  options: { readonly rotates?: boolean; readonly latency?: number; readonly lifetime?: number | string } = {},
): TokenServer => {
  const { rotates = true, latency = 100, lifetime = 3600 } = options
  const access = new Map<string, number>()
  let issued = 0

  const issue = (withRefresh: boolean) => {
    issued += 1
    access.set(`access-${issued}`, clock.now() + Number(lifetime) * 1000)
    const refresh = rotates || server.refreshTokens.size === 0 ? `refresh-${issued}` : undefined
    if (withRefresh && refresh !== undefined) {
      server.refreshTokens.clear()
      server.refreshTokens.add(refresh)
    }
    return {
      access_token: `access-${issued}`,
      token_type: "bearer",
      expires_in: lifetime,
      ...(withRefresh && refresh !== undefined ? { refresh_token: refresh } : {}),
    }
  }

  const grant = (form: URLSearchParams): Response => {
    switch (form.get("grant_type")) {
      case "client_credentials":
        return json(200, issue(false))
      case "refresh_token":
        if (!server.refreshTokens.has(form.get("refresh_token") ?? "")) return json(400, { error: "invalid_grant" })
        return json(200, issue(true))
      case "authorization_code": {
        const challenge = server.codes.get(form.get("code") ?? "")
        server.codes.delete(form.get("code") ?? "")
        const shown = createHash("sha256")
          .update(form.get("code_verifier") ?? "")
          .digest("base64url")
        return challenge === shown ? json(200, issue(true)) : json(400, { error: "invalid_grant" })
      }
      default:
        return json(400, { error: "unsupported_grant_type" })
    }
  }

  const token = async (request: Request): Promise<Response> => {
    const form = new URLSearchParams(await request.text())
    server.asked.push(form)
    server.headersOfAsked.push(request.headers)
    const scripted = server.next.shift()
    if (scripted === "refused") throw new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } })
    if (scripted !== undefined && scripted !== "lost") return json(scripted.status, scripted.body)
    const answer = grant(form)
    await clock.sleep(latency)
    if (scripted === "lost") throw new TypeError("fetch failed", { cause: { code: "ECONNRESET" } })
    return answer
  }

  const resource = (request: Request): Response => {
    const authorization = request.headers.get("authorization") ?? ""
    const good = !server.closed && (access.get(authorization.replace("Bearer ", "")) ?? 0) > clock.now()
    const status = good ? 200 : 401
    server.used.push({ authorization, status })
    return json(status, { ok: good })
  }

  const server: TokenServer = {
    asked: [],
    headersOfAsked: [],
    used: [],
    next: [],
    closed: false,
    refreshTokens: new Set(["refresh-0"]),
    codes: new Map(),
    revokeAccess: () => access.clear(),
    fetch: async (input, init) => {
      const request = input instanceof Request ? input : new Request(input, init)
      return new URL(request.url).pathname === "/token" ? token(request) : resource(request)
    },
  }
  return server
}

export const clientOf = (server: TokenServer): OAuth.Options => ({
  system: "acme",
  tokenUrl: new URL("https://login.acme.test/token"),
  clientId: "client-1",
  clientSecret: Redacted.make("s3cret-of-the-client"),
  fetch: server.fetch,
})

export const initial = { initial: Redacted.make("refresh-0") }
