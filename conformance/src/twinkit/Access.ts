/** Who may come in: the scheme that is declared, and the token endpoint where there is one. */
import type * as Journal from "../twin/Journal.ts"
import type { TwinReply, TwinRequest } from "../twin/Twin.ts"
import type { Auth, Declaration } from "./Declaration.ts"
import { Refused } from "./Problems.ts"
import type { State } from "./World.ts"

type OAuth = Extract<Auth, { readonly scheme: "oauth" }>

const bearerOf = ({ headers }: TwinRequest): string | undefined =>
  /^Bearer (\S+)$/i.exec(headers.get("authorization") ?? "")?.[1]

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`

/** Where the vendor wants its key, or where it gives tokens. */
export const secret = ({ auth, base = "" }: Declaration): Journal.Secret => ({
  ...(auth.scheme === "apiKey" ? { headers: [auth.header] } : {}),
  ...(auth.scheme === "oauth" ? { paths: [auth.tokenPath, base + auth.tokenPath] } : {}),
})

/** What opens the door of a declared API. */
export const secrets = (auth: Auth): ReadonlyArray<string> => {
  switch (auth.scheme) {
    case "none":
      return []
    case "bearer":
      return [auth.token]
    case "basic":
      return [auth.password]
    case "apiKey":
      return [auth.key]
    case "oauth":
      return [auth.clientSecret, auth.refreshToken ?? ""]
  }
}

const isWelcome = (state: State, auth: Auth, request: TwinRequest): boolean => {
  switch (auth.scheme) {
    case "none":
      return true
    case "bearer":
      return !state.session.revoked && bearerOf(request) === auth.token
    case "basic":
      return !state.session.revoked && request.headers.get("authorization") === basic(auth.user, auth.password)
    case "apiKey":
      return !state.session.revoked && request.headers.get(auth.header) === auth.key
    case "oauth": {
      const until = state.session.tokens[bearerOf(request) ?? ""]
      return until !== undefined && request.at < until
    }
  }
}

/** Throws for a request that brings no good credentials. */
export const admit = (state: State, request: TwinRequest): void => {
  const { auth } = state.declaration
  if (isWelcome(state, auth, request)) return
  throw new Refused(
    { code: "unauthorized", message: "the credentials are missing, wrong or expired" },
    { "www-authenticate": auth.scheme === "basic" ? "Basic" : "Bearer" },
  )
}

export const isTokenRequest = ({ auth, base = "" }: Declaration, { method, path }: TwinRequest): boolean =>
  auth.scheme === "oauth" && method === "POST" && (path === auth.tokenPath || path === base + auth.tokenPath)

const refusal = (status: number, error: string): TwinReply => ({ status, body: { error } })

const isClient = (auth: OAuth, request: TwinRequest, form: URLSearchParams): boolean => {
  const header = request.headers.get("authorization")
  if (header !== null) return header === basic(encodeURIComponent(auth.clientId), encodeURIComponent(auth.clientSecret))
  return form.get("client_id") === auth.clientId && form.get("client_secret") === auth.clientSecret
}

/** RFC 6749: a token for the client, or for a refresh token. */
export const token = (state: State, request: TwinRequest): TwinReply => {
  const auth = state.declaration.auth as OAuth
  const { session } = state
  const form = new URLSearchParams(request.body)
  const grant = form.get("grant_type") as OAuth["grants"][number]
  if (!isClient(auth, request, form)) return refusal(401, "invalid_client")
  if (!auth.grants.includes(grant)) return refusal(400, "unsupported_grant_type")
  const shown = form.get("refresh_token")
  const isStale = grant === "refresh_token" && (shown === null || shown !== session.refreshToken)
  if (session.revoked || isStale) return refusal(400, "invalid_grant")
  session.issued += 1
  const accessToken = `${state.declaration.name}-access-${session.issued}`
  session.tokens = { ...session.tokens, [accessToken]: request.at + auth.lifetimeSeconds * 1000 }
  const rotated = grant === "refresh_token" && auth.rotates === true
  if (rotated) session.refreshToken = `${state.declaration.name}-refresh-${session.issued}`
  const refresh = grant === "refresh_token" ? { refresh_token: session.refreshToken } : {}
  return {
    status: 200,
    body: { access_token: accessToken, token_type: "Bearer", expires_in: auth.lifetimeSeconds, ...refresh },
    changed: rotated,
  }
}
