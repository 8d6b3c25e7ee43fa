/** The way out of a connector under test: it leads to the twin only, and notes where else it was asked to lead. */
import * as Secrets from "./Secrets.ts"

export interface Noted {
  /** Addresses that were asked for and are not the vendor's, with the headers that told a secret there. */
  readonly foreign: Array<string>
  /** What was sent or given to open a door: it must never be seen anywhere else. */
  readonly secrets: Set<string>
}

const TOKEN_MEMBERS = ["access_token", "refresh_token", "id_token", "client_secret", "client_assertion", "password"]

const parsed = (text: string): Readonly<Record<string, unknown>> => {
  if (!text.startsWith("{")) return Object.fromEntries(new URLSearchParams(text))
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** Everything that opens a door: what stands in headers, and what is traded at sign-in and token endpoints. */
const noteSecrets = async (of: Request | Response, secrets: Set<string>, isSignIn: boolean): Promise<void> => {
  const bearer = of.headers.get("authorization")?.replace(/^\w+ /, "")
  const cookies = [...(of.headers.get("cookie") ?? "").split(";"), ...of.headers.getSetCookie()]
  const values = cookies.map((pair) => pair.split(";")[0]?.split("=")[1]?.trim())
  const members = isSignIn ? parsed(await of.clone().text()) : {}
  for (const value of [bearer, ...values, ...TOKEN_MEMBERS.map((name) => members[name])]) {
    if (typeof value === "string" && value.length >= Secrets.LEAST) secrets.add(value)
  }
}

/** Names of the headers that hold something of what opens a door. */
const betrayed = (headers: Headers, secrets: ReadonlySet<string>): ReadonlyArray<string> =>
  [...headers].flatMap(([name, value]) => ([...secrets].some((secret) => value.includes(secret)) ? [name] : []))

/** Notes what went astray, by the connector's own call or by a redirect that it followed: once, if it did both. */
export const stray = ({ headers, url }: Request, { foreign, secrets }: Noted): void => {
  const names = betrayed(headers, secrets)
  const told = names.length === 0 ? url : `${url} with ${names.join(" and ")}`
  if (!foreign.includes(told)) foreign.push(told)
}

export const watched = (origin: string, fetch: typeof globalThis.fetch, noted: Noted): typeof globalThis.fetch =>
  (async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init)
    const isSignIn = /token|login/i.test(new URL(request.url).pathname)
    await noteSecrets(request, noted.secrets, isSignIn)
    if (!request.url.startsWith(`${origin}/`)) stray(request, noted)
    const response = await fetch(request)
    await noteSecrets(response, noted.secrets, isSignIn).catch(() => {})
    return response
  }) as typeof globalThis.fetch
